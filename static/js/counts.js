// Says below a text how many characters it has, of how many. Without this script the limit alone stands there; the
// server counts again either way, the same characters.

for (const box of document.querySelectorAll("[data-most]")) {
  const field = box.querySelector("input, textarea");
  const note = document.createElement("p");
  note.className = "hint count";
  field.after(note);
  const count = () => {
    const used = [...field.value.trim().normalize("NFC")].length;
    note.textContent = box.dataset.words.replace("%used%", used.toLocaleString(document.documentElement.lang));
    note.classList.toggle("over", used > Number(box.dataset.most));
  };
  field.addEventListener("input", count);
  count();
}
