// The map page is complete without this: the drawn map and the list. It brings the map that moves, and the place of
// whoever presses for it, which stays on the phone.

const page = document.querySelector(".map-page");
const [sheet, answer] = [page.querySelector(".sheet"), page.querySelector("[data-answer]")];
const beside = [...page.querySelectorAll("li[data-place]")];
const rows = new Map([...page.querySelectorAll("li[data-code]")].map((row) => [row.dataset.code, row]));
const tools = Object.fromEntries([...page.querySelectorAll("[data-tool]")].map((tool) => [tool.dataset.tool, tool]));
const lang = document.documentElement.lang.slice(0, 2);
const load = (name) => import(page.dataset[name]);
const where = load("where");
const sentences = load("sentences");
const held = page.querySelector('script[type="application/json"]'); // of a trail that was taken along
const arriving = held ? Promise.resolve(JSON.parse(held.textContent)) : arrive(page.dataset.document);

async function arrive(address) {
  const found = await fetch(address);
  if (!found.ok) throw new Error(found.status);
  return found.json();
}

let canvas = null; // the map that moves, once it is there
const asked = new URLSearchParams(location.search).get("at"); // the pack has one page for all stations
let selected = page.dataset.at || (rows.has(asked) ? asked : "");
const isMoving = () => sheet.dataset.map === "moving";

// ---- the map that moves

const connection = navigator.connection;
const isNarrow = !held && Boolean(connection?.saveData || /2g/.test(connection?.effectiveType ?? ""));

async function bringMap() {
  if (document.activeElement === tools.load) sheet.focus();
  tools.load.hidden = true;
  try {
    const [library, drawing, style, signs, { metres }, data] = await Promise.all([load("engine"), load("canvas"), load("style"), load("signs"), where, arriving]);
    canvas = await drawing.draw(page, data, { library, style, signs, metres });
    show(data);
  } catch (error) {
    console.info("map:", error?.message);
    page.querySelector(".canvas").hidden = true;
    sheet.dataset.map = "failed";
    const words = await arriving.then((data) => data.words).catch(() => null);
    if (words && !answer.textContent) answer.textContent = words.failed;
  }
}

function show(data) {
  const paper = page.querySelector(".paper");
  const isShown = (moving) => {
    sheet.dataset.map = moving ? "moving" : "drawn";
    paper.inert = moving;
    page.querySelector(".canvas").inert = !moving;
    page.querySelector(".tools").hidden = !moving;
    tools.places?.closest("p").toggleAttribute("inert", !moving); // its room is kept: nothing moves when the map comes
  };
  isShown(true);
  const { map } = canvas;
  map.on("webglcontextlost", () => {
    isShown(false);
    if (position.last) void showPosition();
  });
  map.on("webglcontextrestored", () => isShown(true));
  map.on("dragstart", () => follow(false));
  map.on("rotate", () => tools.north.firstElementChild.style.setProperty("transform", `rotate(${-map.getBearing()}deg)`));
  map.getCanvasContainer().addEventListener("click", ({ target }) => {
    const code = target.closest?.("button[data-code]")?.dataset.code;
    if (code) select(code, data, { isShown: false });
    const place = target.closest?.("button[data-place]")?.dataset.place;
    if (place) selectPlace(Number(place), data, { isShown: false });
  });
  map.on("click", ({ originalEvent, lngLat }) => {
    if (!originalEvent.target.closest("button")) map.easeTo({ center: lngLat }); // to move without dragging
  });
  for (const name of ["nearer", "further", "whole", "north"]) tools[name].addEventListener("click", () => canvas.use(name));
  for (const [i, row] of beside.entries()) pressable(row, () => selectPlace(i, data));
  tools.places?.addEventListener("change", () => canvas.showPlaces(tools.places.checked));
  if (tools.places) canvas.showPlaces(tools.places.checked); // browsers may restore the tick of a visit before
  if (selected) select(selected, data);
  if (position.last) showPosition();
}

