import assert from "node:assert/strict";
import { test } from "node:test";
import { chart } from "../../bench/chart.ts";

function attributes(svg: string, element: string, name: string): string[] {
  return [...svg.matchAll(new RegExp(`<${element} [^>]*?\\b${name}="([^"]*)"`, "g"))].map((match) => match[1]!);
}

const series = [
  {
    name: "GET",
    points: [
      [1, 500],
      [2, 1_000],
      [4, 2_000],
    ],
  },
  {
    name: "PUT <4 KiB> & more",
    points: [
      [1, 100],
      [2, 200],
      [4, 1_990],
    ],
  },
] as const;

test("chart: puts doubled concurrency at even distances and rates at their height", () => {
  const svg = chart("Throughput", series);
  const [line] = attributes(svg, "polyline", "points").map((points) =>
    points.split(" ").map((point) => point.split(",").map(Number)),
  );
  const [[x1, y1], [x2, y2], [x4, y4]] = line as [[number, number], [number, number], [number, number]];
  assert.ok(Math.abs(x2 - x1 - (x4 - x2)) <= 0.2);
  // Heights are as the rates: 500, 1,000, 2,000.
  assert.ok(Math.abs((y2 - y4) / (y1 - y2) - 2) < 0.01);
});

test("chart: escapes names and says what its axes mean", () => {
  const svg = chart("Rates & more", series);
  assert.ok(svg.includes("PUT &lt;4 KiB&gt; &amp; more</text>"));
  assert.ok(svg.includes("<title>Rates &amp; more</title>"));
  assert.ok(svg.includes(">requests in flight</text>"));
  assert.ok(svg.includes(">2,000/s</text>"));
  for (const mark of ["1", "2", "4"]) assert.ok(svg.includes(`text-anchor="middle">${mark}</text>`));
});

test("chart: keeps the names of lines that end together apart", () => {
  const svg = chart("Throughput", series);
  const places = [...svg.matchAll(/<text x="\S+" y="(\S+)" fill=/g)].map((match) => Number(match[1]));
  assert.equal(places.length, 2);
  assert.ok(Math.abs(places[0]! - places[1]!) >= 16);
});

test("chart: is drawn for one point, for none and for zero rates", () => {
  const lines = [
    { name: "one", points: [[8, 0]] as const },
    { name: "none", points: [] },
  ];
  assert.doesNotMatch(chart("Nothing", lines), /NaN|Infinity/);
  assert.doesNotMatch(chart("Nothing", []), /NaN|Infinity/);
});
