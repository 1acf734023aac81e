// The scanning page as an app: asks the server while it can, decides by itself while it can't, and
// tells the server later what it did.

import { CannotVerify, decide, hashOf, openTicket } from "./rules.js";
import { play, wake } from "./sound.js";
import { Vault } from "./vault.js";

const root = document.querySelector("[data-door]");
const config = JSON.parse(root.dataset.door);
const { words, tones } = config;
const find = (selector) => root.querySelector(selector);
const [form, field, gateField, resultBox, stateLine] = ["[data-scan]", "#text", "#gate", "[data-result]", "[data-state]"].map(find);

/** Milliseconds after which the server counts as out of reach: people wait in a queue. */
const PATIENCE = 2_500;
const SYNC_EVERY = 15_000;
const BATCH = 50;

class SignedOut extends Error {}

/** Version 7: sorts by time, and no two devices make the same. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let now = Date.now();
  for (let at = 5; at >= 0; at -= 1) { bytes[at] = now % 256; now = Math.floor(now / 256); }
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** Asks the server; fails when it is out of reach or does not answer in time. */
async function ask(path, options = {}, patience = PATIENCE) {
  const answer = await fetch(`${config.url}${path}`, { redirect: "manual", signal: AbortSignal.timeout(patience), cache: "no-store", ...options });
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new SignedOut();
  return answer;
}

async function sendScans(scans, patience) {
  const answer = await ask("/scans", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ scans }) }, patience);
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return (await answer.json()).scans;
}

const word = (name, values = {}) => Object.entries(values).reduce((text, [hole, value]) => text.replaceAll(`{${hole}}`, value), words[name] ?? "");

function line(className, text) {
  const made = document.createElement("p");
  made.className = className;
  made.textContent = text;
  return made;
}

function personFacts(person) {
  const box = document.createElement("div");
  box.className = "door-person";
  if (person.photo_url) {
    const photo = Object.assign(document.createElement("img"), { src: person.photo_url, alt: "", width: 160, height: 160 });
    photo.addEventListener("error", () => photo.remove());
    box.append(photo);
  }
  box.append(line("door-name", [person.name, person.native_name].filter(Boolean).join(" ")));
  for (const fact of [person.category, person.organisation, person.country]) if (fact) box.append(line("", fact));
  for (const file of person.files ?? []) {
    const link = line("", "");
    link.append(Object.assign(document.createElement("a"), { href: file.url, textContent: file.label }));
    box.append(link);
  }
  if (person.note) box.append(line("door-note", person.note));
  return box;
}

const admitBox = find("[data-admit]");
let lastShown;

/** Shows a result in colour, sound and words. */
function show(shown, isQuiet = false) {
  lastShown = shown;
  resultBox.className = `door-result ${shown.tone}`;
  resultBox.replaceChildren(line("door-title", shown.title), line("door-detail", shown.detail));
  if (shown.person) resultBox.append(personFacts(shown.person));
  // A server-made form for the result before belongs to that result.
  root.querySelectorAll("form.door-admit[method]").forEach((old) => old.remove());
  admitBox.hidden = !shown.person || shown.tone === "good" || !online;
  if (!isQuiet) play(shown.tone);
}

// --- Keeping -------------------------------------------------------------------------------------

let vault;
let list;
let online = true;
let signedOut = false;

/** How far the device's clock is behind the server's, in milliseconds; a few seconds are the network's. */
function behind(serverSeconds) {
  const by = serverSeconds * 1000 - Date.now();
  return Math.abs(by) > 5_000 ? by : 0;
}

const now = () => Date.now() + (list?.behind ?? 0);

/** What the list says of each registration, by hash: {reason, serial, entries}. */
let known = new Map();

function learn({ h, r, s, g, t, i }) {
  const entry = known.get(h) ?? { reason: null, entries: {} };
  if (r) entry.reason = r;
  if (s) entry.serial = s;
  if (g && t >= (entry.entries[g]?.t ?? 0)) entry.entries[g] = { t, i };
  known.set(h, entry);
}

async function keepList(fresh) {
  list = { ...fresh, exceptions: undefined, behind: behind(fresh.now) };
  fresh.exceptions.forEach(learn);
  await vault?.set("list", { list, known: [...known] });
}

async function loadList() {
  const kept = await vault?.get("list").catch(() => undefined);
  if (!kept) return;
  list = kept.list;
  known = new Map(kept.known);
}

async function say() {
  const count = vault ? await vault.count() : 0;
  const parts = [word(signedOut ? "signed-out" : online ? "online" : list ? "offline" : "no-list")];
  if (count) parts.push(word("queued", { count }));
  if (!online && list) parts.push(word("list-age", { time: new Date(list.at * 1000).toLocaleTimeString(document.documentElement.lang, { timeZone: config.timezone, hour: "2-digit", minute: "2-digit" }) }));
  stateLine.textContent = parts.join(" · ");
  stateLine.dataset.online = String(online && !signedOut);
  stateLine.dataset.waiting = String(count);
  stateLine.dataset.ready = String(Boolean(list));
}

