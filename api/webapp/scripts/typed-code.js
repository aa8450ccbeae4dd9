// The field for the code. With the check character a typed code opens its station without asking the server first, so
// that it works without reception too.

import { codeOf, signAddress, typed } from "./codes.js";

export * from "./codes.js";

for (const form of document.querySelectorAll("form.code")) {
  form.addEventListener("submit", (event) => {
    const { code, via } = typed(form.elements.code.value);
    const known = code === undefined ? null : codeOf(code);
    if (!known) return; // the server says which ones are near, and which station has that number
    event.preventDefault();
    location.assign(signAddress(known, form.elements.lang?.value, via));
  });
}
