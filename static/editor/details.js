// What is chosen: its facts, what speaks against it, and what can be done with it without dragging.

import { change } from "./api.js";
import { swap, takeOut } from "./carry.js";
import { openBlock, openPlace } from "./dialogs.js";
import { concernsOf, dayLabel, items, mayChange, on, roomName, state, titleOf } from "./state.js";
import { languageName } from "./tray.js";
import { hours } from "./time.js";
import { icon, list, make, setup, tell, word } from "./words.js";

const box = document.getElementById("editor-details");

function action(label, run, kind = "quiet") {
  const button = make("button", { type: "button", class: `button ${kind} small` }, label);
  button.addEventListener("click", run);
  return button;
}

function person({ id, name }, session) {
  const found = session.answers.find((one) => one.speaker === id);
  if (!found) return name;
  const answer = word(`answer-${found.answer}`);
  return `${name} (${found.reason ? `${answer}: ${found.reason}` : answer})`;
}

function fix(item) {
  change({ kind: "fix", changes: [{ key: item.key, to: { fixed: !item.fixed } }] });
  tell(word(item.fixed ? "freed" : "was-fixed", { title: titleOf(item) }));
}

function one(item) {
  const session = state.sessions.get(item.session);
  const place = item.room === null && item.type === "block" ? word("all-rooms") : roomName(item.room);
  const parts = [
    make("h2", { lang: session?.lang, dir: "auto" }, titleOf(item)),
    make("p", { class: "ed-facts" }, list([dayLabel(item.day), hours(item.from, item.to), place])),
  ];
  if (session) {
    const others = session.interpreted.filter((tag) => tag !== session.language).map(languageName);
    const languages = list([session.language && languageName(session.language), others.length ? word("interpreted", { language: list(others) }) : ""]);
    parts.push(make("p", { class: "ed-facts" }, list([state.forums.get(session.forum)?.name, setup.states[session.state], languages])));
    if (session.people.length) parts.push(make("p", {}, list(session.people.map((one) => person(one, session)))));
    if (session.expected) parts.push(make("p", { class: "ed-facts" }, word("expected", { count: session.expected })));
  }
  for (const concern of concernsOf(item)) {
    parts.push(make("p", { class: `ed-why ${concern.severity}` }, icon("alert"), make("span", {}, concern.text)));
  }
  const actions = make("p", { class: "ed-actions" });
  if (session) actions.append(make("a", { class: "button quiet small", href: session.url }, word("open-session")));
  if (session && mayChange(item)) {
    actions.append(
      action(word("place-form"), () => openPlace(session, item)),
      action(word("place-again"), () => openPlace(session)),
      action(word(item.fixed ? "free" : "fix"), () => fix(item)),
      action(word("take-out"), () => takeOut([item]), "danger"));
  } else if (!session && mayChange(item)) {
    actions.append(action(word("block-change"), () => openBlock(item)), action(word("block-delete"), () => takeOut([item]), "danger"));
  }
  return [...parts, actions];
}

function many(chosen) {
  const sessions = chosen.filter((item) => item.type === "session");
  const actions = make("p", { class: "ed-actions" });
  if (chosen.every(mayChange)) {
    if (chosen.length === 2 && sessions.length === 2) actions.append(action(word("swap"), () => swap(...sessions)));
    actions.append(action(word("take-out"), () => takeOut(chosen), "danger"));
  }
  const titles = make("ul", { class: "ed-titles" }, ...chosen.slice(0, 8).map((item) => make("li", { dir: "auto" }, titleOf(item))));
  return [make("h2", {}, word("chosen", { count: chosen.length })), titles, actions];
}

function draw() {
  const chosen = [...state.selection].map((key) => items.get(key)).filter(Boolean);
  box.hidden = chosen.length === 0;
  if (chosen.length === 0) return;
  const hadFocus = box.contains(document.activeElement);
  box.replaceChildren(...(chosen.length === 1 ? one(chosen[0]) : many(chosen)));
  if (hadFocus) box.querySelector("button, a")?.focus();
}

let isDue = false;
on("selection items concerns", () => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(() => { isDue = false; draw(); });
});

