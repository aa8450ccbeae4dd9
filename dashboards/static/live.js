// Says whether the page keeps itself up to date, and leaves it when the login has ended.
const words = document.getElementById("connection");

function say(text) {
  if (words) {
    words.textContent = text;
    words.hidden = false;
  }
}

function leave() {
  location.assign("/staff/login?notice=ended");
}

document.addEventListener("signed-out", leave);
document.addEventListener("htmx:sse:after:connection", () => say("Die Seite hält sich selbst aktuell."));
document.addEventListener("htmx:sse:error", (event) => {
  if (event.detail.status === 401 || event.detail.status === 403) leave();
  else say("Die Verbindung ist unterbrochen, die Zahlen bleiben stehen. Es wird weiter versucht.");
});
