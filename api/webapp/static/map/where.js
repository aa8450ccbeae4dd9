// Where on the trail a position is, computed on the phone alone. Pure: no page, no network, no clock.
//
// Metres are those of the ground: each piece of the line is measured with the radii of the ellipsoid at its own middle,
// and all are brought to the length that the server gives. Positions are lon, lat in degrees.

const AXIS = 6378137.0; // GRS 80
const SQUARED_ECCENTRICITY = 0.00669438002290;
const NEAR_STATION_M = 30;
const FAR_M = 500;
const SURE_M = 30; // a phone that is this sure may say which station it is at

const radians = (degrees) => (degrees * Math.PI) / 180;
const turned = (degrees) => ((degrees + 540) % 360) - 180;

/** Metres east and north of one position as another sees it. */
export function apart([fromLon, fromLat], [toLon, toLat]) {
  const middle = Math.sin(radians((fromLat + toLat) / 2));
  const bend = 1 - SQUARED_ECCENTRICITY * middle * middle;
  const across = AXIS / Math.sqrt(bend);
  const along = (across * (1 - SQUARED_ECCENTRICITY)) / bend;
  const east = across * Math.cos(radians((fromLat + toLat) / 2)) * radians(turned(toLon - fromLon));
  return [east, along * radians(toLat - fromLat)];
}

export const metres = (from, to) => Math.hypot(...apart(from, to));

