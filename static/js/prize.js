// A prize as a picture to share, drawn here on the phone from what the page shows: its dye, its
// flower and its words. Where a picture can't be shared it is downloaded.
const SIDE = 1080;
const TALL = 1350;
const EDGE = 84;

const paint = (one, name) => getComputedStyle(one).getPropertyValue(name).trim();
const flower = (dye) => document.querySelector(".bloom, .quiz__flower") || dye.querySelector("svg");

// The page's own drawing, shape by shape: a picture of an SVG would need a round trip through a file.
function draw(pen, svg, left, top, width) {
  const box = svg.viewBox.baseVal;
  pen.save();
  pen.translate(left, top);
  pen.scale(width / box.width, width / box.width);
  for (const shape of svg.querySelectorAll("path, circle")) {
    pen.save();
    const turn = shape.parentElement.transform?.baseVal.consolidate()?.matrix;
    if (turn && shape.parentElement !== svg) pen.transform(turn.a, turn.b, turn.c, turn.d, turn.e, turn.f);
    pen.fillStyle = paint(shape, "fill");
    const path = shape.tagName === "path" ? new Path2D(shape.getAttribute("d")) : new Path2D();
    if (shape.tagName === "circle") path.arc(shape.cx.baseVal.value, shape.cy.baseVal.value, shape.r.baseVal.value, 0, 7);
    pen.fill(path);
    pen.restore();
  }
  pen.restore();
}

function fit(pen, text, most, size) {
  const family = paint(document.body, "font-family");
  do pen.font = `800 ${size}px ${family}`;
  while (pen.measureText(text).width > most && (size -= 6) > 48);
}

function picture(button) {
  const dye = button.closest("[data-tone]");
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: TALL });
  const pen = canvas.getContext("2d");
  pen.fillStyle = paint(dye, "--tone");
  pen.fillRect(0, 0, SIDE, TALL);
  draw(pen, flower(dye), SIDE - 640, -60, 760);
  pen.fillStyle = paint(dye, "--on-tone");
  pen.textBaseline = "alphabetic";
  fit(pen, button.dataset.line, SIDE - 2 * EDGE, 52);
  pen.fillText(button.dataset.line, EDGE, 740);
  fit(pen, button.dataset.prize, SIDE - 2 * EDGE, 260);
  pen.fillText(button.dataset.prize, EDGE, 960);
  fit(pen, button.dataset.shop, SIDE - 2 * EDGE, 46);
  pen.fillText(button.dataset.shop, EDGE, 1064);
  const hem = document.getElementById("prize-hem")?.content.querySelector("svg");
  if (hem) {
    dye.append(hem.cloneNode(true));
    draw(pen, dye.lastElementChild, 0, TALL - SIDE / 6, SIDE);
    dye.lastElementChild.remove();
  }
  return new Promise((made) => canvas.toBlob(made, "image/png"));
}

async function share(button) {
  const file = new File([await picture(button)], button.dataset.file, { type: "image/png" });
  if (navigator.canShare?.({ files: [file] })) {
    // Closing the share sheet is an answer too.
    return navigator.share({ files: [file], text: button.dataset.line }).catch(() => {});
  }
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(file), download: file.name });
  link.click();
  return setTimeout(URL.revokeObjectURL, 10_000, link.href);
}

const ready = () => document.querySelectorAll("[data-prize][hidden]").forEach((one) => (one.hidden = false));
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-prize]");
  if (button) share(button);
});
document.addEventListener("setia:idle", ready);
ready();
