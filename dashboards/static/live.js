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
document.addEventListener("htmx:sse:after:connection", () => say("Diese Seite hält sich selbst auf dem neuesten Stand."));
document.addEventListener("htmx:sse:error", (event) => {
  if (event.detail.status === 401 || event.detail.status === 403) leave();
  else say("Die Verbindung ist unterbrochen. Die Zahlen sind vom unten genannten Stand, neue kommen von selbst.");
});
