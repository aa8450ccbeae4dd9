// What is said of a judged position, in the words of the document. Pure, as where.js.

const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);

/** A distance as people say it: to ten metres, above a kilometre to a hundred, far away to a kilometre. */
export function distance(metres, words, lang, step = 10) {
  const rounded = Math.max(Math.round(metres / step) * step, step);
  if (rounded < 1000) return `${rounded}\u00a0${words.metre}`;
  const digits = metres < 9950 ? 1 : 0;
  const number = (metres / 1000).toLocaleString(lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number}\u00a0${words.kilometre}`;
}

/** A distance that is right to `spread` metres: said no more exactly than it is known. */
export function known(metres, spread, words, lang) {
  if (spread <= 40) return distance(metres, words, lang);
  return fill(words.about, { distance: distance(metres, words, lang, spread <= 120 ? 50 : 100) });
}

/** Sentences about where somebody is, the most important first. `lang` is a BCP 47 tag. */
export function sentences(found, words, lang) {
  const said = found.isShut ? [words.shut_here] : [];
  if (found.isFar) said.push(...far(found, words, lang));
  else said.push(...onTheTrail(found, words, lang));
  if (found.accuracy > 30) said.push(fill(words.accuracy, { distance: distance(found.accuracy, words, lang) }));
  return said;
}

function far(found, words, lang) {
  const said = [
    fill(words.far, { distance: known(found.off, found.accuracy, words, lang) }),
    fill(words.back, { direction: direction(found, words) }),
  ];
  if (found.nearest.stop) {
    const { stop, off } = found.nearest;
    said.push(fill(words.nearest, { number: stop.number, distance: known(off, found.accuracy, words, lang) }));
  }
  return said;
}

const direction = (found, words) => words.compass[Math.round(found.heading / 45) % 8];

function onTheTrail(found, words, lang) {
  if (found.isAt) return [fill(words.at, { number: found.nearest.stop.number }), ...onward(found, words, lang)];
  const said = [];
  if (!found.isOn) {
    said.push(fill(words.near, { distance: known(found.off, found.accuracy, words, lang) }));
    said.push(fill(words.back, { direction: direction(found, words) }));
  }
  const stretch = between(found, words);
  said.push(...(stretch.length || !found.isOn ? stretch : [words.on]));
  if (found.runs.length === 1 && found.runs[0].isOne) said.push(...onward(found, words, lang));
  return said;
}

function between({ runs, isEverywhere }, words) {
  if (isEverywhere || runs.length > 2) return [words.somewhere];
  const whole = runs.every(({ previous, next }) => previous && next);
  if (runs.length === 2) {
    if (!whole) return [words.somewhere];
    const [one, other] = runs;
    return [
      fill(words.between_either, {
        first: one.previous.number, second: one.next.number, third: other.previous.number, fourth: other.next.number,
      }),
    ];
  }
  const [{ previous, next } = {}] = runs;
  if (previous && next && previous !== next) return [fill(words.between, { first: previous.number, second: next.number })];
  if (previous && next) return [fill(words.around, { number: next.number })];
  if (next) return [fill(words.before, { number: next.number })];
  return previous ? [fill(words.behind, { number: previous.number })] : [];
}

function onward({ next, left, spread }, words, lang) {
  const how = known(left, spread, words, lang);
  if (!next) return left > 0 ? [fill(words.left_to_end, { distance: how })] : [];
  const said = [fill(words.left, { distance: how, number: next.number })];
  if (next.is_closed) said.push(fill(words.shut_next, { number: next.number }));
  return said;
}

/** How far a station is, for its row: along the trail where one is on it, else in a straight line. */
export function toStation(route, found, stop, words, lang, { forward, metres }) {
  if (found.isAt && stop === found.nearest.stop) return words.here;
  if (found.isOn && !found.isFar) {
    const ahead = forward(route, found.along, stop.along_m);
    const back = forward(route, stop.along_m, found.along);
    const isBehind = route.isLoop ? back < ahead : stop.along_m < found.along;
    const distance = known(isBehind ? back : ahead, found.spread, words, lang);
    return fill(isBehind ? words.behind_m : words.ahead, { distance });
  }
  return asTheCrowFlies(metres(found.from, stop.at), found, words, lang);
}

/** How far something is in a straight line from a judged position. */
export function asTheCrowFlies(away, { accuracy }, words, lang) {
  return fill(words.away, { distance: known(away, accuracy, words, lang) });
}
