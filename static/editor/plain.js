// The plain list, which stays where there is no room for the grid: it follows what others change.

const list = document.querySelector(".ed-plain");
const PAUSE = 400;
let timer;

/** Whether the list is what one sees. */
const isSeen = () => list.offsetParent !== null;

/** Whether something is ticked, typed or open for typing: then it must not be taken away. */
const isInUse = () => list.contains(document.activeElement) && document.activeElement.matches("input, select, textarea")
  || list.querySelector("details[open] > form, input[name=slot]:checked") !== null;

async function renew() {
  if (!isSeen() || isInUse()) return;
  const response = await fetch(location.href, { headers: { accept: "text/html" } }).catch(() => null);
  if (!response?.ok || response.redirected) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector(".ed-plain");
  if (!fresh || isInUse()) return;
  const focus = document.activeElement?.id;
  const [left, top] = [scrollX, scrollY];
  list.replaceChildren(...fresh.childNodes);
  scrollTo(left, top);
  if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
}

/** Something has changed: the list is fetched anew, once for a burst of changes. */
export function renewPlain() {
  clearTimeout(timer);
  timer = setTimeout(renew, PAUSE);
}

// What was left open or ticked is shown anew once it is closed.
list.addEventListener("toggle", (event) => { if (!event.target.open) renewPlain(); }, true);
