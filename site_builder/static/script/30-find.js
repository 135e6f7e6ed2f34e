// The school finder: a field above the page's heading. Enter goes to the first school found, arrows go through them.
{
  const MOST = 8;

  const start = () => {
    const schools = globalThis.plumbline?.schools;
    const place = document.querySelector("main");
    if (!schools || !place) return;
    const field = make("input", { type: "search", id: "find-school", autocomplete: "off", spellcheck: "false", placeholder: "Find a school" });
    const list = make("ul", { "aria-label": "Schools found" });
    const finder = make("div", { class: "finder", role: "search", "aria-label": "Schools" },
      make("label", { for: "find-school", class: "unseen" }, "Find a school"), field, list);
    place.prepend(finder);
    const links = () => [...list.querySelectorAll("a")];

    const show = () => {
      const asked = field.value.trim();
      const found = asked ? schools.filter(([name, urn]) => holds(`${name} ${urn}`, asked)) : [];
      list.replaceChildren(...found.slice(0, MOST).map(([name, urn, phase]) =>
        make("li", {}, make("a", { href: new URL(`schools/${urn}.html`, HOME).href }, name, " ", make("small", {}, phase)))));
      if (asked) say(found.length ? `${found.length} ${found.length === 1 ? "school" : "schools"} found` : "No school found");
      return found;
    };

    field.addEventListener("input", show);
    field.addEventListener("focus", show);
    finder.addEventListener("keydown", (event) => {
      const all = links();
      const at = all.indexOf(document.activeElement);
      if (event.key === "Enter" && event.target === field) {
        show();
        links()[0]?.click();
      } else if (event.key === "ArrowDown" && at + 1 < all.length) all[at + 1].focus();
      else if (event.key === "ArrowUp" && at >= 0) (at ? all[at - 1] : field).focus();
      else if (event.key === "Escape") {
        field.focus();
        field.value = "";
        list.replaceChildren();
      } else return;
      event.preventDefault();
    });
    finder.addEventListener("focusout", (event) => {
      if (!finder.contains(event.relatedTarget)) list.replaceChildren();
    });
  };

  document.addEventListener("DOMContentLoaded", start);
}
