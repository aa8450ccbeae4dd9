// The map that moves: MapLibre's canvas, and above it the numbers of the stations, which never hide each other.

const APART = 8; // CSS pixels between two plates
const ROUNDS = 60;
const FULL = 0.45; // of the map may be plates
const ROOM = { top: 76, right: 36, bottom: 88, left: 36 }; // for the buttons above and below the trail

/**
 * Draw; resolves when the way has really been drawn. Throws where there is no WebGL.
 *
 * What lies below comes afterwards: a base map that is slow, broken or away keeps nobody waiting.
 */
export async function draw(page, data, { library, style, metres, signs }) {
  const [element, words] = [page.querySelector(".canvas"), data.words];
  library.setWorkerUrl(new URL(page.dataset.worker, location.href).href);
  let [colour, below, me] = [style.colours(), null, NOBODY];
  const styled = () => style.styleOf(data, below?.(colour), colour, me);
  element.hidden = false;
  const map = new library.Map({
    container: element, style: styled(), bounds: boundsOf(data), fitBoundsOptions: { padding: ROOM },
    attributionControl: false, maxPitch: 0, dragRotate: false, minZoom: 8, maxZoom: 19, fadeDuration: 0,
    locale: { "Map.Title": words.map },
  });
  map.on("error", ({ error }) => console.info("map:", error?.message)); // a tile that does not come leaves the way as it is
  map.setMissingStyleImageResolver((id) => map.addImage(id, style.picture(id, colour), { pixelRatio: 2 }));
  map.addControl(new library.ScaleControl({ maxWidth: 110 }), "bottom-left");
  const recolour = () => {
    colour = style.colours();
    map.setStyle(styled(), { diff: false }); // pictures are drawn anew too
  };
  for (const asked of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(asked).addEventListener("change", recolour);
  const plates = addPlates(map, data, words);
  const places = addPlaces(map, page, data, plates, signs);
  await new Promise((done) => map.once("idle", done));
  void layBelow(page, data, library, style)
    .then((found) => map.setStyle(styled((below = found))))
    .catch((error) => console.info("map:", error?.message));
  const showMe = (at, accuracy) => {
    me = at ? aroundMe(at, accuracy, metres) : NOBODY; // kept where the style is being changed, which takes it then
    map.getSource("me")?.setData(me);
  };
  return handle(map, plates, places, data, { showMe, metres });
}

const NOBODY = { type: "FeatureCollection", features: [] };

async function layBelow(page, { base_map: base }, library, style) {
  const archive = base?.archive && (await opened(page.dataset.archives, base.archive, library));
  return style.baseMap(base, archive, document.documentElement.lang);
}

async function opened(script, address, library) {
  await new Promise((done, failed) => {
    const element = document.createElement("script");
    Object.assign(element, { src: script, onload: done, onerror: failed });
    document.head.append(element);
  });
  const { PMTiles, Protocol } = globalThis.pmtiles;
  const protocol = new Protocol();
  const archive = new PMTiles(new URL(address, location.href).href);
  protocol.add(archive);
  library.addProtocol("pmtiles", protocol.tile);
  return archive;
}

function boundsOf({ trail, stations }) {
  const { type, coordinates } = trail.geometry;
  const points = [...(type === "LineString" ? coordinates : coordinates.flat()), ...stations.features.map((one) => one.geometry.coordinates)];
  const [lons, lats] = [points.map(([lon]) => lon), points.map(([, lat]) => lat)];
  return [[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]];
}

/** A button for each station, and a line to its point where it stands beside it. */
function addPlates(map, data, words) {
  const layer = document.createElement("div");
  layer.className = "plates";
  const drawing = layer.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  drawing.setAttribute("aria-hidden", "true");
  const leaders = drawing.appendChild(document.createElementNS(drawing.namespaceURI, "path"));
  const plates = data.stations.features.map(({ geometry, properties }) => {
    const button = layer.appendChild(document.createElement("button"));
    const label = `${words.station.replace("%(number)s", properties.number)}: ${properties.title}`;
    button.type = "button";
    button.tabIndex = -1; // the list reaches each station by Tab; twice would only be longer
    button.className = properties.is_closed ? "plate off" : "plate";
    button.textContent = properties.number;
    button.dataset.code = properties.code;
    button.setAttribute("aria-label", properties.is_closed ? `${label}, ${words.closed}` : label);
    return { button, at: geometry.coordinates, code: properties.code };
  });
  map.getCanvasContainer().append(layer);
  placedAgain(map, () => leaders.setAttribute("d", placed(map, plates)));
  return plates;
}

function placedAgain(map, place) {
  map.on("move", place);
  map.on("resize", place);
  place();
}

/** A button for each place beside the way, below the plates and never where one of them is. */
function addPlaces(map, page, data, plates, signs) {
  const layer = document.createElement("div");
  layer.className = "plates signs";
  const drawing = layer.appendChild(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  drawing.setAttribute("aria-hidden", "true");
  const leaders = drawing.appendChild(document.createElementNS(drawing.namespaceURI, "path"));
  const drawings = [...page.querySelectorAll("li[data-place] .place-sign")];
  const places = signs.add(layer, data.places.features, drawings);
  map.getCanvasContainer().querySelector(".plates").before(layer);
  const place = () => leaders.setAttribute("d", placedBeside(map, places, plates, signs, layer.classList.contains("only-help")));
  placedAgain(map, place);
  return { places, show: (isAll) => void (layer.classList.toggle("only-help", !isAll), place()) };
}

function placedBeside(map, places, plates, signs, isOnlyHelp) {
  const points = places.map(({ at, isHelp }) => ({ ...map.project(at), isHelp }));
  const wanted = places.map(({ isHelp, button }) => isHelp || (!isOnlyHelp) || button.classList.contains("here"));
  const [size, plateSize] = [places[0]?.button.offsetWidth ?? 28, plates.find(({ now }) => now)?.button.offsetWidth ?? 44];
  const found = signs.placed(points.filter((_, i) => wanted[i]), size, plates.flatMap(({ now }) => now ?? []), plateSize);
  return places.map(({ button }, i) => {
    const at = wanted[i] ? found.shift() : null;
    button.hidden = !at;
    if (at) button.style.transform = moved(at);
    return at ? leader(points[i], at) : "";
  }).join("");
}

const moved = ({ x, y }) => `translate(-50%, -50%) translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;

function leader(from, to) {
  if (Math.hypot(to.x - from.x, to.y - from.y) <= 4) return "";
  return `M${from.x} ${from.y}m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0M${from.x} ${from.y}L${to.x} ${to.y}`;
}

function placed(map, plates) {
  const points = plates.map(({ at }) => map.project(at));
  const isLarge = large(map, points, plates);
  for (const [i, { button }] of plates.entries()) button.classList.toggle("dot", !isLarge[i]);
  const size = (plates[isLarge.indexOf(true)]?.button.offsetWidth ?? 44) + APART;
  const places = spread(points.filter((_, i) => isLarge[i]), size);
  return points.map((point, i) => {
    const place = isLarge[i] ? places.shift() : point;
    plates[i].now = isLarge[i] ? place : null;
    plates[i].button.style.transform = moved(place);
    return leader(point, place);
  }).join("");
}

/** Which stations show their number: all where there is room, else every second, third … and dots between them. */
function large(map, points, plates) {
  const { clientWidth: width, clientHeight: height } = map.getContainer();
  const isSeen = points.map(({ x, y }) => x > -60 && y > -60 && x < width + 60 && y < height + 60);
  const count = isSeen.filter(Boolean).length;
  const every = Math.max(1, Math.ceil(count / Math.max(12, (FULL * width * height) / 52 ** 2)));
  return plates.map(({ button }, i) => isSeen[i] ? i % every === 0 || button.classList.contains("here") : plates.length <= 30);
}

/** Push places apart until any two are `size` from each other; as the server does it for the drawn map. */
export function spread(points, size) {
  const places = points.map(({ x, y }) => ({ x, y }));
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let i = 0; i < places.length; i++) {
      for (let j = i + 1; j < places.length; j++) moved = pushed(places[i], places[j], size, i) || moved;
    }
  }
  return places;
}

function pushed(one, other, size, turn) {
  let [dx, dy] = [other.x - one.x, other.y - one.y];
  let apart = Math.hypot(dx, dy);
  if (apart >= size) return false;
  if (apart < 0.01) [dx, dy, apart] = [Math.cos(turn), Math.sin(turn), 1];
  const push = ((size - apart) / 2 + 0.1) / apart;
  one.x -= push * dx;
  one.y -= push * dy;
  other.x += push * dx;
  other.y += push * dy;
  return true;
}

/** What the page does with the map. */
function handle(map, plates, { places, show }, data, { showMe, metres }) {
  const tools = {
    nearer: () => map.zoomIn(),
    further: () => map.zoomOut(),
    whole: () => map.fitBounds(boundsOf(data), { padding: ROOM, bearing: 0 }),
    north: () => map.resetNorth(),
  };
  return {
    map,
    use: (tool) => tools[tool]?.(),
    select(code, { isShown = true } = {}) {
      for (const plate of plates) plate.button.classList.toggle("here", plate.code === code);
      const plate = plates.find((one) => one.code === code);
      map.fire("move"); // the chosen one has its number, also where all others are dots
      if (plate && isShown) map.easeTo({ center: plate.at, zoom: Math.max(map.getZoom(), 15.5) });
    },
    selectPlace(chosen, { isShown = true } = {}) {
      for (const [i, place] of places.entries()) place.button.classList.toggle("here", i === chosen);
      const place = places[chosen];
      map.fire("move");
      if (place && isShown) map.easeTo({ center: place.at, zoom: Math.max(map.getZoom(), 16.5) });
    },
    showPlaces: show,
    showMe(at, accuracy, isFollowed) {
      showMe(at, accuracy);
      if (!at || !isFollowed) return;
      const ring = boundsOfRing(at, accuracy, metres);
      const widest = map.cameraForBounds(ring, { padding: 24 })?.zoom ?? 15; // all of where one may be is seen
      map.easeTo({ center: at, zoom: Math.min(Math.max(map.getZoom(), 15), widest) });
    },
  };
}

/** Degrees of longitude and of latitude that a metre is here. */
function degrees([lon, lat], metres) {
  return [0.001 / metres([lon, lat], [lon + 0.001, lat]), 0.001 / metres([lon, lat], [lon, lat + 0.001])];
}

function boundsOfRing([lon, lat], accuracy, metres) {
  const [east, north] = degrees([lon, lat], metres).map((one) => one * accuracy);
  return [[lon - east, lat - north], [lon + east, lat + north]];
}

function aroundMe([lon, lat], accuracy, metres) {
  const [east, north] = degrees([lon, lat], metres);
  const ring = Array.from({ length: 65 }, (_, i) => {
    const turn = (2 * Math.PI * i) / 64;
    return [lon + accuracy * east * Math.cos(turn), lat + accuracy * north * Math.sin(turn)];
  });
  const feature = (type, coordinates) => ({ type: "Feature", properties: {}, geometry: { type, coordinates } });
  return { type: "FeatureCollection", features: [feature("Polygon", [ring]), feature("Point", [lon, lat])] };
}
