import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createServer } from "node:http";
import { event, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

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

test("a timetable inside another site has its own height and no cookies", async () => {
  const page = `<!doctype html><title>Elsewhere</title><h1>Elsewhere</h1><script async src="${demo.origin}${event}/embed.js" data-theme="dark" data-lang="zh"></script>`;
  const elsewhere = createServer((_, answer) => answer.end(page, "utf8")).listen(0, "127.0.0.1");
  await new Promise((done) => elsewhere.once("listening", done));
  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    await tab.goto(`http://localhost:${elsewhere.address().port}/`);
    const frame = tab.frameLocator("iframe");
    await frame.locator(".session-row").first().waitFor();
    await tab.waitForFunction(() => document.querySelector("iframe").style.blockSize !== "40rem");
    const [inside, outside] = [
      await frame.locator("body").evaluate((body) => body.scrollHeight),
      await tab.locator("iframe").evaluate((iframe) => iframe.clientHeight),
    ];
    assert.ok(Math.abs(inside - outside) < 2, `${inside} inside, ${outside} outside`);
    assert.ok((await tab.locator("iframe").getAttribute("title")).length > 3);
    assert.equal(await frame.locator("html").getAttribute("data-theme"), "dark");
    assert.deepEqual(await context.cookies(demo.origin), []);
  } finally {
    await context.close();
    elsewhere.close();
  }
});
