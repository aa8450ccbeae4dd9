// What ECharts is asked to draw: passes on top, below them what else is known of the same points, on one axis of time.

const TOP = 34;

/** What else may stand there, in order: only what anything is known of. */
export function panelsOf(points) {
  return ["before", "scans", "temperature", "rain"].filter((name) => points[name].some((value) => value !== null));
}

export function optionOf(points, words, colours, shown) {
  const panels = ["passes", ...["scans", "temperature", "rain"].filter((name) => shown.has(name))];
  const names = points.start.map((_, at) => words.tick(at));
  const grids = layout(panels);
  return {
    animation: false,
    textStyle: { fontFamily: colours.font, color: colours.ink },
    title: panels.map((name, at) => ({
      text: name === "passes" ? words.said.passes + (shown.has("before") ? ` · – – ${words.said.before}` : "") : words.name(name),
      left: 0, top: at ? `${grids[at].from}%` : 0,
      textStyle: { fontSize: 13, fontWeight: 600, color: colours.ink },
    })),
    grid: grids.map(({ grid }) => grid),
    xAxis: panels.map((_, at) => ({
      type: "category", gridIndex: at, data: names, axisTick: { show: false },
      axisLine: { lineStyle: { color: colours.soft } },
      axisLabel: { show: at === panels.length - 1, color: colours.soft, hideOverlap: true, lineHeight: 14 },
    })),
    yAxis: panels.map((name, at) => ({
      type: "value", gridIndex: at, minInterval: name === "temperature" ? undefined : 1, splitNumber: at ? 2 : 4,
      axisLabel: { color: colours.soft, formatter: (value) => words.number.format(value) },
      splitLine: { lineStyle: { color: colours.line } },
    })),
    tooltip: {
      trigger: "axis", renderMode: "richText", confine: true, backgroundColor: colours.card, borderColor: colours.soft,
      textStyle: { color: colours.ink, fontSize: 13 },
      axisPointer: { type: "line", lineStyle: { color: colours.soft } },
      formatter: (found) => words.lines(found[0].dataIndex).join("\n"),
    },
    axisPointer: { link: [{ xAxisIndex: "all" }] },
    dataZoom: zooms(panels, colours),
    series: panels.flatMap((name, at) => series(name, at, points, colours, shown)),
  };
}

/** Passes take half of the height where anything else stands. */
function layout(panels) {
  const others = panels.length - 1;
  const rooms = others ? [46, ...Array(others).fill(42 / others)] : [84];
  let from = 0;
  return rooms.map((room, at) => {
    const begin = from;
    from += room;
    const top = at ? `${begin + 6}%` : TOP;
    const bottom = at === panels.length - 1 ? 44 : `${100 - from + 1}%`;
    return { from: begin, grid: { left: 4, right: 8, top, bottom, containLabel: true } };
  });
}

function zooms(panels, colours) {
  const all = { xAxisIndex: panels.map((_, at) => at), minValueSpan: 6 };
  return [
    {
      ...all, type: "slider", height: 24, bottom: 6, borderColor: colours.line, fillerColor: `${colours.moss}33`,
      handleStyle: { color: colours.card, borderColor: colours.moss }, moveHandleSize: 6, showDataShadow: false,
      textStyle: { color: colours.soft }, showDetail: false, brushSelect: false,
    },
    { ...all, type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseMove: false, moveOnMouseWheel: false },
  ];
}

function series(name, at, points, colours, shown) {
  const axes = { xAxisIndex: at, yAxisIndex: at, data: points[name] };
  if (name === "temperature") {
    return [{ ...axes, type: "line", showSymbol: false, connectNulls: false, lineStyle: { color: colours.bark }, itemStyle: { color: colours.bark } }];
  }
  const bars = { ...axes, type: "bar", barCategoryGap: "20%", itemStyle: { color: { passes: colours.moss, scans: colours.link, rain: colours.link }[name] } };
  if (name !== "passes") return [bars];
  bars.data = points.passes.map((value, point) =>
    value !== null && points.coverage[point] < 0.995 ? { value, itemStyle: { opacity: 0.5 } } : value,
  );
  bars.markArea = { silent: true, data: [...gaps(points, colours), ...notes(points, colours)] };
  if (!shown.has("before")) return [bars];
  const before = { ...axes, data: points.before, type: "line", step: "middle", showSymbol: points.before.length < 60, symbolSize: 4 };
  return [bars, { ...before, lineStyle: { color: colours.bark, type: "dashed", width: 1.5 }, itemStyle: { color: colours.bark } }];
}

/** Neighbours together. */
function gaps(points, colours) {
  const found = [];
  points.passes.forEach((value, at) => {
    if (value !== null) return;
    if (found.length && found.at(-1)[1].xAxis === at - 1) found.at(-1)[1].xAxis = at;
    else found.push([{ xAxis: at, itemStyle: { color: colours.hatch } }, { xAxis: at }]);
  });
  return found;
}

function notes(points, colours) {
  return points.notes.flatMap((note) => {
    const on = Object.keys(points.noted).map(Number).filter((at) => points.noted[at].includes(note.number));
    if (!on.length) return [];
    return [[
      {
        xAxis: Math.min(...on), itemStyle: { color: colours.leaf, opacity: 0.6, borderColor: colours.soft, borderWidth: 1, borderType: "dashed" },
        label: { show: true, position: "insideTop", formatter: String(note.number), color: colours.ink, fontWeight: 700 },
      },
      { xAxis: Math.max(...on) },
    ]];
  });
}
