// Tables that can be sorted: a button in each heading. Numbers sort by what is shown, symbols and gaps come last.
{
  const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
  const FIXED = ["trust", "group", "reach"];

  /** The text of a cell without its marks, notes and what only helps. */
  const shown = (cell) => {
    const copy = cell.cloneNode(true);
    for (const aside of copy.querySelectorAll(".mark, .trend, .unseen, small")) aside.remove();
    return copy.textContent.trim();
  };

  /** What a cell sorts by: a number, a date as a number, or its words; null where it holds a symbol or nothing. */
  const worth = (cell) => {
    if (!cell || cell.querySelector("abbr")) return null;
    const text = shown(cell);
    if (text === "" || text === "–") return null;
    const day = /^(\d{1,2}) ([A-Z][a-z]+) (\d{4})$/.exec(text);
    if (day && MONTHS.includes(day[2])) return Number(day[3]) * 400 + MONTHS.indexOf(day[2]) * 32 + Number(day[1]);
    const digits = text.replace(/,/g, "").replace("−", "-");
    return /^[+-]?\d+(\.\d+)?%?$/.test(digits) ? parseFloat(digits) : plain(text);
  };

  const order = (one, other, turn) => {
    if (one === null || other === null) return (one === null) - (other === null);
    if (typeof one === typeof other) return (one < other ? -1 : one > other ? 1 : 0) * turn;
    return typeof one === "number" ? -1 : 1;
  };

  /** Headings that stand over one column and reach the last line of headings, with the place of their column. */
  const columnsOf = (table) => {
    const lines = [...table.tHead.rows];
    const taken = lines.map(() => []);
    const found = [];
    lines.forEach((line, row) => {
      let at = 0;
      for (const head of line.cells) {
        while (taken[row][at]) at += 1;
        for (let down = row; down < Math.min(lines.length, row + head.rowSpan); down += 1)
          for (let across = at; across < at + head.colSpan; across += 1) taken[down][across] = true;
        if (head.colSpan === 1 && row + head.rowSpan >= lines.length) found.push([head, at]);
        at += head.colSpan;
      }
    });
    return found;
  };

  const ready = (table) => {
    const body = table.tBodies[0];
    const rows = [...body.rows].filter((row) => !FIXED.some((name) => row.classList.contains(name)));
    if (rows.length < 3) return;
    const heads = columnsOf(table);
    for (const [head, at] of heads) {
      const name = head.textContent.trim();
      if (!name) continue;
      const button = make("button", { type: "button", class: "sort" }, ...head.childNodes);
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const values = new Map(rows.map((row) => [row, worth(row.cells[at])]));
        const first = [...values.values()].some((value) => typeof value === "number") ? "descending" : "ascending";
        const second = first === "ascending" ? "descending" : "ascending";
        const before = head.getAttribute("aria-sort");
        const now = before === first ? second : before === second ? null : first;
        for (const [other] of heads) other.removeAttribute("aria-sort");
        if (now) head.setAttribute("aria-sort", now);
        const turn = now === "descending" ? -1 : 1;
        body.append(...(now ? [...rows].sort((a, b) => order(values.get(a), values.get(b), turn)) : rows));
        say(now ? `Sorted by ${name}, ${now}` : "In the order the page came in");
      });
    }
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const table of document.querySelectorAll("main table:not(.grid)")) if (table.tHead && table.tBodies[0]) ready(table);
  });
}
