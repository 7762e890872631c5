import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerFigures, StoreFigures } from "../../../src/server/figures/exposition.ts";
import { exposition as expositionOf } from "../../../src/server/figures/exposition.ts";
import type { ProcessFigures } from "../../../src/server/figures/ProcessFigures.ts";
import { sumOfBlobs } from "../../../src/server/figures/ProcessFigures.ts";
import type { ProcessUse } from "../../../src/server/figures/ProcessUse.ts";
import type { MetricsSnapshot } from "../../../src/server/figures/RequestMetrics.ts";
import { RequestMetrics } from "../../../src/server/figures/RequestMetrics.ts";
import { WorkerFigures } from "../../../src/server/figures/WorkerFigures.ts";
import { TestServer } from "../TestServer.ts";

const STORE: StoreFigures = {
  metadataSizeBytes: 4096,
  metadataEntries: 3,
  blobs: { blobs: 1, sizeBytes: 70_000 },
  disks: [],
  buckets: undefined,
};
const SERVER: Omit<ServerFigures, "processes"> = { version: "1.2.3", node: "24.1.0", store: STORE };
const USE: ProcessUse = {
  name: "main",
  residentSizeBytes: 100,
  heapSizeBytes: 50,
  cpuSeconds: 1.5,
  startedAtSeconds: 1_800_000_000.25,
  openFiles: 20,
  maxOpenFiles: 1024,
};
const ANSWER = { operation: "GetObject", status: 200, errorCode: undefined, receivedSizeBytes: 0, sentSizeBytes: 0 };

/** What a process tells that has only answered requests. */
function processOf(requests: MetricsSnapshot): ProcessFigures {
  return { requests, blobs: { blobs: 0, sizeBytes: 0 }, journalDropped: 0, use: undefined };
}

/** The figures of processes that have only answered requests. */
function exposition(requests: readonly MetricsSnapshot[], store: StoreFigures): string {
  return expositionOf({ ...SERVER, processes: requests.map(processOf), store });
}

/** The value of a line of the figures. */
function value(text: string, name: string): string | undefined {
  return text
    .split("\n")
    .find((line) => line.startsWith(`${name} `))
    ?.slice(name.length + 1);
}

