// Puts new numbers in their places as they come.

const root = document.querySelector("[data-figures]");
const place = (selector, number) => {
  for (const found of root.querySelectorAll(selector)) found.textContent = number.toLocaleString(document.documentElement.lang);
};
const shown = Number(root.querySelector("[data-figure=conflicts]").textContent);

const source = new EventSource(root.dataset.figures);
source.addEventListener("figures", (event) => {
  const figures = JSON.parse(event.data);
  place("[data-figure=came]", figures.came);
  place("[data-figure=conflicts]", figures.conflicts);
  // The list of conflicts is not rebuilt under the eyes of who reads it.
  root.querySelector("[data-more]").hidden = figures.conflicts <= shown;
  for (const gate of figures.gates) {
    for (const of of ["inside", "entered", "left", "refused"]) place(`[data-gate="${gate.gate}"] [data-of=${of}]`, gate[of]);
    place(`[data-inside="${gate.gate}"]`, gate.inside);
  }
});
source.addEventListener("reload", () => location.reload());
