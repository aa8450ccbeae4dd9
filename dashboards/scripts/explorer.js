// The chart of the usage explorer, over the bars that the page holds already: what is drawn are the page's own points.
// Canvas and plain texts only: the strict Content-Security-Policy stands.

import { BarChart, LineChart } from "echarts/charts";
import { DataZoomComponent, GridComponent, MarkAreaComponent, TitleComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

import { colours } from "./colours.js";
import { steer } from "./keys.js";
import { optionOf, panelsOf } from "./option.js";
import { Wording } from "./wording.js";

echarts.use([
  BarChart, LineChart, DataZoomComponent, GridComponent, MarkAreaComponent, TitleComponent, TooltipComponent,
  CanvasRenderer,
]);

const place = document.getElementById("chart");

async function begin() {
  const answer = await fetch(place.dataset.points, { headers: { accept: "application/json" } });
  if (!answer.ok) return; // the bars of the page stay
  const points = await answer.json();
  if (!points.start.length) return;
  performance.mark("explorer-points");
  const words = new Wording(place.dataset, points);
  const shown = new Set(panelsOf(points));
  const screen = document.createElement("div");
  screen.className = "screen";
  const spoken = Object.assign(document.createElement("p"), { className: "spoken" });
  spoken.setAttribute("role", "status");
  place.append(switches(points, words, shown, () => draw()), screen, spoken);
  place.classList.add("drawn");
  const chart = echarts.init(screen, null, { renderer: "canvas" });
  const draw = () => chart.setOption(optionOf(points, words, colours(), shown), { notMerge: true });
  chart.one("finished", () => performance.measure("explorer-drawn", "explorer-points"));
  draw();
  steer(screen, chart, points.start.length, words, (text) => (spoken.textContent = text));
  new ResizeObserver(() => chart.resize()).observe(screen);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  place.append(saving(chart, words));
}

/** What may be hidden; passes always stand. */
function switches(points, words, shown, changed) {
  const bar = Object.assign(document.createElement("p"), { className: "switches" });
  for (const name of panelsOf(points)) {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "quiet", textContent: words.name(name),
    });
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      shown.has(name) ? shown.delete(name) : shown.add(name);
      button.setAttribute("aria-pressed", String(shown.has(name)));
      changed();
    });
    bar.append(button);
  }
  return bar;
}

/** The picture as it stands, with its title, on the ground of the page. */
function saving(chart, words) {
  const line = Object.assign(document.createElement("p"), { className: "switches" });
  const button = Object.assign(document.createElement("button"), {
    type: "button", className: "quiet", textContent: words.said.save,
  });
  button.addEventListener("click", () => {
    const canvas = chart.renderToCanvas({ pixelRatio: 2, backgroundColor: colours().card });
    canvas.toBlob((picture) => {
      const link = Object.assign(document.createElement("a"), {
        href: URL.createObjectURL(picture), download: `nutzung-${words.said.file}.png`,
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    });
  });
  line.append(button);
  return line;
}

if (place) begin();
