// Says whether the page keeps itself up to date, and leaves it when the login has ended.
const told = document.getElementById("connection"); // with the words for both

function say(which) {
  if (told) {
    told.textContent = told.dataset[which];
    told.hidden = false;
  }
}

function leave() {
  location.assign("/staff/login?notice=ended");
}

document.addEventListener("signed-out", leave);
document.addEventListener("htmx:sse:after:connection", () => say("open"));
document.addEventListener("htmx:sse:error", (event) => {
  if (event.detail.status === 401 || event.detail.status === 403) leave();
  else say("broken");
});
