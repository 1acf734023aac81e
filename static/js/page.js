// Small helps for every page. All of it works without this script, only less comfortably.

// After a refused form, begin at the summary of what is wrong.
document.querySelector("[data-focus]")?.focus();

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

// Lists search as one types and choose as one selects.
for (const field of document.querySelectorAll("[data-search]")) {
  let timer;
  const send = () => field.form.requestSubmit();
  if (field.tagName === "SELECT") field.addEventListener("change", send);
  else field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, 400); });
}
const search = document.querySelector("input[type=search][data-search]");
if (search && search.value && new URLSearchParams(location.search).has(search.name)) {
  search.focus();
  search.setSelectionRange(search.value.length, search.value.length);
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
