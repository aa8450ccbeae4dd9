// What is typed stays in this browser until it is saved: a closed tab, an ended session or a database that is away loses nothing.
import { keepTyped, leadToPreview } from "./kept.js";

const form = document.querySelector("form.writing");
const toolbar = form?.querySelector("markdown-toolbar");
if (toolbar) toolbar.hidden = false;
if (form) {
  keepTyped(form);
  leadToPreview(form);
  previewWhileTyping(form);
}

// The preview follows in a moment; the button works without this script.
function previewWhileTyping(form) {
  const button = form.querySelector("[data-preview]");
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => form.requestSubmit(button), 1200);
  });
}
