import assert from "node:assert/strict";
import { test } from "node:test";
import { answers } from "../../bench/answers.ts";
import type { Results } from "../../bench/report.ts";
import { peersOf, peerTable, ratiosOf, rowTable } from "../../bench/report.ts";

const figures = {
  perSecond: 5_000,
  p50Ms: 6,
  p99Ms: 12,
  megabytesPerSecond: 20,
  cpuMicrosecondsPerRequest: 120,
  allocatedBytesPerRequest: 2_048,
  clientBound: false,
};
const used = (residentMiB: number) => ({ cpuSeconds: 1, residentMiB, anonymousMiB: residentMiB / 2 });
const memory = (idle: number, connected: number) => ({
  idle: used(idle),
  connected: used(connected),
  afterLoad: used(connected),
});

const results: Results = {
  measuredAt: "2026-01-01T00:00:00.000Z",
  node: "v24.0.0",
  processors: "",
  conditions: { durability: "synced", workers: 1, keys: 1 },
  seconds: 1,
  rounds: 3,
  rows: [
    {
      id: "put",
      title: "PUT",
      inFlight: 32,
      servers: {
        holdfast: figures,
        "node:http": { ...figures, perSecond: 15_000, cpuMicrosecondsPerRequest: 40, clientBound: true },
        other: { ...figures, cpuMicrosecondsPerRequest: undefined },
      },
      ratios: { "node:http": 1 / 3, other: 1 },
    },
  ],
  memory: { holdfast: memory(100, 300), "node:http": memory(50, 60) },
  start: { holdfastMs: 400, floorMs: 100, libraryMs: 200, importMs: 90, libraryStartMs: 10 },
};

test("ratiosOf: more is better in every ratio, for rates, CPU time, memory and starts", () => {
  assert.deepEqual(ratiosOf(results, "holdfast", "node:http"), {
    put: 0.3333,
    "put cpu": 0.3333,
    "memory-idle": 0.5,
    "memory-connected": 0.2,
    start: 0.25,
    "start-library": 0.5,
  });
});

test("ratiosOf: leaves out what one side does not show", () => {
  const { put, "put cpu": cpu } = ratiosOf(results, "holdfast", "other");
  assert.deepEqual([put, cpu], [1, undefined]);
});

test("rowTable: has a line for each server, marks where the client was the limit, and compares with each", () => {
  assert.deepEqual(rowTable(results.rows, "holdfast").rows, [
    ["PUT ×32", "5,000", "6.00", "12.0", "20.0", "120", "2.00 KiB", ""],
    ["  node:http", "15,000*", "6.00", "12.0", "20.0", "40.0", "2.00 KiB", "0.33"],
    ["  other", "5,000", "6.00", "12.0", "20.0", "–", "2.00 KiB", "1.00"],
  ]);
});

test("rowTable and peerTable: a ratio is the quotient of the figures beside it, whatever the rounds' ratios were", () => {
  const slow = { ...figures, perSecond: 0.144 };
  const rows = [
    { ...results.rows[0]!, servers: { holdfast: { ...figures, perSecond: 1_102.4 }, other: slow }, ratios: { other: 9 } },
  ];
  assert.equal(rowTable(rows, "holdfast").rows[1]!.at(-1), "7,871");
  assert.deepEqual(peerTable({ ...results, rows }, "holdfast", ["other"]).rows, [["PUT ×32", "1,102", "0.14", "7,871"]]);
});

test("peersOf: names who is neither Holdfast, whatever its setting, nor the floor", () => {
  const servers = { holdfast: figures, "holdfast written": figures, "node:http": figures, other: figures };
  assert.deepEqual(peersOf({ ...results, rows: [{ ...results.rows[0]!, servers }] }, "holdfast", "node:http"), ["other"]);
});

test("peerTable: shows a dash for what a peer did not do, and marks where the client was the limit", () => {
  const head = ["work ×in flight", "holdfast /s", "node:http /s", "holdfast ÷ it", "absent /s", "holdfast ÷ it"];
  assert.deepEqual(peerTable(results, "holdfast", ["node:http", "absent"]), {
    head,
    rows: [["PUT ×32", "5,000", "15,000*", "0.33", "–", "–"]],
  });
});

test("answers: says in how many rows a peer is slower and faster, and where most", () => {
  const row = (title: string, perSecond: number) => ({
    ...results.rows[0]!,
    title,
    servers: { holdfast: figures, other: { ...figures, perSecond } },
  });
  const text = answers(
    { ...results, rows: [row("PUT", 1_000), row("GET", 2_500), row("list", 10_000)] },
    { main: "holdfast", floor: "node:http", peers: ["other"] },
  );
  assert.match(text, /^Measured 2026-01-01 with Node v24\.0\.0; .*`synced`/);
  assert.match(
    text,
    /\| Beside other\? \| faster in 2 of 3 rows, most at PUT \(5\.00 times its speed\); slower in 1, most at list \(0\.50 times its speed\) \|/,
  );
  assert.match(text, /\| Memory\? \| 100 MiB resident when idle, 300 with 256 connections \|/);
});
