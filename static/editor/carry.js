// What is picked up, by pointer or keyboard: its ghosts, what would speak against each place, and the drop.

import { change, request } from "./api.js";
import { announce, list, make, setup, tell, word } from "./words.js";
import { canvas, layout, put } from "./layout.js";
import { draw } from "./grid.js";
import { dayLabel, emit, items, mayChange, roomName, state, titleOf } from "./state.js";
import { drawShades, markCells, unmark, verdict } from "./marks.js";
import { hours } from "./time.js";

const ghosts = canvas.querySelector(".ed-ghosts");
let count = 0;

/** The shortest length in minutes: one step of the finest grid. */
const SHORTEST = 5;
/** The usual length where neither format nor session says. */
const USUAL = 45;

/** Texts one after the other, each with an end that is heard. */
const sentences = (...texts) => texts.map((text) => (/[.。!?]$/.test(text) ? text : `${text}.`)).join(" ");

const lengthOf = (session) => session.minutes || state.formats.get(session.format)?.minutes || USUAL;

/** What a session that is not placed yet looks like when it is picked up. */
export function fresh(session, day, from, room) {
  count += 1;
  return {
    key: `s:new-${count}`, id: null, type: "session", session: session.id, room, day, from,
    to: from + lengthOf(session), isNew: true,
  };
}

/**
 * Picks items up; the first leads, the others follow at their distance.
 * `mode` is "move", "start" or "end": the edge that is pulled.
 */
export function pick(mode, by, picked) {
  const [lead] = picked;
  if (!picked.every(mayChange)) {
    tell(word(setup.mayEdit ? "not-mine" : "read-only"), "warn");
    return false;
  }
  state.carry = { mode, by, items: picked, lead, day: lead.day, from: lead.from, to: lead.to, column: layout.rooms.indexOf(lead.room), swap: null };
  canvas.classList.add("carries");
  for (const one of picked) canvas.querySelector(`[data-key="${CSS.escape(one.key)}"]`)?.classList.add("lifted");
  if (picked.length === 1 && lead.type === "session") look();
  drawShades(picked.map((one) => state.sessions.get(one.session)).filter(Boolean), picked.map((one) => one.room));
  drawGhosts();
  emit("carry");
  return true;
}

let looking;

/** Asks which places would raise a concern for the only session carried. */
function look() {
  const { lead, day, from, to } = state.carry;
  const query = new URLSearchParams({ session: lead.session, minutes: String(to - from), day });
  if (lead.id) query.set("slot", lead.id);
  if (looking === query.toString()) return;
  looking = query.toString();
  const asked = looking;
  request("GET", `/candidates?${query}`).then(({ ok, data }) => {
    if (ok && state.carry && asked === looking) {
      markCells(day, data.cells);
      drawGhosts();
    }
  }).catch(() => {}); // Without an answer nothing is marked; the drop is checked all the same.
}

/** Where everything carried would come to lie. */
function targets() {
  const { mode, items: all, lead, day, from, to, column } = state.carry;
  if (mode !== "move") return all.map((one) => ({ item: one, room: one.room, day: one.day, from: one === lead ? from : one.from, to: one === lead ? to : one.to }));
  const days = state.days.map((one) => one.day);
  const shift = { days: days.indexOf(day) - days.indexOf(lead.day), minutes: from - lead.from, columns: column - layout.rooms.indexOf(lead.room) };
  return all.map((one) => {
    const length = one === lead ? to - from : one.to - one.from;
    const at = Math.min(layout.rooms.length - 1, Math.max(0, layout.rooms.indexOf(one.room) + shift.columns));
    const begin = Math.min(1440 - SHORTEST, Math.max(0, one.from + shift.minutes));
    const wide = one.type === "block" && one.room === null;
    return {
      item: one, room: wide ? null : layout.rooms[at] ?? null, from: begin, to: begin + length,
      day: days[Math.min(days.length - 1, Math.max(0, days.indexOf(one.day) + shift.days))] ?? one.day,
    };
  });
}

/** Moves what is carried; anything not named stays. */
export function aim(change) {
  const { carry } = state;
  const before = JSON.stringify([carry.day, carry.from, carry.to, carry.column, carry.swap]);
  const length = carry.to - carry.from;
  if (carry.mode === "move") {
    Object.assign(carry, change);
    carry.from = Math.min(1440 - SHORTEST, Math.max(0, carry.from));
    carry.to = carry.from + (change.length ?? length);
    carry.column = Math.min(layout.rooms.length - 1, Math.max(0, carry.column));
    delete carry.length;
  } else if (carry.mode === "end") {
    carry.to = Math.max(carry.from + SHORTEST, change.to ?? carry.to);
  } else {
    carry.from = Math.max(0, Math.min(carry.to - SHORTEST, change.from ?? carry.from));
  }
  if (before === JSON.stringify([carry.day, carry.from, carry.to, carry.column, carry.swap])) return false;
  if (carry.items.length === 1 && carry.lead.type === "session" && (carry.mode !== "move" || change.length || change.day)) look();
  drawGhosts();
  return true;
}

export const lengthen = (minutes) => {
  const { from, to, mode } = state.carry;
  if (mode === "move") return aim({ length: Math.max(SHORTEST, to - from + minutes) });
  return aim(mode === "end" ? { to: to + minutes } : { from: from - minutes });
};