/** Degrees clockwise from north. */
export function bearing(from, to) {
  const [east, north] = apart(from, to);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

/** What the other functions ask, made once of the document: the line with the metres at each vertex, and the stations. */
export function prepare({ trail, stations, closures }) {
  const points = trail.geometry.coordinates;
  const sums = [0];
  for (let i = 1; i < points.length; i++) sums.push(sums[i - 1] + metres(points[i - 1], points[i]));
  const measured = sums.at(-1);
  const length = trail.properties.length_m ?? measured;
  const stops = stations.features
    .map(({ geometry, properties }) => ({ ...properties, at: geometry.coordinates }))
    .sort((one, other) => one.along_m - other.along_m);
  return {
    points,
    alongs: sums.map((sum) => (measured ? (sum / measured) * length : 0)),
    length,
    isLoop: trail.properties.is_loop,
    stops,
    closed: closures.features.flatMap(({ geometry }) => lines(geometry)),
  };
}

function lines({ type, coordinates, geometries }) {
  if (type === "LineString") return [coordinates];
  if (type === "MultiLineString") return coordinates;
  return (geometries ?? []).flatMap(lines);
}

/** The nearest place of a line: its segment, the share of it, metres off. */
function nearest(points, at) {
  let best = { off: Infinity };
  let from = apart(at, points[0]);
  for (let i = 0; i + 1 < points.length; i++) {
    const to = apart(at, points[i + 1]);
    const step = [to[0] - from[0], to[1] - from[1]];
    const square = step[0] ** 2 + step[1] ** 2;
    const share = square ? Math.min(Math.max(-(from[0] * step[0] + from[1] * step[1]) / square, 0), 1) : 0;
    const off = Math.hypot(from[0] + share * step[0], from[1] + share * step[1]);
    if (off < best.off) best = { i, share, off };
    from = to;
  }
  return best;
}

/** The place on the trail nearest to a position: metres along, metres off, and its own position. */
export function locate(route, at) {
  const { i, share, off } = nearest(route.points, at);
  const [from, to] = [route.points[i], route.points[i + 1]];
  const along = route.alongs[i] + share * (route.alongs[i + 1] - route.alongs[i]);
  return { along: route.isLoop ? along % route.length : along, off, at: from.map((value, j) => value + share * (to[j] - value)) };
}

/** Metres to walk forward from one place to another; on a loop across its start. */
export function forward(route, from, to) {
  return route.isLoop ? (((to - from) % route.length) + route.length) % route.length : Math.abs(to - from);
}

/** The stations before and behind a place in walking direction; undefined where a trail without return has none. */
export function neighbours(route, along) {
  const { stops, isLoop } = route;
  const next = stops.find((stop) => stop.along_m >= along) ?? (isLoop ? stops[0] : undefined);
  const previous = stops.findLast((stop) => stop.along_m < along) ?? (isLoop ? stops.at(-1) : undefined);
  return { previous, next };
}

/** The stretches of the trail, in metres along, that are within a distance of a position. */
function within(route, at, distance) {
  const found = [];
  for (let i = 0; i + 1 < route.points.length; i++) {
    const from = apart(at, route.points[i]);
    const to = apart(at, route.points[i + 1]);
    const step = [to[0] - from[0], to[1] - from[1]];
    const square = step[0] ** 2 + step[1] ** 2;
    const middle = square ? -(from[0] * step[0] + from[1] * step[1]) / square : 0;
    const off = Math.hypot(from[0] + middle * step[0], from[1] + middle * step[1]);
    if (off > distance) continue;
    const half = square ? Math.sqrt((distance ** 2 - off ** 2) / square) : 1;
    const [start, end] = [Math.max(middle - half, 0), Math.min(middle + half, 1)];
    if (start > end) continue;
    const piece = route.alongs[i + 1] - route.alongs[i];
    found.push([route.alongs[i] + start * piece, route.alongs[i] + end * piece]);
  }
  return found;
}

/** The gaps between stations, as numbers: gap i ends at station i, the last one at the end of the trail. */
function gapsOf(route, stretches) {
  const edges = [-Infinity, ...route.stops.map((stop) => stop.along_m), Infinity];
  const count = route.stops.length;
  const found = new Set();
  for (const [start, end] of stretches) {
    for (let gap = 0; gap <= count; gap++) {
      if (end > edges[gap] && start <= edges[gap + 1]) found.add(route.isLoop && gap === count ? 0 : gap);
    }
  }
  return [...found].sort((one, other) => one - other);
}

/** The station that a gap begins at, and the one that it ends at. */
function ends(route, gap) {
  const { stops, isLoop } = route;
  return { previous: stops[gap - 1] ?? (isLoop ? stops.at(-1) : undefined), next: stops[gap] ?? (isLoop ? stops[0] : undefined) };
}

/** Neighbouring gaps as one, from the first of them to the last; on a loop the last gap and gap 0 are neighbours. */
function runs(route, gaps) {
  const found = [];
  for (const gap of gaps) {
    if (found.length && found.at(-1).last === gap - 1) found.at(-1).last = gap;
    else found.push({ first: gap, last: gap });
  }
  if (route.isLoop && found.length > 1 && found[0].first === 0 && found.at(-1).last === route.stops.length - 1) {
    found[0].first = found.pop().first;
  }
  return found.map(({ first, last }) => ({ previous: ends(route, first).previous, next: ends(route, last).next, isOne: first === last }));
}

/**
 * What can honestly be said of a position that is right to `accuracy` metres.
 *
 * `runs` hold every stretch between stations where one may be: somebody within `accuracy` of the position has the nearest
 * place of the trail within twice that plus the distance. `left` is how far it is to the next station, right to `spread`
 * for somebody who is on the trail.
 */
export function judge(route, { at, accuracy }) {
  const place = locate(route, at);
  const reach = place.off + 2 * accuracy;
  const stretches = within(route, at, reach);
  const gaps = gapsOf(route, stretches);
  const onTrail = within(route, at, Math.max(place.off, accuracy));
  const station = route.stops
    .map((stop) => ({ stop, off: metres(at, stop.at) }))
    .reduce((best, one) => (one.off < best.off ? one : best), { off: Infinity });
  const isAt = accuracy <= SURE_M && station.off <= NEAR_STATION_M;
  const next = onwards(route, place.along, isAt ? station.stop : undefined);
  return {
    ...place,
    from: at,
    accuracy,
    isFar: place.off - accuracy > FAR_M,
    isOn: place.off <= Math.max(accuracy, NEAR_STATION_M),
    isEverywhere: route.stops.length > 1 && gaps.length > Math.max(2, route.stops.length / 2),
    heading: bearing(at, place.at),
    nearest: station,
    isAt,
    gaps,
    runs: runs(route, gaps),
    next,
    left: next ? forward(route, place.along, next.along_m) : route.length - place.along,
    spread: Math.max(accuracy, ...onTrail.map(([start, end]) => apartAlong(route, place.along, start, end))),
    isShut: route.closed.some((line) => line.length > 1 && nearest(line, at).off <= Math.max(accuracy, NEAR_STATION_M)),
  };
}

/** The next station; of somebody who stands at one the station after it, or none. */
function onwards(route, along, here) {
  if (!here) return neighbours(route, along).next;
  const { next } = neighbours({ ...route, stops: route.stops.filter((stop) => stop !== here) }, here.along_m);
  return next;
}

/** How far the far end of a stretch is from a place; 0 of a stretch elsewhere, where the trail passes a second time. */
function apartAlong(route, along, start, end) {
  const away = (to) => Math.min(forward(route, along, to), forward(route, to, along));
  const far = Math.max(away(start), away(end));
  return far <= 1000 ? far : 0;
}
