// Dragging with mouse, pen or finger. A finger has to rest for a moment first, so that it can still scroll.

import { aim, cancel, drop, dropOut, fresh, pick } from "./carry.js";
import { canvas, isRtl, pointAt, scroll } from "./layout.js";
import { items, select, state, toggle } from "./state.js";
import { shown } from "./grid.js";

const panel = document.getElementById("editor-panel");
/** Pixels that a mouse moves before a press is a drag, and milliseconds that a finger rests. */
const SLACK = 4;
const REST = 350;

let press = null;
let frame;

/** The items that a press on one of them picks up. */
function pickedWith(item) {
  if (!state.selection.has(item.key) || state.selection.size < 2) return [item];
  return [item, ...shown().filter((one) => state.selection.has(one.key) && one.key !== item.key)];
}

function begin() {
  const { item, session, mode, x, y } = press;
  const point = pointAt(x, y);
  if (session) {
    const made = fresh(session, point.day, 0, null);
    const length = made.to - made.from;
    press.grab = length / 2;
    if (!pick("move", "pointer", [{ ...made, from: 0, to: length }])) return stop();
  } else {
    press.grab = point.minutes - item.from;
    if (!pick(mode, "pointer", mode === "move" ? pickedWith(item) : [item])) return stop();
  }
  press.isDrag = true;
  document.body.classList.add("ed-dragging");
  scroller();
  return follow();
}

const over = (element, { x, y }) => {
  const box = element.getBoundingClientRect();
  return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
};

/** Aims what is carried at the pointer, on the steps of the grid. */
function follow() {
  const { carry } = state;
  if (!carry || !press) return;
  const isOut = over(panel, press) && !over(scroll, press);
  panel.classList.toggle("takes", isOut && carry.mode === "move");
  canvas.classList.toggle("away", isOut);
  const point = pointAt(press.x, press.y);
  const snap = (minutes) => Math.round(minutes / state.step) * state.step;
  if (carry.mode === "end") {
    aim({ to: snap(point.minutes + (carry.day === point.day ? 0 : 1440)) });
  } else if (carry.mode === "start") {
    if (carry.day === point.day) aim({ from: snap(point.minutes) });
  } else {
    aim({ day: point.day, column: point.column, from: snap(point.minutes - press.grab), swap: press.alt ? other() : null });
  }
}

/** The session under the pointer that the carried one would swap with. */
function other() {
  const { items: carried, lead } = state.carry;
  if (carried.length > 1 || lead.isNew || lead.type !== "session") return null;
  const card = document.elementsFromPoint(press.x, press.y).map((one) => one.closest?.(".ed-card")).find((one) => one && one.dataset.key !== lead.key);
  const item = items.get(card?.dataset.key);
  return item?.type === "session" ? item : null;
}

/** Scrolls while the pointer is near an edge of the grid, faster the nearer. */
function scroller() {
  cancelAnimationFrame(frame);
  const step = () => {
    if (!press?.isDrag) return;
    const box = scroll.getBoundingClientRect();
    const near = (value, low, high) => (value < low + 48 ? -(low + 48 - value) / 4 : value > high - 48 ? (value - high + 48) / 4 : 0);
    if (over(scroll, press)) {
      const start = isRtl() ? box.left : box.left + 56;
      const left = near(press.x, start, isRtl() ? box.right - 56 : box.right);
      const top = near(press.y, box.top + 44, box.bottom);
      if (left || top) {
        scroll.scrollBy({ left, top, behavior: "instant" });
        follow();
      }
    }
    frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
}

function stop() {
  clearTimeout(press?.timer);
  cancelAnimationFrame(frame);
  press = null;
  panel.classList.remove("takes");
  canvas.classList.remove("away");
  document.body.classList.remove("ed-dragging");
}

function down(event, what) {
  if (event.button !== 0 || press || state.carry) return;
  press = { ...what, x: event.clientX, y: event.clientY, x0: event.clientX, y0: event.clientY, id: event.pointerId, alt: event.altKey, touch: event.pointerType === "touch" };
  if (press.touch) press.timer = setTimeout(() => { if (press && !press.isDrag) begin(); }, REST);
}

canvas.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".ed-card");
  const item = items.get(card?.dataset.key);
  if (!item) return;
  const grip = event.target.closest(".ed-grip");
  down(event, { item, mode: grip ? (grip.classList.contains("start") ? "start" : "end") : "move" });
});

/** The tray calls this for its own rows. */
export const downOn = (event, session) => down(event, { session, mode: "move" });

addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  Object.assign(press, { x: event.clientX, y: event.clientY, alt: event.altKey });
  if (press.isDrag) {
    follow();
  } else if (Math.hypot(press.x - press.x0, press.y - press.y0) > SLACK) {
    // A finger that moves at once wants to scroll.
    if (press.touch) stop();
    else begin();
  }
});

addEventListener("pointerup", (event) => {
  if (!press || event.pointerId !== press.id) return;
  const { isDrag } = press;
  const isOut = panel.classList.contains("takes");
  // Outside of the grid means nothing, rather than the nearest cell.
  const isIn = over(scroll, press);
  stop();
  if (!isDrag) return;
  swallowClick();
  if (isOut) dropOut();
  else if (isIn) drop();
  else cancel();
});

addEventListener("pointercancel", () => {
  if (!press) return;
  stop();
  cancel();
});

/** The click that follows a drag selects nothing. */
function swallowClick() {
  const swallow = (event) => { event.stopPropagation(); event.preventDefault(); };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 0);
}

// A drag by finger must not scroll; that can only be said before the browser has begun to.
document.addEventListener("touchmove", (event) => { if (press?.isDrag) event.preventDefault(); }, { passive: false });
document.addEventListener("contextmenu", (event) => { if (press?.touch) event.preventDefault(); });
addEventListener("keydown", (event) => {
  if (!press?.isDrag) return;
  if (event.key === "Escape") { stop(); cancel(); }
  if (event.key === "Alt") { event.preventDefault(); press.alt = true; follow(); }
});
addEventListener("keyup", (event) => { if (press?.isDrag && event.key === "Alt") { press.alt = false; follow(); } });

canvas.addEventListener("click", (event) => {
  const key = event.target.closest(".ed-card")?.dataset.key;
  if (!key) {
    if (!state.carry) select([], state.focus);
  } else if (event.ctrlKey || event.metaKey) {
    toggle(key);
  } else if (event.shiftKey && state.focus) {
    const keys = shown().map((item) => item.key);
    const [a, b] = [keys.indexOf(state.focus), keys.indexOf(key)].sort((x, y) => x - y);
    select(keys.slice(Math.max(0, a), b + 1), key);
  } else {
    select([key]);
  }
});
