// Small helps for every page. All of it works without this script, only less comfortably.

// After a refused form, begin at the summary of what is wrong.
document.querySelector("[data-focus]")?.focus();

// Where sections don't fit across a phone, the one that is open is in sight.
for (const section of document.querySelectorAll(":is(.sidebar, .tabs, .days) [aria-current]")) {
  const strip = section.closest(".sidebar") ?? section.closest("ul");
  const [inside, outside] = [section.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += inside.left + inside.width / 2 - outside.left - outside.width / 2;
}

// A form is sent once: a second click on a slow line must not post again.
for (const form of document.querySelectorAll("form[method=post]")) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) {
      event.preventDefault();
      return;
    }
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    sent = true;
    // The key lets the server know a repeated post of the same form.
    const key = form.querySelector("input[name=idempotency_key]");
    if (key && !key.value) key.value = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  });
  // Coming back by the browser's "back" button starts afresh.
  window.addEventListener("pageshow", () => { sent = false; });
}

// Lists follow as one types and chooses: the same page is fetched, and only its results change. The
// address changes along, so that a list can be kept and passed on.
let running;

async function refresh(form) {
  const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  url.search = query;
  running?.abort();
  running = new AbortController();
  try {
    const response = await fetch(url, { signal: running.signal });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (fresh) part.replaceWith(fresh);
    }
    history.replaceState(null, "", url);
    document.dispatchEvent(new Event("plenary:results"));
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
}

for (const field of document.querySelectorAll("[data-search]")) {
  let timer;
  const live = document.querySelector("[data-live]");
  const follow = () => (live ? refresh(field.form) : field.form.requestSubmit());
  field.addEventListener(field.tagName === "SELECT" ? "change" : "input", (event) => {
    clearTimeout(timer);
    // Half a word of an input method is none.
    if (!event.isComposing) timer = setTimeout(follow, field.tagName === "SELECT" ? 0 : 200);
  });
  field.addEventListener("compositionend", () => { timer = setTimeout(follow, 200); });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
