// What the editor knows: what the server has said, with the changes that are still on their way laid
// over it. A change that the server refuses is simply not laid over any more.

import { setup } from "./words.js";
import { useZone } from "./time.js";

export const state = {
  ready: false, version: 0, zone: "UTC", day: "", days: [], rooms: [], step: 5, zoom: 8, onlyMine: false,
  sessions: new Map(), forums: new Map(), formats: new Map(), availabilities: [], concerns: [],
  undo: null, redo: null, selection: new Set(), focus: null, carry: null, presence: [],
};

/** What stands in the timetable by key: sessions' slots as "s:…", blocks as "b:…". */
export let items = new Map();
/** Changes on their way, oldest first. */
export const queue = [];

const known = new Map();
// A session just placed has a key of its own until the server has given it one.
const names = new Map();

const listeners = new Map();

/** Calls `run` after `what` has changed: "items", "concerns", "selection", "view", "saving", "history", "presence". */
export function on(what, run) {
  for (const one of what.split(" ")) listeners.set(one, [...(listeners.get(one) ?? []), run]);
}

export function emit(what, detail) {
  for (const run of listeners.get(what) ?? []) run(detail);
}

const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

const slotItem = (slot) => ({
  key: `s:${slot.id}`, id: slot.id, type: "session", session: slot.session, room: slot.room,
  day: slot.day, from: slot.from, to: slot.to, start: slot.start, version: slot.version, fixed: Boolean(slot.fixed),
});
const blockItem = (block) => ({
  key: `b:${block.id}`, id: block.id, type: "block", room: block.room, kind: block.kind, title: block.title,
  isPublic: Boolean(block.public), day: block.day, from: block.from, to: block.to, start: block.start, version: block.version,
  titles: block.titles ?? {},
});

/** Takes the whole draft as the server has it. */
export function load(draft) {
  useZone(draft.zone);
  Object.assign(state, {
    version: draft.version, zone: draft.zone, days: draft.days, rooms: draft.rooms,
    sessions: byId(draft.sessions), forums: byId(draft.forums), formats: byId(draft.formats),
    availabilities: draft.availabilities, concerns: draft.concerns, undo: draft.undo, redo: draft.redo, ready: true,
  });
  known.clear();
  for (const slot of draft.slots) known.set(`s:${slot.id}`, slotItem(slot));
  for (const block of draft.blocks) known.set(`b:${block.id}`, blockItem(block));
  state.grid = draft.grid;
  merge();
  sortConcerns();
  emit("history");
}

/** Takes what an answer or another organizer's edit says has changed. */
export function learn({ version, slots = [], removed = [], blocks = [], removed_blocks = [], concerns, undo, redo }) {
  for (const slot of slots) learnOne(slotItem(slot));
  for (const block of blocks) learnOne(blockItem(block));
  for (const id of removed) known.delete(`s:${id}`);
  for (const id of removed_blocks) known.delete(`b:${id}`);
  if (version !== undefined && version >= state.version) {
    state.version = version;
    if (concerns) state.concerns = concerns;
  }
  if (undo !== undefined) state.undo = undo;
  if (redo !== undefined) state.redo = redo;
  merge();
  sortConcerns();
  emit("history");
}

function learnOne(item) {
  const before = known.get(item.key);
  if (!before || item.version >= before.version) known.set(item.key, item);
}

/** The keys that the server knows of a session. */
export const knownOf = (session) => [...known.values()].filter((item) => item.session === session).map((item) => item.key);
export const knownItem = (key) => known.get(nameOf(key));
export const nameOf = (key) => names.get(key) ?? key;

/** The server has given a placed session its key: changes that wait for it go on under that. */
export function rename(from, to) {
  names.set(from, to);
  if (state.selection.delete(from)) state.selection.add(to);
  if (state.focus === from) state.focus = to;
}

/** Lays the changes on their way over what is known. */
export function merge() {
  const merged = new Map(known);
  for (const change of queue.flatMap((step) => step.changes ?? [])) {
    const key = nameOf(change.key);
    if (change.to === null) {
      merged.delete(key);
    } else {
      const base = merged.get(key) ?? change.fresh;
      if (base) merged.set(key, { ...base, key, ...change.to, waits: true });
    }
  }
  items = merged;
  for (const key of state.selection) if (!items.has(key)) state.selection.delete(key);
  emit("items");
}

export function select(keys, focus = keys.at(-1) ?? null) {
  state.selection = new Set(keys);
  state.focus = focus;
  emit("selection");
}

export function toggle(key) {
  if (!state.selection.delete(key)) state.selection.add(key);
  state.focus = key;
  emit("selection");
}

let bySlot = new Map();
const none = [];

function sortConcerns() {
  bySlot = new Map();
  for (const one of state.concerns) {
    if (!one.muted && one.slot) bySlot.set(one.slot, [...(bySlot.get(one.slot) ?? none), one]);
  }
  emit("concerns");
}

/** What speaks against a slot and is not muted. */
export const concernsOf = (item) => bySlot.get(item.id) ?? none;
export const roomName = (id) => state.rooms.find((room) => room.id === id)?.name ?? setup.words["editor-no-room"];
export const dayLabel = (day) => state.days.find((one) => one.day === day)?.label ?? day;
/** The columns: every room, and one for what has no room yet where there is such. */
export function columns() {
  const homeless = [...items.values()].some((item) => item.type === "session" && item.room === null);
  return homeless ? [...state.rooms.map((room) => room.id), null] : state.rooms.map((room) => room.id);
}
/** Blocks are for organizers of the whole event, sessions also for those of their forum. */
export const mayChange = (item) => (item.type === "block" ? setup.mayManage : setup.mayEdit && Boolean(state.sessions.get(item.session)?.mine));
/** What an item is called. */
export function titleOf(item) {
  if (item.type === "session") return state.sessions.get(item.session)?.title ?? "";
  return item.title || setup.words[`editor-kind-${item.kind}`];
}

const store = `plenary-editor-${setup.base}`;

/** What is remembered on this device: zoom and steps. */
export function remember() {
  try {
    localStorage.setItem(store, JSON.stringify({ zoom: state.zoom, step: state.step }));
  } catch {
    // A full or forbidden store remembers nothing.
  }
}

export function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(store) ?? "{}");
    if (kept.zoom > 1 && kept.zoom < 60) state.zoom = kept.zoom;
    if ([5, 10, 15, 30].includes(kept.step)) state.step = kept.step;
    return kept;
  } catch {
    return {};
  }
}
