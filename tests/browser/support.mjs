// What every browser test stands on: a demo of its own on a free port, and a browser that forgives nothing.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export const event = "/yunting-2027";
export const password = "lantern-canal-bridge";

function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

async function isReady(origin) {
  try {
    return (await fetch(`${origin}/readyz`)).ok;
  } catch {
    return false;
  }
}

/** Starts a demo in an empty folder; `stop` ends exactly this one and removes the folder. */
export const startDemo = () => start("demo");

/** Serves a programme (schedule.xml) as the event of this slug, released. */
export const startWith = (slug, xml) => start("serve", (run, folder) => {
  const file = join(folder, "programme.xml");
  writeFileSync(file, xml);
  run("import", file, "--create-event", slug);
  run("release", slug);
});

async function start(command, prepare = () => {}) {
  const binary = join(resolve(root, process.env.CARGO_TARGET_DIR ?? "target"), "debug/plenary");
  try {
    accessSync(binary, constants.X_OK);
  } catch {
    throw new Error(`${binary} is missing: run "cargo build" first`);
  }
  const folder = mkdtempSync(join(tmpdir(), "plenary-browser-"));
  const origin = `http://127.0.0.1:${await freePort()}`;
  const env = { ...process.env, PLENARY_HTTP__BIND: origin.slice("http://".length), PLENARY_LOG__LEVEL: "warn" };
  prepare((...args) => execFileSync(binary, args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] }), folder);
  const server = spawn(binary, [command], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [server.stdout, server.stderr]) {
    stream.on("data", (bytes) => { output = (output + bytes).slice(-20_000); });
  }
  const ended = new Promise((done) => { server.once("close", done); server.once("error", done); });
  const stop = async () => {
    if (server.exitCode === null && server.signalCode === null) server.kill("SIGTERM");
    const late = setTimeout(() => server.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  const deadline = Date.now() + 60_000;
  while (!(await isReady(origin))) {
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw new Error(`the server did not start:\n${output}`);
    }
    await new Promise((wake) => setTimeout(wake, 50));
  }
  return { origin, stop };
}

function findBrowser() {
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    for (const folder of (process.env.PATH ?? "").split(delimiter)) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        return path;
      } catch {
        // Not in this folder.
      }
    }
  }
  throw new Error("No Chromium on PATH (chromium, chromium-browser or google-chrome). On Debian: apt-get install chromium");
}

export function startBrowser() {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
}

/** The browser's own report of a page that is refused on purpose; other failed answers are counted by themselves. */
const refusedAnswer = /^Failed to load resource: the server responded with a status of (404|422)/;

/**
 * A page of a fresh visitor. `close` fails the test if the visit asked another host for anything, wrote an
 * error to the console (a violated content policy is one), or a script failed.
 */
export async function visit(browser, origin, options = {}) {
  const context = await browser.newContext({ baseURL: origin, locale: "en-GB", viewport: { width: 1280, height: 900 }, ...options });
  context.setDefaultTimeout(10_000);
  const faults = [];
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== origin) faults.push(`asked ${url.origin}`);
  });
  context.on("console", (message) => {
    if (message.type() === "error" && !refusedAnswer.test(message.text())) {
      faults.push(`${message.text()} (${message.location().url})`);
    }
  });
  context.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      faults.push(`${response.status()} for ${response.url()}`);
    }
  });
  context.on("weberror", (error) => faults.push(String(error.error())));
  const page = await context.newPage();
  const close = async () => {
    await context.close();
    assert.deepEqual(faults, []);
  };
  return { page, context, close };
}

/** Signs in as one of the demo's team. */
export async function signIn(page, name = "organizer") {
  await page.goto("/login");
  await page.fill("#email", `${name}@demo.example`);
  await page.fill("#password", password);
  await submit(page, "form[action='/login'] .button");
}

/** Presses a button that posts a form and waits for the page after it. */
export async function submit(page, selector) {
  await Promise.all([page.waitForEvent("load"), page.click(selector)]);
}

/** Opens the newest mail to `address` in the demo's inbox and returns the frame with its letter. */
export async function openMail(page, address) {
  const line = page.locator(".rows a", { hasText: address }).first();
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto("/demo/inbox");
    // Other tests of this demo write mails too.
    const older = page.locator("a[rel=next]");
    while (!(await line.count()) && (await older.count())) await Promise.all([page.waitForEvent("load"), older.click()]);
    if (await line.count()) break;
    await page.waitForTimeout(100);
  }
  await line.click();
  await page.waitForURL(/\/demo\/inbox\/.+/);
  return page.frameLocator("iframe.mail");
}

/** How far a page is wider than its window; 0 where nothing scrolls sideways. */
export function overflow(page) {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth));
}