function select(code, data, { isShown = true } = {}) {
  selected = code;
  for (const [one, row] of rows) {
    row.classList.toggle("here", one === code);
    row.querySelector(".row").toggleAttribute("aria-current", false);
    if (one === code) row.querySelector(".row").setAttribute("aria-current", "true");
  }
  markPlace(null);
  canvas?.selectPlace(null);
  canvas?.select(code, { isShown });
  const station = data.stations.features.find((one) => one.properties.code === code)?.properties;
  tell(station && { ...station, text: `${station.number} ${station.title}${station.is_closed ? ` · ${data.words.closed}` : ""}` });
}

/** The line below the map: what was pressed, as text, and where it leads if it has a page. */
function tell(what) {
  const chosen = page.querySelector(".chosen");
  chosen.hidden = !what;
  if (!what) return;
  const [name, more, link] = ["b", "span", "a"].map((tag) => chosen.querySelector(tag));
  name.textContent = what.text;
  name.lang = what.lang;
  if (what.name) {
    const german = Object.assign(document.createElement("span"), { lang: "de", textContent: what.name });
    name.append(what.text && ": ", german);
  }
  more.textContent = what.more ?? "";
  link.hidden = !what.href;
  link.href = what.href ?? "";
}

/** The row of a place as a button: it moves the map, so it is none before there is a map that moves. */
function pressable(row, press) {
  const [before, button] = [row.querySelector(".row"), document.createElement("button")];
  button.type = "button";
  button.className = "row";
  button.append(...before.childNodes);
  button.addEventListener("click", (event) => {
    follow(false);
    press();
    bringIntoSight(event, row);
  });
  before.replaceWith(button);
}

/** Show the map; where that takes a row that was pressed by key out of sight, the focus goes with the eyes. */
function bringIntoSight({ detail }, row) {
  sheet.scrollIntoView({ block: "nearest" });
  const isInSight = row.getBoundingClientRect().bottom <= document.querySelector(".bar").getBoundingClientRect().top;
  if (detail === 0 && !isInSight) sheet.focus({ preventScroll: true });
}

function markPlace(chosen) {
  for (const [i, row] of beside.entries()) {
    row.classList.toggle("here", i === chosen);
    row.querySelector("button")?.setAttribute("aria-pressed", String(i === chosen));
  }
}

function selectPlace(i, data, { isShown = true } = {}) {
  const { label, name, where: place } = data.places.features[i].properties;
  select(null, data);
  markPlace(i);
  canvas.selectPlace(i, { isShown });
  tell({ text: label, name, more: place, lang: document.documentElement.lang });
}

page.querySelector(".stations ol").addEventListener("click", async (event) => {
  const row = event.target.closest("a.row")?.closest("li");
  if (!row || !canvas || event.ctrlKey || event.metaKey || event.shiftKey) return; // without it the link shows the station
  event.preventDefault();
  follow(false);
  select(row.dataset.code, await arriving);
  bringIntoSight(event, row);
});

// ---- where somebody is

const LOST_AFTER = 60_000;
const position = { watch: null, last: null, isFollowed: false, words: null };

function follow(isFollowed) {
  position.isFollowed = isFollowed && position.watch !== null;
  if (position.isFollowed && document.activeElement === tools.follow) tools.locate.focus(); // the other one is not needed now
  tools.follow.hidden = position.watch === null || position.isFollowed || !position.last || !isMoving();
}

async function locate() {
  const { words } = await arriving;
  if (position.watch !== null) return stop(words);
  if (!navigator.geolocation) return void (answer.textContent = words.unsupported);
  answer.textContent = words.searching;
  tools.locate.textContent = words.stop;
  tools.locate.setAttribute("aria-pressed", "true");
  position.words = words;
  watch();
  follow(true);
}

function watch() {
  const asked = { enableHighAccuracy: true, maximumAge: 5_000, timeout: 30_000 };
  position.watch = navigator.geolocation.watchPosition(found, (error) => missed(error, position.words), asked);
}

/** While nobody looks the phone need not measure: that would empty its battery on the way. */
document.addEventListener("visibilitychange", () => {
  if (position.watch === null) return;
  navigator.geolocation.clearWatch(position.watch);
  if (document.hidden) return;
  if (position.last && isLost()) {
    forget();
    answer.textContent = position.words.searching;
  }
  watch();
});

