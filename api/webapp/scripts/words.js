// Sentences come from the server in the page's language, with places for values: «%(size)s».

export function filled(text, values = {}) {
  return text.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
}

/** «340 KB», «2,1 MB». */
export function sizeWords(bytes, lang) {
  const small = bytes < 950_000;
  const number = small ? Math.max(1, Math.round(bytes / 1000)) : bytes / 1_000_000;
  const shown = new Intl.NumberFormat(lang.slice(0, 2), { maximumFractionDigits: small ? 0 : 1 }).format(number);
  return `${shown}\u00a0${small ? "KB" : "MB"}`;
}

export function dateWords(moment, lang) {
  const region = lang.startsWith("en") ? "en-GB" : lang.slice(0, 2);
  return new Intl.DateTimeFormat(region, { dateStyle: "long", timeStyle: "short" }).format(moment);
}
