// Shows the mail as it would look while it is written. Without this script a button does it.

const form = document.getElementById("wording");
const button = form?.querySelector("[data-preview]");
let waiting = 0;

function show() {
  // An empty field would stop the form with a message that nobody asked for.
  if (button && form.checkValidity()) form.requestSubmit(button);
}

if (button) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 400);
  });
  show();
}
