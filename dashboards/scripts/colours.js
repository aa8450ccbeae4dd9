// The colours of the page's own tokens, in the theme that is on.

export function colours() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const found = Object.fromEntries(
    ["card", "line", "ink", "soft", "moss", "bark", "leaf", "link"].map((name) => [name, token(name)]),
  );
  return { ...found, hatch: hatched(found.soft), font: getComputedStyle(document.body).fontFamily };
}

/** A gap is hatched, as in the bars of the page. */
function hatched(colour) {
  const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour;
  pen.globalAlpha = 0.55;
  for (const x of [-8, 0, 8]) {
    pen.moveTo(x, 8);
    pen.lineTo(x + 8, 0);
  }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}
