/** A line of a chart. */
export interface Series {
  readonly name: string;
  /** Concurrency and requests per second, by rising concurrency. */
  readonly points: readonly (readonly [concurrency: number, perSecond: number])[];
}

const WIDTH = 760;
const HEIGHT = 400;
const LEFT = 64;
const RIGHT = 170;
const TOP = 44;
const BOTTOM = 52;
/** Told apart by people who see red and green alike, on light and dark pages. */
const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"] as const;
const INK = "#808080";
const MOST_STEPS = 6;

/** An SVG chart of throughput by concurrency: concurrency doubles from mark to mark, requests per second begin at 0. */
export function chart(title: string, series: readonly Series[]): string {
  const marks = [...new Set(series.flatMap(({ points }) => points.map(([concurrency]) => concurrency)))].toSorted(
    (a, b) => a - b,
  );
  const top = roundedUp(Math.max(1, ...series.flatMap(({ points }) => points.map(([, perSecond]) => perSecond))));
  const first = Math.log2(marks[0] ?? 1);
  const span = Math.log2(marks.at(-1) ?? 2) - first || 1;
  const x = (concurrency: number): number => round(LEFT + ((Math.log2(concurrency) - first) / span) * (WIDTH - LEFT - RIGHT));
  const y = (perSecond: number): number => round(HEIGHT - BOTTOM - (perSecond / top.value) * (HEIGHT - TOP - BOTTOM));
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" fill="${INK}">`,
    `<title>${escaped(title)}</title>`,
    text(LEFT, 22, title, `font-size="15"`),
    ...grid(top, y),
    ...marks.map((mark) => text(x(mark), HEIGHT - BOTTOM + 20, String(mark), `text-anchor="middle"`)),
    text(LEFT + (WIDTH - LEFT - RIGHT) / 2, HEIGHT - 12, "requests in flight", `text-anchor="middle"`),
    ...series.flatMap((line, index) => drawn(line, COLOURS[index % COLOURS.length]!, labelPlaces(series, y)[index]!, x, y)),
    "</svg>",
  ];
  return `${parts.join("\n")}\n`;
}

function grid(top: { readonly value: number; readonly step: number }, y: (perSecond: number) => number): string[] {
  const lines: string[] = [];
  for (let value = 0; value <= top.value; value += top.step) {
    const at = y(value);
    lines.push(`<path d="M${LEFT} ${at}H${WIDTH - RIGHT}" stroke="${INK}" stroke-opacity="0.3"/>`);
    lines.push(text(LEFT - 8, at + 4, `${value.toLocaleString("en")}${value === top.value ? "/s" : ""}`, `text-anchor="end"`));
  }
  return lines;
}

function drawn(
  { name, points }: Series,
  colour: string,
  labelAt: number,
  x: (concurrency: number) => number,
  y: (perSecond: number) => number,
): string[] {
  const places = points.map(([concurrency, perSecond]) => `${x(concurrency)},${y(perSecond)}`);
  return [
    `<polyline points="${places.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...points.map(([concurrency, perSecond]) => `<circle cx="${x(concurrency)}" cy="${y(perSecond)}" r="3" fill="${colour}"/>`),
    text(WIDTH - RIGHT + 10, labelAt + 4, name, `fill="${colour}"`),
  ];
}

const LABEL_HEIGHT = 16;

/** Names stand at the ends of their lines, moved down where they would lie on one another. */
function labelPlaces(series: readonly Series[], y: (perSecond: number) => number): number[] {
  const wanted = series.map(({ points }, index) => ({ index, at: y(points.at(-1)?.[1] ?? 0) })).toSorted((a, b) => a.at - b.at);
  const places: number[] = [];
  let lowest = -Infinity;
  for (const { index, at } of wanted) {
    lowest = Math.max(at, lowest + LABEL_HEIGHT);
    places[index] = lowest;
  }
  return places;
}

/** The next value that a few round steps (1, 2 or 5 times a power of ten) reach. */
function roundedUp(value: number): { readonly value: number; readonly step: number } {
  const power = 10 ** Math.floor(Math.log10(value / MOST_STEPS));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate * MOST_STEPS >= value)!;
  return { value: Math.ceil(value / step) * step, step };
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
