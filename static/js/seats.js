// How full sessions are, told beside them: the pages themselves stay in the cache.

const event = location.pathname.split("/")[1];
const PAUSE = 60_000;

async function look() {
  if (document.visibilityState !== "visible") return;
  const answer = await fetch(`/${event}/seats.json?lang=${document.documentElement.lang}`).catch(() => null);
  if (!answer?.ok) return;
  const { seats } = await answer.json();
  for (const mark of document.querySelectorAll("[data-seats]")) {
    const one = seats[mark.dataset.seats];
    if (!one) continue;
    mark.textContent = one.text;
    mark.dataset.seatState = one.fill;
    mark.hidden = false;
  }
}

if (document.querySelector("[data-seats]")) {
  look();
  setInterval(look, PAUSE);
  document.addEventListener("visibilitychange", look);
}
