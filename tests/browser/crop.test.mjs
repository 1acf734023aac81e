// A photo with the registration: cut by the person where scripts run, from the middle where they don't.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openMail, overflow, signIn, startBrowser, startDemo, submit, visit, event } from "./support.mjs";
import { ownPage } from "./pages.mjs";

let demo;
let browser;
let picture;

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  const team = await visit(browser, demo.origin);
  await signIn(team.page);
  await team.page.goto(`/organizer${event}/forms`);
  await submit(team.page, "button[name=block][value=photo]");
  // Red on the left, blue on the right.
  const data = await team.page.evaluate(() => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 1200, height: 600 });
    const brush = canvas.getContext("2d");
    brush.fillStyle = "rgb(220,0,0)";
    brush.fillRect(0, 0, 600, 600);
    brush.fillStyle = "rgb(0,0,220)";
    brush.fillRect(600, 0, 600, 600);
    return canvas.toDataURL("image/png").split(",")[1];
  });
  picture = { name: "me.png", mimeType: "image/png", buffer: Buffer.from(data, "base64") };
  await team.close();
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

async function fillIn(page, email) {
  await page.goto(`${event}/register`);
  await page.locator("input[name=category]:not([disabled])").first().check();
  await page.fill("#email", email);
  await page.fill("#given_name", "Ada");
  await page.fill("#family_name", "Lovelace");
  await page.check("#accept_privacy");
  await page.setInputFiles("input[type=file]", picture);
}

/** The colours of a shown picture at its left and right edge. */
async function colors(page, selector) {
  return page.locator(selector).first().evaluate(async (image) => {
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.naturalWidth, height: image.naturalHeight });
    const brush = canvas.getContext("2d");
    brush.drawImage(image, 0, 0);
    const at = (x) => {
      const [red, , blue] = brush.getImageData(x, canvas.height / 2, 1, 1).data;
      return red > blue ? "red" : "blue";
    };
    return [at(4), at(canvas.width - 5)];
  });
}

async function ownPhoto(page, email) {
  const letter = await openMail(page, email);
  const verify = new URL(await letter.locator("a[href*='/verify/']").first().getAttribute("href")).pathname;
  await ownPage(page, verify);
  return page;
}

describe("a photo", () => {
  test("is cut where the person drags and slides the square, by mouse and by keyboard", async () => {
    const { page, close } = await visit(browser, demo.origin);
    await fillIn(page, "crop@example.org");
    const crop = page.locator("fieldset.crop");
    await crop.waitFor();
    const slider = (name) => page.locator(`input[name$=".${name}"]`);
    assert.deepEqual([await slider("x").inputValue(), await slider("size").inputValue()], ["300", "600"]);
    // To the right by mouse, smaller by keyboard.
    const box = await crop.locator("canvas").boundingBox();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 2, box.y + box.height / 2, { steps: 4 });
    await page.mouse.up();
    assert.equal(await slider("x").inputValue(), "600", "it stays within the picture");
    await slider("size").focus();
    await page.keyboard.press("Home");
    assert.equal(await slider("size").inputValue(), "320");
    assert.equal(await slider("x").inputValue(), "740", "it shrinks around its middle");
    await submit(page, "form.stack > .actions .button");
    await ownPhoto(page, "crop@example.org");
    assert.deepEqual(await colors(page, ".face img"), ["blue", "blue"]);
    await close();
  });

  test("is kept when the form is shown again, and fits a phone", async () => {
    const { page, close } = await visit(browser, demo.origin, { viewport: { width: 320, height: 700 } });
    await fillIn(page, "again@nowhere");
    await page.locator("fieldset.crop").waitFor();
    assert.equal(await overflow(page), 0);
    await submit(page, "form.stack > .actions .button");
    assert.deepEqual(await colors(page, ".upload-kept img"), ["red", "blue"]);
    assert.equal(await overflow(page), 0);
    await page.fill("#email", "again@example.org");
    await submit(page, "form.stack > .actions .button");
    await ownPhoto(page, "again@example.org");
    assert.deepEqual(await colors(page, ".face img"), ["red", "blue"]);
    await close();
  });

  test("is cut from the middle where no script runs", async () => {
    const { page, close } = await visit(browser, demo.origin, { javaScriptEnabled: false });
    await fillIn(page, "plain@example.org");
    assert.equal(await page.locator("fieldset.crop").count(), 0);
    await submit(page, "form.stack > .actions .button");
    await ownPhoto(page, "plain@example.org");
    const shown = await visit(browser, demo.origin);
    await shown.page.goto(page.url());
    assert.deepEqual(await colors(shown.page, ".face img"), ["red", "blue"]);
    await shown.close();
    await close();
  });
});