test("Figures: the counts of all processes are added up, by operation, status and code", () => {
  const [first, second] = [new RequestMetrics(), new RequestMetrics()];
  for (const metrics of [first, second, second]) {
    metrics.begin();
    metrics.end({ ...ANSWER, durationSeconds: 0.002, receivedSizeBytes: 10, sentSizeBytes: 7 });
  }
  second.begin();
  second.end({ ...ANSWER, status: 404, errorCode: "NoSuchKey", durationSeconds: 0.002 });
  first.begin();
  const text = exposition([first.snapshot(), second.snapshot()], STORE);
  assert.equal(value(text, 'holdfast_requests_total{operation="GetObject",status="200"}'), "3");
  assert.equal(value(text, 'holdfast_requests_total{operation="GetObject",status="404"}'), "1");
  assert.equal(value(text, 'holdfast_errors_total{code="NoSuchKey"}'), "1");
  // And what is watched for is there before it happens.
  for (const code of ["InternalError", "ServiceUnavailable", "SlowDown"]) {
    assert.equal(value(text, `holdfast_errors_total{code="${code}"}`), "0");
  }
  assert.equal(text.match(/^holdfast_errors_total\{/gm)?.length, 4);
  assert.equal(value(text, "holdfast_received_bytes_total"), "30");
  assert.equal(value(text, "holdfast_sent_bytes_total"), "21");
  assert.equal(value(text, "holdfast_requests_under_way"), "1");
  assert.equal(value(text, "holdfast_metadata_bytes"), "4096");
  assert.equal(value(text, "holdfast_metadata_entries"), "3");
  assert.equal(value(text, "holdfast_blob_bytes"), "70000");
  assert.equal(value(text, "holdfast_blobs"), "1");
});

test("Figures: those of blobs are not there until those of earlier runs have been counted", () => {
  const text = exposition([], { ...STORE, blobs: undefined });
  assert.doesNotMatch(text, /holdfast_blob/);
  assert.equal(value(text, "holdfast_metadata_entries"), "3");
});

test("Figures: what a worker counted stays counted when it dies; what it had under way does not", () => {
  const figures = new WorkerFigures<string>();
  const answered = (count: number): RequestMetrics => {
    const metrics = new RequestMetrics();
    for (let time = 0; time < count; time += 1) {
      metrics.begin();
      metrics.end({ ...ANSWER, errorCode: "NoSuchKey", durationSeconds: 0.002, receivedSizeBytes: 10, sentSizeBytes: 7 });
    }
    metrics.begin();
    return metrics;
  };
  for (const [worker, count] of [
    ["first", 1],
    ["second", 2],
    ["third", 4],
  ] as const) {
    // It was asked more than once.
    for (const times of [1, count]) {
      const blobs = { blobs: times, sizeBytes: times * 100 };
      figures.hear(worker, { requests: answered(times).snapshot(), blobs, journalDropped: times, use: USE });
    }
  }
  figures.leave("first");
  figures.leave("second");
  figures.leave("one that never said anything");
  assert.deepEqual(sumOfBlobs(figures.all().map(({ blobs }) => blobs)), { blobs: 7, sizeBytes: 700 });
  const text = expositionOf({ ...SERVER, processes: figures.all() });
  assert.equal(value(text, "holdfast_journal_records_dropped_total"), "7");
  assert.equal(value(text, 'holdfast_requests_total{operation="GetObject",status="200"}'), "7");
  assert.equal(value(text, 'holdfast_errors_total{code="NoSuchKey"}'), "7");
  assert.equal(value(text, "holdfast_received_bytes_total"), "70");
  assert.equal(value(text, "holdfast_sent_bytes_total"), "49");
  assert.equal(value(text, "holdfast_requests_under_way"), "1");
  assert.equal(value(text, 'holdfast_request_seconds_count{operation="GetObject"}'), "7");
  assert.equal(value(text, 'holdfast_request_seconds_bucket{operation="GetObject",le="0.0025"}'), "7");
});

test("Figures: failures of the server's own are counted, in all processes, and refusals are not", async () => {
  await using server = await TestServer.start();
  await server.request("GET", "/bucket/nothing");
  assert.equal(server.service.metrics.snapshot().failures, 0);
  server.store.metadata.read = () => Promise.reject(new Error("the disk says no"));
  assert.equal((await server.request("GET", "/bucket/key")).status, 500);
  const figures = server.service.metrics.snapshot();
  assert.equal(value(exposition([figures, figures], STORE), "holdfast_failures_total"), "2");
  const workers = new WorkerFigures<string>();
  for (const worker of ["first", "second"]) {
    workers.hear(worker, processOf(figures));
    workers.leave(worker);
  }
  assert.deepEqual(
    workers.all().map(({ requests }) => requests.failures),
    [2],
  );
});

test("Figures: of a body what has come counts, whatever was announced, and whether or not somebody wanted it", async () => {
  await using server = await TestServer.start();
  const received = (): number => server.service.metrics.snapshot().receivedSizeBytes;
  // A request is entered when its answer is on its way.
  const counted = async (sizeBytes: number): Promise<void> => {
    while (received() < sizeBytes) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(received(), sizeBytes);
  };
  await counted(0);
  await server.request("PUT", "/bucket/key", { body: "0123456789" });
  await counted(10);
  using chunked = await server.connect();
  await chunked.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { "Transfer-Encoding": "chunked" });
  await chunked.send("a\r\n0123456789\r\n0\r\n\r\n");
  await chunked.answer();
  await counted(20);
  await server.request("PUT", "/bucket/key", { unsigned: true, body: "0123456789" });
  await counted(30);
  using cut = await server.connect();
  await cut.sendHead(`PUT ${server.signed("PUT", "/bucket/key")}`, { "Content-Length": "1000000" });
  await cut.send("0123456789");
  await cut.end();
  await cut.answer();
  await counted(40);
});

