// Codes as they stand on signs (geodata/vocabulary/codes.py): six characters of Crockford's base32, the last one a check.
// With it a typed code opens its station without asking the server first, so that it works without reception too.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const POWERS = [1];
while (POWERS.length < 31) {
  const doubled = POWERS.at(-1) << 1;
  POWERS.push(doubled & 32 ? doubled ^ 0b100101 : doubled);
}

/** The code that somebody wrote, in any spelling; null where its check character says that it is none. */
export function codeOf(text) {
  const code = text
    .replace(/[\s\-\u2010-\u2015]+/g, "")
    .toUpperCase()
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  const values = [...code].map((letter) => ALPHABET.indexOf(letter));
  if (values.length !== 6 || values.includes(-1)) return null;
  const weighted = values.map((value, i) => value && POWERS[(POWERS.indexOf(value) + 5 - i) % 31]);
  return weighted.reduce((sum, value) => sum ^ value, 0) === 0 ? code : null;
}

/** The page of a station whose sign was read or typed. */
export function addressOf(code, lang) {
  return `/s/${code}?via=sign${lang ? `&lang=${lang}` : ""}`;
}

for (const form of document.querySelectorAll("form.code")) {
  form.addEventListener("submit", (event) => {
    const code = codeOf(form.elements.code.value);
    if (!code) return; // the server says which ones are near
    event.preventDefault();
    location.assign(addressOf(code, form.elements.lang?.value));
  });
}
