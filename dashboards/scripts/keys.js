// The chart by keyboard: arrows go from point to point and say it, page up and down look closer and wider.

const FEWEST = 7; // points that are looked at

/** ``say`` is told each point that somebody goes to. */
export function steer(screen, chart, count, words, say) {
  let at = -1;
  screen.tabIndex = 0;
  screen.setAttribute("role", "application");
  screen.setAttribute("aria-label", words.said.name);
  const go = (to) => {
    at = Math.min(Math.max(to, 0), count - 1);
    const [first, last] = shown(chart, count);
    if (at < first || at > last) look(chart, count, at - (last - first) / 2, at + (last - first) / 2);
    chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at });
    say(words.lines(at).join(". "));
  };
  const zoom = (factor) => {
    const [first, last] = shown(chart, count);
    const middle = at < 0 ? (first + last) / 2 : at;
    const half = Math.max(((last - first) * factor) / 2, FEWEST / 2);
    look(chart, count, middle - half, middle + half);
  };
  const keys = {
    ArrowRight: () => go(at + 1), ArrowLeft: () => go(at < 0 ? count - 1 : at - 1), Home: () => go(0),
    End: () => go(count - 1), PageUp: () => zoom(0.5), PageDown: () => zoom(2),
  };
  screen.addEventListener("keydown", (event) => {
    const move = event.altKey || event.ctrlKey || event.metaKey ? undefined : keys[event.key];
    if (!move) return;
    event.preventDefault();
    move();
  });
  screen.addEventListener("blur", () => chart.dispatchAction({ type: "hideTip" }));
}

function shown(chart, count) {
  const { startValue, endValue } = chart.getOption().dataZoom[0];
  return [startValue ?? 0, endValue ?? count - 1];
}

function look(chart, count, first, last) {
  const width = Math.min(last - first, count - 1);
  const begin = Math.round(Math.min(Math.max(first, 0), count - 1 - width));
  chart.dispatchAction({ type: "dataZoom", startValue: begin, endValue: Math.round(begin + width) });
}
