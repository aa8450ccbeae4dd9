// Points in words, as the table has them: what the tooltip shows and the live region says.

export class Wording {
  constructor(said, points) {
    this.said = said;
    this.points = points;
    const language = said.language.slice(0, 2);
    const zone = { timeZone: points.timezone };
    this.number = new Intl.NumberFormat(language);
    this.decimal = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.percent = new Intl.NumberFormat(language, { style: "percent" });
    this.day = new Intl.DateTimeFormat(language, { ...zone, weekday: "short", day: "2-digit", month: "2-digit", year: "numeric" });
    this.date = new Intl.DateTimeFormat(language, { ...zone, day: "2-digit", month: "2-digit", year: "numeric" });
    this.month = new Intl.DateTimeFormat(language, { ...zone, month: "long", year: "numeric" });
    this.time = new Intl.DateTimeFormat(language, { ...zone, hour: "2-digit", minute: "2-digit" });
    this.short = new Intl.DateTimeFormat(language, { ...zone, day: "numeric", month: "numeric" });
    this.shortMonth = new Intl.DateTimeFormat(language, { ...zone, month: "short", year: "2-digit" });
  }

  /** What a panel is called. */
  name(panel) {
    return { before: this.said.before, scans: this.said.scans, temperature: this.said.temperature, rain: this.said.rain }[panel];
  }

  /** When a point is, in full. */
  when(at) {
    const start = new Date(1000 * this.points.start[at]);
    const last = new Date(1000 * this.points.end[at] - 1000);
    if (this.points.bucket === "month") return this.month.format(start);
    if (this.points.bucket === "week") return `${this.date.format(start)} – ${this.date.format(last)}`;
    return this.points.bucket === "day" ? this.day.format(start) : `${this.day.format(start)}, ${this.time.format(start)}`;
  }

  /** When a point is, below the axis. */
  tick(at) {
    const start = new Date(1000 * this.points.start[at]);
    if (this.points.bucket === "hour") return `${this.short.format(start)}\n${this.time.format(start)}`;
    const isLong = this.points.start.length > 1 && this.points.start.at(-1) - this.points.start[0] > 370 * 86_400;
    return isLong || this.points.bucket === "month" ? this.shortMonth.format(start) : this.short.format(start);
  }

  /** All of a point, a line each; nothing in it is taken for a style. */
  lines(at) {
    const { points, said } = this;
    const count = (value) => (value === null ? said.gap : this.number.format(value));
    const lines = [this.when(at)];
    const least = points.atLeast[at] && points.passes[at] !== null ? `${said.atLeast} ` : "";
    lines.push(`${said.passes}: ${least}${count(points.passes[at])}`);
    if (points.shared[at]) lines.push(`${said.estimated}: ${this.number.format(points.shared[at])}`);
    if (points.passes[at] !== null && points.coverage[at] < 0.995) {
      lines.push(`${this.percent.format(points.coverage[at])} ${said.covered}`);
    }
    if (points.before[at] !== null) lines.push(`${said.before}: ${this.number.format(points.before[at])}`);
    lines.push(`${said.scans}: ${count(points.scans[at])}`);
    for (const name of ["temperature", "rain"]) {
      if (points[name][at] !== null) lines.push(`${said[name]}: ${this.decimal.format(points[name][at])}`);
    }
    for (const number of points.noted[at] ?? []) {
      const note = points.notes.find((each) => each.number === number);
      lines.push(`${said.note} ${number}: ${note.text}`);
    }
    return lines.map((line) => line.replaceAll("{", "("));
  }
}
