// Comparing any schools on compare.html: the choice stands in the address (#schools=URN,URN), so it can be sent on.
{
  const SVG = "http://www.w3.org/2000/svg";

  const draw = (tag, given, ...inside) => {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
    made.append(...inside);
    return made;
  };

  const cellOf = ([text, mark, title, trend, trendTitle, value]) => {
    if (value === null) return make("td", { class: "n" }, make("abbr", { title: title || "" }, text));
    const cell = make("td", { class: mark ? `n ${mark}` : "n" }, `${text} `);
    const glyph = { above: "▲", similar: "●", below: "▼" }[mark] || "";
    cell.append(make("span", { class: `mark ${mark || ""}`, "aria-hidden": "true" }, glyph),
      make("span", { class: "trend", "aria-hidden": "true" }, trend || ""),
      make("span", { class: "unseen" }, ` ${[title, trendTitle].filter(Boolean).join(", ")}`));
    return cell;
  };

  /** All schools' reach as a line, the trust as a tick, the chosen schools as dots. */
  const lineOf = (at, figures, chosen) => {
    const values = [...figures.schools.map((school) => school[4][at][5]), figures.trust[1][at][5]].filter((value) => value !== null);
    if (values.length < 2) return make("td", {});
    const low = Math.min(...values);
    const reach = Math.max(...values) - low || 1;
    const place = (value) => `${((value - low) / reach) * 92 + 4}%`;
    const picture = draw("svg", { "aria-hidden": "true", focusable: "false" }, draw("line", { x1: "4%", x2: "96%", y1: 11, y2: 11 }));
    const trust = figures.trust[1][at];
    if (trust[5] !== null) picture.append(draw("line", { class: "trust-tick", x1: place(trust[5]), x2: place(trust[5]), y1: 3, y2: 19 }));
    for (const school of chosen) {
      const [text, , , , , value] = school[4][at];
      if (value !== null) picture.append(draw("circle", { cx: place(value), cy: 11, r: 5 }, draw("title", {}, `${school[1]}: ${text}`)));
    }
    return make("td", { class: "line" }, picture);
  };

  const tableOf = (figures, chosen) => {
    const caption = "The chosen schools on what stands for each KPI now. The mark beside a figure is the school against the trust, the arrow the school against a year before.";
    const head = make("tr", {}, make("th", { scope: "col" }, "KPI"), make("th", { scope: "col" }, "Among all schools"),
      make("th", { scope: "col", class: "n" }, figures.trust[0]),
      ...chosen.map(([urn, name]) => make("th", { scope: "col", class: "n" }, make("a", { href: new URL(`schools/${urn}.html`, HOME).href }, name))));
    const body = make("tbody", {}, ...figures.columns.map(([over, name, href], at) =>
      make("tr", {}, make("th", { scope: "row" }, make("a", { href: new URL(href, HOME).href }, name), make("small", {}, over)),
        lineOf(at, figures, chosen), cellOf(figures.trust[1][at]), ...chosen.map((school) => cellOf(school[4][at])))));
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": caption },
      make("table", { class: "heat matrix" }, make("caption", {}, make("span", {}, caption)), make("thead", {}, head), body));
  };

  const start = () => {
    const figures = globalThis.plumbline?.figures;
    const host = document.getElementById("chooser");
    if (!figures || !host) return;
    const boxes = new Map(figures.schools.map(([urn]) => [urn, make("input", { type: "checkbox", value: urn })]));
    const rows = figures.schools.map(([urn, name, phase, cluster]) => [
      `${name} ${urn} ${phase} ${cluster}`,
      make("li", {}, make("label", {}, boxes.get(urn), make("span", {}, name, " ", make("small", {}, [phase, cluster].filter(Boolean).join(", "))))),
    ]);
    const field = make("input", { type: "search", id: "narrow", autocomplete: "off" });
    const clear = make("button", { type: "button" }, "Choose none");
    const result = make("div", {});
    host.className = "chooser";
    host.append(
      make("div", { class: "narrow" }, make("label", { for: "narrow" }, "Narrow the list (name, phase or cluster)"), field, clear),
      make("fieldset", {}, make("legend", {}, "Schools to lay side by side"), make("ul", { class: "schools" }, ...rows.map(([, row]) => row))),
      result);

    const show = () => {
      const chosen = figures.schools.filter(([urn]) => boxes.get(urn).checked);
      result.replaceChildren(chosen.length ? tableOf(figures, chosen) : make("p", {}, "Choose two or more schools, and they stand side by side here. The choice is kept in this page’s address."));
      return chosen;
    };
    const read = () => {
      const asked = new URLSearchParams(location.hash.slice(1)).get("schools");
      if (asked === null && location.hash.length > 1) return;
      const wanted = (asked || "").split(",");
      for (const [urn, box] of boxes) box.checked = wanted.includes(urn);
      show();
    };
    const keep = () => {
      const chosen = show();
      history.replaceState(null, "", `#schools=${chosen.map(([urn]) => urn).join(",")}`);
      say(`${chosen.length} ${chosen.length === 1 ? "school" : "schools"} chosen`);
    };

    host.addEventListener("change", (event) => { if (event.target.type === "checkbox") keep(); });
    clear.addEventListener("click", () => { for (const box of boxes.values()) box.checked = false; keep(); });
    field.addEventListener("input", () => {
      let left = 0;
      for (const [text, row] of rows) {
        row.hidden = !holds(text, field.value);
        left += row.hidden ? 0 : 1;
      }
      say(`${left} ${left === 1 ? "school" : "schools"} in the list`);
    });
    addEventListener("hashchange", read);
    show();
    read();
  };

  document.addEventListener("DOMContentLoaded", start);
}
