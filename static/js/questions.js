// Questions that hang on another answer or on the category show themselves when they apply. Without this
// script all are there, each with the words that say when it applies.

const form = document.querySelector("[data-question]")?.closest("form");

/** The values given to the question with this code. */
function given(code) {
  return new FormData(form).getAll(`q-${code}`).filter((value) => value !== "");
}

function applies(box) {
  const { askedIn, dependsOn, dependsCodes } = box.dataset;
  const category = form.elements.category?.value;
  if (askedIn && category && !askedIn.split(" ").includes(category)) return false;
  if (!dependsOn) return true;
  const other = form.querySelector(`[data-question="${CSS.escape(dependsOn)}"]`);
  if (other?.hidden) return false;
  const codes = dependsCodes.split(" ");
  return given(dependsOn).some((value) => codes.includes(value));
}

// A hidden field is switched off, or the browser would insist on an answer that nobody can give. What was typed
// stays in it for when it is asked again.
function update() {
  for (const box of form.querySelectorAll("[data-question]")) {
    const shown = applies(box);
    box.hidden = !shown;
    for (const field of box.querySelectorAll("input, select, textarea")) field.disabled = !shown;
    for (const note of box.querySelectorAll("[data-condition]")) note.hidden = true;
  }
}

if (form) {
  form.addEventListener("change", update);
  form.addEventListener("input", update);
  update();
}
