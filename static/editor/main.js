// The schedule editor of the team: takes the place of the plain list where there is room for it.

import { queue, recall, remember, emit, items, on, state } from "./state.js";
import { redo, reload, undo, Unreachable } from "./api.js";
import { announce, setup, tell, word } from "./words.js";
import { draw } from "./grid.js";
import { plane, scroll, zoom, layout } from "./layout.js";
import { showItem } from "./concerns.js";
import { drawFilters, drawTray } from "./tray.js";
import { openBlock, openHelp } from "./dialogs.js";
import { startLive } from "./live.js";
import "./drag.js";
import "./keyboard.js";
import "./marquee.js";
import "./details.js";

const editor = document.getElementById("editor");
const $ = (id) => document.getElementById(id);
/** Pixels for five minutes. */
const ZOOMS = [3, 4, 6, 8, 11, 15, 20, 28];

function showDay(day, isNew = true) {
  if (day !== "all" && !state.days.some((one) => one.day === day)) day = state.days[0]?.day ?? "all";
  state.day = day;
  for (const tab of document.querySelectorAll("#editor-days a")) {
    if (tab.dataset.day === day) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  if (isNew) {
    const url = new URL(location.href);
    url.searchParams.set("day", day);
    history.replaceState(null, "", url);
  }
  emit("view");
  document.dispatchEvent(new Event("editor:shown"));
}

/** The first thing of the day stands at the top of what one sees. */
function toFirst() {
  draw();
  const first = Math.min(...[...items.values()].filter((item) => item.day === state.day).map((item) => item.from));
  const [band] = layout.bands;
  scroll.scrollTop = Number.isFinite(first) && band ? Math.max(0, (first - band.start - 15) * layout.px) : 0;
}

function drawDays() {
  const bar = $("editor-days").querySelector("ul");
  const row = (day, label) => {
    const tab = document.createElement("li");
    const link = document.createElement("a");
    link.href = `?day=${day}`;
    link.dataset.day = day;
    link.textContent = label;
    tab.append(link);
    return tab;
  };
  bar.replaceChildren(...state.days.map((one) => row(one.day, one.label)), row("all", word("all-days")));
  bar.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    showDay(link.dataset.day);
    toFirst();
    announce(link.textContent);
  });
}

function drawHistory() {
  for (const [id, what] of [["editor-undo", state.undo], ["editor-redo", state.redo]]) {
    const button = $(id);
    const name = button.querySelector(".ed-word").textContent;
    // Not `disabled`: that would throw the focus away after the last step.
    button.setAttribute("aria-disabled", String(!what && queue.length === 0));
    button.querySelector(".ed-what").textContent = what?.label ?? "";
    button.title = what?.label ? word("turn", { name, what: what.label }) : name;
  }
}

function drawSaving() {
  $("editor-saving").textContent = queue.length > 0 ? word("saving") : "";
  drawHistory();
}

function showPanel(name) {
  for (const tab of document.querySelectorAll("#editor-panel [role=tab]")) {
    const isShown = tab.dataset.panel === name;
    tab.setAttribute("aria-selected", String(isShown));
    tab.tabIndex = isShown ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !isShown;
  }
  emit("concerns");
}

function wire() {
  $("editor-undo").addEventListener("click", undo);
  $("editor-redo").addEventListener("click", redo);
  $("editor-help-open").addEventListener("click", openHelp);
  $("editor-block-new")?.addEventListener("click", () => openBlock());
  const step = (by) => {
    const at = ZOOMS.findIndex((value) => value >= state.zoom);
    zoom(ZOOMS[Math.min(ZOOMS.length - 1, Math.max(0, at + by))]);
    remember();
    announce(word("zoomed", { count: Math.round((state.zoom / 8) * 100) }));
  };
  $("editor-out").addEventListener("click", () => step(-1));
  $("editor-in").addEventListener("click", () => step(1));
  scroll.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    step(event.deltaY > 0 ? -1 : 1);
  }, { passive: false });
  const steps = $("editor-step");
  steps.value = String(state.step);
  steps.addEventListener("change", () => {
    state.step = Number(steps.value);
    remember();
    emit("view");
  });
  const mine = $("editor-mine").querySelector("input");
  mine.addEventListener("change", () => {
    state.onlyMine = mine.checked;
    emit("view");
  });
  const tabs = [...document.querySelectorAll("#editor-panel [role=tab]")];
  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => showPanel(tab.dataset.panel));
    tab.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const next = tabs[(index + by + tabs.length) % tabs.length];
      showPanel(next.dataset.panel);
      next.focus();
      event.preventDefault();
    });
  });
  document.addEventListener("editor:day", (event) => { showDay(event.detail); draw(); });
  document.addEventListener("editor:show", (event) => showItem(event.detail));
  on("history", drawHistory);
  on("saving", drawSaving);
}

/** The grid takes the height that the window leaves it. */
function fitHeight() {
  const top = $("editor-work").getBoundingClientRect().top + scrollY;
  editor.style.setProperty("--top", `${Math.round(top)}px`);
}

async function start() {
  const kept = recall();
  try {
    await reload();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    // The plain list stays; it says the same.
    return;
  }
  if (!kept.step && [5, 10, 15, 30].includes(state.grid)) state.step = state.grid;
  document.body.classList.add("has-editor");
  editor.hidden = false;
  wire();
  drawHistory();
  drawDays();
  drawFilters();
  showDay(new URLSearchParams(location.search).get("day") ?? setup.day, false);
  drawTray();
  showPanel("tray");
  fitHeight();
  addEventListener("resize", fitHeight);
  toFirst();
  plane.removeAttribute("aria-busy");
  startLive();
  if (!setup.mayEdit) tell(word("read-only"));
}

await start();
editor.dataset.ready = "";
