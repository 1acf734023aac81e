// The entries of a notice as ical.js reads them: another program's eyes on what calendars are told.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ICAL from "ical.js";
import { event, password, startDemo } from "./support.mjs";

let demo;
let cookie = "";

before(async () => { demo = await startDemo(); });
after(async () => { await demo?.stop(); });

async function ask(path, fields) {
  const options = { redirect: "manual", headers: { cookie } };
  if (fields) Object.assign(options, { method: "POST", body: new URLSearchParams(fields) });
  const answer = await fetch(demo.origin + path, options);
  const given = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
  if (given.length > 0) cookie = [...new Map([...cookie.split("; "), ...given].filter(Boolean).map((pair) => [pair.split("=")[0], pair])).values()].join("; ");
  return answer;
}

/** The entries of the newest mail in the inbox, as components of ical.js. */
async function newestEntries() {
  const inbox = await (await ask("/demo/inbox")).text();
  const [mail] = /\/demo\/inbox\/[0-9a-f-]{36}/.exec(inbox) ?? [];
  assert.ok(mail, "a mail is in the inbox");
  const shown = await (await ask(mail)).text();
  const paths = new Set([...shown.matchAll(/\/demo\/inbox\/[0-9a-f-]{36}\/parts\/\d+/g)].map((found) => found[0]));
  const texts = await Promise.all([...paths].map(async (path) => (await ask(path)).text()));
  return texts.filter((text) => text.startsWith("BEGIN:VCALENDAR")).map((text) => new ICAL.Component(ICAL.parse(text)));
}

/** What the slot's form on a session's page would send. */
async function slotOf(title) {
  const list = await (await ask(`/organizer${event}/sessions?${new URLSearchParams({ q: title })}`)).text();
  const [, url] = new RegExp(`href="(/organizer${event}/sessions/[0-9a-f-]{36})"`).exec(list.replaceAll("&#x2f;", "/")) ?? [];
  assert.ok(url, `the session "${title}" is listed`);
  const page = (await (await ask(url)).text()).replaceAll("&#x2f;", "/");
  const form = /<form method="post" action="[^"]*\/place">.*?<\/form>/s.exec(page)[0];
  const value = (name) => new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(form)?.[1] ?? "";
  const chosen = (name) => new RegExp(`<select[^>]*name="${name}">.*?<option value="([^"]*)" selected`, "s").exec(form)?.[1] ?? "";
  const fields = { slot: value("slot"), version: value("version"), start: value("start"), minutes: value("minutes"), day: chosen("day"), room: chosen("room") };
  return { url, fields };
}

async function release() {
  assert.equal((await ask(`/organizer${event}/releases`, { name: "Next", ignore_blocking: "on" })).status, 303);
}

/** Sends what releases have to tell the speakers. */
async function tell() {
  const list = await (await ask(`/organizer${event}/notices`)).text();
  const keys = [...list.matchAll(/name="notice" value="([^"]+)"/g)].map((found) => found[1]);
  assert.ok(keys.length > 0, "somebody is to be told");
  const answer = await ask(`/organizer${event}/notices`, [...keys.map((key) => ["notice", key]), ["decision", "send"]]);
  assert.equal(answer.status, 303);
}

const summary = (calendar) => calendar.getFirstSubcomponent("vevent");

test("a speaker's entries can be read, each with its zone, and stand in parts of their own", async () => {
  assert.equal((await ask("/login", { email: "organizer@demo.example", password })).status, 303);
  const list = await (await ask(`/organizer${event}/notices`)).text();
  const key = /name="notice" value="([^"]+)"/.exec(list)?.[1];
  assert.ok(key, "the demo's first release waits to be told");
  assert.equal((await ask(`/organizer${event}/notices`, { notice: key, decision: "send" })).status, 303);
  const inbox = await (await ask("/demo/inbox")).text();
  const mails = [...new Set([...inbox.matchAll(/\/demo\/inbox\/[0-9a-f-]{36}/g)].map((found) => found[0]))];
  assert.ok(mails.length > 0, "the mail is in the inbox");
  const mail = await (await ask(mails[0])).text();
  const parts = [...new Set([...mail.matchAll(/\/demo\/inbox\/[0-9a-f-]{36}\/parts\/\d+/g)].map((found) => found[0]))];
  const seen = new Set();
  for (const path of parts) {
    const answer = await ask(path);
    const type = answer.headers.get("content-type");
    const calendar = new ICAL.Component(ICAL.parse(await answer.text()));
    const method = calendar.getFirstPropertyValue("method");
    if (type.startsWith("text/calendar")) assert.match(type, new RegExp(`method=${method}`));
    const entries = calendar.getAllSubcomponents("vevent");
    assert.equal(entries.length, 1, "all components of a request have one UID");
    const entry = new ICAL.Event(entries[0]);
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent("vtimezone"));
    assert.equal(zone.tzid, entries[0].getFirstProperty("dtstart").getParameter("tzid"));
    assert.equal(method, "REQUEST");
    assert.equal(entry.sequence, 0);
    assert.match(entry.organizer, /^mailto:/);
    assert.equal(entry.attendees.length, 1);
    assert.equal(entry.attendees[0].getParameter("partstat"), "NEEDS-ACTION");
    assert.ok(entry.endDate.compare(entry.startDate) > 0);
    seen.add(entry.uid);
  }
  assert.ok(seen.size > 0);
});

test("a moved session keeps its UID with a higher SEQUENCE, and one that is taken out is cancelled", async () => {
  await tell();
  const first = (await newestEntries()).map(summary)[0];
  const [uid, title] = [first.getFirstPropertyValue("uid"), first.getFirstPropertyValue("summary")];
  const find = async () => (await newestEntries()).find((calendar) => summary(calendar).getFirstPropertyValue("uid") === uid);
  const { url, fields } = await slotOf(title);
  const [hour, minute] = fields.start.split(":");
  const later = `${String((Number(hour) + 1) % 24).padStart(2, "0")}:${minute}`;
  assert.equal((await ask(`${url}/place`, { ...fields, start: later })).status, 303);
  await release();
  await tell();
  const moved = await find();
  assert.equal(moved.getFirstPropertyValue("method"), "REQUEST");
  const entry = new ICAL.Event(summary(moved));
  assert.ok(entry.sequence > new ICAL.Event(first).sequence);
  assert.equal(entry.startDate.hour, (new ICAL.Event(first).startDate.hour + 1) % 24);
  const now = await slotOf(title);
  assert.equal((await ask(`${url}/unplace`, { slot: now.fields.slot, version: now.fields.version })).status, 303);
  await release();
  await tell();
  const cancelled = await find();
  assert.equal(cancelled.getFirstPropertyValue("method"), "CANCEL");
  assert.equal(summary(cancelled).getFirstPropertyValue("status"), "CANCELLED");
  assert.ok(new ICAL.Event(summary(cancelled)).sequence > entry.sequence);
});
