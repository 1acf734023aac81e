// Badges on paper, and a ticket without network.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ownPage, verifyPage } from "./pages.mjs";
import { event, overflow, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const team = `/organizer${event}`;
const badges = `${team}/badges`;

let demo;
let browser;
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "plenary-badges-"));
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Prepares a batch of everybody whom `query` finds; the address of its badges. */
async function prepare(page, query = "") {
  await page.goto(`${badges}?printed=any&q=${encodeURIComponent(query)}`);
  await submit(page, "#results form .button");
  return new URL(page.url()).pathname;
}

/** Prints a page; what the file holds: pages, size in points, text. */
async function printed(page, path, name) {
  await page.goto(path);
  const file = join(folder, `${name}.pdf`);
  writeFileSync(file, await page.pdf({ preferCSSPageSize: true }));
  const facts = execFileSync("pdfinfo", [file], { encoding: "utf8" });
  const [, width, height] = /Page size:\s+([\d.]+) x ([\d.]+)/.exec(facts).map(Number);
  return { file, pages: Number(/Pages:\s+(\d+)/.exec(facts)[1]), width, height, text: execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" }) };
}

/** The first page of a file as a picture. */
function picture(file, resolution = 150) {
  execFileSync("pdftoppm", ["-r", String(resolution), "-png", "-f", "1", "-l", "1", file, file]);
  const name = readdirSync(folder).find((one) => one.startsWith(file.slice(folder.length + 1)) && one.endsWith(".png"));
  return readFileSync(join(folder, name));
}

/** Texts of badges that are wider or higher than their place, and badges that are not what they should be. */
const misfits = (page) => page.evaluate(() => {
  const wrong = [];
  for (const badge of document.querySelectorAll(".badge")) {
    const frame = badge.getBoundingClientRect();
    for (const part of badge.querySelectorAll("[class*=fit-], .badge-honorific, .badge-number, .badge-qr, .badge-zones")) {
      const own = part.getBoundingClientRect();
      const inside = own.left >= frame.left - 1 && own.right <= frame.right + 1 && own.top >= frame.top - 1 && own.bottom <= frame.bottom + 1;
      const fits = part.scrollWidth <= part.clientWidth + 1 && part.scrollHeight <= part.clientHeight + 3;
      if (!inside || (!fits && part.matches("[class*=fit-]"))) wrong.push(`${part.className}: ${part.textContent}`);
    }
    const places = [".badge-events", ".badge-names", ".badge-details", ".badge-code", ".badge-bar"].map((one) => badge.querySelector(one)?.getBoundingClientRect()).filter(Boolean);
    for (const [at, one] of places.entries()) {
      for (const other of places.slice(at + 1)) {
        const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        if (across > 1 && down > 1) wrong.push(`two parts of ${badge.querySelector(".badge-large").textContent} lie on each other`);
      }
    }
  }
  return wrong;
});

/** A4, A6, a card and both labels in points. */
const points = (millimetres) => (millimetres * 72) / 25.4;
const sizes = { a6: [105, 148], card: [86, 54], "label-62": [62, 100], "label-102": [102, 152] };

test("badges print at their exact size, with both names in their scripts, and the code can be read", async () => {
  const { page, context, close } = await visit(browser, demo.origin);
  await signIn(page);
  const batch = await prepare(page);
  const count = Number(/\d+/.exec(await page.locator("h1").innerText())[0]);
  assert.ok(count > 40);
  for (const [size, [width, height]] of Object.entries(sizes)) {
    const single = await printed(page, `${batch}/print?size=${size}&paper=single`, size);
    assert.equal(single.pages, count, size);
    assert.ok(Math.abs(single.width - points(width)) < 1 && Math.abs(single.height - points(height)) < 1, `${size}: ${single.width} × ${single.height}`);
    for (const name of ["Qiao Jianguo", "乔建国", "Анастасия Корженко", "Esteban Ruiz de Somocurcio"]) assert.ok(single.text.replace(/\s+/g, " ").includes(name) || single.text.replace(/\s+/g, "").includes(name.replace(/\s+/g, "")), `${name} at ${size}`);
    assert.deepEqual(await misfits(page), [], size);
  }
  const sheets = await printed(page, `${batch}/print?size=a6&paper=sheet&cut_marks=on`, "sheets");
  assert.equal(sheets.pages, Math.ceil(count / 4));
  assert.ok(Math.abs(sheets.width - points(210)) < 1 && Math.abs(sheets.height - points(297)) < 1);
  const both = await printed(page, `${batch}/print?size=card&paper=sheet&two_sided=on`, "both");
  assert.equal(both.pages, 2 * Math.ceil(count / 10));

  // Read back as the door does it; a person who speaks Arabic, alone.
  const one = await prepare(page, "Thaqafi");
  const alone = await printed(page, `${one}/print?size=label-62&paper=single`, "alone");
  assert.equal(alone.pages, 1);
  const answer = await context.request.post(`/checkin${event}/picture`, { data: picture(alone.file, 300), headers: { "content-type": "image/png" } });
  assert.match((await answer.json()).text, /^PT1:/);
  assert.equal(await page.locator(".badge-small").evaluate((name) => getComputedStyle(name).direction), "rtl");
  await close();
});

test("long names shrink and stay in their place at every size", async () => {
  const { page, close } = await visit(browser, demo.origin);
  await signIn(page);
  const [person] = [await prepare(page, "Quaye")];
  await page.goto(`${badges}?printed=any&q=Quaye`);
  const registration = (await page.locator("#results tbody a").getAttribute("href")).split("/").at(-1);
  for (const [given, family, native, more] of [
    ["Maximiliana Konstantina", "Hohenberg-Sigmaringen", "", "Undersecretary of State for Digital Infrastructure and International Cooperation"],
    ["Wolfeschlegelsteinhausenbergerdorffwwwwww", "Ng", "沃尔夫施莱格尔施泰因豪森贝格多夫沃尔夫施莱格尔施泰因豪森贝格多夫", "部长"],
    ["Abdulrahman", "bin Abdulaziz Al-Mutairi", "عبد الرحمن بن عبد العزيز بن محمد المطيري الأنصاري", "وزير الاتصالات وتقنية المعلومات"],
    ["W".repeat(100), "M".repeat(100), "李".repeat(100), "Q".repeat(200)],
  ]) {
    await page.goto(`${team}/registrations/${registration}/edit`);
    for (const [field, value] of Object.entries({ given_name: given, family_name: family, native_name: native, position: more, organisation: more })) {
      await page.fill(`#${field}`, value);
    }
    await submit(page, "main form.stack .actions .button");
    assert.ok(!page.url().endsWith("/edit"), await page.locator("main").innerText());
    for (const size of Object.keys(sizes)) {
      await page.goto(`${person}/print?size=${size}&paper=single`);
      const wrong = await misfits(page);
      // Two hundred letters without a space may be cut off, in their place.
      assert.deepEqual(wrong.filter((one) => given.length < 100 || !/fit-9/.test(one)), [], size);
    }
  }
  await close();
});

test("the pages of badges have no barriers and fit a phone", async () => {
  for (const locale of ["en-GB", "zh-CN"]) {
    const { page, close } = await visit(browser, demo.origin, { bypassCSP: true, locale });
    await signIn(page);
    const batch = await prepare(page, "Ndiaye");
    await page.goto(`${badges}?printed=any&q=Ndiaye`);
    const person = await page.locator("#results tbody a").getAttribute("href");
    const found = [];
    for (const path of [badges, `${badges}/design`, `${badges}/prints`, batch, `${batch}/print`, person]) {
      await page.setViewportSize({ width: 1280, height: 900 });
      await page.goto(path);
      await page.evaluate(axe);
      for (const colorScheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
        const violations = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations);
        for (const { id, nodes } of violations) found.push(`${path}, ${colorScheme}: ${id} at ${nodes[0].target}`);
      }
      await page.setViewportSize({ width: 320, height: 700 });
      const wide = await overflow(page);
      if (wide) found.push(`${path} is ${wide} pixels too wide`);
    }
    await close();
    assert.deepEqual(found, []);
  }
});