test("Figures: a time counts in its bucket and in every larger one, a bound in its own", () => {
  const metrics = new RequestMetrics();
  for (const durationSeconds of [0.001, 0.0011, 61]) {
    metrics.begin();
    metrics.end({ ...ANSWER, durationSeconds });
  }
  const text = exposition([metrics.snapshot()], STORE);
  const upTo = (bound: string): string | undefined =>
    value(text, `holdfast_request_seconds_bucket{operation="GetObject",le="${bound}"}`);
  assert.deepEqual([upTo("0.001"), upTo("0.0025"), upTo("60"), upTo("+Inf")], ["1", "2", "2", "3"]);
  assert.equal(value(text, 'holdfast_request_seconds_count{operation="GetObject"}'), "3");
  assert.equal(value(text, 'holdfast_request_seconds_sum{operation="GetObject"}'), String(0.001 + 0.0011 + 61));
});

test("Figures: latencies are counted up to fourteen bounds and beyond, of all processes, each operation's its own", () => {
  const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];
  const [first, second] = [new RequestMetrics(), new RequestMetrics()];
  // Of each bound one that reaches it and one that is just above.
  for (const bound of bounds) {
    first.end({ ...ANSWER, durationSeconds: bound });
    second.end({ ...ANSWER, durationSeconds: bound * 1.000_001 });
  }
  second.end({ ...ANSWER, operation: "PutObject", durationSeconds: 3 });
  const lines = exposition([first.snapshot(), second.snapshot()], STORE).split("\n");
  const bucketsOf = (operation: string): string[] =>
    lines.flatMap((line) => (line.includes(`_bucket{operation="${operation}",`) ? line.replace(/^.*le=/, "") : []));
  assert.deepEqual(bucketsOf("GetObject"), [
    ...bounds.map((bound, index) => `"${bound}"} ${index * 2 + 1}`),
    `"+Inf"} ${bounds.length * 2}`,
  ]);
  assert.deepEqual(bucketsOf("PutObject"), [...bounds.map((bound) => `"${bound}"} ${bound < 3 ? 0 : 1}`), '"+Inf"} 1']);
});

test("Figures: versions, processes and disks, each with what is known of it", () => {
  const disks = [
    { folder: "data", sizeBytes: 1000, freeBytes: 400, freeFiles: 7 },
    { folder: "GLACIER", sizeBytes: 2000, freeBytes: 500, freeFiles: undefined },
  ];
  const worker = { ...USE, name: "worker-1", openFiles: undefined, maxOpenFiles: Infinity };
  const processes = [{ ...processOf(new RequestMetrics().snapshot()), use: worker }];
  const text = expositionOf({ ...SERVER, primary: USE, processes, store: { ...STORE, disks } });
  assert.equal(value(text, 'holdfast_build_info{version="1.2.3",node="24.1.0"}'), "1");
  const told = text.split("\n").filter((line) => /^holdfast_(?:process|disk)_/.test(line));
  assert.deepEqual(told, [
    'holdfast_process_resident_memory_bytes{process="main"} 100',
    'holdfast_process_resident_memory_bytes{process="worker-1"} 100',
    'holdfast_process_heap_bytes{process="main"} 50',
    'holdfast_process_heap_bytes{process="worker-1"} 50',
    'holdfast_process_cpu_seconds_total{process="main"} 1.5',
    'holdfast_process_cpu_seconds_total{process="worker-1"} 1.5',
    'holdfast_process_start_time_seconds{process="main"} 1800000000.25',
    'holdfast_process_start_time_seconds{process="worker-1"} 1800000000.25',
    'holdfast_process_open_fds{process="main"} 20',
    'holdfast_process_max_fds{process="main"} 1024',
    'holdfast_disk_size_bytes{folder="data"} 1000',
    'holdfast_disk_size_bytes{folder="GLACIER"} 2000',
    'holdfast_disk_free_bytes{folder="data"} 400',
    'holdfast_disk_free_bytes{folder="GLACIER"} 500',
    'holdfast_disk_free_files{folder="data"} 7',
  ]);
});

