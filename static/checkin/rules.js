// What a gate decides without network: src/checkin/rules.rs asks the same in the same order.

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** Base45 (RFC 9285); null for what it can't have written. */
export function base45(text) {
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const chunk = text.slice(at, at + 3);
    let value = 0;
    for (const letter of [...chunk].reverse()) {
      const digit = alphabet.indexOf(letter);
      if (digit < 0) return null;
      value = value * 45 + digit;
    }
    if (chunk.length === 3 && value <= 0xffff) bytes.push(value >> 8, value & 0xff);
    else if (chunk.length === 2 && value <= 0xff) bytes.push(value);
    else return null;
  }
  return Uint8Array.from(bytes);
}

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const PURPOSE = new TextEncoder().encode("plenary ticket\0");
const SIGNATURE = 64;
/** Version, name of the key, registration's id, and what follows it. */
const [KEY_AT, ID_AT, REST_AT] = [1, 9, 25];

/** What follows the id: serial (since version 2), category, zones (since version 2); null for what is no ticket. */
function readRest(version, bytes) {
  let at = 0;
  const text = () => {
    const length = bytes[at];
    if (length === undefined || at + 1 + length > bytes.length) return null;
    at += 1 + length;
    return new TextDecoder().decode(bytes.subarray(at - length, at));
  };
  let serial = 0;
  if (version > 1) {
    if (bytes.length < 2) return null;
    serial = bytes[0] * 256 + bytes[1];
    at = 2;
  }
  const category = text();
  const zones = [];
  if (version > 1) {
    const count = bytes[at];
    at += 1;
    for (let zone = 0; zone < count; zone += 1) zones.push(text());
  }
  return category === null || zones.includes(null) || at !== bytes.length ? null : { category, zones, serial };
}

/** A device's browser can't check signatures; a scan waits for the server. */
export class CannotVerify extends Error {}

/** Reads a ticket and checks it: {registration, category, zones, serial}, or {wrong} with the reason's word. */
export async function openTicket(text, list) {
  const bytes = text.startsWith("PT1:") && text.length <= 1000 ? base45(text.slice(4)) : null;
  if (!bytes || bytes.length <= REST_AT + SIGNATURE || ![1, 2].includes(bytes[0])) return { wrong: "unknown" };
  const payload = bytes.subarray(0, bytes.length - SIGNATURE);
  if (hex(payload.subarray(KEY_AT, ID_AT)) !== list.key_id) return { wrong: "other-event" };
  const signed = new Uint8Array(PURPOSE.length + payload.length);
  signed.set(PURPOSE);
  signed.set(payload, PURPOSE.length);
  let valid;
  try {
    const raw = Uint8Array.from(atob(list.public_key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    valid = await crypto.subtle.verify({ name: "Ed25519" }, key, bytes.subarray(bytes.length - SIGNATURE), signed);
  } catch {
    throw new CannotVerify();
  }
  if (!valid) return { wrong: "bad-signature" };
  const id = hex(payload.subarray(ID_AT, REST_AT));
  const registration = [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join("-");
  const rest = readRest(bytes[0], payload.subarray(REST_AT));
  return rest ? { registration, ...rest } : { wrong: "unknown" };
}

/** The hash by which the list names a registration. */
export async function hashOf(registration) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(registration)));
  return btoa(String.fromCharCode(...digest.subarray(0, 16))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

/** Day and time of an instant (milliseconds) on the event's clocks. */
export function wallClock(at, timezone) {
  const options = { timeZone: timezone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const parts = Object.fromEntries(new Intl.DateTimeFormat("en-GB", options).formatToParts(at).map((part) => [part.type, part.value]));
  return { day: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

function dayBefore(day) {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** What day and hour say against it; null when nothing. */
function hour(gate, category, { day, time }) {
  const { opens, closes } = gate;
  const overnight = opens && closes && closes < opens;
  const opening = overnight && time < closes ? dayBefore(day) : day;
  const isOf = (days) => days.length === 0 || days.includes(opening);
  if (!isOf(gate.days) || !isOf(category?.days ?? [])) return "wrong-day";
  const open = overnight ? time >= opens || time < closes : (!opens || time >= opens) && (!closes || time < closes);
  return open ? null : "outside-hours";
}

/**
 * Decides about a valid ticket. `known` is what speaks against it: {reason, serial, entries: {gate: {t, i}}}, times in
 * seconds; `serial` is that of the person's ticket that counts.
 * Answers {result, since: {gate, t}}.
 */
export function decide({ gate, direction, ticket, known, list, now, timezone }) {
  const group = gate.main ? list.gates.filter((one) => one.main).map((one) => one.id) : [gate.id];
  const entries = group.filter((id) => known.entries[id]).map((id) => ({ gate: id, ...known.entries[id] })).sort((a, b) => b.t - a.t);
  const last = entries.find((entry) => entry.i) ?? entries[0];
  if (direction === "out") return last?.i ? { result: "out", since: last } : { result: "not-inside" };
  if (known.reason) return { result: known.reason };
  if (ticket.serial < (known.serial ?? 0)) return { result: "revoked" };
  const category = list.categories.find((one) => one.code === ticket.category);
  const isListed = gate.categories.length === 0 || gate.categories.includes(ticket.category);
  const isIncluded = gate.zone.length === 0 || gate.zone.some((name) => (category?.zones ?? ticket.zones).includes(name));
  if (!isListed || !isIncluded) return { result: "wrong-gate" };
  const clock = wallClock(now, timezone);
  const closed = hour(gate, category, clock);
  if (closed) return { result: closed };
  const again = last && (gate.entry === "once" ? wallClock(last.t * 1000, timezone).day === clock.day : gate.entry === "counted" && last.i);
  return again ? { result: "already-in", since: last } : { result: "in" };
}
