// Sessions without a place: search, filters, and the way into the grid by pointer or keyboard.

import { downOn } from "./drag.js";
import { pickFromTray } from "./keyboard.js";
import { items, on, state } from "./state.js";
import { list, make, setup, word } from "./words.js";

const tray = document.getElementById("editor-tray");
const form = document.getElementById("editor-filters");
const counter = document.getElementById("editor-tray-count");
const empty = document.getElementById("editor-tray-empty");
/** States that will not take place: out of sight until one asks for them. */
const gone = ["rejected", "withdrawn", "cancelled"];

const rows = new Map();
let focused = null;

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const haystacks = new WeakMap();

function haystack(session) {
  if (!haystacks.has(session)) haystacks.set(session, fold([session.title, ...session.people.map((one) => one.name)].join(" ")));
  return haystacks.get(session);
}

function fits(session, wanted) {
  return (wanted.state ? session.state === wanted.state : !gone.includes(session.state))
    && (!wanted.forum || session.forum === wanted.forum)
    && (!wanted.format || session.format === wanted.format)
    && (!wanted.language || session.language === wanted.language)
    && (!state.onlyMine || session.mine)
    && fold(wanted.q).split(/\s+/).every((part) => haystack(session).includes(part));
}

function rowOf(session) {
  const forum = state.forums.get(session.forum);
  const minutes = session.minutes || state.formats.get(session.format)?.minutes;
  const facts = list([minutes ? word("minutes", { count: minutes }) : "", session.language ? languageName(session.language) : "", setup.states[session.state]]);
  const people = session.people.map((one) => one.name).join(setup.words["common-list-separator"]);
  const row = make("div", { class: "ed-row", role: "option", tabindex: "-1", "aria-selected": "false", "data-session": session.id, "data-forum": forum ? forum.code : null },
    make("span", { class: "ed-title", lang: session.lang, dir: "auto" }, session.title),
    people ? make("span", { class: "ed-people" }, people) : null,
    make("span", { class: "ed-facts" }, facts));
  if (forum) row.style.setProperty("--forum", forum.color);
  return row;
}

const names = new Intl.DisplayNames([setup.lang], { type: "language" });
export const languageName = (tag) => names.of(tag) ?? tag;

function wantedNow() {
  const data = new FormData(form);
  return Object.fromEntries(["q", "forum", "format", "state", "language"].map((name) => [name, data.get(name) ?? ""]));
}

export function drawTray() {
  if (!state.ready) return;
  const placed = new Set([...items.values()].map((item) => item.session));
  const loose = [...state.sessions.values()].filter((session) => !placed.has(session.id));
  const wanted = wantedNow();
  const shown = loose.filter((session) => fits(session, wanted));
  const open = loose.filter((session) => !gone.includes(session.state)).length;
  counter.textContent = String(open);
  empty.hidden = shown.length > 0;
  empty.textContent = open === 0 ? word("tray-done") : word("tray-nothing");
  const keep = new Set(shown.map((session) => session.id));
  for (const [id, row] of rows) if (!keep.has(id)) { row.remove(); rows.delete(id); }
  shown.forEach((session, index) => {
    if (rows.get(session.id)?.session !== session) {
      rows.get(session.id)?.remove();
      rows.set(session.id, Object.assign(rowOf(session), { session }));
    }
    const row = rows.get(session.id);
    if (tray.children[index] !== row) tray.insertBefore(row, tray.children[index] ?? null);
  });
  tray.hidden = shown.length === 0;
  if (!rows.has(focused)) focused = shown[0]?.id ?? null;
  rove();
  document.getElementById("editor-spoken-count").textContent = word("tray-count", { count: shown.length });
}

function rove() {
  for (const [id, row] of rows) row.tabIndex = id === focused ? 0 : -1;
}

function choices(select, options) {
  const [any] = select.options;
  const chosen = select.value;
  select.replaceChildren(any, ...options.map(([value, label]) => make("option", { value }, label)));
  select.value = chosen;
  select.closest(".field").hidden = options.length < 2;
}

/** Filters offer what there is to choose from. */
export function drawFilters() {
  const all = [...state.sessions.values()];
  choices(form.elements.forum, [...state.forums.values()].map((one) => [one.id, one.name]));
  choices(form.elements.format, [...state.formats.values()].map((one) => [one.id, one.name]));
  choices(form.elements.state, [...new Set(all.map((one) => one.state))].map((one) => [one, setup.states[one]]));
  choices(form.elements.language, [...new Set(all.map((one) => one.language).filter(Boolean))].map((tag) => [tag, languageName(tag)]));
  const mine = all.filter((one) => one.mine).length;
  document.getElementById("editor-mine").hidden = mine === 0 || mine === all.length;
}

form.addEventListener("input", drawTray);
form.addEventListener("submit", (event) => event.preventDefault());
on("items view", drawTray);

tray.addEventListener("pointerdown", (event) => {
  const row = event.target.closest(".ed-row");
  if (!row) return;
  focused = row.dataset.session;
  rove();
  if (setup.mayEdit) downOn(event, state.sessions.get(focused));
});

tray.addEventListener("keydown", (event) => {
  const row = event.target.closest(".ed-row");
  if (!row) return;
  const step = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling, Home: tray.firstElementChild, End: tray.lastElementChild }[event.key];
  if (step) {
    focused = step.dataset.session;
    rove();
    step.focus();
  } else if (event.key === "Enter" || event.key === " ") {
    pickFromTray(state.sessions.get(row.dataset.session));
  } else if (event.key === "e") {
    location.assign(state.sessions.get(row.dataset.session).url);
  } else {
    return;
  }
  event.preventDefault();
});
tray.addEventListener("dblclick", (event) => {
  const row = event.target.closest(".ed-row");
  if (row) location.assign(state.sessions.get(row.dataset.session).url);
});
