// Writes pictures of every page to screenshots/, to be looked at: widths, colour schemes, languages.

import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { askForMany, firstBelow, firstDelegation, focalPage, focalPages, organizerPages, ownPage, pagesOf, previewImport, publicPages, register, registeredTwice, speakerPage, verifyPage, wrongRows } from "./pages.mjs";
import { event, signIn, startBrowser, startDemo, submit, visit } from "./support.mjs";

const folder = join(dirname(fileURLToPath(import.meta.url)), "screenshots");
mkdirSync(folder, { recursive: true });

const [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
try {
  for (const [locale, lang] of [["en-GB", "en"], ["zh-CN", "zh"]]) {
    const { page, close } = await visit(browser, demo.origin, { locale });
    const shoot = async (name, path) => {
      if (path) await page.goto(path);
      for (const width of [375, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme });
          await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}-${lang}.png`), fullPage: true });
        }
      }
    };
    for (const [name, path] of Object.entries(publicPages)) await shoot(name, path);
    await shoot("speaker", await firstBelow(page, `${event}/speakers`));
    await register(page, "", true);
    await shoot("register-errors");
    const verify = await verifyPage(page, `grace-${lang}@example.org`);
    await shoot("verify", verify);
    const own = await ownPage(page, verify);
    await shoot("own", own);
    await shoot("ticket", `${own}/ticket`);
    const speaker = await speakerPage(page, `speaker-${lang}@example.org`);
    await shoot("speaker-own", speaker.own);
    for (const name of ["profile", "documents", "needs", "travel", "availability", "assistants"]) await shoot(`speaker-${name}`, `${speaker.own}/${name}`);
    await shoot("organizer-speaker", speaker.speaker);
    const focal = await focalPage(page);
    await page.goto(`${focal}?lang=${lang}`);
    for (const [name, path] of Object.entries(await focalPages(page, focal))) await shoot(`focal-${name}`, path);
    await wrongRows(page, focal);
    await shoot("focal-wrong-rows");
    const session = await firstBelow(page, organizerPages.sessions);
    for (const [name, path] of Object.entries({ ...organizerPages, session, delegation: await firstDelegation(page) })) await shoot(`organizer-${name}`, path);
    await askForMany(page);
    await shoot("organizer-bulk");
    await submit(page, "main form .button");
    await shoot("organizer-bulk-result");
    await previewImport(page, ["category,email,given_name,family_name", `guest,anna-${lang}@example.org,Anna,Nagy`, "nobody,anna@,Anna,"]);
    await shoot("organizer-import-preview");
    await submit(page, "main form .button");
    await shoot("organizer-import-done");
    const both = await registeredTwice(page, `twice-${lang}@example.org`);
    await shoot("organizer-registration-twice");
    await shoot("organizer-merge", both);
    for (const [account, pages] of Object.entries(pagesOf)) {
      await page.context().clearCookies();
      await signIn(page, account);
      for (const [name, path] of Object.entries(pages)) await shoot(`${account}-${name}`, path);
    }
    await close();
  }
} finally {
  await browser.close();
  await demo.stop();
}
