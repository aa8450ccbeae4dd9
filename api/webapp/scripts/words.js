// Sentences come from the server in the page's language, with places for values: «%(size)s».

export function filled(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
}

/** A text as it stands in HTML, in an attribute too. */
export function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** «340 KB», «2,1 MB», «5,4 GB». */
export function sizeWords(bytes, lang) {
  const [unit, sign] = bytes < 950_000 ? [1e3, "KB"] : bytes < 950_000_000 ? [1e6, "MB"] : [1e9, "GB"];
  const number = sign === "KB" ? Math.max(1, Math.round(bytes / unit)) : bytes / unit;
  const shown = new Intl.NumberFormat(lang.slice(0, 2), { maximumFractionDigits: 1 }).format(number);
  return `${shown}\u00a0${sign}`;
}

export function dateWords(moment, lang) {
  const region = lang.startsWith("en") ? "en-GB" : lang.slice(0, 2);
  return new Intl.DateTimeFormat(region, { dateStyle: "long", timeStyle: "short" }).format(moment);
}
