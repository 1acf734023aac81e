// Draws the grid: heads of rooms, the axis of hours, the bands of days, and the cards.

import { arrange, canvas, columnOf, lanes, layout, plane, put, scroll, tailsOf } from "./layout.js";
import { concernsOf, dayLabel, items, mayChange, on, roomName, state, titleOf } from "./state.js";
import { clock, hours } from "./time.js";
import { icon, list, make, setup, word } from "./words.js";

const heads = plane.querySelector(".ed-heads");
const axis = plane.querySelector(".ed-axis");
const field = canvas.querySelector(".ed-bands");
const board = canvas.querySelector(".ed-cards");
const cards = new Map();

export const cardOf = (key) => cards.get(key);
export const shown = () => [...board.children].map((card) => items.get(card.dataset.key)).filter(Boolean);

const severities = { hint: 1, warns: 2, blocks: 3 };
export const worst = (concerns) => concerns.reduce((top, one) => (severities[one.severity] > (severities[top] ?? 0) ? one.severity : top), "");

function drawFrame() {
  const corner = heads.firstElementChild;
  heads.replaceChildren(corner, ...layout.rooms.map((id) => {
    const room = state.rooms.find((one) => one.id === id);
    const seats = room?.capacity ? word("seats", { count: room.capacity }) : "";
    return make("div", { class: "ed-room", title: list([room?.name, room?.building, seats]) },
      make("strong", {}, room?.name ?? word("no-room")),
      make("span", {}, list([room?.building, seats])));
  }));
  const labels = [];
  const bands = [];
  layout.bands.forEach((band, index) => {
    const element = make("div", { class: "ed-band", "data-day": band.day });
    element.style.setProperty("--offset", -(band.start % 60));
    put(element, { day: band.day, from: band.start, to: band.end }, null);
    if (layout.bands.length > 1) {
      const name = make("h2", { class: "ed-day" }, make("span", {}, dayLabel(band.day)));
      put(name, { day: band.day, from: band.start, to: band.start + 5 }, null);
      bands.push(name);
    }
    bands.push(element);
    for (let minute = band.start; minute < band.end; minute += 60) {
      const label = make("span", { class: "ed-hour" }, clock(minute));
      label.style.setProperty("--y", band.top + minute - band.start);
      label.style.setProperty("--b", index + 1);
      labels.push(label);
    }
  });
  axis.replaceChildren(...labels);
  field.replaceChildren(...bands);
}

/** The words of a card for those who listen, beginning with those that are seen. */
function describe(item) {
  const session = state.sessions.get(item.session);
  const count = concernsOf(item).length;
  return list([
    titleOf(item),
    hours(item.from, item.to),
    session ? session.people.map((person) => person.name).join(setup.words["common-list-separator"]) : "",
    session ? setup.states[session.state] : "",
    item.type === "block" && !item.isPublic ? word("internal") : "",
    state.day === "all" ? dayLabel(item.day) : "",
    item.room === null && item.type === "block" ? word("all-rooms") : roomName(item.room),
    count > 0 ? word("count-concerns", { count }) : "",
    item.fixed ? word("fixed") : "",
    item.waits ? word("waits") : "",
  ]);
}

/** "confirmed", "asked" or "declined": the answer that needs most attention. */
function answerOf(session) {
  const all = session.answers.map((one) => one.answer);
  return ["declined", "asked", "confirmed"].find((answer) => all.includes(answer)) ?? "";
}

function fill(card, item) {
  const session = state.sessions.get(item.session);
  const found = concernsOf(item);
  const severity = worst(found);
  card.className = `ed-card${item.type === "block" ? ` ed-block kind-${item.kind}` : ""}`;
  card.setAttribute("aria-label", describe(item));
  const parts = [make("span", { class: "ed-title", lang: session?.lang, dir: session ? "auto" : null }, titleOf(item))];
  const badges = make("span", { class: "ed-badges" });
  if (severity) badges.append(make("span", { class: `ed-badge ${severity}`, "data-count": found.length }, icon("alert")));
  if (item.fixed) badges.append(make("span", { class: "ed-badge" }, icon("lock")));
  const answer = session ? answerOf(session) : "";
  if (answer) badges.append(make("span", { class: `ed-badge answer-${answer}` }, icon({ declined: "close", asked: "clock", confirmed: "check" }[answer])));
  if (item.type === "block" && !item.isPublic) badges.append(make("span", { class: "ed-badge" }, word("internal")));
  parts.push(make("span", { class: "ed-when" }, hours(item.from, item.to)));
  if (session?.people.length) parts.push(make("span", { class: "ed-people" }, session.people.map((one) => one.name).join(setup.words["common-list-separator"])));
  if (session && session.state !== "confirmed" && session.state !== "accepted") {
    parts.push(make("span", { class: "tag ed-state", "data-state": session.state }, setup.states[session.state]));
  }
  if (badges.childElementCount) parts.push(badges);
  if (mayChange(item)) parts.push(make("span", { class: "ed-grip start" }), make("span", { class: "ed-grip end" }));
  // With spaces, so that the words that are seen are also words of the text.
  card.replaceChildren(...parts.flatMap((part) => [part, " "]));
  const forum = state.forums.get(session?.forum);
  card.toggleAttribute("data-forum", Boolean(forum));
  if (forum) card.style.setProperty("--forum", forum.color);
  card.classList.toggle("waits", Boolean(item.waits));
  card.classList.toggle("lifted", Boolean(state.carry?.items.some((one) => one.key === item.key)));
  card.classList.toggle("faded", state.onlyMine && !session?.mine);
}

