// On pages that come from the phone: says what was not taken along, and goes on when a closure begins or ends.

const banner = document.querySelector(".phone");
const LONGEST = 2 ** 31 - 1; // of a timer, some 24 days

for (const player of banner ? document.querySelectorAll("audio, video") : []) {
  player.addEventListener("error", () => {
    const words = document.createElement("p");
    words.setAttribute("role", "status");
    words.textContent = banner.dataset.notTaken;
    player.replaceWith(words);
  });
}

const left = Number(banner?.dataset.until || 0) - Date.now();
if (left > 0 && left < LONGEST) {
  setTimeout(() => {
    const plays = [...document.querySelectorAll("audio, video")].some((player) => !player.paused);
    if (!plays) location.reload();
  }, left + 1000);
}
