// Keys for officers who go through many applications, and prepared reasons put into the form at once.
// Without this script a chosen reason is used when the form is sent, and links lead onwards.

const isTyping = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing || isTyping(event.target)) return;
  const link = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});

const template = document.getElementById("template");
const reason = document.getElementById("reason");
let put = "";

template?.addEventListener("change", () => {
  const prepared = document.querySelector(`[data-prepared="${CSS.escape(template.value)}"]`);
  // What an officer typed is never replaced.
  if (reason.value.trim() !== "" && reason.value !== put) return;
  put = prepared?.textContent ?? "";
  reason.value = put;
  const decision = document.getElementById(`decision-${prepared?.dataset.decision}`);
  if (decision && !decision.disabled) decision.checked = true;
});
