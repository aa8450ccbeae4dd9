// What stands on signs and what people type from it, in any spelling; on the server it is read by
// geodata/vocabulary/codes.py and api/webapp/routes/typed.py.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LONGEST = 300;
const AROUND = /^[\s\p{P}]+|[\s\p{P}]+$/gu;
const ADDRESS = /(?:^|[/\\])s[/\\]+([^/\\?#]+)[^?#]*(?:\?([^#]*))?/i;
const NUMBER = /^(?:station|stop|halt|nummer|number|nr|no|#)?[.:]?0*(\d{1,3})\.?$/i;
const VIAS = ["nfc", "sign"];
const POWERS = [1];
while (POWERS.length < 31) {
  const doubled = POWERS.at(-1) << 1;
  POWERS.push(doubled & 32 ? doubled ^ 0b100101 : doubled);
}

/** The code as the server keeps it, whether or not it is one. */
export function spelled(text) {
  const plain = text.normalize("NFKC").replace(AROUND, "").replace(/[\s\-\u2010-\u2015]+/g, "").toUpperCase();
  return plain.replace(/O/g, "0").replace(/[IL]/g, "1");
}

/** The code that somebody wrote, in any spelling; null where its check character says that it is none. */
export function codeOf(text) {
  const code = spelled(text);
  const values = [...code].map((letter) => ALPHABET.indexOf(letter));
  if (values.length !== 6 || values.includes(-1)) return null;
  const weighted = values.map((value, i) => value && POWERS[(POWERS.indexOf(value) + 5 - i) % 31]);
  return weighted.reduce((sum, value) => sum ^ value, 0) === 0 ? code : null;
}

/** ``{ code, via }`` of a code or a whole address with any host, or the ``{ number }`` of a station. */
export function typed(text) {
  const plain = text.slice(0, LONGEST).normalize("NFKC").replace(/\s+/g, "");
  const address = ADDRESS.exec(plain);
  if (address) {
    const via = new URLSearchParams(address[2]).get("via")?.toLowerCase();
    return { code: decoded(address[1]), via: VIAS.includes(via) ? via : "sign" };
  }
  const number = NUMBER.exec(plain);
  return number ? { number: Number(number[1]) } : { code: text, via: "sign" };
}

/** The page of a station whose sign was read or typed. */
export function signAddress(code, lang, via = "sign") {
  return `/s/${code}?via=${via}${lang ? `&lang=${encodeURIComponent(lang)}` : ""}`;
}

/** A part of an address without its per cent signs; as it stands where they are none. */
export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