// --- Deciding ------------------------------------------------------------------------------------

/** What the device decides by itself, as shown; also what it tells the server later. */
async function decideAlone(scan) {
  const local = (result, since) => ({
    id: scan.id, result, tone: tones[result], title: word(`result-${result}`),
    detail: since && result === "already-in" ? word("already-in-since", sinceWords(since)) : word(`result-${result}-help`),
  });
  const unchecked = { id: scan.id, result: null, tone: "warn", title: word("unchecked"), detail: word("unchecked-help") };
  if (!list) return unchecked;
  // A code without a signature says nothing that could be checked here.
  if (!scan.text?.startsWith("PT1:")) return unchecked;
  const gate = list.gates.find((one) => one.id === scan.gate);
  if (!gate) return unchecked;
  try {
    const ticket = await openTicket(scan.text, list);
    if (ticket.wrong) return local(ticket.wrong);
    const hash = await hashOf(ticket.registration);
    const entry = known.get(hash) ?? { reason: null, entries: {} };
    const verdict = decide({ gate, direction: scan.direction, ticket, known: entry, list, now: scan.at, timezone: config.timezone });
    // Seats of a session can't be counted from one door alone.
    if (verdict.result === "in" && gate.session) return unchecked;
    if (verdict.result === "in") learn({ h: hash, g: gate.id, t: Math.floor(scan.at / 1000), i: true });
    if (verdict.result === "out") learn({ h: hash, g: verdict.since.gate, t: Math.floor(scan.at / 1000), i: false });
    await vault?.set("list", { list, known: [...known] });
    const category = list.categories.find((one) => one.code === ticket.category);
    const shown = local(verdict.result, verdict.since);
    return category ? { ...shown, detail: [shown.detail, category.name].filter(Boolean).join(" · ") } : shown;
  } catch (error) {
    if (error instanceof CannotVerify) return unchecked;
    throw error;
  }
}

function sinceWords({ gate, t }) {
  const time = new Date(t * 1000).toLocaleTimeString(document.documentElement.lang, { timeZone: config.timezone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return { time, gate: list.gates.find((one) => one.id === gate)?.name ?? "" };
}

let busy = Promise.resolve();

/** One scan after the other: the second must know what the first did. */
function scan(what) {
  busy = busy.then(() => scanNow(what)).catch((error) => {
    show({ tone: "bad", title: word("not-kept"), detail: String(error.message ?? "") });
  });
  return busy;
}

async function scanNow({ text, person, reason }) {
  const asked = { id: newId(), gate: gateField.value, direction: form.elements.direction.value };
  Object.assign(asked, person ? { person } : { text }, reason ? { reason } : {});
  if (navigator.onLine !== false && !signedOut) {
    try {
      const [shown] = await sendScans([asked]);
      online = true;
      show(shown.error ? { tone: "bad", title: word("no-gate"), detail: "" } : shown);
      return say();
    } catch (error) {
      if (error instanceof SignedOut) await signOut();
      online = false;
    }
  } else {
    online = false;
  }
  if (!vault) throw new Error(word("not-kept"));
  // Asked at once, the server's clock counts; later, ours does.
  asked.at = now();
  const shown = await decideAlone(asked);
  // The same id is used again: if the server has heard after all, it counts once.
  await vault.enqueue(shown.result ? { ...asked, offline: shown.result } : asked);
  show(shown);
  return say();
}

/** The device may not scan any more: what it knew is forgotten, what it did waits for a new sign-in. */
async function signOut() {
  signedOut = true;
  list = undefined;
  known = new Map();
  await vault?.remove("list");
}

// --- Syncing -------------------------------------------------------------------------------------

const late = find("[data-late]");

/** What the server says later of what this device did. */
function report(sent, shown) {
  const differs = shown.conflict || !sent.offline || sent.offline !== shown.result;
  if (!differs && !shown.error) return;
  const item = document.createElement("li");
  const name = shown.person?.name ?? "";
  item.textContent = [name, shown.conflict ? word("conflict", {}) + " " + shown.conflict : shown.title ?? word("no-gate")].filter(Boolean).join(": ");
  item.className = shown.conflict ? "bad" : shown.tone ?? "bad";
  late.querySelector("ul").prepend(item);
  while (late.querySelectorAll("li").length > 30) late.querySelector("li:last-child").remove();
  late.hidden = false;
}

async function drain() {
  for (;;) {
    const waiting = await vault.waiting(BATCH);
    if (waiting.length === 0) return;
    const answers = await sendScans(waiting.map((one) => one.scan), 20_000);
    const byId = new Map(answers.map((one) => [one.id, one]));
    const done = waiting.filter((one) => byId.has(one.scan.id));
    done.forEach((one) => report(one.scan, byId.get(one.scan.id)));
    await vault.dequeue(done.map((one) => one.place));
    if (done.length === 0) return;
  }
}

let syncing = false;

async function sync() {
  if (syncing || signedOut) return;
  syncing = true;
  try {
    const answer = await ask(`/list?since=${list?.at ?? 0}`, {}, 20_000);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    await keepList(await answer.json());
    if (vault) {
      // Two tabs must not send the same: one holds the lock, the other comes later.
      if (navigator.locks) await navigator.locks.request(`door ${config.event}`, drain);
      else await drain();
    }
    online = true;
  } catch (error) {
    if (error instanceof SignedOut) await signOut();
    else online = false;
  } finally {
    syncing = false;
    await say();
  }
}

// --- Reading -------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  field.value = "";
  field.focus();
  wake();
  if (text) scan({ text });
});

