// Keeps the fields of a form in localStorage, one entry for each text, and brings them back when the page is opened again.
const PREFIX = "digitalpfad-text:";
const DAYS = 14;

export function keepTyped(form) {
  const key = PREFIX + form.dataset.text;
  const told = document.getElementById("kept");
  const restored = document.getElementById("restored");
  const fields = () => [...form.querySelectorAll("input:not([type=hidden]):not([type=file]), textarea")].filter((field) => field.name);
  const values = () => Object.fromEntries(fields().map((field) => [field.name, field.value]));
  const asServed = JSON.stringify(values());
  if (form.dataset.kept) forget(key); // this page says that it was saved
  forgetOld();

  const kept = read(key);
  if (kept && JSON.stringify(kept.values) !== asServed && restored) {
    for (const field of fields()) if (field.name in kept.values) field.value = kept.values[field.name];
    const begun = form.elements.begun_with;
    const served = begun?.value;
    if (begun && kept.begun !== undefined) begun.value = kept.begun;
    restored.hidden = false;
    restored.querySelector("button").addEventListener("click", () => {
      forget(key);
      for (const [name, value] of Object.entries(JSON.parse(asServed))) form.elements[name].value = value;
      if (begun) begun.value = served;
      restored.hidden = true;
    });
  }

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, 800);
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });

  function keep() {
    waiting = undefined;
    try {
      localStorage.setItem(key, JSON.stringify({ values: values(), begun: form.elements.begun_with?.value, at: Date.now() }));
      const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
      if (told) told.textContent = told.dataset.kept.replace("–", time);
    } catch {
      if (told) told.textContent = told.dataset.unkept;
    }
  }
}

export function forgetTyped(text) {
  forget(PREFIX + text);
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // nothing was kept
  }
}

function forgetOld() {
  try {
    for (const key of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)))
      if (Date.now() - (read(key)?.at ?? 0) > DAYS * 86_400_000) forget(key);
  } catch {
    // nothing is kept
  }
}

// On a phone the preview stands below: whoever asks for it is led there.
export function leadToPreview(form) {
  const frame = document.querySelector("iframe[name=preview]");
  form.querySelector("[data-preview]")?.addEventListener("click", () => frame?.scrollIntoView({ block: "nearest" }));
}
