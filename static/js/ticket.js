// A ticket opens without network once its page was open: a worker of its own keeps exactly that page. Without
// this script the page is the same, with network only.

const ticket = document.querySelector("[data-worker]");

if (ticket && navigator.serviceWorker) {
  const { worker, scope } = ticket.dataset;
  navigator.serviceWorker.register(worker, { scope }).then(() => navigator.serviceWorker.ready).then(() => { ticket.hidden = false; }).catch(() => {});
}

// The registration has ended: its ticket goes from this device.
const over = document.querySelector("[data-forget]")?.dataset.forget;

if (over && navigator.serviceWorker && window.caches) {
  const own = `ticket ${over} `;
  const keys = await caches.keys();
  await Promise.all(keys.filter((key) => key.startsWith(own)).map((key) => caches.delete(key)));
  const scope = new URL(over, location.href).href;
  const all = await navigator.serviceWorker.getRegistrations();
  await Promise.all(all.filter((one) => one.scope === scope).map((one) => one.unregister()));
}
