import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { Holdfast } from "../../../src/index.ts";
import { newFolder } from "../../newFolder.ts";
import { RawConnection } from "../../server/RawConnection.ts";
import type { CommandResult } from "./command.ts";
import { holdfast, Server } from "./command.ts";

const HOUR_MS = 60 * 60 * 1000;
const DAYS_MS = 31 * 24 * HOUR_MS;
/** What an assertion leaves for a busy machine; no step below is as small. */
const LEEWAY_MS = HOUR_MS / 2;
const KEYS = { accessKeyId: "HFTESTTESTTESTTEST00", secretAccessKey: "t".repeat(40) };
const ENVIRONMENT = { HOLDFAST_ACCESS_KEY_ID: KEYS.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
/** Connections that are enough to reach both workers: they take turns. */
const CONNECTIONS = 8;

function clock(folder: string, ...args: string[]): Promise<CommandResult> {
  return holdfast(["clock", ...args], { folder });
}

/** The times that the workers of a server tell, each on a connection of its own. */
function told(connections: readonly RawConnection[]): Promise<number[]> {
  return Promise.all(
    connections.map(async (connection) => {
      await connection.sendHead("GET /none", {});
      return Date.parse((await connection.answer()).headers.get("date")!);
    }),
  );
}

function assertAhead(times: readonly number[], aheadMs: number): void {
  for (const time of times) assert.ok(Math.abs(time - Date.now() - aheadMs) < LEEWAY_MS, new Date(time).toISOString());
}

test("clock: all workers heed it at their next request, and it keeps its place over a restart", async (t) => {
  const folder = newFolder(t);
  const serve = (...args: string[]): Promise<Server> =>
    Server.start(t, ["--workers", "2", ...args], { folder, environment: ENVIRONMENT });
  const server = await serve("--test-clock");
  assert.match(server.announcement, /^  test clock    \S+Z   real time   \(holdfast clock moves it\)$/m);
  const open = (): Promise<RawConnection> => RawConnection.open(Number(new URL(server.endpoint).port));
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, open));
  assertAhead(await told(connections), 0);

  const advanced = await clock(folder, "advance", "31", "days");
  assert.match(advanced.stdout, /^\S+Z   31 days ahead of real time\n$/);
  assertAhead(await told(connections), DAYS_MS);
  const client = server.client(KEYS);
  const place = { Bucket: "bucket", Key: "key" };
  await client.send(new CreateBucketCommand({ Bucket: place.Bucket }));
  await client.send(new PutObjectCommand({ ...place, Body: "x" }));
  const { LastModified } = await client.send(new HeadObjectCommand(place));
  assertAhead([LastModified!.getTime()], DAYS_MS);

  assert.match((await clock(folder, "set", "2020-01-01T00:00:00Z")).stdout, /^2020-01-01T00:00:0\S+Z   .* behind real time\n$/);
  assert.ok((await told(connections)).every((time) => new Date(time).getUTCFullYear() === 2020));
  assert.equal((await clock(folder, "reset")).stdout.replace(/^\S+Z/, ""), "   real time\n");
  assertAhead(await told(connections), 0);
  await clock(folder, "advance", "P31D");
  for (const connection of connections) connection[Symbol.dispose]();
  await server.end("SIGTERM");

  const again = await serve("--test-clock");
  assert.match(again.announcement, /^  test clock    \S+Z   31 days ahead of real time   /m);
  assert.match((await clock(folder, "show")).stdout, /^\S+Z   31 days ahead of real time\n$/);
  await again.end("SIGTERM");
});

test("clock: it is refused without a server that was started with a test clock, which goes by real time and says so", async (t) => {
  const folder = newFolder(t);
  const refusal =
    "No server with a test clock runs on this data folder. Start one with --test-clock (in the library: testClock: true).\n";
  const refused = async (...args: string[]): Promise<void> => {
    assert.deepEqual(await clock(folder, ...args), { code: 1, stdout: "", stderr: refusal });
  };
  const first = await Server.start(t, [], { folder, environment: { ...ENVIRONMENT, HOLDFAST_TEST_CLOCK: "true" } });
  await clock(folder, "advance", "31 days");
  await first.end("SIGTERM");
  await refused("show");

  const real = await Server.start(t, [], { folder, environment: ENVIRONMENT });
  assert.match(
    real.announcement,
    /^  Real time counts: the folder's test clock is 31 days ahead of real time, and is left alone without --test-clock\.$/m,
  );
  for (const args of [["show"], ["reset"], ["advance", "1 day"], ["set", "2030-01-01"]]) await refused(...args);
  const answer = await fetch(real.endpoint, { redirect: "manual" });
  assertAhead([Date.parse(answer.headers.get("date")!)], 0);
  await real.end("SIGTERM");
  const again = await Server.start(t, ["--test-clock"], { folder, environment: ENVIRONMENT });
  assert.match(again.announcement, /31 days ahead/, "it was left alone");
});

test("clock: what it does not take is answered with what it does", async (t) => {
  const folder = newFolder(t);
  for (const [args, said] of [
    [[], /^Use: holdfast clock show\n/],
    [["advance"], /^holdfast clock advance needs a DURATION\.\nUse: holdfast clock advance DURATION\n/],
    [["set"], /^holdfast clock set needs a TIME\.\nUse: /],
    [["show", "me"], /^The argument "me" has no meaning behind holdfast clock show\.\nUse: /],
    [["reset", "now"], /^The argument "now" has no meaning behind holdfast clock reset\.\nUse: /],
    [["turn"], /^holdfast clock has no "turn"\.\nUse: holdfast clock show\n/],
  ] as const) {
    const { code, stderr } = await clock(folder, ...args);
    assert.equal(code, 2);
    assert.match(stderr, said);
  }
  const length = await clock(folder, "advance", "one month");
  assert.deepEqual([length.code, length.stderr.slice(0, 40)], [2, '"one month" is not a length of time, suc']);
  const time = await clock(folder, "set", "tomorrow");
  assert.deepEqual([time.code, time.stderr.slice(0, 40)], [2, '"tomorrow" is not a time in ISO 8601, su']);
});

for (const workers of [1, 2]) {
  test(`clock: in the library, a server on a data folder has one where it was asked for (workers: ${workers})`, async (t) => {
    const data = newFolder(t);
    const real = await Holdfast.start({ data, workers });
    assertAhead([real.clock.now.getTime()], 0);
    await assert.rejects(real.clock.advance("1 day"), { name: "TestClockError", message: /testClock: true/ });
    await real.stop();
    await using server = await Holdfast.start({ data, workers, testClock: true });
    await server.clock.advance("31 days");
    assertAhead([server.clock.now.getTime()], DAYS_MS);
    const answer = await fetch(server.endpoint, { redirect: "manual" });
    assertAhead([Date.parse(answer.headers.get("date")!)], DAYS_MS);
  });
}
