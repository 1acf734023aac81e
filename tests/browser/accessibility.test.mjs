import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { askForMany, firstBelow, firstDelegation, focalPage, focalPages, organizerPages, pagesOf, ownPage, previewImport, publicPages, register, registeredTwice, speakerPage, verifyPage, wrongRows } from "./pages.mjs";
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

/** What axe finds on the page as it is, in both colour schemes, one line a finding. */
async function findings(page, name) {
  const found = [];
  await page.evaluate(axe);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // Another colour scheme changes nothing but colours.
    const runOnly = colorScheme === "dark" ? ["color-contrast", "link-in-text-block"] : undefined;
    const violations = await page.evaluate(async (only) => {
      const options = { resultTypes: ["violations"], ...(only && { runOnly: { type: "rule", values: only } }) };
      return (await window.axe.run(document, options)).violations;
    }, runOnly);
    for (const { id, nodes } of violations) {
      found.push(`${name}, ${colorScheme}: ${id} at ${nodes.slice(0, 3).map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join(" | ")}`);
    }
  }
  return found;
}

async function withPage(locale, steps) {
  // The policy of the pages would refuse the checker itself; the walks run under it.
  const { page, close } = await visit(browser, demo.origin, { bypassCSP: true, locale });
  await steps(page);
  await close();
}

for (const [locale, lang] of [["en-GB", "en"], ["zh-CN", "zh"]]) {
  test(`public pages in ${lang} have no barriers`, () =>
    withPage(locale, async (page) => {
      const found = [];
      const check = async (name, path) => {
        if (path) await page.goto(path);
        assert.equal(await page.getAttribute("html", "lang"), lang, `${name} speaks ${lang}`);
        found.push(...(await findings(page, name)));
      };
      for (const [name, path] of Object.entries(publicPages)) await check(name, path);
      await check("speaker", await firstBelow(page, `${event}/speakers`));
      await register(page, "", true);
      await check("register with errors");
      const verify = await verifyPage(page, `grace-${lang}@example.org`);
      await check("verify", verify);
      const own = await ownPage(page, verify);
      await check("own page", own);
      await check("ticket", `${own}/ticket`);
      await check("edit", `${own}/edit`);
      await check("cancel", `${own}/cancel`);
      await check("transfer", `${own}/transfer`);
      await check("consents", `${own}/consents`);
      await check("delete", `${own}/delete`);
      assert.deepEqual(found, []);
    }));

  test(`the pages of a speaker in ${lang} have no barriers`, () =>
    withPage(locale, async (page) => {
      const found = [];
      const { own, speaker } = await speakerPage(page, `speaker-${lang}@example.org`);
      // Who signs in reads their own language; a speaker reads the one chosen.
      const ask = await page.goto(`${own}?lang=${lang}`).then(() => page.locator("a[href*='/ask?']").first().getAttribute("href"));
      const pages = { own, ask, withdraw: ask.replace("/ask?", "/withdraw?"), availability: `${own}/availability`, assistants: `${own}/assistants`, unknown: `${event}/s/unknown`, speaker };
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        assert.equal(await page.getAttribute("html", "lang"), lang, name);
        found.push(...(await findings(page, name)));
      }
      assert.deepEqual(found, []);
    }));

  test(`the pages of a focal point in ${lang} have no barriers`, () =>
    withPage(locale, async (page) => {
      const found = [];
      const own = await focalPage(page);
      // The mail is in the focal point's language; a page is in the one chosen.
      await page.goto(`${own}?lang=${lang}`);
      for (const [name, path] of Object.entries(await focalPages(page, own))) {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200, name);
        assert.equal(await page.getAttribute("html", "lang"), lang, name);
        found.push(...(await findings(page, name)));
      }
      await wrongRows(page, own);
      found.push(...(await findings(page, "rows with errors")));
      assert.deepEqual(found, []);
    }));

  for (const [account, pages] of Object.entries(pagesOf)) {
    test(`pages of ${account} in ${lang} have no barriers`, () =>
      withPage(locale, async (page) => {
        const found = [];
        await signIn(page, account);
        for (const [name, path] of Object.entries(pages)) {
          const answer = await page.goto(path);
          assert.equal(answer.status(), 200, name);
          found.push(...(await findings(page, name)));
        }
        assert.deepEqual(found, []);
      }));
  }

  test(`organizer pages in ${lang} have no barriers`, () =>
    withPage(locale, async (page) => {
      const found = [];
      await signIn(page);
      const session = await firstBelow(page, organizerPages.sessions);
      const registration = await firstBelow(page, organizerPages.registrations);
      const delegation = await firstDelegation(page);
      const proposal = await firstBelow(page, organizerPages.sessionProposals);
      const review = await firstBelow(page, organizerPages.reviews);
      const firstOnes = { session, registration, delegation, proposal, review };
      for (const [name, path] of Object.entries({ ...organizerPages, ...firstOnes })) {
        const answer = await page.goto(path);
        assert.equal(answer.status(), 200, name);
        found.push(...(await findings(page, name)));
      }
      await askForMany(page);
      found.push(...(await findings(page, "what will happen to many")));
      await submit(page, "main form .button");
      found.push(...(await findings(page, "what came of many")));
      await previewImport(page, ["category,email,given_name,family_name", `guest,anna-${lang}@example.org,Anna,Nagy`, "nobody,anna@,Anna,"]);
      found.push(...(await findings(page, "what an import would change")));
      await submit(page, "main form .button");
      found.push(...(await findings(page, "what came of an import")));
      await page.goto(await registeredTwice(page, `twice-${lang}@example.org`));
      found.push(...(await findings(page, "two registrations of one person")));
      assert.deepEqual(found, []);
    }));
}
