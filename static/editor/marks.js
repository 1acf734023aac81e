// While something is carried: cells where it would clash, by severity, and when its people and rooms are free.

import { canvas, columnOf, layout, put } from "./layout.js";
import { state } from "./state.js";
import { within } from "./time.js";
import { make } from "./words.js";

const layer = canvas.querySelector(".ed-marks");
let cells = [];

/** Marks starts that would clash: [{room, from, to, severity, texts}], where `to` is the first that would not. */
export function markCells(day, found) {
  cells = found.map((cell) => ({ ...cell, day }));
  for (const old of layer.querySelectorAll(".ed-cell")) old.remove();
  const band = layout.bands.find((one) => one.day === day);
  if (!band) return;
  layout.rooms.forEach((room, column) => {
    for (const { from, to, severity } of worstOf(cells.filter((cell) => cell.room === room), band)) {
      const mark = make("div", { class: `ed-cell ${severity}` });
      put(mark, { day, from, to }, column);
      layer.append(mark);
    }
  });
}

const order = { hint: 1, warns: 2, blocks: 3 };

/** Stretches that don't overlap, each with the worst of what is said of it. */
function worstOf(own, band) {
  const inBand = (minute) => Math.min(band.end, Math.max(band.start, minute));
  const edges = [...new Set(own.flatMap((cell) => [inBand(cell.from), inBand(cell.to)]))].sort((a, b) => a - b);
  const found = [];
  for (const [index, to] of edges.entries()) {
    const from = edges[index - 1];
    const over = index > 0 ? own.filter((cell) => cell.from < to && cell.to > from) : [];
    if (over.length === 0) continue;
    const { severity } = over.reduce((worst, cell) => (order[cell.severity] > order[worst.severity] ? cell : worst));
    const last = found.at(-1);
    if (last?.severity === severity && last.to === from) last.to = to;
    else found.push({ from, to, severity });
  }
  return found;
}

/** What would speak against a place: the worst severity and the words. */
export function verdict({ room, day, from }) {
  const found = cells.filter((cell) => cell.day === day && cell.room === room && cell.from <= from && from < cell.to);
  found.sort((a, b) => order[b.severity] - order[a.severity]);
  return { severity: found[0]?.severity ?? "", texts: [...new Set(found.flatMap((cell) => cell.texts))].slice(0, 3) };
}

/** Times in which one is not free: outside all given times where there are such, and in those ruled out. */
function busy(band, rows) {
  const inBand = (level) => rows.filter((row) => level.includes(row.level)).map((row) => within(band.day, row.start, row.end)).filter(Boolean);
  const found = inBand(["unavailable"]);
  if (rows.some((row) => row.level !== "unavailable")) {
    let from = band.start;
    for (const free of inBand(["available", "preferred"]).sort((a, b) => a.from - b.from)) {
      if (free.from > from) found.push({ from, to: free.from });
      from = Math.max(from, free.to);
    }
    if (from < band.end) found.push({ from, to: band.end });
  }
  return found;
}

/** Shades when the sessions' people are not free, in every room, and when rooms are not, in theirs. */
export function drawShades(sessions) {
  const speakers = new Set(sessions.flatMap((session) => session.people.map((person) => person.id)));
  const shade = (band, { from, to }, column, kind) => {
    const [top, bottom] = [Math.max(from, band.start), Math.min(to, band.end)];
    if (bottom <= top) return;
    const mark = make("div", { class: `ed-shade ${kind}` });
    put(mark, { day: band.day, from: top, to: bottom }, column);
    layer.append(mark);
  };
  for (const band of layout.bands) {
    for (const speaker of speakers) {
      const rows = state.availabilities.filter((row) => row.speaker === speaker);
      for (const stretch of busy(band, rows)) shade(band, stretch, null, "busy");
      for (const row of rows.filter((one) => one.level === "preferred")) {
        const stretch = within(band.day, row.start, row.end);
        if (stretch) shade(band, stretch, null, "preferred");
      }
    }
    for (const room of layout.rooms) {
      const rows = state.availabilities.filter((row) => row.room && row.room === room);
      for (const stretch of busy(band, rows)) shade(band, stretch, columnOf(room), "busy");
    }
  }
}

export function unmark() {
  cells = [];
  layer.replaceChildren();
}
