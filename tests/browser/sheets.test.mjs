// Sheets of paper, and the timetable of a summit with thirty rooms on a phone.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { event, overflow, startBrowser, startDemo, startWith, visit } from "./support.mjs";

const ROOMS = 30;

/** A day in thirty rooms at once, a session each hour from nine to five. */
function programme() {
  const two = (value) => String(value).padStart(2, "0");
  const rooms = Array.from({ length: ROOMS }, (_, room) => {
    const talks = Array.from({ length: 8 }, (_, hour) => {
      const id = room * 8 + hour + 1;
      return `<event id="${id}" guid="00000000-0000-4000-8000-${String(id).padStart(12, "0")}"><date>2027-04-13T${two(hour + 9)}:00:00+08:00</date><start>${two(hour + 9)}:00</start><duration>00:50</duration><room>Hall of Harmony ${two(room + 1)}</room><slug>talk-${id}</slug><title>Digital cooperation for sustainable development, part ${id}</title><subtitle/><track>Forum ${room % 12 + 1}</track><type>Panel</type><language>en</language><abstract/><description/><persons><person id="${id}">Speaker Number ${id}</person></persons><links/></event>`;
    });
    return `<room name="Hall of Harmony ${two(room + 1)}">${talks.join("")}</room>`;
  });
  return `<?xml version="1.0" encoding="utf-8"?><schedule><version>1</version><conference><acronym>wide</acronym><title>A wide summit</title><start>2027-04-13</start><end>2027-04-13</end><days>1</days><timeslot_duration>00:10</timeslot_duration><time_zone_name>Asia/Shanghai</time_zone_name></conference><day index="1" date="2027-04-13" start="2027-04-13T08:00:00+08:00" end="2027-04-13T20:00:00+08:00">${rooms.join("")}</day></schedule>`;
}

let demo;
let wide;
let browser;

before(async () => {
  [demo, wide, browser] = await Promise.all([startDemo(), startWith("wide", programme()), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await Promise.all([demo?.stop(), wide?.stop()]);
});

/** Pages of a PDF file, and the size of the first in points. */
function pagesOf(pdf) {
  const text = pdf.toString("latin1");
  const [, width, height] = /\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/.exec(text).map(Number);
  return { count: [...text.matchAll(/\/Type\s*\/Page[^s]/g)].length, width: Math.round(width), height: Math.round(height) };
}

test("a full day is one sheet of A3, a forum is on A4", async () => {
  const { page, close } = await visit(browser, demo.origin);
  await page.goto(`${event}/schedule`);
  const days = await page.locator(".days a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  assert.ok(days.length >= 4);
  for (const day of days) {
    await page.goto(new URL(day, page.url()).href);
    const sheet = pagesOf(await page.pdf({ format: "A3", landscape: true, printBackground: true }));
    assert.equal(sheet.count, 1, day);
    assert.ok(Math.abs(sheet.width - 1191) < 2 && Math.abs(sheet.height - 842) < 2, JSON.stringify(sheet));
  }
  const forum = await page.locator("select[name=forum] option").nth(1).getAttribute("value");
  await page.goto(`${event}/sessions?forum=${forum}`);
  const list = pagesOf(await page.pdf({ format: "A4" }));
  assert.ok(list.count >= 1 && list.count <= 4 && Math.abs(list.width - 595) < 2, JSON.stringify(list));
  await close();
});

test("thirty rooms at once can be read on a phone", async () => {
  const { page, close } = await visit(browser, wide.origin, { viewport: { width: 375, height: 800 } });
  await page.goto("/wide/schedule");
  assert.equal(await overflow(page), 0);
  const cards = page.locator("main a", { hasText: "Digital cooperation" });
  assert.equal(await cards.count(), ROOMS * 8);
  // Each title has its line, and each says its room.
  const narrow = await cards.evaluateAll((links) => links.filter((link) => link.getBoundingClientRect().width < 200).length);
  assert.equal(narrow, 0, "no title is squeezed into a column");
  for (const path of ["/wide/now", "/wide/rooms"]) {
    await page.goto(path);
    assert.equal(await overflow(page), 0, path);
  }
  const first = page.locator("main a[href*='/wide/rooms/']").first();
  await page.goto(await first.getAttribute("href"));
  assert.equal(await cards.count(), 8);
  assert.equal(await overflow(page), 0);
  await page.goto("/wide/schedule");
  const room = await page.locator("select[name=room] option").nth(5).getAttribute("value");
  await page.goto(`/wide/schedule?room=${room}`);
  assert.equal(await cards.count(), 8, "only that room");
  await close();
});