/** What a card shows, as one text: it is filled again only when that changes. */
const look = (item) => JSON.stringify([item, state.sessions.get(item.session), concernsOf(item), state.onlyMine, state.day === "all"]);

function drawCards() {
  const order = [];
  for (const band of layout.bands) {
    const byRoom = new Map();
    for (const item of items.values()) {
      if (item.day !== band.day) continue;
      const wide = item.type === "block" && item.room === null;
      const room = wide ? "all" : item.room;
      byRoom.set(room, [...(byRoom.get(room) ?? []), item]);
    }
    const placed = [];
    for (const [room, own] of byRoom) {
      for (const { item, lane, lanes: count } of lanes(own)) placed.push({ item, lane, lanes: count, column: room === "all" ? null : columnOf(room) });
    }
    placed.sort((a, b) => a.item.from - b.item.from || (a.column ?? -1) - (b.column ?? -1) || a.lane - b.lane);
    order.push(...placed);
  }
  const stale = new Set(cards.keys());
  order.forEach(({ item, lane, lanes: count, column }, index) => {
    let card = cards.get(item.key);
    if (!card) {
      card = make("div", { role: "option", tabindex: "-1", "data-key": item.key });
      cards.set(item.key, card);
    }
    stale.delete(item.key);
    const mark = look(item);
    if (card.look !== mark) {
      card.look = mark;
      fill(card, item);
    }
    card.classList.toggle("ed-wide", column === null);
    put(card, item, column, lane, count);
    fit(card, item);
    if (board.children[index] !== card) board.insertBefore(card, board.children[index] ?? null);
  });
  for (const key of stale) {
    cards.get(key).remove();
    cards.delete(key);
  }
  drawSelection();
}

/** The ends of what began the day before: seen, so that the room does not look free, and changed at their beginning. */
function drawTails() {
  for (const old of field.querySelectorAll(".ed-tail")) old.remove();
  for (const band of layout.bands) {
    for (const [item, to] of tailsOf(band.day)) {
      const tail = make("div", { class: "ed-tail", "aria-hidden": "true" },
        make("span", { class: "ed-title" }, titleOf(item)), " ", make("span", { class: "ed-when" }, hours(item.from, item.to)));
      put(tail, { day: band.day, from: 0, to }, item.type === "block" && item.room === null ? null : columnOf(item.room));
      field.append(tail);
    }
  }
}

/** As many lines as the card has room for: first the title, then time and people. */
function fit(card, item) {
  const rows = Math.max(1, Math.floor(((item.to - item.from) * layout.px - 8) / 17));
  card.style.setProperty("--rows", rows <= 2 ? rows : Math.min(4, rows - 1));
  card.classList.toggle("tiny", rows < 2);
}

function drawSelection() {
  const keys = [...cards.keys()];
  if (!items.has(state.focus)) state.focus = keys.find((key) => state.selection.has(key)) ?? board.firstElementChild?.dataset.key ?? null;
  for (const [key, card] of cards) {
    card.setAttribute("aria-selected", String(state.selection.has(key)));
    card.tabIndex = key === state.focus ? 0 : -1;
  }
}

/** Others hold sessions: their cards carry an outline and initials. */
function drawHeld() {
  const held = new Map(state.presence.filter((one) => one.session).map((one) => [one.session, one]));
  for (const [key, card] of cards) {
    const holder = held.get(items.get(key)?.session);
    if (holder) card.dataset.held = holder.name;
    else delete card.dataset.held;
  }
}

export function draw(reach = []) {
  if (!state.ready || scroll.clientWidth === 0) return;
  const hadFocus = board.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  if (arrange(reach) || axis.childElementCount === 0) drawFrame();
  drawCards();
  drawTails();
  drawHeld();
  // A card that was taken away or got another key hands the focus on.
  if (hadFocus && !board.contains(document.activeElement)) cards.get(state.focus)?.focus({ preventScroll: true });
}

let isDue = false;

function soon() {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => { isDue = false; draw(); });
}

on("items concerns view", soon);
on("selection", drawSelection);
on("presence", drawHeld);

/** Lets cards glide to their new places for a moment: others have moved them. */
export function glide() {
  canvas.classList.add("glides");
  setTimeout(() => canvas.classList.remove("glides"), 400);
}

export function flash(key) {
  const card = cards.get(key);
  if (!card) return;
  card.classList.remove("flash");
  void card.offsetWidth;
  card.classList.add("flash");
}

new ResizeObserver(soon).observe(scroll);