test("Figures: who replaces a worker is told in its place; who is no more is not told as a process", () => {
  const figures = new WorkerFigures<string>();
  const names = (): (string | undefined)[] => figures.all().map(({ use }) => use?.name);
  const tell = (worker: string): void => figures.hear(worker, { ...processOf(new RequestMetrics().snapshot()), use: USE });
  for (const worker of ["first", "second", "third", "first"]) tell(worker);
  assert.deepEqual(names(), ["worker-1", "worker-2", "worker-3"]);
  figures.leave("second");
  assert.deepEqual(names(), ["worker-1", "worker-3", undefined]);
  tell("fourth");
  tell("fifth");
  assert.deepEqual(names(), ["worker-1", "worker-3", "worker-2", "worker-4", undefined]);
});

test("Figures: what is in buckets by kind, in those without figures of their own together, and when it was counted", () => {
  const none = { count: 0, sizeBytes: 0 };
  const counts = {
    current: { count: 2, sizeBytes: 30 },
    noncurrent: { count: 1, sizeBytes: 7 },
    deleteMarker: { count: 4, sizeBytes: 0 },
    part: { count: 3, sizeBytes: 15 },
  };
  const others = { current: { count: 9, sizeBytes: 90 }, noncurrent: none, deleteMarker: none, part: none };
  const buckets = {
    startedAtMs: 1_800_000_000_500,
    durationMs: 1500,
    buckets: 5,
    largest: [{ name: "my.bucket", counts }],
    others,
  };
  const lines = exposition([], { ...STORE, buckets })
    .split("\n")
    .filter((line) => line.startsWith("holdfast_bucket"));
  assert.deepEqual(lines, [
    "holdfast_buckets 5",
    'holdfast_bucket_objects{bucket="my.bucket",kind="current"} 2',
    'holdfast_bucket_objects{bucket="my.bucket",kind="noncurrent"} 1',
    'holdfast_bucket_objects{bucket="my.bucket",kind="deleteMarker"} 4',
    'holdfast_bucket_objects{bucket="my.bucket",kind="part"} 3',
    'holdfast_bucket_objects{bucket="(others)",kind="current"} 9',
    'holdfast_bucket_objects{bucket="(others)",kind="noncurrent"} 0',
    'holdfast_bucket_objects{bucket="(others)",kind="deleteMarker"} 0',
    'holdfast_bucket_objects{bucket="(others)",kind="part"} 0',
    'holdfast_bucket_bytes{bucket="my.bucket",kind="current"} 30',
    'holdfast_bucket_bytes{bucket="my.bucket",kind="noncurrent"} 7',
    'holdfast_bucket_bytes{bucket="my.bucket",kind="part"} 15',
    'holdfast_bucket_bytes{bucket="(others)",kind="current"} 90',
    'holdfast_bucket_bytes{bucket="(others)",kind="noncurrent"} 0',
    'holdfast_bucket_bytes{bucket="(others)",kind="part"} 0',
    "holdfast_bucket_census_timestamp_seconds 1800000000.5",
    "holdfast_bucket_census_seconds 1.5",
  ]);
});

test("Figures: every metric says what it is before its values, and no line is empty within one", () => {
  const text = exposition([], STORE);
  for (const block of text.split("\n\n")) {
    const [help, type] = block.trim().split("\n");
    const name = /^# HELP (\w+) \S/.exec(help ?? "")?.[1];
    assert.match(type ?? "", new RegExp(`^# TYPE ${name} (?:counter|gauge|histogram)$`));
  }
  assert.ok(text.endsWith("\n"));
});
