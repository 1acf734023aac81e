import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { event, overflow, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const schedule = `/organizer${event}/schedule`;
const lastDay = "2027-04-16";

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Someone at the editor, at a day. */
async function open(day = lastDay, name = "organizer", options = {}) {
  const visitor = await visit(browser, demo.origin, { viewport: { width: 1440, height: 900 }, ...options });
  await signIn(visitor.page, name);
  await visitor.page.goto(`${schedule}?day=${day}&lang=${(options.locale ?? "en").slice(0, 2)}`);
  await visitor.page.locator("#editor[data-ready]").waitFor({ state: "attached" });
  return visitor;
}

const card = (page, title) => page.locator(".ed-card", { hasText: title }).first();
const row = (page, title) => page.locator(".ed-row", { hasText: title });
const saved = (page) => page.waitForFunction(() => document.getElementById("editor-saving").textContent === "");
const spoken = (page, words) => page.locator("#editor-spoken", { hasText: words }).waitFor({ state: "attached" });
const timeOf = (page, title) => card(page, title).locator(".ed-when").textContent();

/** The point of the window at a minute of the day shown, in a column of rooms. */
function pointAt(page, column, minutes) {
  return page.evaluate(([at, minute]) => {
    const scroll = document.getElementById("editor-scroll");
    const plane = scroll.querySelector(".ed-plane");
    const px = Number.parseFloat(plane.style.getPropertyValue("--px"));
    const width = Number.parseFloat(plane.style.getPropertyValue("--col"));
    const [hour] = plane.querySelectorAll(".ed-hour");
    const start = Number(hour.textContent.slice(0, 2)) * 60;
    scroll.scrollTop = Math.max(0, (minute - start) * px - 300);
    const box = plane.querySelector(".ed-canvas").getBoundingClientRect();
    return { x: box.left + (at + 0.5) * width, y: box.top + (minute - start) * px };
  }, [column, minutes]);
}

/** Moves a placed session as another organizer's script would; `find` chooses its slot in the draft. */
function moveElsewhere(page, find, to) {
  return page.evaluate(async ([base, choose, target]) => {
    const draft = await (await fetch(`${base}/draft.json?day=all`)).json();
    const title = (slot) => draft.sessions.find((one) => one.id === slot.session).title;
    const slot = draft.slots.find((one) => title(one) === choose);
    const other = draft.slots.find((one) => title(one) === target.onto);
    const place = other ? { room: other.room, day: other.day, from: other.from } : { room: slot.room, day: target.day, from: target.from };
    const body = { tab: crypto.randomUUID(), kind: "move", moves: [{ slot: slot.id, session: slot.session, version: slot.version, to: { minutes: 60, ...place } }] };
    const answer = await fetch(`${base}/moves`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    return answer.status;
  }, [schedule, find, to]);
}

/** The titles of the first sessions that stand in the timetable of a day. */
const titlesOf = (page) => page.locator(".ed-card:not(.ed-block) .ed-title").allTextContents();

async function drag(page, from, to, { grab = { x: 30, y: 12 }, alt = false } = {}) {
  const box = await from.boundingBox();
  await page.mouse.move(box.x + grab.x, box.y + grab.y);
  await page.mouse.down();
  await page.mouse.move(box.x + grab.x + 12, box.y + grab.y + 12, { steps: 3 });
  if (alt) await page.keyboard.down("Alt");
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.locator(".ed-ghost").first().waitFor();
  await page.mouse.up();
  if (alt) await page.keyboard.up("Alt");
}

test("a session is dragged in from the list, moved, stretched and taken out, and steps are undone after a reload", async () => {
  const { page, close } = await open();
  const title = "Agents as neighbours";
  const unplaced = Number(await page.textContent("#editor-tray-count"));

  await drag(page, row(page, title), await pointAt(page, 2, 11 * 60));
  await saved(page);
  await card(page, title).waitFor();
  assert.equal(await row(page, title).count(), 0);
  assert.equal(Number(await page.textContent("#editor-tray-count")), unplaced - 1);
  const placed = await timeOf(page, title);

  // Grabbed twenty pixels below its top, which is about as many minutes as from a quarter past to the half.
  await drag(page, card(page, title), await pointAt(page, 3, 12 * 60 + 30), { grab: { x: 30, y: 20 } });
  await saved(page);
  const moved = await timeOf(page, title);
  assert.notEqual(moved, placed);
  assert.match(moved, /^12:(15|20)/);

  const box = await card(page, title).boundingBox();
  const before = moved.split("–")[1];
  await drag(page, card(page, title), { x: box.x + 30, y: box.y + box.height + 48 }, { grab: { x: 30, y: box.height - 2 } });
  await saved(page);
  const stretched = await timeOf(page, title);
  assert.equal(stretched.split("–")[0], moved.split("–")[0]);
  assert.ok(stretched.split("–")[1] > before, `${stretched} is longer than ${moved}`);

  await page.reload();
  await page.locator("#editor[data-ready]").waitFor();
  assert.equal(await timeOf(page, title), stretched, "kept");
  for (const expected of [moved, placed]) {
    await page.click("#editor-undo");
    await saved(page);
    await page.locator(".ed-card", { hasText: title }).locator(".ed-when", { hasText: expected }).waitFor();
  }
  await page.click("#editor-redo");
  await saved(page);
  await page.locator(".ed-card", { hasText: title }).locator(".ed-when", { hasText: moved }).waitFor();

  const panel = await page.locator("#editor-panel").boundingBox();
  await drag(page, card(page, title), { x: panel.x + 60, y: panel.y + 300 });
  await row(page, title).waitFor();
  await saved(page);
  assert.equal(await page.locator(".ed-card", { hasText: title }).count(), 0);
  await close();
});

test("two sessions are swapped by Alt, and several move together", async () => {
  const { page, close } = await open("2027-04-13");
  const [one, other] = ["Shared roads", "The last 1,800 hamlets"];
  const times = [await timeOf(page, one), await timeOf(page, other)];
  const at = await card(page, other).boundingBox();
  await drag(page, card(page, one), { x: at.x + 20, y: at.y + 14 }, { alt: true });
  await saved(page);
  assert.deepEqual([await timeOf(page, one), await timeOf(page, other)], times.reverse());

  await card(page, one).click();
  await card(page, other).click({ modifiers: ["Control"] });
  assert.equal(await page.locator(".ed-card[aria-selected=true]").count(), 2);
  const start = await card(page, other).boundingBox();
  await drag(page, card(page, other), { x: start.x + 30 + start.width, y: start.y + 12 });
  await saved(page);
  const lefts = await Promise.all([card(page, one), card(page, other)].map(async (found) => (await found.boundingBox()).x));
  assert.equal(Math.round(lefts[0]), Math.round(lefts[1]));
  assert.ok(lefts[0] > start.x + start.width / 2, "both are a room further");
  await page.keyboard.press("Control+z");
  await saved(page);
  await page.keyboard.press("Control+z");
  await saved(page);
  await close();
});

for (const [locale, words] of [
  ["en-GB", { picked: "Picked up", placed: "placed:", moved: "moved:", out: "is taken out", undone: "Undone", title: "Carve it" }],
  ["zh-CN", { picked: "已拿起", placed: "已安排", moved: "已移动", out: "已移出日程", undone: "已撤销", title: null }],
]) {
  test(`everything works by keyboard and is said aloud, ${locale}`, async () => {
    const { page, close } = await open(lastDay, "organizer", { locale });
    await page.locator("#editor-q, #ed-q").first().focus();
    const first = page.locator("#editor-tray .ed-row[tabindex='0']");
    const title = (await first.locator(".ed-title").textContent()).trim();
    await first.focus();
    await page.keyboard.press("Enter");
    await spoken(page, words.picked);
    await page.locator(".ed-ghost").waitFor();
    const before = await page.locator(".ed-ghost strong").textContent();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("+");
    const aimed = await page.locator(".ed-ghost strong").textContent();
    assert.notEqual(aimed, before);
    await spoken(page, aimed);
    await page.keyboard.press("Enter");
    await spoken(page, words.placed);
    await saved(page);
    await page.waitForFunction((text) => document.activeElement.textContent.includes(text), title);
    assert.equal(await page.evaluate(() => document.activeElement.querySelector(".ed-when").textContent), aimed);

    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Escape");
    assert.equal(await timeOf(page, title), aimed, "Escape puts it back");
    await page.waitForFunction((text) => document.activeElement.textContent.includes(text), title);
    await page.keyboard.press(" ");
    await page.keyboard.press("ArrowUp");
    await page.keyboard.press(" ");
    await spoken(page, words.moved);
    await saved(page);
    assert.notEqual(await timeOf(page, title), aimed);

    await page.waitForFunction((text) => document.activeElement.textContent.includes(text), title);
    await page.keyboard.press("Delete");
    await spoken(page, words.out);
    await saved(page);
    await row(page, title).waitFor();
    await page.locator("#editor-undo").focus();
    await page.keyboard.press("Control+z");
    await spoken(page, words.undone);
    await card(page, title).waitFor();
    for (let steps = 0; steps < 2; steps += 1) {
      await page.keyboard.press("Control+z");
      await saved(page);
    }
    await row(page, title).waitFor();

    await page.keyboard.press("?");
    await page.locator("#editor-help[open]").waitFor();
    await page.keyboard.press("Escape");
    await close();
  });
}

test("two organizers see each other and each other's moves at once", async () => {
  const [olga, ada] = [await open("2027-04-14"), await open("2027-04-14", "admin")];
  await olga.page.locator("#editor-people li[title*=Ada]").waitFor();
  const found = ada.page.locator(".ed-card:not(.ed-block)").first();
  const key = await found.getAttribute("data-key");
  const mine = olga.page.locator(`.ed-card[data-key="${key}"]`);
  const before = await mine.locator(".ed-when").textContent();
  await found.focus();
  await ada.page.keyboard.press("Enter");
  await olga.page.locator(`.ed-card[data-key="${key}"][data-held*=Ada]`).waitFor();
  await ada.page.keyboard.press("ArrowDown");
  const aimed = await ada.page.locator(".ed-ghost strong").textContent();
  const started = Date.now();
  await ada.page.keyboard.press("Enter");
  await mine.locator(".ed-when", { hasText: aimed }).waitFor();
  assert.ok(Date.now() - started < 3_000, "soon");
  assert.notEqual(aimed, before);
  await spoken(olga.page, "Ada");
  // One's undo takes back one's own steps only.
  await ada.page.keyboard.press("Control+z");
  await mine.locator(".ed-when", { hasText: before }).waitFor();
  await Promise.all([olga.close(), ada.close()]);
});

test("a second move of the same session is told and shows where it is now", async () => {
  const visitor = await open("2027-04-15");
  const { page } = visitor;
  const found = page.locator(".ed-card:not(.ed-block)").first();
  const key = await found.getAttribute("data-key");
  const { slot, session } = await page.evaluate(async (id) => {
    const draft = await (await fetch(`${location.pathname}/draft.json?day=all`)).json();
    const one = draft.slots.find((other) => `s:${other.id}` === id);
    return { slot: one, session: draft.sessions.find((other) => other.id === one.session) };
  }, key);
  // The other's edit arrives while one's own request is on its way.
  await page.route("**/schedule/moves", async (route) => {
    const to = { room: slot.room, day: slot.day, from: slot.from + 60, minutes: slot.to - slot.from };
    const answer = await page.request.post(`${schedule}/moves`, {
      headers: { origin: demo.origin, "content-type": "application/json" },
      data: { tab: crypto.randomUUID(), kind: "move", moves: [{ slot: slot.id, session: session.id, version: slot.version, to }] },
    });
    assert.equal(answer.status(), 200);
    await route.continue();
  }, { times: 1 });
  await found.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator("#editor-message.bad").waitFor();
  const there = page.locator(`.ed-card[data-key="${key}"] .ed-when`);
  const clock = (minutes) => `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
  await there.filter({ hasText: clock(slot.from + 60) }).waitFor({ state: "attached" });
  await visitor.context.close();
});

test("without the network a change waits, is told, and is saved when the network is back", async () => {
  const visitor = await open("2027-04-14");
  const { page } = visitor;
  await page.route("**/schedule/moves", (route) => route.abort());
  const found = page.locator(".ed-card:not(.ed-block)").nth(1);
  const key = await found.getAttribute("data-key");
  await found.focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowDown");
  const aimed = await page.locator(".ed-ghost strong").textContent();
  await page.keyboard.press("Enter");
  await page.locator("#editor-message.bad").waitFor();
  const there = page.locator(`.ed-card[data-key="${key}"]`);
  assert.equal(await there.locator(".ed-when").textContent(), aimed, "it stands where it was dropped");
  await page.unroute("**/schedule/moves");
  await page.click("#editor-message [data-act]");
  await saved(page);
  await page.reload();
  await page.locator("#editor[data-ready]").waitFor();
  assert.equal(await there.locator(".ed-when").textContent(), aimed);
  await visitor.context.close();
});

test("a break for all rooms is made, changed and deleted", async () => {
  const { page, close } = await open(lastDay);
  await page.click("#editor-block-new");
  await page.fill("#ed-block-title-en", "Tea on the terrace");
  await page.fill("#ed-block-start", "19:00");
  await page.fill("#ed-block-minutes", "30");
  await page.click("#editor-block .actions .button >> nth=0");
  await card(page, "Tea on the terrace").waitFor();
  assert.equal(await timeOf(page, "Tea on the terrace"), "19:00–19:30");
  await saved(page);
  await card(page, "Tea on the terrace").click();
  await page.locator("#editor-details button").first().click();
  await page.fill("#ed-block-minutes", "45");
  await page.click("#editor-block .actions .button >> nth=0");
  await saved(page);
  assert.equal(await timeOf(page, "Tea on the terrace"), "19:00–19:45");
  await card(page, "Tea on the terrace").focus();
  await page.keyboard.press("Delete");
  await saved(page);
  assert.equal(await page.locator(".ed-card", { hasText: "Tea on the terrace" }).count(), 0);
  await close();
});

test("the list of unplaced sessions is searched, and concerns lead to their cards", async () => {
  const { page, close } = await open("2027-04-13");
  const all = await page.locator(".ed-row").count();
  await page.fill("#ed-q", "pipes");
  assert.equal(await page.locator(".ed-row").count(), 1);
  await page.fill("#ed-q", "");
  assert.equal(await page.locator(".ed-row").count(), all);
  await page.click("#editor-tab-concerns");
  const [one, onto] = await titlesOf(page);
  assert.equal(await moveElsewhere(page, one, { onto }), 200);
  const concern = page.locator(".ed-concern-link", { hasText: onto }).first();
  await concern.waitFor();
  const title = (await concern.locator("strong").textContent()).trim();
  await concern.click();
  await page.waitForFunction((text) => document.activeElement.matches(".ed-card") && document.activeElement.textContent.includes(text), title);
  await page.click("#editor-undo");
  await close();
});

test("what goes on past midnight takes up the morning of the next day", async () => {
  const { page, close } = await open("2027-04-14");
  const [title] = await titlesOf(page);
  assert.equal(await page.locator(".ed-tail").count(), 0);
  assert.equal(await moveElsewhere(page, title, { day: "2027-04-14", from: 23 * 60 + 30 }), 200);
  await page.click("#editor-days a[data-day='2027-04-15']");
  const tail = page.locator(".ed-tail", { hasText: title });
  await tail.waitFor();
  assert.match(await tail.textContent(), /23:30–00:30/);
  const [top, hour] = await Promise.all([tail, page.locator(".ed-hour").first()].map((one) => one.evaluate((element) => element.getBoundingClientRect().top)));
  assert.ok(Math.abs(top - hour) < 12, "it begins at midnight");
  await page.click("#editor-undo");
  await tail.waitFor({ state: "detached" });
  await close();
});

test("the list on a phone follows what others move", async () => {
  const phone = await open("2027-04-14", "organizer", { viewport: { width: 375, height: 800 } });
  const other = await open("2027-04-14");
  const [title] = await titlesOf(other.page);
  const line = phone.page.locator(".ed-list tr", { hasText: title });
  await line.waitFor();
  await phone.page.evaluate(() => { window.stayed = true; });
  assert.equal(await moveElsewhere(other.page, title, { day: "2027-04-15", from: 7 * 60 }), 200);
  await line.waitFor({ state: "detached" });
  assert.equal(await phone.page.evaluate(() => window.stayed), true);
  await other.page.click("#editor-undo");
  await line.waitFor();
  await other.close();
  await phone.close();
});

test("without scripts the draft is a list with forms", async () => {
  const { page, close } = await visit(browser, demo.origin, { javaScriptEnabled: false });
  await signIn(page);
  await page.goto(`${schedule}?day=2027-04-13`);
  assert.ok((await page.locator(".ed-list tbody tr").count()) > 5);
  await page.locator(".ed-plain .rows a", { hasText: "Listening to pipes" }).click();
  await page.selectOption("#new-day", "2027-04-16");
  await page.fill("#new-start", "20:00");
  await page.selectOption("#new-room", { index: 3 });
  await submit(page, "#placing details .button");
  await page.goto(`${schedule}?day=2027-04-16`);
  await page.locator(".ed-list tr", { hasText: "Listening to pipes" }).waitFor();
  await submit(page, ".ed-turns form:first-child button");
  await page.locator(".notice[role=status]").waitFor();
  await page.locator(".ed-plain .rows a", { hasText: "Listening to pipes" }).waitFor();
  const lines = page.locator(".ed-list tbody tr");
  const first = (await lines.first().locator(".main-cell a").textContent()).trim();
  await lines.first().locator("input[name=slot]").check();
  await page.locator("summary", { hasText: "Change the ticked sessions" }).click();
  await page.fill("#several-later", "15");
  const before = (await lines.first().locator("td.time").textContent()).slice(0, 5);
  await submit(page, "#several button[value=move]");
  const moved = page.locator(".ed-list tr", { hasText: first });
  assert.notEqual((await moved.locator("td.time").textContent()).slice(0, 5), before);
  await submit(page, ".ed-turns form:first-child button");
  await page.locator("summary", { hasText: "Add a block" }).click();
  await page.fill("#plain-block-title-en", "Doors open");
  await submit(page, ".ed-plain form[action$='/blocks'] .button");
  await page.locator(".notice[role=status]").waitFor();
  await close();
});

test("the editor has no barriers that axe finds, and nothing scrolls sideways", async () => {
  for (const locale of ["en-GB", "zh-CN"]) {
    const { page, close } = await open("2027-04-13", "organizer", { bypassCSP: true, locale });
    await page.locator(".ed-card:not(.ed-block)").nth(1).click();
    const found = [];
    for (const [width, colorScheme] of [[1440, "light"], [1440, "dark"], [768, "light"], [375, "light"]]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      assert.equal(await overflow(page), 0, `${width} ${locale}`);
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
      found.push(...violations.map(({ id, nodes }) => `${width} ${colorScheme}: ${id} at ${nodes.slice(0, 3).map((node) => node.target).join(" | ")}`));
    }
    assert.deepEqual(found, []);
    await close();
  }
});
