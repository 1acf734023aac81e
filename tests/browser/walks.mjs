// The walks people take, each for a browser with and one without scripts.

import assert from "node:assert/strict";
import { speakerPage } from "./pages.mjs";
import { event, openMail, signIn, submit } from "./support.mjs";

/** Registers after a wrong try, confirms from the mail, looks at the ticket and cancels. */
export async function attendee(page, email) {
  await page.goto(`${event}/register`);
  const category = page.locator("input[name=category]:not([disabled])").first();
  await category.check();
  const chosen = await category.inputValue();
  // Both pass the browser's own checks, so that the server's are seen.
  await page.fill("#email", "ada@nowhere");
  await page.fill("#family_name", " ");
  await page.fill("#given_name", "Ada");
  await page.fill("#organisation", "Analytical Society");
  await page.check("#accept_privacy");
  await submit(page, "form.stack > .actions .button");

  for (const name of ["email", "family_name"]) {
    await page.locator(`.field:has(#${name}) .field-error`).waitFor();
    const error = await page.getAttribute(`#${name}`, "aria-describedby");
    assert.match(error, new RegExp(`${name}-error`), `${name} names its error`);
  }
  assert.equal(await page.inputValue("#given_name"), "Ada");
  assert.equal(await page.inputValue("#email"), "ada@nowhere");
  assert.equal(await page.inputValue("#organisation"), "Analytical Society");
  assert.equal(await page.inputValue("input[name=category]:checked"), chosen);
  assert.ok(await page.isChecked("#accept_privacy"));

  await page.fill("#email", email);
  await page.fill("#family_name", "Lovelace");
  await submit(page, "form.stack > .actions .button");
  await page.waitForURL(/\/register\/sent/);

  const letter = await openMail(page, email);
  await letter.locator("a[href*='/verify/']").first().click();
  await page.waitForURL(/\/verify\//);
  await submit(page, "main form .button");
  await page.waitForURL(/\/r\//);
  const own = page.url();
  await page.locator(".ticket-code svg").waitFor();
  assert.match(await page.textContent("h1"), /Ada Lovelace/);
  await page.click("a[href$='/ticket']");
  await page.locator(".ticket.printed .ticket-code svg").waitFor();

  await page.goto(own);
  await page.click("a[href$='/cancel']");
  await page.waitForURL(/\/cancel$/);
  await submit(page, "main form .danger");
  await page.locator(".tag[data-state=cancelled]").waitFor();
  assert.equal(await page.locator(".ticket-code").count(), 0);
}

/** Signs in, gives a session another title, and releases it; before that the public page keeps the old one. */
export async function organizer(page, title) {
  const open = `${event}/sessions/main-01`;
  await page.goto(open);
  const before = (await page.textContent("h1")).trim();
  assert.notEqual(before, title);

  await signIn(page);
  await page.goto(`/organizer${event}/sessions`);
  await page.locator(`main a[href*="/organizer${event}/sessions/"]`, { hasText: before }).first().click();
  await page.locator(".session-form").waitFor();
  await page.locator(".session-form input[name^=title]").first().fill(title);
  await submit(page, ".session-form > .actions .button");
  await page.locator(".notice[role=status]").waitFor();

  await page.goto(open);
  assert.equal((await page.textContent("h1")).trim(), before);

  await page.goto(`/organizer${event}/releases`);
  await page.locator(".change-list", { hasText: title }).first().waitFor();
  await submit(page, "form.stack .button");
  await page.goto(open);
  assert.equal((await page.textContent("h1")).trim(), title);
}

/** Days, language and time zone of the timetable, each by its link. */
export async function timetable(page) {
  await page.goto(`${event}/schedule`);
  const first = await page.locator("li.slot").count();
  const title = await page.textContent(".slot .title a >> nth=0");
  const time = await page.textContent(".slot .meta time >> nth=0");
  assert.ok(first > 10);

  await page.click(".zone-switch summary");
  await page.click("[data-zone=UTC]");
  await page.locator(".zone-switch summary", { hasText: "UTC" }).waitFor();
  assert.notEqual(await page.textContent(".slot .meta time >> nth=0"), time);

  await page.goto(`${event}/schedule?tz=Asia/Shanghai`);
  await page.click(".days li:nth-child(2) a");
  await page.waitForURL(/day=/);
  assert.equal(await page.getAttribute(".days li:nth-child(2) a", "aria-current"), "page");
  assert.notEqual(await page.textContent(".slot .title a >> nth=0"), title);

  await page.click(".switch a[lang=zh]");
  await page.locator("html[lang=zh]").waitFor();
  assert.match(await page.textContent("h1"), /\p{Script=Han}/u);
  await page.click(".switch a[lang=en]");
  await page.locator("html[lang=en]").waitFor();
}

/** Filters by their address: only sessions of the room stay, and the form shows what is chosen. */
export async function filterByAddress(page) {
  await page.goto(`${event}/schedule?room=grand`);
  const rooms = await page.locator(".slot .room").allTextContents();
  assert.ok(rooms.length > 0);
  assert.deepEqual([...new Set(rooms)], ["Grand Hall"]);
  assert.equal(await page.inputValue("#filter-room"), "grand");
}

/** A speaker accepts a time, asks for another one, and says when they are free. */
export async function speaker(page, email) {
  const { own } = await speakerPage(page, email);
  await page.goto(own);
  await submit(page, "form[action$='/accept'] .button");
  assert.equal(await page.locator("[data-standing=accepted]").count(), 1);
  await page.click("[data-standing=accepted] a[href*='/ask?']");
  await page.fill("#reason", "My flight lands at noon.");
  await submit(page, "form[action$='/ask'] .button");
  assert.match(page.url(), /\/availability$/);
  const day = page.locator(".availability-day").first();
  await day.locator("input[type=time]").first().fill("13:00");
  await day.locator("input[type=time]").nth(1).fill("18:00");
  await day.locator("select").selectOption("available");
  await submit(page, "button[name=add] >> nth=0");
  assert.equal(await day.locator("select").count(), 2);
  await submit(page, "form.availability > .actions .button");
  assert.equal(await page.locator(".windows li").count(), 1);
  assert.equal(await page.locator("[data-standing=asked]").count(), 1);
}

const team = `/organizer${event}`;

/** Mutes a concern with a reason and takes that back. */
export async function mute(page) {
  await page.goto(`${team}/schedule/concerns`);
  const line = page.locator(".rows > li", { has: page.locator("details.muting") }).first();
  const concern = (await line.locator(".concern").textContent()).trim();
  await line.locator("summary").click();
  await line.locator("input[name=reason]").fill("The chair agreed to it");
  await Promise.all([page.waitForEvent("load"), line.locator("details button").click()]);
  await page.locator(".notice[role=status]").waitFor();
  const muted = page.locator(".rows > li", { hasText: "The chair agreed to it" });
  assert.equal((await muted.locator(".concern").textContent()).trim(), concern);
  await Promise.all([page.waitForEvent("load"), muted.locator("form[action$='/unmute'] button").click()]);
  assert.equal(await muted.count(), 0);
}

/** Changes a rule; a wrong number is refused and kept. */
export async function rules(page, minutes) {
  await page.goto(`${team}/schedule/rules`);
  await page.fill("#quiet_minutes", "1500");
  await page.locator("form.stack").evaluate((form) => { form.noValidate = true; });
  await submit(page, "form.stack .button");
  assert.equal(await page.inputValue("#quiet_minutes"), "1500");
  await page.locator(".field.invalid:has(#quiet_minutes)").waitFor();
  await page.fill("#quiet_minutes", minutes);
  await submit(page, "form.stack .button");
  await page.goto(`${team}/schedule/rules`);
  assert.equal(await page.inputValue("#quiet_minutes"), minutes);
}

/** Keeps a copy of the draft, compares it, makes it the draft again and deletes it. */
export async function copy(page, name) {
  const schedule = `${team}/schedule?day=2027-04-15`;
  const title = "Six laptops out of nine";
  const line = page.locator(".ed-list tr", { has: page.getByRole("link", { name: title, exact: true }) });
  const when = async () => {
    await page.goto(schedule);
    return (await line.locator("td.time").textContent()).trim();
  };
  await page.setViewportSize({ width: 700, height: 900 });
  const before = await when();
  await page.goto(`${team}/schedule/copies`);
  await page.fill("#name", name);
  await submit(page, "form.stack .button");
  await page.goto(schedule);
  await line.locator("input[name=slot]").check();
  await page.locator(".ed-several summary").click();
  await page.fill("#several-later", "10");
  await submit(page, "#several button[value=move]");
  const after = await when();
  assert.notEqual(after, before);
  await page.goto(`${team}/schedule/copies`);
  await page.selectOption("#one", { label: name });
  await submit(page, "form.filters button");
  assert.match(await page.locator(".change-list li", { hasText: title }).textContent(), new RegExp(`${before}.*${after}`, "s"));
  await page.goto(`${team}/schedule/copies`);
  await page.locator("main table a", { hasText: name }).click();
  await submit(page, "form[action$='/use'] .button");
  assert.equal(await when(), before);
  await page.goto(`${team}/schedule/copies`);
  await page.locator("main table a", { hasText: name }).click();
  await submit(page, "form[action$='/delete'] .button");
  assert.equal(await page.locator("main table a", { hasText: name }).count(), 0);
}

/** Announces a delay of a session, which the public reads beside its time, and withdraws it. */
export async function announce(page) {
  await page.goto(`${team}/announcements`);
  await page.selectOption("#kind", "delay");
  await page.fill("#minutes", "20");
  await page.fill("#session", "main-01");
  await submit(page, "main form.stack .button");
  await page.locator(".announcement-list .tag.warn").waitFor();
  // Public pages follow within a second.
  const shows = async (count) => {
    for (const until = Date.now() + 3_000; Date.now() < until; await page.waitForTimeout(100)) {
      await page.goto(`${event}/sessions/main-01`);
      if (await page.locator(".announcement.delay, .session-facts .planned").count() === count) return true;
    }
    return false;
  };
  assert.ok(await shows(2), "the banner, and the time that was planned");
  await page.goto(`${team}/announcements`);
  await submit(page, ".announcement-list button");
  assert.ok(await shows(0), "gone");
}