test("the preview follows what is chosen, and a marked batch is not offered again", async () => {
  const { page, close } = await visit(browser, demo.origin);
  await signIn(page);
  await page.goto(`${badges}/design`);
  await page.selectOption("#size", "card");
  await page.locator("#badge-preview .lying").first().waitFor();
  await page.uncheck("#parts-organisation");
  await page.locator("#badge-preview:not(:has(.badge-organisation))").waitFor();
  await page.fill("#person", "乔建国");
  await page.locator("#badge-preview", { hasText: "Jianguo" }).waitFor();
  assert.deepEqual(await misfits(page), []);
  await submit(page, "main form.stack .actions .button:not(.quiet)");
  assert.equal(await page.locator("#size").inputValue(), "card");

  await page.goto(`${badges}?q=Ndiaye`);
  await submit(page, "#results form .button");
  await submit(page, "form[action$='/mark'] .button");
  await page.goto(`${badges}?q=Ndiaye`);
  assert.equal(await page.locator("#results tbody tr").count(), 0);
  await close();
});

test("a ticket opens with the network cut, and goes from the device when the registration ends", async () => {
  const guest = await visit(browser, demo.origin);
  const own = await ownPage(guest.page, await verifyPage(guest.page, "offline@example.org"));
  const state = await guest.context.storageState();
  await guest.close();
  // Not a visit: a cut network writes errors to the console.
  const context = await browser.newContext({ baseURL: demo.origin, locale: "en-GB", storageState: state });
  const page = await context.newPage();
  await page.goto(`${own}/ticket`);
  await page.locator("[data-worker]:not([hidden])").waitFor();
  const code = await page.locator(".ticket-code").innerHTML();
  const keys = () => page.evaluate(async () => Promise.all((await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname))));
  const kept = (await keys()).flat();
  assert.equal(kept.filter((path) => !path.startsWith("/static/") && !path.endsWith("/theme.css")).join(), `${own}/ticket`, "nothing private but the ticket");

  await context.setOffline(true);
  await page.reload();
  assert.equal(await page.locator(".ticket-code").innerHTML(), code);
  assert.match(await page.locator("main").innerText(), /Ada Lovelace/);
  const width = await page.locator(".ticket").evaluate((ticket) => getComputedStyle(ticket).borderRadius);
  assert.notEqual(width, "0px", "with its stylesheet");
  await page.goto(own).then(() => assert.fail("only the ticket is kept"), () => {});
  await context.setOffline(false);

  await page.goto(`${own}/cancel`);
  await submit(page, "main form .button.danger");
  await page.goto(`${own}/ticket`);
  await page.waitForURL(new RegExp(`${own}$`));
  await page.waitForFunction(async () => (await caches.keys()).length === 0 && (await navigator.serviceWorker.getRegistrations()).length === 0);
  await context.setOffline(true);
  await page.goto(`${own}/ticket`).then(() => assert.fail("the ticket is gone"), () => {});
  await context.close();
});
