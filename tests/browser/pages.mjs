// Every page worth looking at, for the accessibility test and for screenshots.

import { event, openMail, signIn, submit } from "./support.mjs";

const team = `/organizer${event}`;

export const publicPages = {
  events: "/",
  home: event,
  schedule: `${event}/schedule`,
  sessions: `${event}/sessions`,
  session: `${event}/sessions/main-01`,
  speakers: `${event}/speakers`,
  now: `${event}/now`,
  rooms: `${event}/rooms`,
  room: `${event}/rooms/grand`,
  screen: `${event}/rooms/grand/screen`,
  changes: `${event}/changes`,
  announcements: `${event}/announcements`,
  embed: `${event}/embed`,
  register: `${event}/register`,
  sent: `${event}/register/sent`,
  find: `${event}/find`,
  call: `${event}/call`,
  callSent: `${event}/call/sent`,
  login: "/login",
  reset: "/reset",
  missing: `${event}/no-such-page`,
};

/** Pages that organizers may not open, by the account of the demo that may. */
export const pagesOf = {
  admin: { installationActivity: "/organizer/activity", installationMail: "/organizer/mail" },
  protocol: { travel: `${team}/travel` },
};

export const organizerPages = {
  events: "/organizer",
  dashboard: team,
  numbers: `${team}/numbers`,
  activity: `${team}/activity`,
  sessions: `${team}/sessions`,
  call: `${team}/call`,
  callLate: `${team}/call/late`,
  callReview: `${team}/call/review`,
  newCriterion: `${team}/call/criteria/new`,
  sessionProposals: `${team}/proposals`,
  decisions: `${team}/decisions`,
  reviews: `${team}/reviews`,
  schedule: `${team}/schedule`,
  concerns: `${team}/schedule/concerns`,
  rules: `${team}/schedule/rules`,
  proposals: `${team}/schedule/proposals`,
  copies: `${team}/schedule/copies`,
  speakers: `${team}/speakers`,
  answers: `${team}/answers`,
  briefings: `${team}/briefings`,
  recording: `${team}/recording`,
  speakersBoard: `${team}/speakers/board`,
  inviteSpeaker: `${team}/speakers/invite`,
  reminders: `${team}/reminders`,
  releases: `${team}/releases`,
  notices: `${team}/notices`,
  registrations: `${team}/registrations`,
  bulkChanges: `${team}/registrations/bulk`,
  accreditation: `${team}/accreditation`,
  badges: `${team}/badges`,
  badgeDesign: `${team}/badges/design`,
  badgePrints: `${team}/badges/prints`,
  reasons: `${team}/accreditation/reasons`,
  watchLists: `${team}/accreditation/watch-lists`,
  categories: `${team}/categories`,
  forms: `${team}/forms`,
  codes: `${team}/codes`,
  newCodes: `${team}/codes/new`,
  delegations: `${team}/delegations`,
  newDelegation: `${team}/delegations/new`,
  importDelegations: `${team}/delegations/import`,
  importRegistrations: `${team}/registrations/import`,
  tellFocalPoints: `${team}/delegations/message`,
  zones: `${team}/zones`,
  attendance: `${team}/attendance`,
  newQuestion: `${team}/forms/new`,
  seats: `${team}/seats`,
  rooms: `${team}/rooms`,
  forums: `${team}/forums`,
  formats: `${team}/formats`,
  announcements: `${team}/announcements`,
  mail: `${team}/mail`,
  mailings: `${team}/mailings`,
  newMailing: `${team}/mailings/new`,
  wording: `${team}/wording`,
  addresses: `${team}/mail/addresses`,
  sentMail: `${team}/mail?state=sent`,
  mailRules: `${team}/mail/rules`,
  settings: `${team}/settings`,
  team: `${team}/team`,
  account: "/account",
};

/** The address of the first link on `page` that leads below it. */
export async function firstBelow(page, path) {
  await page.goto(path);
  return page.locator(`main a[href^="${path}/"]:not([href$="/new"]):not([href$="/import"]):not([href$="/board"]):not([href*="/invit"])`).first().getAttribute("href");
}