function stop(words, said = words.stopped) {
  navigator.geolocation.clearWatch(position.watch);
  Object.assign(position, { watch: null, last: null });
  follow(false);
  tools.locate.textContent = words.ask;
  tools.locate.setAttribute("aria-pressed", "false");
  answer.textContent = said;
  showNobody();
}

function showNobody() {
  canvas?.showMe(null);
  page.querySelector(".paper .me")?.remove();
  for (const row of [...rows.values(), ...beside]) row.querySelector("[data-distance]").textContent = "";
}

const isLost = () => Date.now() - position.last.since > LOST_AFTER;

/** Where one was is not where one is. */
function forget() {
  position.last = null;
  showNobody();
  follow(position.isFollowed);
}

function missed(error, words) {
  if (error.code === error.PERMISSION_DENIED) stop(words, words.denied);
  else if (!position.last || (error.code === error.POSITION_UNAVAILABLE && isLost())) {
    forget();
    answer.textContent = words.unavailable; // the watch goes on: it may find it yet
  }
}

function found({ coords: { longitude, latitude, accuracy } }) {
  if (position.watch === null) return;
  position.last = { at: [longitude, latitude], accuracy, since: Date.now() };
  showPosition();
}

async function showPosition({ isAsked = false } = {}) {
  const [pure, spoken, data] = [await where, await sentences, await arriving];
  if (!position.last) return;
  const route = pure.prepare(data);
  const judged = pure.judge(route, position.last);
  const said = spoken.sentences(judged, data.words, lang).join(" ");
  if (answer.textContent !== said) answer.textContent = said; // read out only when it is another one
  for (const stopped of route.stops) {
    const row = rows.get(stopped.code)?.querySelector("[data-distance]");
    if (row) row.textContent = spoken.toStation(route, judged, stopped, data.words, lang, pure);
  }
  for (const [i, row] of beside.entries()) {
    const away = pure.metres(position.last.at, data.places.features[i].geometry.coordinates);
    row.querySelector("[data-distance]").textContent = spoken.asTheCrowFlies(away, judged, data.words, lang);
  }
  follow(position.isFollowed);
  const isFollowed = position.isFollowed && (!judged.isFar || isAsked); // from far away the trail stays in view
  canvas?.showMe(position.last.at, position.last.accuracy, isFollowed);
  if (!isMoving()) onPaper(data.frame, position.last, pure.metres);
}

function onPaper(frame, { at: [lon, lat], accuracy }, metres) {
  const svg = page.querySelector(".paper svg");
  const [x, y] = [(lon - frame.west) * frame.shortening * frame.scale, (frame.north - lat) * frame.scale];
  const radius = (accuracy * frame.scale * 0.001) / metres([lon, lat], [lon, lat + 0.001]);
  const group = svg.querySelector(".me") ?? svg.appendChild(document.createElementNS(svg.namespaceURI, "g"));
  group.setAttribute("class", "me");
  const circles = [Math.min(radius, 2000), 8].map((r) => {
    const circle = document.createElementNS(svg.namespaceURI, "circle");
    for (const [name, value] of Object.entries({ cx: x, cy: y, r })) circle.setAttribute(name, value.toFixed(1));
    return circle;
  });
  group.replaceChildren(...circles);
}

tools.locate.addEventListener("click", locate);
tools.follow.addEventListener("click", () => {
  follow(true);
  showPosition({ isAsked: true });
});
arriving.then(() => (page.querySelector(".asks").hidden = false)).catch(() => {});
if (selected && !page.dataset.at) {
  const sign = page.querySelector(`.paper a[href^="/s/${selected}"]`);
  sign?.classList.add("here");
  sign?.setAttribute("aria-current", "page");
  arriving.then((data) => select(selected, data)).catch(() => {});
}
if (isNarrow) {
  tools.load.hidden = false;
  tools.load.addEventListener("click", bringMap, { once: true });
} else bringMap();
