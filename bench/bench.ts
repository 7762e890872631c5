/**
 * `npm run bench`: PUT, GET, HEAD and LIST of a Holdfast server beside raw `node:http` on the same machine, in interleaved rounds.
 * Servers run on processor 0, this client on the others. Read the ratios: absolute figures belong to the machine.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { PreparedRequest } from "./connection.ts";
import { Connection } from "./connection.ts";
import type { Target } from "./presign.ts";
import { presign } from "./presign.ts";
import { startNode, stop, usage } from "./processes.ts";

const SMALL_SIZE_BYTES = 4 * 1024;
const LARGE_SIZE_BYTES = 64 * 1024 * 1024;
const SMALL_KEYS = 2_000;
const LARGE_KEYS = 4;
const BUCKET = "bench";

interface Work {
  readonly name: string;
  readonly concurrency: number;
  request(target: Target, index: number): PreparedRequest;
}

interface Figure {
  readonly perSecond: number;
  readonly megabytesPerSecond: number;
  readonly cpuMicroseconds: number;
}

const smallBody = Buffer.alloc(SMALL_SIZE_BYTES, "holdfast ");
const largeBody = Buffer.alloc(LARGE_SIZE_BYTES, "holdfast ");
const now = new Date();

const works: readonly Work[] = [
  { name: "PUT 4 KiB", concurrency: 32, request: (target, index) => prepared(target, "PUT", smallKey(index), smallBody) },
  { name: "GET 4 KiB", concurrency: 32, request: (target, index) => prepared(target, "GET", smallKey(index)) },
  { name: "HEAD 4 KiB", concurrency: 32, request: (target, index) => prepared(target, "HEAD", smallKey(index)) },
  {
    name: "LIST 1,000 keys",
    concurrency: 4,
    request: (target) => prepared(target, "GET", `/${BUCKET}`, undefined, { "list-type": "2" }),
  },
  { name: "PUT 64 MiB", concurrency: 2, request: (target, index) => prepared(target, "PUT", largeKey(index), largeBody) },
  { name: "GET 64 MiB", concurrency: 2, request: (target, index) => prepared(target, "GET", largeKey(index)) },
];

function smallKey(index: number): string {
  return `/${BUCKET}/small/${String(index % SMALL_KEYS).padStart(6, "0")}`;
}

function largeKey(index: number): string {
  return `/${BUCKET}/large/${index % LARGE_KEYS}`;
}

function prepared(
  target: Target,
  method: string,
  path: string,
  body?: Buffer,
  query: Record<string, string> = {},
): PreparedRequest {
  const requestTarget = presign(target, method, path, query, now);
  const length = body === undefined ? "" : `Content-Length: ${body.length}\r\n`;
  return {
    head: Buffer.from(`${method} ${requestTarget} HTTP/1.1\r\nHost: ${target.host}:${target.port}\r\n${length}\r\n`),
    body,
  };
}

/** Runs one kind of work for `seconds` and reads the server's CPU time around it. */
async function measure(target: Target, pid: number, work: Work, seconds: number): Promise<Figure> {
  const count = work.name.includes("64 MiB") ? LARGE_KEYS : work.name.startsWith("LIST") ? 1 : SMALL_KEYS;
  const requests = Array.from({ length: count }, (_, index) => work.request(target, index));
  const connections = await Promise.all(
    Array.from({ length: work.concurrency }, () => Connection.open(target.host, target.port)),
  );
  const before = usage(pid).cpuMicroseconds;
  const startedAtMs = performance.now();
  let done = 0;
  let bytes = 0;
  await Promise.all(
    connections.map(async (connection, first) => {
      for (let index = first; performance.now() - startedAtMs < seconds * 1000; index += work.concurrency) {
        const request = requests[index % count]!;
        const answer = await connection.send(request);
        if (answer.status !== 200) throw new Error(`${target.name}: ${work.name} answered ${answer.status}`);
        done += 1;
        bytes += answer.bodySizeBytes + (request.body?.length ?? 0);
      }
    }),
  );
  const elapsedSeconds = (performance.now() - startedAtMs) / 1000;
  for (const connection of connections) connection.close();
  const cpuMicroseconds = (usage(pid).cpuMicroseconds - before) / done;
  return { perSecond: done / elapsedSeconds, megabytesPerSecond: bytes / 1e6 / elapsedSeconds, cpuMicroseconds };
}