function drawGhosts() {
  const { carry } = state;
  const all = targets();
  if (carry.by === "keyboard") draw(all);
  ghosts.replaceChildren(...all.map((target) => {
    const wide = target.item.type === "block" && target.room === null;
    const found = target.item === carry.lead ? verdict(target) : { severity: "", texts: [] };
    const ghost = make("div", { class: `ed-ghost ${found.severity}${carry.swap ? " swaps" : ""}` },
      make("div", { class: "ed-ghost-body" },
        make("strong", {}, hours(target.from, target.to)),
        make("span", {}, wide ? word("all-rooms") : roomName(target.room)),
        make("span", {}, carry.swap ? word("swap-with", { title: titleOf(carry.swap) }) : titleOf(target.item))),
      found.texts.length ? make("span", { class: "ed-ghost-why" }, ...found.texts.map((text) => make("span", {}, text))) : null);
    put(ghost, target, wide ? null : layout.rooms.indexOf(target.room));
    return ghost;
  }));
}

export const ghost = () => ghosts.firstElementChild;

/** Where the lead is aimed at, in words, with what speaks against it. */
export function whereabouts() {
  const [target] = targets();
  const wide = target.item.type === "block" && target.room === null;
  const { texts } = verdict(target);
  const place = list([state.day === "all" ? dayLabel(target.day) : "", hours(target.from, target.to), wide ? word("all-rooms") : roomName(target.room)]);
  return texts.length ? sentences(place, ...texts) : place;
}

function end() {
  state.carry = null;
  looking = undefined;
  canvas.classList.remove("carries");
  for (const card of canvas.querySelectorAll(".lifted")) card.classList.remove("lifted");
  ghosts.replaceChildren();
  unmark();
  emit("carry");
}

export function cancel() {
  if (!state.carry) return;
  end();
  draw();
  announce(word("cancelled"));
}

/** Lets go: what is carried changes its place, or swaps it with another. */
export function drop() {
  const { carry } = state;
  if (!carry) return;
  if (carry.swap) {
    const [one, other] = [carry.lead, carry.swap];
    end();
    swap(one, other);
    return;
  }
  const all = targets();
  const { texts } = verdict(all[0]);
  end();
  move(all, carry.mode === "move" ? (all[0].item.isNew ? "place" : "move") : "stretch", texts);
}

/** Puts items at targets [{item, room, day, from, to}]: sessions in one step, blocks each in its own. */
export function move(all, kind, texts = []) {
  const changed = all.filter(({ item, room, day, from, to }) => item.isNew || item.room !== room || item.day !== day || item.from !== from || item.to !== to);
  if (changed.length === 0) {
    draw();
    announce(word("nothing-moved"));
    return;
  }
  const toOf = ({ room, day, from, to }) => ({ room, day, from, to });
  const sessions = changed.filter(({ item }) => item.type === "session");
  if (sessions.length) {
    change({ kind, changes: sessions.map((target) => ({ key: target.item.key, to: toOf(target), fresh: target.item.isNew ? target.item : undefined })) });
  }
  for (const target of changed.filter(({ item }) => item.type === "block")) moveBlock(target.item, toOf(target));
  const keys = changed.map(({ item }) => item.key);
  state.selection = new Set(keys.length > 1 ? keys : []);
  state.focus = keys[0];
  emit("selection");
  const [first] = changed;
  const said = changed.length > 1 ? word("moved-many", { count: changed.length })
    : word(kind === "place" ? "placed-at" : kind === "stretch" ? "stretched" : "moved-to", {
      title: titleOf(first.item), time: hours(first.from, first.to), room: first.room === null && first.item.type === "block" ? word("all-rooms") : roomName(first.room),
    });
  announce(sentences(said, ...texts));
}

/** A block's change of place; titles and the rest stay as they are. */
function moveBlock(block, to) {
  change({
    kind: "block",
    path: () => `/blocks/${block.id}`,
    body: () => {
      const now = { ...items.get(block.key), ...to };
      return {
        room: now.room, day: now.day, from: now.from, at: now.start, minutes: now.to - now.from,
        kind: now.kind, titles: now.titles, public: now.isPublic, version: knownVersion(block),
      };
    },
    changes: [{ key: block.key, to }],
  });
}

const knownVersion = (block) => items.get(block.key)?.version ?? block.version;

/** Two sessions take each other's room and start; each keeps its length. */
export function swap(one, other) {
  const at = (item, place) => ({ room: place.room, day: place.day, from: place.from, to: place.from + item.to - item.from });
  change({ kind: "swap", changes: [{ key: one.key, to: at(one, other) }, { key: other.key, to: at(other, one) }] });
  tell(word("swapped", { title: titleOf(one), other: titleOf(other) }));
}

/** Takes sessions out of the timetable, back to the tray; blocks are deleted. */
export function takeOut(picked) {
  if (!picked.every(mayChange)) {
    tell(word(setup.mayEdit ? "not-mine" : "read-only"), "warn");
    return;
  }
  const sessions = picked.filter((item) => item.type === "session");
  if (sessions.length) change({ kind: "remove", changes: sessions.map((item) => ({ key: item.key, to: null })) });
  for (const block of picked.filter((item) => item.type === "block")) {
    change({ kind: "block", path: () => `/blocks/${block.id}/delete`, body: () => ({ version: knownVersion(block) }), changes: [{ key: block.key, to: null }] });
  }
  if (picked.length === 1) tell(word("taken-out", { title: titleOf(picked[0]) }));
  else tell(word("taken-out-many", { count: picked.length }));
}

/** Ends a drag over the tray. */
export function dropOut() {
  const picked = state.carry.items.filter((item) => !item.isNew);
  end();
  if (picked.length) takeOut(picked);
  draw();
}
