// The forms of the editor: placing by form, blocks, and the list of keys.

import { change } from "./api.js";
import { fresh, move } from "./carry.js";
import { items, roomName, state } from "./state.js";
import { clock, parse } from "./time.js";
import { announce, list, make, setup, word } from "./words.js";

const place = document.getElementById("editor-place");
const block = document.getElementById("editor-block");
const help = document.getElementById("editor-help");

for (const dialog of [place, block, help].filter(Boolean)) {
  // A click beside the dialog closes it, as Escape does.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  for (const button of dialog.querySelectorAll("[data-close]")) button.addEventListener("click", () => dialog.close());
}

function options(select, rows, chosen) {
  select.replaceChildren(...rows.map(([value, label]) => make("option", { value, selected: value === chosen }, label)));
}

function where(form, { day, room, from, to }, anyRoom) {
  options(form.elements.day, state.days.map((one) => [one.day, one.label]), day);
  options(form.elements.room, [["", anyRoom], ...state.rooms.map((one) => [one.id, one.name])], room ?? "");
  form.elements.start.value = clock(from);
  form.elements.minutes.value = to - from;
}

function read(form) {
  const from = parse(form.elements.start.value);
  const minutes = Number(form.elements.minutes.value);
  return { day: form.elements.day.value, room: form.elements.room.value || null, from, to: from + minutes };
}

let placing = null;

/** Asks where a session goes: `item` is its slot, or none for a new one. */
export function openPlace(session, item = null) {
  const [room] = state.rooms;
  placing = item ?? fresh(session, state.day === "all" ? state.days[0].day : state.day, 9 * 60, room?.id ?? null);
  place.querySelector("h2").textContent = session.title;
  where(place.querySelector("form"), placing, setup.words["editor-no-room"]);
  place.showModal();
}

place.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const target = { item: placing, ...read(event.target) };
  place.close();
  move([target], placing.isNew ? "place" : "move");
  document.dispatchEvent(new CustomEvent("editor:show", { detail: placing.key }));
});

let editing = null;

/** Makes a block, or changes one. */
export function openBlock(item = null) {
  editing = item;
  const form = block.querySelector("form");
  const day = state.day === "all" ? state.days[0].day : state.day;
  block.querySelector("h2").textContent = word(item ? "block-edit" : "block-new");
  where(form, item ?? { day, room: null, from: 12 * 60, to: 13 * 60 }, word("all-rooms"));
  form.elements.kind.value = item?.kind ?? "break";
  form.elements.public.checked = item?.isPublic ?? true;
  for (const field of form.querySelectorAll("[name^='title.']")) field.value = item?.titles?.[field.name.slice(6)] ?? "";
  for (const button of form.querySelectorAll("[data-existing]")) button.hidden = !item;
  form.querySelector("[data-copy]").hidden = !item || item.room === null;
  block.showModal();
}

function send(path, body, changes) {
  change({ kind: "block", path: () => path, body: () => body, changes });
}

function facts(form) {
  const titles = [...form.querySelectorAll("[name^='title.']")].map((field) => [field.name.slice(6), field.value.trim()]);
  const { day, room, from, to } = read(form);
  return { kind: form.elements.kind.value, public: form.elements.public.checked, titles: Object.fromEntries(titles.filter(([, text]) => text)), day, room, from, minutes: to - from };
}

block?.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const said = facts(form);
  const version = editing && items.get(editing.key)?.version;
  const what = event.submitter?.name;
  block.close();
  if (what === "delete") {
    send(`/blocks/${editing.id}/delete`, { version }, [{ key: editing.key, to: null }]);
    announce(word("block-deleted"));
  } else if (what === "copy") {
    send(`/blocks/${editing.id}/copy`, { version }, []);
    announce(word("block-copied"));
  } else if (editing) {
    send(`/blocks/${editing.id}`, { version, at: editing.start, ...said }, [{ key: editing.key, to: { room: said.room, day: said.day, from: said.from, to: said.from + said.minutes } }]);
    announce(word("block-saved"));
  } else {
    send("/blocks", said, []);
    announce(list([word("block-saved"), clock(said.from), said.room ? roomName(said.room) : word("all-rooms")]));
  }
});

export const openHelp = () => help.showModal();
