// An attendee's own programme: stars follow at once, and this browser can be connected, so that stars
// set on public pages reach the agenda too.

const slug = location.pathname.split("/")[1];
const starsKey = `plenary-stars-${slug}`;
const ownKey = `plenary-own-${slug}`;
const button = document.querySelector("[data-connect]");

function label() {
  const connected = localStorage.getItem(ownKey) === button.dataset.connect;
  button.textContent = connected ? button.dataset.connected : button.dataset.unconnected;
  button.hidden = false;
}

async function connect() {
  let device = [];
  try {
    device = JSON.parse(localStorage.getItem(starsKey) ?? "[]");
  } catch {
    // What can't be read is nothing.
  }
  const body = new URLSearchParams(device.map((code) => ["star", code]));
  const answer = await fetch(`${button.dataset.connect}/stars`, { method: "POST", body, headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const known = button.dataset.starred.split(" ").filter(Boolean);
  localStorage.setItem(starsKey, JSON.stringify([...new Set([...device, ...known])]));
  localStorage.setItem(ownKey, button.dataset.connect);
  location.reload();
}

if (button) {
  try {
    label();
    button.addEventListener("click", () => {
      if (localStorage.getItem(ownKey) === button.dataset.connect) {
        localStorage.removeItem(ownKey);
        label();
      } else {
        connect();
      }
    });
    // A connected browser shows on public pages what the agenda holds.
    if (localStorage.getItem(ownKey) === button.dataset.connect) {
      localStorage.setItem(starsKey, JSON.stringify(button.dataset.starred.split(" ").filter(Boolean)));
    }
  } catch {
    button.hidden = true; // No store, no connection.
  }
}
