// A closed stretch by two presses on the map: the first is where it begins, the second where it ends, then anew.
// Without this file the same is said by stations or metres.

const map = document.getElementById("map");
const line = JSON.parse(document.getElementById("line").dataset.line); // { points: [[x, y, metres], …], loop }
const form = document.querySelector("form.closing");
const field = (name) => form.elements.namedItem(name);
const SVG = "http://www.w3.org/2000/svg";
let pressed = [];

function nearest(x, y) {
  let best = { off: Infinity, metres: 0 };
  for (let i = 1; i < line.points.length; i++) {
    const [ax, ay, am] = line.points[i - 1];
    const [bx, by, bm] = line.points[i];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const part = length ? Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
    const [px, py] = [ax + part * (bx - ax), ay + part * (by - ay)];
    const off = Math.hypot(x - px, y - py);
    if (off < best.off) best = { off, x: px, y: py, metres: am + part * (bm - am) };
  }
  return best;
}

function at(metres) {
  const i = Math.max(1, line.points.findIndex((point) => point[2] >= metres));
  const [ax, ay, am] = line.points[i - 1];
  const [bx, by, bm] = line.points[i];
  const part = bm > am ? (metres - am) / (bm - am) : 0;
  return [ax + part * (bx - ax), ay + part * (by - ay)];
}

function between(from, to) {
  const inner = line.points.filter((point) => point[2] > from && point[2] < to).map(([x, y]) => [x, y]);
  return `M${[at(from), ...inner, at(to)].map((point) => point.join(" ")).join("L")}`;
}

function draw() {
  map.querySelectorAll(".pressed, .end").forEach((old) => old.remove());
  const add = (name, attributes) => {
    const made = map.insertBefore(document.createElementNS(SVG, name), map.querySelector(".plate")); // numbers stay on top
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  };
  const [from, to] = pressed.map((one) => one.metres);
  if (pressed.length === 2) {
    const last = line.points.at(-1)[2];
    const [low, high] = line.loop ? [from, to] : [Math.min(from, to), Math.max(from, to)];
    const d = low <= high ? between(low, high) : between(low, last) + between(0, high);
    add("path", { class: "pressed", d });
  }
  for (const one of pressed) add("circle", { class: "end", cx: one.x, cy: one.y, r: 8 });
}

map.classList.add("pressable");
document.querySelector(".press").hidden = false;
map.addEventListener("click", (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
  const place = nearest(point.x, point.y);
  if (place.off > 40) return; // beside the trail: nothing is meant
  pressed = pressed.length === 2 ? [place] : [...pressed, place];
  field("where").value = "along";
  field("from_m").value = Math.round(pressed[0].metres);
  field("to_m").value = pressed[1] ? Math.round(pressed[1].metres) : "";
  draw();
});
