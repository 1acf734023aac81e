// The whole editor by keyboard: walking from card to card, picking up, aiming, dropping.

import { redo, undo } from "./api.js";
import { aim, cancel, drop, fresh, ghost, lengthen, pick, takeOut, whereabouts } from "./carry.js";
import { canvas, isRtl, layout, reveal } from "./layout.js";
import { cardOf, shown } from "./grid.js";
import { items, select, state, titleOf, toggle } from "./state.js";
import { announce, setup, word } from "./words.js";

export function focusCard(key) {
  const card = cardOf(key);
  if (!card) return;
  state.focus = key;
  for (const other of canvas.querySelectorAll(".ed-card[tabindex='0']")) other.tabIndex = -1;
  card.tabIndex = 0;
  card.focus({ preventScroll: true });
  reveal(card);
}

const middle = (item) => (item.from + item.to) / 2;
const bandOf = (item) => layout.bands.findIndex((band) => band.day === item.day);

/** The card next to one in a direction: up and down in its room, left and right at its time. */
function neighbour(item, direction) {
  const all = shown().filter((one) => one.key !== item.key);
  const column = (one) => Math.max(0, layout.rooms.indexOf(one.room));
  const time = (one) => bandOf(one) * 10_000 + middle(one);
  if (direction === "up" || direction === "down") {
    const sign = direction === "up" ? -1 : 1;
    return all
      .filter((one) => column(one) === column(item) && (sign * (time(one) - time(item)) > 0 || (time(one) === time(item) && sign * one.key.localeCompare(item.key) > 0)))
      .sort((a, b) => sign * (time(a) - time(b)))[0];
  }
  const sign = direction === "next" ? 1 : -1;
  return all
    .filter((one) => sign * (column(one) - column(item)) > 0 && one.day === item.day)
    .sort((a, b) => sign * (column(a) - column(b)) || Math.abs(middle(a) - middle(item)) - Math.abs(middle(b) - middle(item)))[0];
}

const arrows = () => ({ ArrowUp: "up", ArrowDown: "down", ArrowLeft: isRtl() ? "next" : "previous", ArrowRight: isRtl() ? "previous" : "next" });

/** Moves what is carried by a step or a room; with Shift by an hour, and past a day's end to the next day. */
function steer(event, direction) {
  const { carry } = state;
  const minutes = event.shiftKey ? 60 : state.step;
  if (direction === "up" || direction === "down") {
    const by = direction === "up" ? -minutes : minutes;
    if (carry.mode === "end") aim({ to: carry.to + by });
    else aim({ from: carry.from + by });
  } else if (carry.mode === "move") {
    aim({ column: carry.column + (direction === "next" ? 1 : -1) });
  }
  say();
}

function say() {
  const element = ghost();
  if (element) reveal(element);
  announce(whereabouts());
}

function pickUp(picked) {
  const [lead] = picked;
  if (!pick("move", "keyboard", picked)) return;
  announce(word(picked.length > 1 ? "picked-many" : "picked", { title: titleOf(lead), count: picked.length }));
  canvas.focus({ preventScroll: true });
  say();
}

/** A session of the tray: it begins in the first room seen, at the first full hour seen. */
export function pickFromTray(session) {
  const band = layout.bands[0];
  const first = Math.round((band.start + document.getElementById("editor-scroll").scrollTop / layout.px) / 60) * 60;
  pickUp([fresh(session, band.day, Math.min(first, band.end - 60), layout.rooms[0])]);
}

const selected = () => {
  const focused = items.get(state.focus);
  const many = shown().filter((item) => state.selection.has(item.key));
  if (many.length > 1 && (!focused || state.selection.has(focused.key))) {
    return focused ? [focused, ...many.filter((item) => item !== focused)] : many;
  }
  return focused ? [focused] : [];
};

