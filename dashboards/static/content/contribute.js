// What a class types stays on its device until it is sent.
import { forgetTyped, keepTyped, leadToPreview } from "./kept.js";

const form = document.querySelector("form.writing");
if (form) {
  keepTyped(form);
  leadToPreview(form);
}

const sent = document.querySelector("[data-sent]");
if (sent) forgetTyped(sent.dataset.sent);
