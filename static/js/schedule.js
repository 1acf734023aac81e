// The timetable and lists of sessions: what is on now is marked, sessions can be starred on this device. An
// attendee who has connected this browser on their own page finds the stars in their agenda too.

const slug = location.pathname.split("/")[1];
const starsKey = `plenary-stars-${slug}`;

function tell(code, isStarred) {
  const own = localStorage.getItem(`plenary-own-${slug}`);
  if (!own?.startsWith(`/${slug}/r/`)) return;
  const body = new URLSearchParams([[isStarred ? "star" : "unstar", code]]);
  // A star that does not arrive stays on this device; connecting once more sends it along.
  fetch(`${own}/stars`, { method: "POST", body, headers: { accept: "application/json" }, keepalive: true }).catch(() => {});
}

function starred() {
  try {
    return new Set(JSON.parse(localStorage.getItem(starsKey) ?? "[]"));
  } catch {
    return new Set();
  }
}

function toggle(button) {
  const code = button.closest("[data-session]").dataset.session;
  const stars = starred();
  if (!stars.delete(code)) stars.add(code);
  try {
    localStorage.setItem(starsKey, JSON.stringify([...stars]));
    tell(code, stars.has(code));
  } catch {
    return; // A full or forbidden store keeps no stars; then none is shown either.
  }
  // One session may be shown several times.
  for (const row of document.querySelectorAll(`[data-session="${CSS.escape(code)}"] > .star, [data-session="${CSS.escape(code)}"] .star`)) {
    row.setAttribute("aria-pressed", String(stars.has(code)));
  }
}

const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];

function addStars() {
  const label = document.querySelector("[data-star]")?.dataset.star;
  if (!label || !sprite) return;
  const stars = starred();
  for (const row of document.querySelectorAll("[data-star] [data-session]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "star";
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-pressed", String(stars.has(row.dataset.session)));
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#star"></use></svg>`;
    row.querySelector(".title")?.before(button);
  }
}

function markNow() {
  const now = Date.now();
  for (const time of document.querySelectorAll("[data-session] time[data-end]")) {
    const row = time.closest("[data-session]");
    const end = Date.parse(time.dataset.end);
    row.classList.toggle("is-now", Date.parse(time.dateTime) <= now && now < end);
    row.classList.toggle("is-over", end <= now);
  }
}

function dress() {
  addStars();
  markNow();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".star");
  if (button) toggle(button);
});
// Filters put a new list in place of the old one.
document.addEventListener("plenary:results", dress);
setInterval(markNow, 60_000);
dress();
