import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { event, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

test("an announcement is on displays and public pages without a reload, and goes with its withdrawal", async () => {
  const visitor = await visit(browser, demo.origin, { viewport: { width: 1920, height: 1080 } });
  await visitor.page.goto(`${event}/rooms/grand/screen`);
  // A mark that a new page would not have.
  await visitor.page.evaluate(() => { window.stayed = true; });
  const timetable = await visitor.context.newPage();
  await timetable.goto(`${event}/schedule`);

  const team = await visit(browser, demo.origin);
  await signIn(team.page);
  await team.page.goto(`/organizer${event}/announcements`);
  await team.page.selectOption("#kind", "notice");
  await team.page.fill("[name='body.en']", "The lift is out of order");
  await submit(team.page, "main form.stack .button");
  await visitor.page.getByText("The lift is out of order").waitFor();
  await timetable.bringToFront();
  await timetable.locator("#announcements").getByText("The lift is out of order").waitFor();
  assert.equal(await timetable.locator("#programme-changed button").count(), 0, "no time has changed");
  assert.equal(await visitor.page.evaluate(() => window.stayed), true);

  await submit(team.page, ".announcement-list button");
  await visitor.page.getByText("The lift is out of order").waitFor({ state: "detached" });
  await team.close();
  await visitor.close();
});

/** A page of another site with the script's tag in it; `steps` gets the tab and what is in the frame. */
async function elsewhere(attributes, steps) {
  const page = `<!doctype html><html lang="en"><title>Elsewhere</title><h1>Elsewhere</h1><script async src="${demo.origin}${event}/embed.js" ${attributes}></script>`;
  const site = createServer((_, answer) => answer.end(page, "utf8")).listen(0, "127.0.0.1");
  await new Promise((done) => site.once("listening", done));
  const context = await browser.newContext({ bypassCSP: true });
  try {
    const tab = await context.newPage();
    await tab.goto(`http://localhost:${site.address().port}/`);
    await tab.frameLocator("iframe").locator(".session-row").first().waitFor();
    await steps(tab, tab.frames().find((frame) => frame.url().includes("/embed")), context);
  } finally {
    await context.close();
    site.close();
  }
}

test("a timetable inside another site has its own height and no cookies", () =>
  elsewhere('data-theme="dark" data-lang="zh"', async (tab, frame, context) => {
    await tab.waitForFunction(() => document.querySelector("iframe").style.blockSize !== "40rem");
    const [inside, outside] = [
      await frame.locator("body").evaluate((body) => body.scrollHeight),
      await tab.locator("iframe").evaluate((iframe) => iframe.clientHeight),
    ];
    assert.ok(Math.abs(inside - outside) < 2, `${inside} inside, ${outside} outside`);
    assert.ok((await tab.locator("iframe").getAttribute("title")).length > 3);
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    assert.equal(await frame.locator("html").getAttribute("lang"), "zh");
    assert.deepEqual(await context.cookies(demo.origin), []);
  }));

test("a timetable inside another site keeps to its day, room, forum and time zone", async () => {
  const rooms = (frame) => frame.locator(".session-row .room").allTextContents();
  const first = (frame) => frame.locator(".session-row time").first().getAttribute("datetime");
  await elsewhere('data-day="2027-04-16" data-room="grand" data-lang="en"', async (tab, frame) => {
    assert.deepEqual([...new Set(await rooms(frame))], ["Grand Hall"]);
    assert.equal(await frame.locator(".days [aria-current] time").getAttribute("datetime"), "2027-04-16");
    assert.match(await first(frame), /^2027-04-1[56]/);
  });
  await elsewhere('data-forum="city" data-lang="en"', async (tab, frame) => {
    const forums = new Set(await frame.locator(".session-row").evaluateAll((rows) => rows.map((row) => row.dataset.forum)));
    assert.deepEqual([...forums], ["city"]);
  });
  const hours = {};
  for (const zone of ["Asia/Shanghai", "UTC"]) {
    await elsewhere(`data-day="2027-04-13" data-room="grand" data-lang="en" data-tz="${zone}"`, async (tab, frame) => {
      hours[zone] = Number((await frame.locator("[data-session=main-05] time").textContent()).slice(0, 2));
    });
  }
  assert.equal(hours["Asia/Shanghai"] - hours.UTC, 8);
});

test("a timetable inside another site has no barriers that axe finds, and no empty marks", async () => {
  for (const lang of ["en", "zh"]) {
    await elsewhere(`data-lang="${lang}" data-theme="light"`, async (tab, frame) => {
      await frame.evaluate(axe);
      const violations = await frame.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
      assert.deepEqual(violations.map(({ id, nodes }) => `${id} at ${nodes.slice(0, 3).map((node) => node.target).join(" | ")}`), []);
      const marks = await frame.locator(".tag").evaluateAll((tags) => tags.filter((tag) => tag.offsetWidth > 0 && tag.textContent.trim() === "").length);
      assert.equal(marks, 0);
    });
  }
});
