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
