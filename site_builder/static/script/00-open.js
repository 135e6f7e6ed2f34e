// Plumbline's one script. Nothing on a page needs it: it sorts tables, finds schools and compares them.
"use strict";

const HOME = new URL("..", document.currentScript.src);

/** An element with its attributes and what stands in it. */
function make(tag, given = {}, ...inside) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, value);
  made.append(...inside);
  return made;
}

/** What the script says politely to those who listen to the page. */
const said = make("p", { class: "unseen", role: "status" });
let toSay;
function say(words) {
  clearTimeout(toSay);
  toSay = setTimeout(() => { said.textContent = words; }, 250);
}

/** Letters without accents or case, so that Bronach finds Brónach. */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether every word of `asked` is somewhere in `text`. */
function holds(text, asked) {
  return plain(asked).split(/\s+/).every((word) => plain(text).includes(word));
}

document.addEventListener("DOMContentLoaded", () => { (document.querySelector("main") || document.body).append(said); });
