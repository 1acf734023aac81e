// Choosing the part of a photo that is kept: a square that is dragged, or moved and sized by sliders. The sliders
// are the fields x, y and size of the form, in the photo's own pixels. Without this script a square from the middle is kept.

const LARGEST = 480;

/** The square where nobody chose one; the same as the server's. */
function usual(width, height) {
  const size = Math.min(width, height);
  return { x: Math.floor((width - size) / 2), y: Math.floor((height - size) / 3), size };
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

class Crop {
  constructor(box, input, picture) {
    const { width, height } = picture;
    const short = Math.min(width, height);
    const scale = Math.min(1, LARGEST / Math.max(width, height));
    Object.assign(this, { picture, width, height, scale, short, ...usual(width, height) });
    this.least = Math.min(Number(box.dataset.least), short);
    const name = input.name.replace(/\.file$/, "");
    const words = box.dataset;
    this.canvas = element("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    this.canvas.setAttribute("aria-hidden", "true");
    this.sliders = {
      x: this.slider(`${name}.x`, words.wordsAcross),
      y: this.slider(`${name}.y`, words.wordsDown),
      size: this.slider(`${name}.size`, words.wordsSize),
    };
    this.view = element("fieldset", { className: "crop" },
      element("legend", { textContent: words.wordsPart }),
      element("p", { className: "hint", textContent: words.wordsOval }),
      this.canvas,
      ...Object.values(this.sliders).map((slider) => slider.row),
    );
    this.draggable();
    this.show();
  }

  slider(name, label) {
    // Numbers of pixels grow from left to right in every script.
    const range = element("input", { type: "range", name, id: name, min: 0, step: 1, dir: "ltr" });
    range.addEventListener("input", () => this.read());
    const row = element("div", { className: "crop-row" }, element("label", { htmlFor: name, textContent: label }), range);
    return { range, row };
  }

  read() {
    const value = (key) => Number(this.sliders[key].range.value);
    const size = value("size");
    // A square that grows or shrinks does so around its middle.
    const grown = Math.round((size - this.size) / 2);
    const at = grown === 0 ? { x: value("x"), y: value("y") } : { x: this.x - grown, y: this.y - grown };
    Object.assign(this, at, { size });
    this.show();
  }

  show() {
    const within = (from, all) => Math.max(0, Math.min(from, all - this.size));
    this.x = within(this.x, this.width);
    this.y = within(this.y, this.height);
    const set = (key, most, value, least = 0) => {
      Object.assign(this.sliders[key].range, { min: least, max: most });
      this.sliders[key].range.value = value;
      this.sliders[key].range.disabled = false;
    };
    set("size", this.short, this.size, this.least);
    set("x", this.width - this.size, this.x);
    set("y", this.height - this.size, this.y);
    this.draw();
  }

  draw() {
    const { canvas, scale } = this;
    const [x, y, size] = [this.x, this.y, this.size].map((value) => value * scale);
    const brush = canvas.getContext("2d");
    brush.drawImage(this.picture, 0, 0, canvas.width, canvas.height);
    brush.fillStyle = "rgb(0 0 0 / 60%)";
    brush.beginPath();
    brush.rect(0, 0, canvas.width, canvas.height);
    brush.rect(x, y, size, size);
    brush.fill("evenodd");
    const line = (color, width, dashes) => {
      Object.assign(brush, { strokeStyle: color, lineWidth: width });
      brush.setLineDash(dashes);
      brush.strokeRect(x + 1, y + 1, size - 2, size - 2);
      brush.beginPath();
      brush.ellipse(x + size / 2, y + size * 0.47, size * 0.26, size * 0.35, 0, 0, 2 * Math.PI);
      brush.stroke();
    };
    line("rgb(0 0 0 / 70%)", 4, []);
    line("white", 2, []);
  }

  draggable() {
    const { canvas } = this;
    let held = null;
    const at = (event) => {
      const shown = canvas.getBoundingClientRect();
      const pixel = this.width / shown.width;
      return { x: (event.clientX - shown.left) * pixel, y: (event.clientY - shown.top) * pixel };
    };
    canvas.addEventListener("pointerdown", (event) => {
      const { x, y } = at(event);
      held = { x: x - this.x, y: y - this.y };
      canvas.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!held) return;
      const { x, y } = at(event);
      Object.assign(this, { x: Math.round(x - held.x), y: Math.round(y - held.y) });
      this.show();
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { held = null; });
  }

  remove() {
    this.view.remove();
    this.picture.close();
  }
}

for (const box of document.querySelectorAll("[data-photo]")) {
  const input = box.querySelector("input[type=file]");
  let crop = null;
  const note = element("p", { className: "hint", hidden: true });
  note.setAttribute("role", "status");
  input.after(note);
  input.addEventListener("change", async () => {
    crop?.remove();
    crop = null;
    note.hidden = true;
    const [file] = input.files;
    if (!file) return;
    try {
      const picture = await createImageBitmap(file);
      if (input.files[0] !== file) return;
      crop = new Crop(box, input, picture);
      note.after(crop.view);
    } catch {
      // The server says what is wrong with it; here it only can't be shown.
      note.textContent = box.dataset.wordsUnreadable;
      note.hidden = false;
    }
  });
}