admitBox.querySelector("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { reason } = event.target.elements;
  if (lastShown?.person) scan({ person: lastShown.person.id, reason: reason.value });
  reason.value = "";
  field.focus();
});

// A scanner that acts as a keyboard types wherever the focus is: into the field, unless one types elsewhere.
document.addEventListener("keydown", (event) => {
  const isElsewhere = event.target.closest?.("input, select, textarea, button, a, summary");
  if (!isElsewhere && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
});

const people = find("[data-people]");

find("[data-find]").addEventListener("submit", async (event) => {
  if (!online) return;
  event.preventDefault();
  try {
    const answer = await ask(`/people?q=${encodeURIComponent(find("#q").value)}`, {}, 8_000);
    const found = (await answer.json()).people;
    people.replaceChildren(...found.map((person) => {
      const [item, button] = [document.createElement("li"), document.createElement("button")];
      button.className = "button quiet door-button";
      button.type = "button";
      button.textContent = [person.name, person.native_name, person.organisation, person.code].filter(Boolean).join(" · ");
      button.addEventListener("click", () => { wake(); scan({ person: person.id }); });
      item.append(button);
      return item;
    }));
    if (found.length === 0) people.replaceChildren(Object.assign(document.createElement("li"), { textContent: word("no-one") }));
  } catch {
    people.replaceChildren(Object.assign(document.createElement("li"), { textContent: word("busy") }));
  }
});

// --- Camera --------------------------------------------------------------------------------------

const [cameraButton, viewfinder] = [find("[data-camera]"), find("[data-viewfinder]")];
const video = viewfinder.querySelector("video");
let stream;
/** The same code is held before the camera for a while: it is one scan. */
let seen = { text: "", at: 0 };
const SAME_FOR = 4_000;

async function detector() {
  if (!("BarcodeDetector" in window)) return undefined;
  const formats = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return formats.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : undefined;
}

/** The text of the code before the camera: by the browser, else by the server from a still picture. */
async function look(reader, canvas) {
  if (reader) return (await reader.detect(video))[0]?.rawValue;
  const scale = Math.min(1, 960 / video.videoWidth);
  canvas.width = video.videoWidth * scale;
  canvas.height = video.videoHeight * scale;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.7));
  const answer = await ask("/picture", { method: "POST", body: picture }, 8_000);
  return answer.ok ? (await answer.json()).text : undefined;
}

async function watchCamera() {
  const [reader, canvas] = [await detector(), document.createElement("canvas")];
  while (stream) {
    if (video.readyState >= 2 && video.videoWidth > 0) {
      const text = await look(reader, canvas).catch(() => undefined);
      const now = Date.now();
      if (text && stream && (text !== seen.text || now - seen.at > SAME_FOR)) await scan({ text });
      if (text) seen = { text, at: Date.now() };
    }
    await new Promise((wakeUp) => setTimeout(wakeUp, reader ? 120 : 700));
  }
}

function stopCamera() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = undefined;
  viewfinder.hidden = true;
  cameraButton.textContent = word("start-camera");
}

cameraButton.hidden = !navigator.mediaDevices?.getUserMedia;
cameraButton.addEventListener("click", async () => {
  wake();
  if (stream) return stopCamera();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1280 } } });
    video.srcObject = stream;
    viewfinder.hidden = false;
    cameraButton.textContent = word("stop-camera");
    await video.play();
    watchCamera();
  } catch {
    stopCamera();
    show({ tone: "warn", title: word("camera-refused"), detail: "" }, true);
  }
});

// --- Beginning -----------------------------------------------------------------------------------

const remembered = `plenary-gate-${config.event}`;
const wanted = localStorage.getItem(remembered);
if (wanted && !new URLSearchParams(location.search).has("gate") && [...gateField.options].some((one) => one.value === wanted)) gateField.value = wanted;
gateField.addEventListener("change", () => { localStorage.setItem(remembered, gateField.value); field.focus(); });

async function begin() {
  try {
    vault = await Vault.open(config.event);
    await loadList();
  } catch {
    // A private window keeps nothing: then scanning works with network only.
    vault = undefined;
  }
  navigator.storage?.persist?.().catch(() => {});
  // Without a secure address there is no worker, and no working without network.
  navigator.serviceWorker?.register(`${config.url}/worker.js`, { scope: config.url }).catch(() => {});
  window.addEventListener("online", sync);
  window.addEventListener("offline", () => { online = false; say(); });
  setInterval(sync, SYNC_EVERY);
  await sync();
  field.focus();
}

begin();
