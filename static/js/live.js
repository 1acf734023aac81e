// Keeps an open public page true while the event runs: announcements appear at once, what says
// "now" follows the clock, and where the programme itself changed the page offers to show it.
// Without this script, or without a connection, the page stays as it was sent.

const stand = document.querySelector("[data-stream]");
const announcements = document.getElementById("announcements");
const offer = document.getElementById("programme-changed");
const state = document.getElementById("stream-state");
// Parts that may be put in place anew without asking, because they are only about this minute.
const fresh = () => document.querySelectorAll("[data-refresh]");

let version = Number(stand.dataset.version ?? announcements?.dataset.version);
let seenAt = Date.now();
// The server's clock minus ours, known from its answers.
let ahead = 0;

async function page(url) {
  const response = await fetch(url, { headers: { accept: "text/html" }, signal: AbortSignal.timeout(20_000) });
  if (!response.ok) throw new Error(response.statusText);
  const date = Date.parse(response.headers.get("date") ?? "");
  if (date) ahead = date - Date.now();
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

// A part is only touched where it differs: what is the same keeps focus and scroll position.
function replace(part, other) {
  if (other && part.innerHTML !== other.innerHTML) part.replaceChildren(...other.cloneNode(true).childNodes);
}

function offerReload() {
  if (!offer || offer.firstChild) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = offer.dataset.action;
  button.addEventListener("click", () => location.reload());
  const text = document.createElement("p");
  text.textContent = offer.dataset.text;
  offer.append(text, button);
}

async function look() {
  try {
    const parts = fresh();
    const now = await page(parts.length ? location.href : stand.dataset.announcements);
    for (const part of parts) {
      replace(part, now.getElementById(part.id));
      part.dispatchEvent(new Event("plenary:results", { bubbles: true }));
    }
    const others = now.getElementById("announcements");
    if (announcements && others) {
      replace(announcements, others);
      if (others.dataset.shown !== announcements.dataset.shown && !parts.length) offerReload();
    }
    found();
  } catch {
    lost();
  }
  tick();
}

function found() {
  seenAt = Date.now() + ahead;
  if (state) state.textContent = "";
}

function lost() {
  if (!state) return;
  state.textContent = state.dataset.lost.replace("{time}", clock(new Date(seenAt)));
}

// Clocks of displays.
const faces = document.querySelectorAll("[data-clock]");
const zone = faces[0]?.dataset.clock;
const clock = (date) =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone, hourCycle: "h23" }).format(date);

function tick() {
  const text = zone ? clock(new Date(Date.now() + ahead)) : "";
  for (const face of document.querySelectorAll("[data-clock]")) if (face.textContent !== text) face.textContent = text;
}

// Looks come spread over half a second: all open pages hear of a change at the same moment.
let waiting;
function lookSoon(spread = 500) {
  clearTimeout(waiting);
  waiting = setTimeout(look, Math.random() * spread);
}

let stream;
function listen() {
  if (stream && stream.readyState !== EventSource.CLOSED) return;
  stream = new EventSource(stand.dataset.stream);
  stream.addEventListener("changed", (event) => {
    const told = JSON.parse(event.data).version;
    if (told === version) return found();
    version = told;
    lookSoon(zone ? 100 : 500);
  });
  stream.addEventListener("reload", () => lookSoon());
  stream.addEventListener("error", lost);
}

if (stand) {
  listen();
  // A page in the background needs no news; it asks when it is looked at again.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") {
      listen();
      if (fresh().length) lookSoon(0);
    } else if (!zone) {
      stream?.close();
    }
  });
  if (fresh().length) setInterval(look, 30_000);
  // A stream that the server refused is tried again; until then looking now and then does as well.
  setInterval(() => {
    if (document.visibilityState !== "visible" && !zone) return;
    if (stream?.readyState === EventSource.CLOSED) {
      listen();
      if (!fresh().length) look();
    }
  }, 60_000);
  if (zone) {
    tick();
    setInterval(tick, 1_000);
  }
}
