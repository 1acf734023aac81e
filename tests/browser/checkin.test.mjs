import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { ownPage, verifyPage } from "./pages.mjs";
import { event, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [door, team] = [`/checkin${event}`, `/organizer${event}`];

let demo;
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Adds a main gate with a free hand in days. */
async function addGate(page, name) {
  await page.goto(`${team}/gates/new`);
  await page.fill("[name='name.en']", name);
  await submit(page, "main form.stack > .actions .button");
}

/** The code of a new device. */
async function newCode(page, name) {
  await page.goto(`${team}/devices`);
  await page.fill("#name", name);
  await submit(page, "main form.stack .button");
  return page.locator(".device-letters code").innerText();
}

/** A device that is signed in and has what it needs for working without network. */
async function device(code) {
  // Not a visit: a cut network writes errors to the console.
  const context = await browser.newContext({ baseURL: demo.origin, locale: "en-GB" });
  const page = await context.newPage();
  await page.goto(`${door}/sign-in`);
  await page.fill("#code", code);
  await submit(page, "main form .button");
  await page.locator("[data-state][data-online=true][data-ready=true]").waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.reload();
  await page.locator("[data-state][data-online=true][data-ready=true]").waitFor();
  return { context, page };
}

async function scans(page, text) {
  // The answer is new, not the one before.
  await page.evaluate(() => document.querySelector("[data-result]").replaceChildren());
  await page.fill("#text", text);
  await page.keyboard.press("Enter");
  return page.locator("[data-result] .door-title").innerText();
}

/** Registers and confirms someone; their ticket's text, read from its picture by the server. */
async function ticketOf(email, reader) {
  const { page, close } = await visit(browser, demo.origin, { deviceScaleFactor: 2 });
  await page.goto(await ownPage(page, await verifyPage(page, email)));
  const picture = await page.locator(".ticket-code").screenshot();
  await close();
  const answer = await reader.request.post(`${door}/picture`, { data: picture, headers: { "content-type": "image/png" } });
  const { text } = await answer.json();
  assert.match(text, /^PT1:/);
  return text;
}

test("a device scans with the network cut, and what two let in is found out later", async () => {
  const staff = await visit(browser, demo.origin);
  await signIn(staff.page);
  await addGate(staff.page, "North");
  await addGate(staff.page, "South");
  const codes = [await newCode(staff.page, "Tablet 1"), await newCode(staff.page, "Tablet 2")];
  const [one, two] = [await device(codes[0]), await device(codes[1])];
  const tickets = [await ticketOf("ada@example.org", one.context), await ticketOf("bob@example.org", one.context)];
  assert.equal(await scans(one.page, tickets[1]), "Welcome");
  assert.match(await one.page.locator("[data-result]").innerText(), /Ada Lovelace/);
  // Each fetches the list once more.
  for (const { page } of [one, two]) {
    await page.reload();
    await page.locator("[data-state][data-online=true]").waitFor();
  }

  await one.context.setOffline(true);
  await two.context.setOffline(true);
  // The page itself comes from the device.
  await one.page.reload();
  await one.page.locator("[data-state][data-online=false][data-ready=true]").waitFor();
  assert.equal(await scans(two.page, tickets[1]), "Already in", "the list knew it");
  assert.equal(await scans(one.page, tickets[0]), "Welcome");
  assert.equal(await scans(one.page, tickets[0]), "Already in");
  const forged = tickets[0].slice(0, -3) + (tickets[0].endsWith("000") ? "111" : "000");
  assert.equal(await scans(one.page, forged), "Not genuine");
  assert.equal(await scans(one.page, "ABCD2345"), "Not checked");
  assert.equal(await scans(two.page, tickets[0]), "Welcome", "nobody could tell it");
  assert.equal(await one.page.locator("[data-state]").getAttribute("data-waiting"), "4");

  // A restart of the device loses nothing.
  await one.page.reload();
  await one.page.locator("[data-state][data-waiting='4']").waitFor();
  const stored = await one.page.evaluate(async () => {
    const name = (await indexedDB.databases())[0].name;
    const db = await new Promise((done) => { indexedDB.open(name).onsuccess = (opened) => done(opened.target.result); });
    const all = (store) => new Promise((done) => { db.transaction(store).objectStore(store).getAll().onsuccess = (read) => done(read.target.result); });
    const [key] = await all("key");
    const kept = [...(await all("values")), ...(await all("queue"))];
    return { extractable: key.extractable, sealed: kept.every((one) => one.sealed instanceof ArrayBuffer) };
  });
  assert.deepEqual(stored, { extractable: false, sealed: true });

  for (const { context, page } of [one, two]) {
    await context.setOffline(false);
    await page.locator("[data-state][data-online=true][data-waiting='0']").waitFor();
  }
  assert.match(await two.page.locator("[data-late]").innerText(), /Already in/);
  await staff.page.goto(`${door}/supervisor`);
  assert.equal(await staff.page.locator(".conflict-list li").count(), 1);
  await submit(staff.page, ".conflict-list button");
  assert.equal(await staff.page.locator(".conflict-list li").count(), 0);

  // Revoked: the next request is refused, and nothing that the device knew stays on it.
  await staff.page.goto(`${team}/devices`);
  await submit(staff.page, "form[action$='/revoke'] button");
  await two.page.reload();
  await two.page.waitForURL(/sign-in/);
  await one.context.close();
  await two.context.close();
  await staff.close();
});

test("a badge that was reported lost is refused without network, the new one is not", async () => {
  const staff = await visit(browser, demo.origin, { deviceScaleFactor: 2 });
  await signIn(staff.page);
  await addGate(staff.page, "West");
  const { context, page } = await device(await newCode(staff.page, "Tablet 9"));
  const email = "eve@example.org";
  const lost = await ticketOf(email, context);
  await staff.page.goto(`${team}/badges?printed=any&q=${email}`);
  const badge = await staff.page.locator("#results tbody a").getAttribute("href");
  await staff.page.goto(badge);
  await submit(staff.page, "main form .button");
  await staff.page.goto(badge);
  await staff.page.check("#renews");
  await submit(staff.page, "main form .button");
  const picture = await staff.page.locator(".badge-qr").screenshot();
  const answer = await context.request.post(`${door}/picture`, { data: picture, headers: { "content-type": "image/png" } });
  const renewed = (await answer.json()).text;
  assert.match(renewed, /^PT1:/);
  assert.notEqual(renewed, lost);
  await page.reload();
  await page.locator("[data-state][data-online=true]").waitFor();
  await context.setOffline(true);
  await page.reload();
  await page.locator("[data-state][data-online=false][data-ready=true]").waitFor();
  assert.equal(await scans(page, lost), "Revoked");
  assert.equal(await scans(page, renewed), "Welcome");
  await context.close();
  await staff.close();
});

test("the door, its devices and its supervisor have no barriers", async () => {
  for (const locale of ["en-GB", "zh-CN"]) {
    const { page, close } = await visit(browser, demo.origin, { bypassCSP: true, locale });
    await page.goto(`${door}/sign-in`);
    const found = [];
    const check = async (name) => {
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
        for (const { id, nodes } of violations) found.push(`${name}, ${colorScheme}: ${id} at ${nodes[0].target}`);
      }
    };
    await check("sign-in");
    await signIn(page);
    for (const path of [`${team}/gates`, `${team}/gates/new`, `${team}/devices`, `${door}/supervisor`, door]) {
      await page.goto(path);
      await check(path);
    }
    await close();
    assert.deepEqual(found, []);
  }
});
