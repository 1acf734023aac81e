// One box that ticks every person of the page, and ticking somebody means "the ticked". Without this script each
// person is ticked by hand.

const dress = () => {
  for (const all of document.querySelectorAll("[data-tick-all]")) all.hidden = false;
};

document.addEventListener("change", (event) => {
  const { form } = event.target;
  if (event.target.matches("[data-tick-all]")) {
    for (const box of form.querySelectorAll("input[name=registration]")) box.checked = event.target.checked;
  } else if (!event.target.matches("input[name=registration]")) {
    return;
  }
  const ticked = form.querySelector("input[name=whom][value=ticked]");
  if (event.target.checked) ticked.checked = true;
  const boxes = [...form.querySelectorAll("input[name=registration]")];
  const all = form.querySelector("[data-tick-all]");
  all.checked = boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
});
document.addEventListener("plenary:results", dress);
dress();