/** Fills the form; `wrong` leaves it refused. */
export async function register(page, email, wrong = false) {
  await page.goto(`${event}/register`);
  await page.locator("input[name=category]:not([disabled])").first().check();
  await page.fill("#email", wrong ? "ada@nowhere" : email);
  await page.fill("#given_name", "Ada");
  await page.fill("#family_name", wrong ? " " : "Lovelace");
  await page.check("#accept_privacy");
  await submit(page, "form.stack > .actions .button");
}

/** Registers someone; the address of the page that asks to confirm. */
export async function verifyPage(page, email) {
  await register(page, email);
  const letter = await openMail(page, email);
  return new URL(await letter.locator("a[href*='/verify/']").first().getAttribute("href")).pathname;
}

/** Confirms; the address of the attendee's own page. */
export async function ownPage(page, verify) {
  await page.goto(verify);
  await submit(page, "main form .button");
  await page.waitForURL(/\/r\//);
  return new URL(page.url()).pathname;
}

/** The address of the team's page of a delegation. */
export async function firstDelegation(page) {
  await page.goto(organizerPages.delegations);
  return page.locator("tbody a").first().getAttribute("href");
}

/** The address of the page of one of the demo's delegations, as its focal point got it. */
export async function focalPage(page) {
  const letter = await openMail(page, "protocol@digital-ministry.example.org");
  return new URL(await letter.locator("a[href*='/d/']").first().getAttribute("href")).pathname;
}

/** The pages of a focal point, whose own page is `own`. */
export async function focalPages(page, own) {
  await page.goto(own);
  const person = await page.locator(".delegates a").first().getAttribute("href");
  return {
    own,
    add: `${own}/add`,
    several: `${own}/add-several`,
    order: `${own}/order`,
    message: `${own}/message`,
    handOver: `${own}/hand-over`,
    person,
    withdraw: `${person}/withdraw`,
  };
}

/** Hands in rows of which some can't be taken. */
export async function wrongRows(page, own) {
  await page.goto(`${own}/add-several`);
  await page.fill("#pasted", "Amina\tHassan\tأمينة حسن\tamina@example.org\tmember\nOmar\t\t\tomar@\tnobody\n");
  await submit(page, "form[enctype='multipart/form-data'] .button");
}

/** Ticks a page of the desk's list and asks for links to be sent again: the page that says what will happen. */
export async function askForMany(page) {
  await page.goto(`${organizerPages.registrations}?state=confirmed`);
  await page.locator("[data-tick-all]").check();
  await submit(page, "button[name=action][value=resend]");
}

/** Uploads a table of which some rows can't be taken; the page that shows what would change. */
export async function previewImport(page, rows) {
  await page.goto(organizerPages.importRegistrations);
  await page.setInputFiles("#file", { name: "guests.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
  await submit(page, "main form .button");
}

/** Registers somebody a second time from a table; the address of both side by side. */
export async function registeredTwice(page, email) {
  await page.goto(`${organizerPages.registrations}?state=confirmed`);
  const first = await page.locator("main table tbody a").first().getAttribute("href");
  await page.goto(`${first}/edit`);
  const [given, family] = [await page.inputValue("#given_name"), await page.inputValue("#family_name")];
  await previewImport(page, ["category,email,given_name,family_name,position", `guest,${email},${given},${family},Minister`]);
  await submit(page, "main form .button");
  await page.goto(first);
  return page.locator("a[href*='/merge/']").first().getAttribute("href");
}

/** Lets the team send a speaker their link; the addresses of the speaker's own page and of the team's page of them. */
export async function speakerPage(page, email) {
  await signIn(page);
  const speaker = await firstBelow(page, organizerPages.speakers);
  await page.goto(speaker);
  await page.fill("#email", email);
  await submit(page, "form.form > .actions .button");
  await page.goto(speaker);
  await submit(page, "#own form[action$='/send-link'] .button");
  const letter = await openMail(page, email);
  return { own: new URL(await letter.locator("a[href*='/s/']").first().getAttribute("href")).pathname, speaker };
}