function whileCarrying(event) {
  const direction = arrows()[event.key];
  if (direction) steer(event, direction);
  else if (event.key === "Escape") letGo(cancel);
  else if (event.key === "Enter" || event.key === " ") letGo(drop);
  else if (event.key === "+" || event.key === "=") { lengthen(state.step); say(); }
  else if (event.key === "-" || event.key === "_") { lengthen(-state.step); say(); }
  else if (event.key === "PageDown" || event.key === "PageUp") { otherDay(event.key === "PageDown" ? 1 : -1); say(); }
  else if (event.key !== "Tab") return;
  event.preventDefault();
}

function otherDay(by) {
  const days = state.days.map((one) => one.day);
  const day = days[Math.min(days.length - 1, Math.max(0, days.indexOf(state.carry.day) + by))];
  if (state.day !== "all") document.dispatchEvent(new CustomEvent("editor:day", { detail: day }));
  aim({ day });
}

function letGo(how) {
  const { lead } = state.carry;
  const cameFromTray = lead.isNew;
  how();
  const key = items.has(lead.key) ? lead.key : state.focus;
  if (how === cancel && cameFromTray) document.querySelector("#editor-tray [tabindex='0']")?.focus();
  else requestAnimationFrame(() => focusCard(items.has(state.focus) ? state.focus : key));
}

canvas.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey) return;
  if (state.carry) {
    if (state.carry.by === "keyboard") whileCarrying(event);
    return;
  }
  const item = items.get(event.target.dataset?.key);
  const direction = arrows()[event.key];
  const command = event.ctrlKey || event.metaKey;
  if (direction && item) {
    const next = neighbour(item, direction);
    if (next) {
      focusCard(next.key);
      if (event.shiftKey) toggle(next.key);
    }
  } else if (event.key === "Home" || event.key === "End") {
    focusCard(shown().at(event.key === "Home" ? 0 : -1)?.key);
  } else if (event.key === " " && command && item) {
    toggle(item.key);
    announce(word(state.selection.has(item.key) ? "selected" : "unselected", { title: titleOf(item), count: state.selection.size }));
  } else if (event.key.toLowerCase() === "a" && command) {
    select(shown().map((one) => one.key), state.focus);
    announce(word("selected-many", { count: state.selection.size }));
  } else if ((event.key === "Enter" || event.key === " ") && item) {
    pickUp(selected());
  } else if ((event.key === "Delete" || event.key === "Backspace") && item) {
    const next = neighbour(item, "down") ?? neighbour(item, "up") ?? neighbour(item, "next") ?? neighbour(item, "previous");
    takeOut(selected());
    if (next && items.has(next.key)) requestAnimationFrame(() => focusCard(next.key));
  } else if ((event.key === "+" || event.key === "=" || event.key === "-") && item && !command) {
    if (pick("end", "keyboard", [item])) {
      lengthen(event.key === "-" ? -state.step : state.step);
      canvas.focus({ preventScroll: true });
      say();
    }
  } else if (event.key === "Escape") {
    select([], state.focus);
  } else if (event.key === "e" && item?.type === "session" && !command) {
    location.assign(state.sessions.get(item.session).url);
  } else {
    return;
  }
  event.preventDefault();
});

canvas.addEventListener("focusin", (event) => {
  const item = items.get(event.target.dataset?.key);
  if (item && state.focus !== item.key) focusCard(item.key);
});

// Tabbing away while something is carried puts it back.
canvas.addEventListener("focusout", (event) => {
  if (state.carry?.by === "keyboard" && event.relatedTarget && !canvas.contains(event.relatedTarget)) cancel();
});

const isTyping = (target) => target.closest?.("input, textarea, select, dialog[open]");

document.addEventListener("keydown", (event) => {
  if (isTyping(event.target) || !state.ready) return;
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const key = event.key.toLowerCase();
  if (command && key === "z" && setup.mayEdit) (event.shiftKey ? redo : undo)();
  else if (command && key === "y" && setup.mayEdit) redo();
  else if (event.key === "?") document.getElementById("editor-help").showModal();
  else return;
  event.preventDefault();
});