/** Puts every object the reading works need. */
async function fill(target: Target): Promise<void> {
  const connection = await Connection.open(target.host, target.port);
  const bucket = await connection.send(prepared(target, "PUT", `/${BUCKET}`, Buffer.alloc(0)));
  if (bucket.status !== 200) throw new Error(`${target.name}: CreateBucket answered ${bucket.status}`);
  for (const [index, work] of [works[0]!, works[4]!].entries()) {
    for (let key = 0; key < (index === 0 ? SMALL_KEYS : LARGE_KEYS); key += 1) await connection.send(work.request(target, key));
  }
  connection.close();
}

function row(work: string, figures: readonly Figure[], floor: readonly Figure[] | undefined): string {
  const median = (pick: (figure: Figure) => number, of: readonly Figure[]): number =>
    of.map(pick).sort((a, b) => a - b)[Math.floor(of.length / 2)]!;
  const perSecond = median((figure) => figure.perSecond, figures);
  const ratio = floor === undefined ? "" : (perSecond / median((figure) => figure.perSecond, floor)).toFixed(2);
  const cells = [
    work.padEnd(18),
    perSecond.toFixed(perSecond < 100 ? 1 : 0).padStart(9),
    median((figure) => figure.megabytesPerSecond, figures)
      .toFixed(0)
      .padStart(8),
    median((figure) => figure.cpuMicroseconds, figures)
      .toFixed(0)
      .padStart(10),
    ratio.padStart(14),
  ];
  return cells.join(" ");
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seconds: { type: "string", default: "3" },
      rounds: { type: "string", default: "3" },
      durability: { type: "string", default: "synced" },
      workers: { type: "string", default: "1" },
      port: { type: "string", default: "19000" },
    },
  });
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  const port = Number(values.port);
  const common = { host: "127.0.0.1", region: "us-east-1", accessKeyId: "BENCHBENCHBENCHBENCH", secretAccessKey: "b".repeat(40) };
  const holdfast: Target = { name: "holdfast", port, ...common };
  const raw: Target = { name: "node:http", port: port + 1, ...common };
  const env = { ...process.env, HOLDFAST_ACCESS_KEY_ID: common.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: common.secretAccessKey };
  const serve = [
    "src/main.ts",
    "serve",
    "--port",
    String(port),
    "--data",
    folder,
    "--workers",
    values.workers,
    "--durability",
    values.durability,
  ];
  const server = await startNode(serve, { cpu: 0, env, ready: /http:\/\/127/ });
  const floor = await startNode(["bench/rawServer.ts", String(port + 1)], { cpu: 0, env, ready: /listening/ });
  try {
    process.stdout.write(
      `idle memory ${usage(server.pid!).residentMiB.toFixed(0)} MiB, durability ${values.durability}, workers ${values.workers}\n`,
    );
    await fill(holdfast);
    const figures = new Map<string, { holdfast: Figure[]; raw: Figure[] }>(
      works.map((work) => [work.name, { holdfast: [], raw: [] }]),
    );
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const work of works) {
        process.stderr.write(`round ${round + 1}: ${work.name}\n`);
        figures.get(work.name)!.holdfast.push(await measure(holdfast, server.pid!, work, Number(values.seconds)));
        figures.get(work.name)!.raw.push(await measure(raw, floor.pid!, work, Number(values.seconds)));
      }
    }
    process.stdout.write(`${"work".padEnd(18)}        /s     MB/s  CPU µs/rq  of node:http\n`);
    for (const [name, { holdfast: own, raw: other }] of figures) {
      process.stdout.write(`${row(name, own, other)}\n${row("  raw node:http", other, undefined)}\n`);
    }
    process.stdout.write(`memory after load ${usage(server.pid!).residentMiB.toFixed(0)} MiB\n`);
  } finally {
    await Promise.all([stop(server), stop(floor)]);
    await rm(folder, { recursive: true, force: true });
  }
}

await main();
