// Where things stand in the grid: days are bands below each other, rooms are columns, minutes are
// lengths. Everything is placed by custom properties, so that zooming changes a single one.

import { columns, emit, items, state } from "./state.js";
import { next } from "./time.js";

export const scroll = document.getElementById("editor-scroll");
export const plane = scroll.querySelector(".ed-plane");
export const canvas = scroll.querySelector(".ed-canvas");

/** {bands: [{day, start, end, top}], rooms: [room or null], px, column, head} */
export const layout = { bands: [], rooms: [], px: 1.6, column: 160, head: 0 };

/** The narrowest column that still reads, and the hours that a day shows at least. */
const NARROWEST = 148;
const MORNING = 8 * 60;
const EVENING = 20 * 60;
const DAY = 24 * 60;

export const isRtl = () => document.documentElement.dir === "rtl";

/** What began the day before and goes on past midnight, as [item, minutes into this day]. */
export const tailsOf = (day) => [...items.values()].filter((item) => item.to > DAY && next(item.day) === day).map((item) => [item, item.to - DAY]);

const shownDays = () => (state.day === "all" ? state.days.map((one) => one.day) : [state.day]);

/** Lays the bands out again. `reach` are items that must be within sight as well, such as a ghost. */
export function arrange(reach = []) {
  const rooms = columns();
  const bands = [];
  let top = 0;
  for (const day of shownDays()) {
    let [start, end] = [MORNING, EVENING];
    for (const item of [...items.values(), ...reach]) {
      if (item.day !== day) continue;
      start = Math.min(start, item.from - 30);
      end = Math.max(end, item.to + 30);
    }
    for (const [, to] of tailsOf(day)) [start, end] = [0, Math.max(end, to + 30)];
    start = Math.max(0, Math.floor(start / 60) * 60);
    end = Math.ceil(end / 60) * 60;
    bands.push({ day, start, end, top });
    top += end - start;
  }
  const width = scroll.clientWidth - axisWidth();
  layout.px = state.zoom / 5;
  layout.head = bands.length > 1 ? 40 : 0;
  layout.column = Math.max(NARROWEST, Math.floor(width / Math.max(1, rooms.length)));
  const isSame = JSON.stringify([bands, rooms]) === JSON.stringify([layout.bands, layout.rooms]);
  Object.assign(layout, { bands, rooms });
  const set = (name, value) => plane.style.setProperty(name, value);
  set("--px", `${layout.px}px`);
  set("--col", `${layout.column}px`);
  set("--head", `${layout.head}px`);
  set("--columns", rooms.length);
  set("--minutes", top);
  set("--bands", bands.length);
  set("--step", state.step);
  return !isSame;
}

const axisWidth = () => plane.querySelector(".ed-axis").offsetWidth || 56;

/** Puts an element at a stretch of a day in a column, or across all where `column` is null. */
export function put(element, { day, from, to }, column, lane = 0, lanes = 1) {
  const index = layout.bands.findIndex((band) => band.day === day);
  const band = layout.bands[index];
  if (!band) return false;
  const values = [
    column ?? 0, column === null ? layout.rooms.length : 1, band.top + from - band.start, Math.max(5, to - from), index + 1, lane, lanes,
  ];
  const mark = values.join();
  if (element.dataset.at !== mark) {
    element.dataset.at = mark;
    ["--c", "--w", "--y", "--h", "--b", "--l", "--n"].forEach((name, at) => element.style.setProperty(name, values[at]));
  }
  return true;
}

/** The day, minute and column under a point of the window; what is outside the grid is drawn to its edge. */
export function pointAt(x, y) {
  const box = canvas.getBoundingClientRect();
  const across = isRtl() ? box.right - x : x - box.left;
  const column = Math.min(layout.rooms.length - 1, Math.max(0, Math.floor(across / layout.column)));
  let found = null;
  layout.bands.forEach((band, index) => {
    const top = band.top * layout.px + (index + 1) * layout.head;
    if (!found || y - box.top >= top - layout.head) {
      found = { day: band.day, minutes: band.start + (y - box.top - top) / layout.px, column };
    }
  });
  return found;
}

export const columnOf = (room) => layout.rooms.indexOf(room);

/** Gives items of one room that overlap lanes side by side: [{item, lane, lanes}]. */
export function lanes(own) {
  const sorted = [...own].sort((a, b) => a.from - b.from || b.to - a.to || (a.key < b.key ? -1 : 1));
  const found = [];
  let cluster = [];
  let ends = [];
  let last = -Infinity;
  const close = () => {
    for (const one of cluster) found.push({ ...one, lanes: ends.length });
    [cluster, ends] = [[], []];
  };
  for (const item of sorted) {
    if (item.from >= last) close();
    let lane = ends.findIndex((end) => end <= item.from);
    if (lane < 0) lane = ends.push(0) - 1;
    ends[lane] = item.to;
    last = Math.max(...ends);
    cluster.push({ item, lane });
  }
  close();
  return found;
}

/** Brings an element into the middle of what is seen, past the sticky head and axis. */
export function reveal(element) {
  const [box, frame] = [element.getBoundingClientRect(), scroll.getBoundingClientRect()];
  const [head, axis] = [plane.querySelector(".ed-heads").offsetHeight, axisWidth()];
  const start = isRtl() ? frame.left : frame.left + axis;
  const end = isRtl() ? frame.right - axis : frame.right;
  let [left, top] = [0, 0];
  if (box.left < start) left = box.left - start - 16;
  else if (box.right > end) left = Math.min(box.right - end + 16, box.left - start);
  if (box.top < frame.top + head) top = box.top - frame.top - head - 24;
  else if (box.bottom > frame.bottom) top = Math.min(box.bottom - frame.bottom + 24, box.top - frame.top - head);
  if (left || top) scroll.scrollBy({ left, top, behavior: "instant" });
}

export function zoom(value) {
  const centre = (scroll.scrollTop + scroll.clientHeight / 2) / layout.px;
  state.zoom = value;
  emit("view");
  scroll.scrollTop = centre * layout.px - scroll.clientHeight / 2;
}
