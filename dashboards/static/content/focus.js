// A press on the picture fills the two number fields; without this script the fields do.
for (const section of document.querySelectorAll("[data-media]")) {
  const picture = section.querySelector(".focus");
  if (!picture) continue;
  const [x, y] = ["focus_x", "focus_y"].map((name) => section.querySelector(`input[name=${name}]`));
  const mark = picture.querySelector("circle");
  const crop = section.querySelector(".crop");
  const [width, height] = ["width", "height"].map((name) => Number(crop.querySelector("image").getAttribute(name)));
  picture.addEventListener("click", (press) => {
    if (!press.detail) return y && x.focus(); // by keyboard there is no point: the fields say it
    const box = picture.querySelector("img").getBoundingClientRect();
    x.value = perCent((press.clientX - box.left) / box.width);
    y.value = perCent((press.clientY - box.top) / box.height);
    show();
  });
  for (const field of [x, y]) field.addEventListener("input", show);

  function show() {
    mark.setAttribute("cx", x.value || 50);
    mark.setAttribute("cy", y.value || 50);
    const edge = Math.min(width, height);
    const left = within((width * (x.value || 50)) / 100 - edge / 2, width - edge);
    const top = within((height * (y.value || 50)) / 100 - edge / 2, height - edge);
    crop.setAttribute("viewBox", `${left} ${top} ${edge} ${edge}`);
  }
}

function perCent(part) {
  return Math.round(within(part, 1) * 100);
}

function within(value, most) {
  return Math.min(Math.max(value, 0), most);
}
