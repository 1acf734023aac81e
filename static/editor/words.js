// The page's words and settings, which the server delivers as data, and the line that is read aloud.

/** {base, lang, mayEdit, words, states} */
export const setup = JSON.parse(document.getElementById("editor-data").textContent);

/** A text with its places filled in. */
export function word(key, values = {}) {
  const text = setup.words[`editor-${key}`] ?? key;
  return text.replace(/\{(\w+)\}/g, (place, name) => (name in values ? String(values[name]) : place));
}

export const list = (parts) => parts.filter(Boolean).join(setup.words["common-list-separator"]);

const spoken = document.getElementById("editor-spoken");
let waiting = [];

/** Says something to those who listen. What is said in one go is read as one. */
export function announce(text) {
  waiting.push(text);
  if (waiting.length > 1) return;
  requestAnimationFrame(() => {
    spoken.textContent = waiting.join(" ");
    waiting = [];
  });
}

const toast = document.getElementById("editor-message");
let hiding;

/**
 * Shows one line over the grid and says it. `kind` is "", "warn" or "bad"; what is bad stays until
 * it is closed or the next line comes.
 */
export function tell(text, kind = "", action = null) {
  clearTimeout(hiding);
  toast.className = `ed-message ${kind}`;
  toast.querySelector("p").textContent = text;
  const button = toast.querySelector("[data-act]");
  button.hidden = !action;
  button.textContent = action?.label ?? "";
  button.onclick = () => { toast.hidden = true; action?.run(); };
  toast.hidden = false;
  announce(text);
  if (kind !== "bad" && !action) hiding = setTimeout(() => { toast.hidden = true; }, 6_000);
}

export function hush() {
  toast.hidden = true;
}

toast.querySelector("[data-close]").addEventListener("click", hush);

const sprite = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0] ?? "";

/** An element with attributes, and children that are elements or texts. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
