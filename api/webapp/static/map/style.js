// How the map looks: layers of MapLibre from the colours of the style sheet, for the theme that is shown.

const NAMES = ["paper", "card", "line", "ink", "soft", "moss", "leaf", "on-closure", "closure", "link"];

/** The colours of the page by the names of its custom properties, in numbers: MapLibre knows no system colours. */
export function colours() {
  const probe = document.body.appendChild(document.createElement("span"));
  const style = getComputedStyle(probe);
  const found = NAMES.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, style.color];
  });
  probe.remove();
  return Object.fromEntries(found);
}

/** The style: what lies below, the way, its closed parts, names, the direction, and the place of whoever looks. */
export function styleOf(data, below, colour, me) {
  return {
    version: 8,
    sources: {
      ...below?.sources,
      way: { type: "geojson", data: data.trail },
      closed: { type: "geojson", data: data.closures },
      me: { type: "geojson", data: me },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour.card } },
      ...(below?.layers ?? []),
      line("edge", "way", { "line-color": colour.card, "line-width": 10 }),
      line("way", "way", { "line-color": colour.moss, "line-width": 5 }),
      line("closed", "closed", { "line-color": colour["on-closure"], "line-width": 14 }),
      line("hatching", "closed", { "line-pattern": "hatching", "line-width": 10 }, "butt"),
      ...(below?.names ?? []),
      arrows(),
      { id: "around-me", type: "fill", source: "me", filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": colour.link, "fill-opacity": 0.18, "fill-outline-color": colour.link } },
      { id: "me", type: "circle", source: "me", filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-radius": 9, "circle-color": colour.link, "circle-stroke-color": colour.card, "circle-stroke-width": 3 } },
    ],
  };
}

const line = (id, source, paint, cap = "round") => ({
  id, source, type: "line", layout: { "line-cap": cap, "line-join": "round" }, paint,
});

const arrows = () => ({
  id: "direction", source: "way", type: "symbol",
  layout: { "symbol-placement": "line", "symbol-spacing": 130, "icon-image": "arrow", "icon-rotation-alignment": "map",
    "icon-allow-overlap": true, "icon-ignore-placement": true },
});

/**
 * The town's base map as sources, layers and names by the colours of a theme; `archive` is pmtiles' view of its file,
 * where it is one. Nothing where there is no base map. `lang` is a BCP 47 tag.
 */
export async function baseMap(base, archive, lang) {
  if (base?.tiles) return raster({ type: "raster", tiles: [base.tiles], tileSize: 256 });
  if (!archive) return () => undefined;
  const address = `pmtiles://${archive.source.getKey()}`;
  const { tileType } = await archive.getHeader();
  if (tileType !== 1) return raster({ type: "raster", url: address, tileSize: 256 });
  const { vector_layers: parts = [] } = await archive.getMetadata();
  return (colour) => ({
    sources: { below: { type: "vector", url: address } },
    layers: ["Polygon", "LineString"].flatMap((kind) => parts.map((part) => drawn(part.id, kind, colour))),
    names: parts.flatMap((part) => named(part, lang.slice(0, 2), colour)),
  });
}

const raster = (source) => () => ({
  sources: { below: source },
  layers: [{ id: "below", type: "raster", source: "below", paint: { "raster-saturation": -0.4 } }],
});

/** The names in a layer, along lines and else in the middle. Without `glyphs` MapLibre draws letters from the phone's fonts. */
function named({ id, fields = {} }, lang, colour) {
  const keys = [`name:${lang}`, `name_${lang}`, "name", "NAME", "Name", "bezeichnung"].filter((key) => key in fields);
  if (!keys.length) return [];
  const size = (13 * parseFloat(getComputedStyle(document.documentElement).fontSize)) / 16; // as large as the page's text is wanted
  const isLine = ["==", ["geometry-type"], "LineString"];
  return [[isLine, "line"], [["!", isLine], "point"]].map(([filter, placement]) => ({
    id: `${id} ${placement} names`, source: "below", "source-layer": id, type: "symbol", filter,
    layout: { "symbol-placement": placement, "text-field": ["coalesce", ...keys.map((key) => ["get", key])], "text-font": ["sans-serif"], "text-size": size },
    paint: { "text-color": colour.soft, "text-halo-color": colour.card, "text-halo-width": 2 },
  }));
}

/** Quiet colours by what a layer's name says it is; archives name their layers as their makers like. */
function drawn(name, kind, colour) {
  const shape = { id: `${name} ${kind}`, source: "below", "source-layer": name, filter: ["==", ["geometry-type"], kind] };
  const isWater = /water|gewaesser|ocean|river/i.test(name);
  if (kind === "Polygon") {
    const green = /wood|forest|wald|park|green|landcover|landuse|natural/i.test(name);
    const fill = isWater ? colour.link : green ? colour.leaf : colour.line;
    return { ...shape, type: "fill", paint: { "fill-color": fill, "fill-opacity": isWater ? 0.25 : 0.6 } };
  }
  return { ...shape, type: "line", paint: { "line-color": isWater ? colour.link : colour.soft, "line-width": 1.2, "line-opacity": 0.6 } };
}

/** Pictures that layers name, drawn here: no sprite is fetched. */
export function picture(name, colour) {
  const size = name === "arrow" ? 22 : 16;
  const canvas = new OffscreenCanvas(2 * size, 2 * size);
  const pen = canvas.getContext("2d");
  pen.scale(2, 2);
  if (name === "arrow") drawArrow(pen, colour);
  else drawHatching(pen, size, colour);
  return pen.getImageData(0, 0, 2 * size, 2 * size);
}

function drawArrow(pen, colour) {
  for (const [width, stroke] of [[6, colour.card], [3, colour.ink]]) {
    pen.lineWidth = width;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = stroke;
    pen.beginPath();
    pen.moveTo(8, 5);
    pen.lineTo(14, 11);
    pen.lineTo(8, 17);
    pen.stroke();
  }
}

function drawHatching(pen, size, colour) {
  pen.fillStyle = colour.closure;
  pen.fillRect(0, 0, size, size);
  pen.lineWidth = 4;
  pen.strokeStyle = colour["on-closure"];
  for (const start of [-size, 0, size]) {
    pen.beginPath();
    pen.moveTo(start - 4, size + 4);
    pen.lineTo(start + size + 4, -4);
    pen.stroke();
  }
}
