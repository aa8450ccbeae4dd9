// A point by a press on the map, or by where the phone is. Without this file it is typed in degrees.

const script = document.querySelector("script[data-refused]");
const map = document.getElementById("map");
const fields = { lat: document.getElementById("lat"), lon: document.getElementById("lon") };
const told = document.getElementById("here-told");
const SVG = "http://www.w3.org/2000/svg";

if (map && fields.lat) {
  const { west, north, scale, shortening } = Object.fromEntries(Object.entries(map.dataset).map(([k, v]) => [k, Number(v)]));

  const show = () => {
    map.querySelector(".end")?.remove();
    const [lat, lon] = [Number(fields.lat.value), Number(fields.lon.value)];
    if (!fields.lat.value || !fields.lon.value || Number.isNaN(lat + lon)) return;
    const dot = map.appendChild(document.createElementNS(SVG, "circle"));
    const at = { class: "end", cx: (lon - west) * shortening * scale, cy: (north - lat) * scale, r: 8 };
    for (const [key, value] of Object.entries(at)) dot.setAttribute(key, value);
  };
  const put = (lat, lon) => {
    fields.lat.value = lat.toFixed(6);
    fields.lon.value = lon.toFixed(6);
    show();
  };

  map.classList.add("pressable");
  document.querySelector(".press").hidden = false;
  map.addEventListener("click", (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(map.getScreenCTM().inverse());
    put(north - point.y / scale, west + point.x / scale / shortening);
    told.textContent = "";
  });
  document.getElementById("here").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(coords.latitude, coords.longitude);
        told.textContent = script.dataset.accuracy.replace("#", Math.round(coords.accuracy));
      },
      () => (told.textContent = script.dataset.refused),
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
  for (const field of Object.values(fields)) field.addEventListener("input", show);
}
