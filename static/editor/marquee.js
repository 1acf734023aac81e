// A frame drawn over empty cells with the mouse selects the cards that it touches.

import { canvas } from "./layout.js";
import { select, state } from "./state.js";
import { make } from "./words.js";

const frame = make("div", { class: "ed-marquee", hidden: true });
canvas.append(frame);
/** Pixels that the mouse moves before a press is a frame. */
const SLACK = 6;
let from = null;

canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || event.pointerType !== "mouse" || event.target.closest(".ed-card") || state.carry) return;
  const box = canvas.getBoundingClientRect();
  from = { x: event.clientX - box.left, y: event.clientY - box.top, id: event.pointerId, kept: event.shiftKey || event.ctrlKey ? [...state.selection] : [] };
});

addEventListener("pointermove", (event) => {
  if (!from || event.pointerId !== from.id) return;
  // Measured anew: the grid may have been scrolled meanwhile.
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  if (frame.hidden && Math.hypot(x - from.x, y - from.y) < SLACK) return;
  frame.hidden = false;
  const edges = { left: Math.min(x, from.x), top: Math.min(y, from.y), width: Math.abs(x - from.x), height: Math.abs(y - from.y) };
  for (const [name, value] of Object.entries(edges)) frame.style.setProperty(name, `${value}px`);
});

addEventListener("pointerup", (event) => {
  if (!from || event.pointerId !== from.id) return;
  const { kept } = from;
  from = null;
  if (frame.hidden) return;
  const area = frame.getBoundingClientRect();
  frame.hidden = true;
  const touched = [...canvas.querySelectorAll(".ed-card:not(.ed-wide)")].filter((card) => {
    const box = card.getBoundingClientRect();
    return box.left < area.right && box.right > area.left && box.top < area.bottom && box.bottom > area.top;
  });
  select([...new Set([...kept, ...touched.map((card) => card.dataset.key)])]);
  // The click that follows would clear the selection again.
  addEventListener("click", (click) => click.stopPropagation(), { capture: true, once: true });
});
