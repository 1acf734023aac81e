// What speaks against the draft: a list that leads to each card, with counts by severity.

import { cardOf, flash } from "./grid.js";
import { focusCard } from "./keyboard.js";
import { dayLabel, items, on, select, state } from "./state.js";
import { hours } from "./time.js";
import { icon, list, make, word } from "./words.js";

const panel = document.getElementById("editor-concerns");
const filter = document.getElementById("editor-severity");
const withMuted = document.getElementById("editor-muted");
const order = { blocks: 0, warns: 1, hint: 2 };

export function showItem(key) {
  const item = items.get(key);
  if (!item) return;
  if (state.day !== "all" && item.day !== state.day) document.dispatchEvent(new CustomEvent("editor:day", { detail: item.day }));
  // The other day's cards are drawn before the next frame.
  requestAnimationFrame(() => {
    select([key]);
    if (cardOf(key)) focusCard(key);
    flash(key);
  });
}

function rowOf(concern) {
  const session = state.sessions.get(concern.session);
  const item = items.get(`s:${concern.slot}`);
  const button = make("button", { type: "button", class: "ed-concern-link" },
    make("span", { class: `ed-severity ${concern.severity}` }, icon("alert"), word(`severity-${concern.severity}`)),
    make("strong", { lang: session?.lang, dir: "auto" }, session?.title ?? ""),
    make("span", {}, concern.text),
    make("span", { class: "ed-facts" }, item ? list([dayLabel(item.day), hours(item.from, item.to)]) : ""));
  button.addEventListener("click", () => { if (item) showItem(item.key); else if (concern.url) location.assign(concern.url); });
  return make("li", { class: concern.muted ? "muted" : "" }, button);
}

let isDue = false;

function drawConcerns() {
  if (isDue) return;
  isDue = true;
  requestAnimationFrame(() => { isDue = false; fill(); });
}

/** Rows drawn at most; the filters lead to the rest. */
const MOST = 300;

function fill() {
  const open = state.concerns.filter((one) => !one.muted);
  const count = (severity) => open.filter((one) => one.severity === severity).length;
  const total = document.getElementById("editor-concern-count");
  total.textContent = String(open.length);
  total.dataset.severity = ["blocks", "warns", "hint"].find((severity) => count(severity) > 0) ?? "";
  for (const option of filter.options) {
    option.textContent = option.value ? word(`severity-count-${option.value}`, { count: count(option.value) }) : word("severity-count-all", { count: open.length });
  }
  withMuted.closest("label").hidden = open.length === state.concerns.length;
  if (panel.closest("[hidden]")) return;
  const shown = state.concerns
    .filter((one) => (withMuted.checked || !one.muted) && (!filter.value || one.severity === filter.value))
    .sort((a, b) => order[a.severity] - order[b.severity]);
  const focused = [...panel.children].findIndex((row) => row.contains(document.activeElement));
  panel.replaceChildren(...shown.slice(0, MOST).map(rowOf));
  if (focused >= 0) panel.children[Math.min(focused, panel.children.length - 1)]?.querySelector("button").focus();
  document.getElementById("editor-no-concerns").hidden = shown.length > 0;
}

filter.addEventListener("change", drawConcerns);
withMuted.addEventListener("change", drawConcerns);
on("concerns items", drawConcerns);
