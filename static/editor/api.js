// Talking to the server, and the queue of changes: one at a time, in order, kept until answered.

import { announce, hush, setup, tell, word } from "./words.js";
import { emit, items, knownItem, knownOf, learn, load, merge, nameOf, queue, rename, state } from "./state.js";

/** Names this tab to the server, so that it does not hear of its own edits. */
export const tab = crypto.randomUUID?.() ?? randomId();

/** As `randomUUID`, which browsers keep from pages without TLS. */
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The server could not be reached or is not well: the request may be tried again. */
export class Unreachable extends Error {}

export async function request(method, path, body) {
  let response;
  try {
    response = await fetch(`${setup.base}${path}`, {
      method,
      headers: { accept: "application/json", ...(body && { "content-type": "application/json" }) },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
  } catch {
    throw new Unreachable();
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable();
  // Signed out in the meantime: the answer is the sign-in page.
  if (response.redirected) return { ok: false, status: 401, data: { detail: word("signed-out") } };
  const data = await response.json().catch(() => ({}));
  return { ok: response.ok, status: response.status, data };
}

export async function reload() {
  const { ok, data } = await request("GET", "/draft.json?day=all");
  if (!ok) throw new Unreachable();
  load(data);
}

/** How long to wait before the next try, in milliseconds. */
const waits = [1_000, 2_000, 5_000, 10_000, 20_000];
let tries = 0;
let timer;
let isSending = false;

/**
 * Puts a step into the queue; what it changes is shown at once.
 * A step is {kind: "place" | "move" | "stretch" | "swap" | "remove", changes: [{key, to, fresh?}]},
 * {kind: "block", path, body, changes} or {kind: "undo" | "redo"}. `done` hears whether it was kept.
 */
export function change(step) {
  queue.push(step);
  if (step.changes) merge();
  emit("saving");
  drain();
}

function retry() {
  clearTimeout(timer);
  tries = 0;
  drain();
}

async function drain() {
  if (isSending) return;
  isSending = true;
  try {
    while (queue.length > 0) {
      const step = queue[0];
      // A try without an answer may have arrived all the same.
      if (step.wasTried) {
        await reload();
        if (step.changes?.every(isThere)) {
          finish(step);
          continue;
        }
      }
      settle(step, await send(step));
    }
    if (tries > 0) tell(word("saved-again"));
    tries = 0;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (queue[0]) queue[0].wasTried = true;
    const wait = waits[Math.min(tries, waits.length - 1)];
    tries += 1;
    timer = setTimeout(drain, wait);
    tell(word("not-saved", { count: queue.length }), "bad", { label: word("retry"), run: retry });
  } finally {
    isSending = false;
    emit("saving");
  }
}

// Where clocks show an hour twice, the present start tells which of them is meant.
const at = (item) => ({ room: item.room, day: item.day, from: item.from, at: item.start, minutes: item.to - item.from });

function moveOf({ key, to, fresh }) {
  const there = knownItem(key);
  const target = to === null ? null : at({ ...(there ?? fresh), ...to });
  if (!there) return { session: fresh.session, to: target };
  return { slot: there.id, session: there.session, version: there.version, to: target, fixed: to?.fixed };
}

function send(step) {
  if (step.kind === "undo" || step.kind === "redo") return request("POST", `/${step.kind}`, { tab });
  if (step.kind === "block") return request("POST", step.path(), { tab, ...step.body() });
  step.before = new Map(step.changes.filter((one) => one.fresh).map((one) => [one.key, knownOf(one.fresh.session)]));
  return request("POST", "/moves", { tab, kind: step.kind, moves: step.changes.map(moveOf) });
}

/** Whether the server has already what a change wants. */
function isThere({ key, to, fresh }) {
  const same = (item) => item && to && ["room", "day", "from", "to"].every((name) => to[name] === undefined || item[name] === to[name]);
  if (!fresh) return to === null ? !knownItem(key) : same(knownItem(key));
  const found = knownOf(fresh.session ?? "").find((one) => same(knownItem(one)));
  if (found) rename(key, found);
  return Boolean(found);
}

function finish(step) {
  queue.shift();
  merge();
  step.done?.(true);
}

function settle(step, { ok, status, data }) {
  if (ok) {
    queue.shift();
    for (const { key, fresh } of step.changes ?? []) {
      if (!fresh?.session) continue;
      const known = step.before.get(key);
      const slot = data.slots.find((one) => one.session === fresh.session && !known.includes(`s:${one.id}`));
      if (slot) rename(key, `s:${slot.id}`);
    }
    learn(data);
    if (tries > 0) hush();
    step.done?.(true, data);
    return;
  }
  refuse(step, status, data);
}

/** Gives a refused step up, and those that stand on it; the screen shows what the server has. */
function refuse(step, status, data) {
  const keys = new Set((step.changes ?? []).map((one) => nameOf(one.key)));
  const rest = queue.slice(1).filter((one) => !one.changes?.some((change) => keys.has(nameOf(change.key))));
  queue.splice(0, queue.length, ...rest);
  learn({ slots: data.slots, removed: data.removed, blocks: data.blocks });
  tell(data.detail || word("refused"), "bad");
  step.done?.(false, data);
  emit("refused", { keys: [...keys].filter((key) => items.has(key)), stale: status === 409 });
  // Gone or never seen: only the whole draft tells what is there now.
  if (!data.slots?.length && !data.blocks?.length) reload().catch(() => {});
}

export function undo() {
  turn("undo", state.undo);
}

export function redo() {
  turn("redo", state.redo);
}

function turn(kind, what) {
  if (!what && queue.length === 0) {
    announce(word(`nothing-to-${kind}`));
    return;
  }
  const label = what?.label ?? "";
  change({ kind, done: (kept) => { if (kept) tell(word(kind === "undo" ? "undone" : "redone", { what: label })); } });
}

addEventListener("beforeunload", (event) => {
  if (queue.length > 0) event.preventDefault();
});
