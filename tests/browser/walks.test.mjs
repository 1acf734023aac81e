import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { event, overflow, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";
import { organizerPages } from "./pages.mjs";
import * as walks from "./walks.mjs";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function walk(options, steps) {
  const { page, close } = await visit(browser, demo.origin, options);
  await steps(page);
  await close();
}

for (const [way, options] of [["with scripts", {}], ["without scripts", { javaScriptEnabled: false }]]) {
  describe(way, () => {
    const word = way.split(" ")[0];

    test("an attendee registers, confirms, sees the ticket and cancels", () =>
      walk(options, (page) => walks.attendee(page, `ada-${word}@example.org`)));

    test("a speaker answers and says when they are free", () =>
      walk(options, (page) => walks.speaker(page, `speaker-${word}@example.org`)));

    test("an organizer edits a session, and the public sees it after the release", () =>
      walk(options, (page) => walks.organizer(page, `Opening ceremony, ${way}`)));

    test("the timetable follows day, time zone and language", () => walk(options, walks.timetable));

    test("the timetable is filtered by its address", () => walk(options, walks.filterByAddress));
  });
}

/** What the team does in forms only, so that scripts add nothing to them. */
const forms = { "mutes a concern": walks.mute, "changes a rule": (page) => walks.rules(page, "25"), "keeps a copy and goes back to it": (page) => walks.copy(page, "Before the storm"), "announces a delay": walks.announce };
for (const [what, steps] of Object.entries(forms)) {
  test(`without scripts an organizer ${what}`, () =>
    walk({ javaScriptEnabled: false }, async (page) => {
      await signIn(page);
      await steps(page);
    }));
}

test("without scripts the filter form has its button", () =>
  walk({ javaScriptEnabled: false }, async (page) => {
    await page.goto(`${event}/schedule`);
    await page.click(".filter-box summary");
    await page.selectOption("#filter-room", "grand");
    await submit(page, ".filters button");
    assert.match(page.url(), /room=grand/);
    assert.deepEqual([...new Set(await page.locator(".slot .room").allTextContents())], ["Grand Hall"]);
  }));

test("with scripts the timetable follows the filters without a new page", () =>
  walk({}, async (page) => {
    await page.goto(`${event}/schedule`);
    const all = await page.locator("li.slot").count();
    if (!(await page.isVisible("#filter-room"))) await page.click(".filter-box summary");
    await page.selectOption("#filter-room", "grand");
    await page.waitForURL(/room=grand/);
    const some = await page.locator("li.slot").count();
    assert.ok(some > 0 && some < all);
    // Stars come back in the list that took the place of the old one.
    assert.equal(await page.locator("li.slot .star").count(), some);
  }));

test("a phone shows the timetable as a list, a wide screen as a grid", async () => {
  const columns = async (width) => {
    let lefts;
    await walk({ viewport: { width, height: 900 } }, async (page) => {
      await page.goto(`${event}/schedule`);
      lefts = await page.locator("li.slot").evaluateAll((slots) => new Set(slots.map((slot) => Math.round(slot.getBoundingClientRect().left))).size);
    });
    return lefts;
  };
  assert.equal(await columns(375), 1);
  assert.ok((await columns(1440)) > 3);
});

for (const width of [320, 375]) test(`no public page scrolls sideways on a phone of ${width} pixels`, () =>
  walk({ viewport: { width, height: 640 } }, async (page) => {
    for (const path of ["", "/schedule", "/sessions", "/sessions/main-01", "/speakers", "/now", "/rooms", "/rooms/grand", "/rooms/grand/screen", "/changes", "/announcements", "/embed", "/schedule?room=grand", "/register", "/register/sent"]) {
      for (const lang of ["en", "zh"]) {
        await page.goto(`${event}${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
        assert.equal(await overflow(page), 0, `${path} in ${lang}`);
      }
    }
    for (const path of ["/", "/login", "/reset"]) {
      await page.goto(path);
      assert.equal(await overflow(page), 0, path);
    }
  }));

test("the team's pages fit a phone, and the open section is in sight", () =>
  walk({ viewport: { width: 375, height: 800 } }, async (page) => {
    await signIn(page);
    for (const [name, path] of Object.entries(organizerPages)) {
      await page.goto(path);
      assert.equal(await overflow(page), 0, name);
      const section = page.locator(".sidebar [aria-current]");
      if (await section.count()) {
        const { x, width } = await section.boundingBox();
        assert.ok(x >= 0 && x + width <= 375, `${name}: ${x} to ${x + width}`);
      }
    }
    await page.goto(organizerPages.notices);
    const [wide] = await page.locator("table.stacked .wide-cell").evaluateAll((cells) => cells.map((cell) => cell.getBoundingClientRect().width));
    assert.ok(wide > 300, "a notice's changes have their line");
  }));

test("the keyboard reaches the content by the skip link, and the main action", () =>
  walk({}, async (page) => {
    await page.goto(event);
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.matches("a.skip")));
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "main");

    await page.goto(event);
    const reached = [];
    for (let press = 0; press < 12; press += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(() => document.activeElement.getAttribute("href")));
    }
    assert.ok(reached.includes(`${event}/register`), `reached ${reached}`);
  }));
