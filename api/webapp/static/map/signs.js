// The signs of places beside the way: those who need help find theirs always, the others where there is room.

const WAYS = [26, 40, 56, 76, 100, 130, 170, 220, 280].flatMap((reach) => around(reach, reach < 60 ? 8 : 16));
const AIR = 3; // CSS pixels between two signs

function around(reach, count) {
  const turns = Array.from({ length: count }, (_, i) => (2 * Math.PI * i) / count);
  return turns.map((turn) => [reach * Math.cos(turn), reach * Math.sin(turn)]);
}

/**
 * Where signs of a size stand beside plates, in CSS pixels: null for one that has no room.
 *
 * None hides a plate. A sign that `isHelp` goes aside as far as it must, and is drawn over others where all is full; any
 * other stands at its point or not at all. `points` come in the order of who goes first.
 */
export function placed(points, size, plates, plateSize) {
  const taken = plates.map(({ x, y }) => ({ x, y, half: plateSize / 2 }));
  const isFree = (x, y) => taken.every((one) => Math.max(Math.abs(x - one.x), Math.abs(y - one.y)) >= one.half + size / 2 + AIR);
  return points.map(({ x, y, isHelp }) => {
    const way = isFree(x, y) ? [0, 0] : isHelp && WAYS.find(([east, south]) => isFree(x + east, y + south));
    if (!way && !isHelp) return null;
    const place = { x: x + (way?.[0] ?? 0), y: y + (way?.[1] ?? 0) };
    taken.push({ ...place, half: size / 2 });
    return place;
  });
}

/** Buttons for places in a layer of the map; `drawings` are the SVG elements of the list's rows. */
export function add(layer, places, drawings) {
  return places.map(({ geometry, properties }, i) => {
    const button = layer.appendChild(document.createElement("button"));
    button.type = "button";
    button.tabIndex = -1; // the list reaches each of them by Tab
    button.className = "pin";
    button.dataset.place = i;
    button.setAttribute("aria-label", named(properties));
    button.append(drawings[i].cloneNode(true));
    return { button, at: geometry.coordinates, isHelp: properties.kind === "rescue_point" };
  });
}

/** What a place is called: its sort, and its own name where it has one. */
export const named = ({ label, name }) => [label, name].filter(Boolean).join(": ");
