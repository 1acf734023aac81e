// What the other organizers do, as it happens: their edits, where they are, and what they hold.

import { request, tab } from "./api.js";
import { flash, glide } from "./grid.js";
import { emit, learn, load, on, queue, state, titleOf, items } from "./state.js";
import { renewPlain } from "./plain.js";
import { announce, list, make, setup, word } from "./words.js";

const strip = document.getElementById("editor-people");
const line = document.getElementById("editor-line");
/** How often one says where one is, and how long until the first new try after the stream broke. */
const PULSE = 10_000;
const FIRST = 1_000;
const LONGEST = 30_000;

let source;
let failures = 0;
let timer;

export function listen() {
  clearTimeout(timer);
  source?.close();
  source = new EventSource(`${setup.base}/events?${new URLSearchParams({ tab, since: String(state.version) })}`);
  source.addEventListener("open", () => {
    failures = 0;
    line.hidden = true;
  });
  source.addEventListener("edit", (event) => {
    takeEdit(JSON.parse(event.data));
    renewPlain();
  });
  source.addEventListener("presence", (event) => takePresence(JSON.parse(event.data)));
  source.addEventListener("reload", () => refresh());
  source.addEventListener("error", () => {
    // Opened anew by hand, with the version reached meanwhile.
    source.close();
    failures += 1;
    if (failures > 2) lost();
    timer = setTimeout(listen, Math.min(LONGEST, FIRST * 2 ** (failures - 1)));
  });
}

function lost() {
  if (line.hidden) announce(line.firstChild.textContent);
  line.hidden = false;
}

/** The whole draft anew; changes on their way stay laid over it. */
async function refresh() {
  try {
    const { ok, data } = await request("GET", "/draft.json?day=all");
    if (ok) load(data);
    renewPlain();
  } catch {
    lost();
  }
}

function takeEdit(edit) {
  if (edit.tab === tab) {
    // The answer to the request says the same; whichever comes first counts.
    if (queue.length === 0) learn({ version: edit.version, slots: edit.slots, removed: edit.removed, blocks: edit.blocks, removed_blocks: edit.removed_blocks });
    return;
  }
  const before = new Map(items);
  glide();
  learn({ ...edit, undo: undefined, redo: undefined });
  const keys = [...(edit.slots ?? []).map((slot) => `s:${slot.id}`), ...(edit.blocks ?? []).map((block) => `b:${block.id}`)];
  queueMicrotask(() => keys.forEach(flash));
  const titles = [...keys, ...(edit.removed ?? []).map((id) => `s:${id}`)].map((key) => items.get(key) ?? before.get(key)).filter(Boolean).map(titleOf);
  const name = edit.by?.name ?? word("someone");
  if (titles.length === 1) announce(word("other-moved", { name, title: titles[0] }));
  else if (titles.length > 1) announce(word("other-moved-many", { name, count: titles.length }));
}

const initials = (name) => [...name.trim().split(/\s+/).map((part) => [...part][0] ?? "")].slice(0, 2).join("").toUpperCase();

function takePresence(all) {
  state.presence = all.filter((one) => one.tab !== tab);
  const known = new Map(state.presence.map((one) => [one.name, one]));
  strip.replaceChildren(...[...known.values()].map((one) => {
    const day = state.days.find((other) => other.day === one.day)?.label;
    const session = state.sessions.get(one.session)?.title;
    const where = list([one.name, day, session ? word("holds", { title: session }) : ""]);
    return make("li", { title: where, class: one.session ? "holds" : "" },
      make("span", { "aria-hidden": "true" }, initials(one.name)), make("span", { class: "visually-hidden" }, where));
  }));
  emit("presence");
}

/** Tells the others where one is and what one holds. */
function pulse() {
  if (document.visibilityState !== "visible" || !state.ready) return;
  const session = state.carry?.lead.session ?? null;
  const day = state.day === "all" ? state.days[0]?.day : state.day;
  request("POST", "/presence", { tab, day, session }).catch(() => {}); // The next pulse says it again.
}

export function startLive() {
  listen();
  pulse();
  setInterval(pulse, PULSE);
  on("carry", pulse);
  document.addEventListener("editor:shown", pulse);
  // A sleeping tab may have missed something.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return;
    pulse();
    if (source.readyState === EventSource.CLOSED) listen();
  });
  line.querySelector("button").addEventListener("click", () => { refresh(); listen(); });
  addEventListener("online", listen);
}

on("refused", ({ keys, stale }) => {
  glide();
  if (stale) requestAnimationFrame(() => keys.forEach(flash));
});
