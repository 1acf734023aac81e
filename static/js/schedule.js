// The timetable with a script: what is on now is marked, and sessions can be starred on this device.

const rows = [...document.querySelectorAll("[data-session]")];

// Mark what is on now, again each minute.
function markNow() {
  const now = Date.now();
  for (const row of rows) {
    const time = row.querySelector("time[datetime]");
    const [from, to] = (time?.textContent ?? "").split("–");
    const start = Date.parse(time?.dateTime ?? "");
    if (Number.isNaN(start) || !to) continue;
    const minutes = (text) => { const [hours, rest] = text.trim().split(":").map(Number); return hours * 60 + rest; };
    const length = (minutes(to) - minutes(from) + 1440) % 1440;
    const end = start + length * 60000;
    row.classList.toggle("is-now", start <= now && now < end);
    row.classList.toggle("is-over", end <= now);
  }
}
markNow();
setInterval(markNow, 60000);

// Stars stay on this device.
const event = location.pathname.split("/")[1];
const key = `plenary-stars-${event}`;
const read = () => { try { return new Set(JSON.parse(localStorage.getItem(key) ?? "[]")); } catch { return new Set(); } };
const label = document.documentElement.lang.startsWith("zh") ? "收藏此场次" : "Star this session";
const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];
if (sprite) {
  const stars = read();
  for (const row of rows) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "star";
    button.setAttribute("aria-label", label);
    button.setAttribute("aria-pressed", String(stars.has(row.dataset.session)));
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#star"></use></svg>`;
    button.addEventListener("click", () => {
      const now = read();
      const on = !now.has(row.dataset.session);
      if (on) now.add(row.dataset.session); else now.delete(row.dataset.session);
      try { localStorage.setItem(key, JSON.stringify([...now])); } catch { return; }
      button.setAttribute("aria-pressed", String(on));
    });
    row.querySelector(".title")?.before(button);
  }
}
