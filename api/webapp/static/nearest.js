// Trails in order of how far they are, after a press. The place never leaves this function and is stored nowhere.

const part = document.querySelector(".near");
const told = part.querySelector(".told");
const button = part.querySelector("button");
const language = document.documentElement.lang.split("-")[0];

function metresApart(lon, lat, here) {
  const radians = Math.PI / 180;
  const x = (lon - here.longitude) * radians * Math.cos(((lat + here.latitude) / 2) * radians);
  const y = (lat - here.latitude) * radians;
  return Math.hypot(x, y) * 6371000;
}

function words(metres) {
  const km = metres / 1000;
  const digits = km < 9.95 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(Math.max(km, 0.1));
  return part.dataset.away.replace("%(distance)s", `${number}\u00a0km`);
}

function sort(here) {
  const cards = [...document.querySelectorAll("[data-lon]")].map((card) => {
    return { card, away: metresApart(Number(card.dataset.lon), Number(card.dataset.lat), here) };
  });
  cards.sort((a, b) => a.away - b.away);
  const towns = [...document.querySelectorAll(".town")];
  const list = towns[0].querySelector(".trails");
  for (const { card, away } of cards) {
    const what = card.querySelector(".what");
    const line = what.querySelector(".away") ?? what.insertBefore(document.createElement("span"), what.firstChild);
    line.className = "away";
    line.textContent = words(away);
    card.querySelector(".where").hidden = false;
    list.append(card);
  }
  const heading = towns[0].querySelector("h2");
  if (heading) heading.textContent = part.dataset.heading;
  for (const town of towns.slice(1)) town.remove();
  told.textContent = part.dataset.done;
}

let isAsked = false; // a button that is disabled would lose the focus

button.addEventListener("click", () => {
  if (isAsked) return;
  isAsked = true;
  navigator.geolocation.getCurrentPosition(
    (position) => {
      sort(position.coords);
      isAsked = false;
    },
    (error) => {
      told.textContent = error.code === error.PERMISSION_DENIED ? part.dataset.refused : part.dataset.failed;
      isAsked = false;
    },
    { maximumAge: 60000, timeout: 20000 },
  );
});

if (navigator.geolocation) part.hidden = false;
