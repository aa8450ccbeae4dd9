// A link or codes that are shown once: copied or printed by a press.
const copy = document.getElementById("copy");
const link = document.getElementById("link");
const print = document.getElementById("print");

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link.value);
    copy.textContent = copy.dataset.done;
  });
}
link?.addEventListener("focus", () => link.select());
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
