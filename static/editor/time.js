// The event's clock: minutes since midnight of a day, and instants seen in its zone.

let format;

export function useZone(zone) {
  format = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone, hourCycle: "h23",
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
  });
}

const seen = new Map();

/** The day and minute that the event's clocks show at an instant (RFC 3339). */
function local(instant) {
  let found = seen.get(instant);
  if (!found) {
    const part = Object.fromEntries(format.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]));
    found = { day: `${part.year}-${part.month}-${part.day}`, minutes: Number(part.hour) * 60 + Number(part.minute) };
    seen.set(instant, found);
  }
  return found;
}

/** A stretch between two instants as minutes of `day`, or null where it does not touch that day. */
export function within(day, start, end) {
  const [first, last] = [local(start), local(end)];
  if (last.day < day || first.day > day) return null;
  const from = first.day < day ? 0 : first.minutes;
  const to = last.day > day ? 1440 + (last.day === next(day) ? last.minutes : 1440) : last.minutes;
  return to > from ? { from, to } : null;
}

export function next(day) {
  const date = new Date(`${day}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

const two = (value) => String(value).padStart(2, "0");

/** "09:05"; past midnight the clock begins again. */
export function clock(minutes) {
  const inDay = ((minutes % 1440) + 1440) % 1440;
  return `${two(Math.floor(inDay / 60))}:${two(inDay % 60)}`;
}

export const hours = (from, to) => `${clock(from)}–${clock(to)}`;

/** Minutes of "09:05", or null. */
export function parse(text) {
  const found = /^(\d{1,2}):(\d{2})/.exec(text);
  return found ? Number(found[1]) * 60 + Number(found[2]) : null;
}
