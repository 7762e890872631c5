import assert from "node:assert/strict";
import type { Worker } from "node:cluster";
import { EventEmitter } from "node:events";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ServerSettings } from "../../../src/config/ServerSettings.ts";
import { WorkerPool } from "../../../src/server/workers/WorkerPool.ts";
import type { MessageToPrimary, MessageToWorker, WorkerReport } from "../../../src/server/workers/workerMessages.ts";

const SHUTDOWN_TIMEOUT_MS = 1_000;
/** How long a stuck worker is waited for after that. */
const STUCK_AFTER_MS = 5_000;
const REPORT_TIMEOUT_MS = 1_000;
const LONGEST_RESTART_DELAY_MS = 5_000;
const HEALTHY_AFTER_MS = 10_000;
const WATCH_INTERVAL_MS = 1_000;
const SILENT_MS = 5_000;
const LOCK_HOLDER_SILENT_MS = 1_000;
const LOADING_TIMEOUT_MS = 60_000;

/** What the workers are to listen on. */
const PORT_HANDLE = { getsockname: () => 0, close: () => undefined };

/** What the pool sees of a worker process, in the test's hands. */
class FakeWorker extends EventEmitter {
  readonly heard: MessageToWorker[] = [];
  readonly signals: string[] = [];
  readonly process: { readonly pid: number; readonly kill: (signal: string) => boolean };
  connected = true;

  constructor(pid: number) {
    super();
    this.process = { pid, kill: (signal) => this.signals.push(signal) > 0 };
  }

  isConnected(): boolean {
    return this.connected;
  }

  /** Whether it says that it is there, with nothing to report, when it is asked. */
  answers = true;

  send(message: MessageToWorker, handle?: unknown): void {
    if (message.kind === "start") assert.equal(handle, PORT_HANDLE);
    this.heard.push(message);
    if (message.kind === "report" && this.answers) this.say({ kind: "report", id: message.id, report: undefined });
  }

  say(message: MessageToPrimary): void {
    this.emit("message", message);
  }

  /** Starts as far as listening. */
  listen(): void {
    this.say({ kind: "ready" });
    this.say({ kind: "listening" });
  }

  end(code: number | null): void {
    this.connected = false;
    this.emit("exit", code);
  }

  /** The kinds of messages that came. */
  get heardKinds(): string[] {
    return this.heard.map(({ kind }) => kind);
  }
}

/** A pool whose workers and whose time are in the test's hands. */
function poolOf(t: TestContext, workers: number) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const settings = { workers } as ServerSettings;
  const forked: FakeWorker[] = [];
  const lost: (readonly [number | undefined, number | null])[] = [];
  const silent: (number | undefined)[] = [];
  const port = { port: 9000, handle: PORT_HANDLE, closed: 0, close: () => void (port.closed += 1) };
  let metrics = Promise.resolve("the figures");
  const failMetrics = (): void => void (metrics = Promise.reject(new Error("they cannot be made")));
  let nowMs = 7;
  const started = WorkerPool.start({
    settings,
    port,
    onWorkerSilent: (pid) => silent.push(pid),
    onWorkerLost: (...worker) => lost.push(worker),
    metricsText: () => metrics,
    fork() {
      forked.push(new FakeWorker(100 + forked.length));
      return forked.at(-1) as unknown as Worker;
    },
    now: () => nowMs,
  });
  /** Lets time pass for timers and clock. */
  const pass = (milliseconds: number): void => {
    nowMs += milliseconds;
    t.mock.timers.tick(milliseconds);
  };
  return { settings, port, forked, lost, silent, started, pass, failMetrics };
}

/** One whose workers all listen. */
async function runningPool(t: TestContext, workers: number) {
  const starting = poolOf(t, workers);
  for (const worker of starting.forked) worker.listen();
  return { ...starting, pool: await starting.started };
}

/** Ends every turn of promises that has begun. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function isPending(work: Promise<unknown>): Promise<boolean> {
  const pending = {};
  return (await Promise.race([work, settled().then(() => pending)])) === pending;
}

test("WorkerPool: it has started when every worker listens, each with the settings once it is ready", async (t) => {
  const { settings, forked, started } = poolOf(t, 2);
  assert.equal(forked.length, 2);
  forked[0]!.listen();
  assert.deepEqual(forked[0]!.heard, [{ kind: "start", settings, tls: undefined }]);
  assert.deepEqual(forked[1]!.heard, []);
  assert.ok(await isPending(started));
  forked[1]!.listen();
  assert.equal((await started).port, 9000);
});

test("WorkerPool: what is renewed is told to all workers, and those that start later have the certificate", async (t) => {
  const { settings, forked, pool, pass } = await runningPool(t, 2);
  const tls = { certificate: "a certificate", privateKey: "its key" };
  pool.renew(tls);
  pool.renew(undefined);
  for (const { heard } of forked) {
    const renewals = heard.filter(({ kind }) => kind === "renew");
    assert.deepEqual(renewals, [
      { kind: "renew", tls },
      { kind: "renew", tls: undefined },
    ]);
  }
  forked[0]!.end(1);
  pass(10_000);
  forked[2]!.listen();
  assert.deepEqual(forked[2]!.heard[0], { kind: "start", settings, tls });
});

test("WorkerPool: one that cannot start ends the start with its failure, once the others have ended", async (t) => {
  const { forked, lost, started, pass } = poolOf(t, 3);
  const [failing, listening, slow] = forked as [FakeWorker, FakeWorker, FakeWorker];
  const rejected = assert.rejects(started, { message: "it is taken", code: "EADDRINUSE" });
  listening.listen();
  failing.say({ kind: "failed", message: "it is taken", code: "EADDRINUSE" });
  await settled();
  assert.deepEqual(listening.heardKinds, ["start", "stop"]);
  // One that was not ready has missed what it was told.
  slow.say({ kind: "ready" });
  assert.deepEqual(slow.heardKinds, ["stop", "stop"]);
  failing.end(1);
  listening.end(0);
  assert.ok(await isPending(rejected));
  slow.end(0);
  await rejected;
  pass(LONGEST_RESTART_DELAY_MS);
  assert.deepEqual(lost, []);
  assert.equal(forked.length, 3);
});

test("WorkerPool: one that ends before it listens ends the start, and is neither mourned nor replaced", async (t) => {
  const { forked, lost, started, pass } = poolOf(t, 1);
  forked[0]!.end(7);
  await assert.rejects(started, { message: "a worker process ended with code 7 before it listened" });
  pass(LONGEST_RESTART_DELAY_MS);
  assert.deepEqual(lost, []);
  assert.equal(forked.length, 1);
});

test("WorkerPool: one that dies is reported and replaced after a delay, which doubles at each death up to five seconds", async (t) => {
  const { forked, lost, pass } = await runningPool(t, 2);
  const delaysMs = [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000];
  for (const [index, delayMs] of delaysMs.entries()) {
    forked.at(-1)!.end(index);
    assert.deepEqual(lost.at(-1), [100 + forked.length - 1, index]);
    pass(delayMs - 1);
    assert.equal(forked.length, 2 + index);
    pass(1);
    assert.equal(forked.length, 3 + index);
    forked.at(-1)!.listen();
  }
  assert.equal(lost.length, delaysMs.length);
  assert.equal(LONGEST_RESTART_DELAY_MS, delaysMs.at(-1));
});

test("WorkerPool: where none is left that listens, the next is there soon, whatever happened before", async (t) => {
  const { forked, pass } = await runningPool(t, 2);
  for (let deaths = 0; deaths < 8; deaths += 1) {
    forked.at(-1)!.end(1);
    pass(LONGEST_RESTART_DELAY_MS);
    forked.at(-1)!.listen();
  }
  // Now one waits for five seconds,
  forked.at(-1)!.end(1);
  const { length } = forked;
  pass(10);
  assert.equal(forked.length, length);
  // and the last one dies,
  forked[0]!.end(1);
  pass(100);
  assert.equal(forked.length, length + 1);
  // and its replacement before it listens.
  forked.at(-1)!.end(1);
  pass(100);
  assert.equal(forked.length, length + 2);
});

test("WorkerPool: one that lived for more than ten seconds was healthy, and delays begin anew", async (t) => {
  const { forked, pass } = await runningPool(t, 2);
  /** Has the newest worker die after a life, and says how long it takes until it is replaced. */
  const delayAfter = (lifeMs: number): number => {
    pass(lifeMs);
    forked.at(-1)!.end(1);
    const { length } = forked;
    let delayMs = 0;
    for (; forked.length === length; delayMs += 100) pass(100);
    forked.at(-1)!.listen();
    return delayMs;
  };
  assert.deepEqual([delayAfter(0), delayAfter(HEALTHY_AFTER_MS), delayAfter(HEALTHY_AFTER_MS)], [100, 200, 400]);
  assert.deepEqual([delayAfter(HEALTHY_AFTER_MS + 1), delayAfter(1)], [100, 200]);
});

test("WorkerPool: one that says nothing for ten seconds is ended, and replaced when it has", async (t) => {
  const { forked, silent, lost, pass } = await runningPool(t, 2);
  const [frozen, busy] = forked as [FakeWorker, FakeWorker];
  frozen.answers = busy.answers = false;
  pass(WATCH_INTERVAL_MS);
  await settled();
  // As if the whole machine had stood still: one silence is not enough.
  pass(10 * SILENT_MS);
  await settled();
  pass(SILENT_MS - 1);
  assert.deepEqual(frozen.signals, []);
  const asked = busy.heard.at(-1);
  assert.ok(asked?.kind === "report");
  busy.say({ kind: "report", id: asked.id, report: undefined });
  pass(1);
  await settled();
  assert.deepEqual([frozen.signals, busy.signals, silent], [["SIGKILL"], [], [frozen.process.pid]]);
  frozen.end(null);
  assert.deepEqual(lost, [[frozen.process.pid, null]]);
  pass(100);
  assert.equal(forked.length, 3);
});

test("WorkerPool: one that answers is asked each second, and not any more when it has died or the pool stops", async (t) => {
  const { pool, forked, silent, pass } = await runningPool(t, 2);
  const [mortal, survivor] = forked as [FakeWorker, FakeWorker];
  const second = async (): Promise<void> => {
    pass(WATCH_INTERVAL_MS);
    await settled();
  };
  for (let round = 0; round < 3; round += 1) await second();
  assert.deepEqual(mortal.heardKinds, ["start", "report", "report", "report"]);
  mortal.end(1);
  for (let round = 0; round < 20; round += 1) await second();
  assert.equal(mortal.heard.length, 4);
  assert.equal(survivor.heardKinds.length, 24);
  survivor.answers = false;
  await second();
  void pool.stop(SHUTDOWN_TIMEOUT_MS);
  for (let round = 0; round < 5; round += 1) await second();
  // At most the question that was due.
  assert.ok(survivor.heardKinds.length - survivor.heardKinds.indexOf("stop") <= 2);
  assert.deepEqual(silent, []);
});

test("WorkerPool: one that is not even loaded after a minute is ended", async (t) => {
  const { forked, silent, started, pass } = poolOf(t, 1);
  const rejected = assert.rejects(started, { message: "a worker process ended with code null before it listened" });
  pass(LOADING_TIMEOUT_MS - 1);
  assert.deepEqual(forked[0]!.signals, []);
  pass(1);
  assert.deepEqual([forked[0]!.signals, silent], [["SIGKILL"], [100]]);
  forked[0]!.end(null);
  await rejected;
});

test("WorkerPool: a replacement that dies before it listens is replaced as well", async (t) => {
  const { forked, lost, pass } = await runningPool(t, 2);
  forked[0]!.end(1);
  pass(100);
  forked[2]!.end(2);
  await settled();
  assert.equal(lost.length, 2);
  pass(200);
  assert.equal(forked.length, 4);
});

test("WorkerPool: once it stops, nobody who ends is mourned or replaced, also not who died before", async (t) => {
  const { pool, port, forked, lost, pass } = await runningPool(t, 2);
  forked[0]!.end(1);
  assert.equal(port.closed, 0);
  const stopped = pool.stop(SHUTDOWN_TIMEOUT_MS);
  assert.equal(port.closed, 1, "nobody listens when the last worker does not");
  forked[1]!.end(0);
  await stopped;
  pass(LONGEST_RESTART_DELAY_MS);
  assert.deepEqual(lost, [[100, 1]]);
  assert.equal(forked.length, 2);
});

test("WorkerPool: reports are each worker's own; one that says nothing for a second, or that ends, has none", async (t) => {
  const { pool, forked, pass } = await runningPool(t, 4);
  const [ready, silent, dying, starting] = forked as [FakeWorker, FakeWorker, FakeWorker, FakeWorker];
  for (const worker of forked) worker.answers = false;
  const answer = (worker: FakeWorker, report: WorkerReport | undefined): void => {
    const asked = worker.heard.at(-1);
    assert.ok(asked?.kind === "report");
    worker.say({ kind: "report", id: asked.id, report });
  };
  const report = { figures: { requests: { underWay: 5 } } } as WorkerReport;
  const reports = pool.reports();
  answer(starting, undefined);
  answer(ready, report);
  dying.end(1);
  pass(REPORT_TIMEOUT_MS - 1);
  assert.ok(await isPending(reports));
  pass(1);
  assert.deepEqual(await reports, [report, undefined, undefined, undefined]);
  // What comes too late is not taken for the next answer.
  answer(silent, report);
  const late = { figures: { requests: { underWay: 9 } } } as WorkerReport;
  const replacement = forked[4]!;
  replacement.answers = false;
  const again = pool.reports();
  for (const worker of [ready, silent, starting, replacement]) answer(worker, late);
  assert.deepEqual(await again, [late, late, late, late]);
});

test("WorkerPool: a worker that ends while it is asked is not waited for", async (t) => {
  const { pool, forked } = await runningPool(t, 1);
  forked[0]!.answers = false;
  const reports = pool.reports();
  forked[0]!.end(1);
  assert.deepEqual(await reports, [undefined]);
});

test("WorkerPool: who asks for reports for long leaves nothing on the workers", async (t) => {
  const { pool, forked, pass } = await runningPool(t, 1);
  const listeners = forked[0]!.listenerCount("exit");
  forked[0]!.answers = false;
  for (let round = 0; round < 3; round += 1) {
    const reports = pool.reports();
    pass(REPORT_TIMEOUT_MS);
    assert.deepEqual(await reports, [undefined]);
  }
  // One for the question that the watch asks.
  assert.ok(forked[0]!.listenerCount("exit") <= listeners + 1);
});

test("WorkerPool: a worker that wants the figures gets the server's, under the number it asked with", async (t) => {
  const { forked } = await runningPool(t, 2);
  forked[1]!.say({ kind: "metricsWanted", id: 42 });
  await settled();
  assert.deepEqual(forked[1]!.heard.at(-1), { kind: "metrics", id: 42, text: "the figures" });
  assert.deepEqual(forked[0]!.heardKinds, ["start"]);
});

test("WorkerPool: figures that cannot be made are not sent, and nothing else happens", async (t) => {
  const { forked, failMetrics } = await runningPool(t, 1);
  failMetrics();
  forked[0]!.say({ kind: "metricsWanted", id: 42 });
  await settled();
  assert.deepEqual(forked[0]!.heardKinds, ["start"]);
});

test("WorkerPool: a worker that is ending is told nothing any more", async (t) => {
  const { pool, forked } = await runningPool(t, 1);
  forked[0]!.connected = false;
  const stopped = pool.stop(SHUTDOWN_TIMEOUT_MS);
  assert.deepEqual(forked[0]!.heardKinds, ["start"]);
  forked[0]!.end(0);
  await stopped;
});

test("WorkerPool: it has stopped when all have ended; who is stuck five seconds after its requests had to end is killed", async (t) => {
  const { pool, forked, pass } = await runningPool(t, 2);
  const [stuck, willing] = forked as [FakeWorker, FakeWorker];
  const stopped = pool.stop(SHUTDOWN_TIMEOUT_MS);
  assert.deepEqual(
    [stuck.heardKinds, willing.heardKinds],
    [
      ["start", "stop"],
      ["start", "stop"],
    ],
  );
  willing.end(0);
  pass(SHUTDOWN_TIMEOUT_MS + STUCK_AFTER_MS - 1);
  assert.deepEqual(stuck.signals, []);
  assert.ok(await isPending(stopped));
  pass(1);
  assert.deepEqual([stuck.signals, willing.signals], [["SIGKILL"], []]);
  stuck.end(null);
  await stopped;
});

test("WorkerPool: a worker in the way is killed if it says nothing for two seconds and is still there, and only then", async (t) => {
  const { forked, started, pass } = poolOf(t, 2);
  for (const worker of forked) worker.listen();
  const pool = await started;
  const [silent, talkative] = forked;
  silent!.answers = false;
  const answered = pool.endIfSilent(talkative!.process.pid, () => true);
  assert.equal(await answered, false);
  const gone = pool.endIfSilent(silent!.process.pid, () => false);
  pass(LOCK_HOLDER_SILENT_MS);
  await settled();
  pass(LOCK_HOLDER_SILENT_MS);
  assert.equal(await gone, false);
  const inTheWay = pool.endIfSilent(silent!.process.pid, () => true);
  pass(LOCK_HOLDER_SILENT_MS);
  await settled();
  pass(LOCK_HOLDER_SILENT_MS - 1);
  assert.deepEqual(silent!.signals, []);
  pass(1);
  assert.equal(await inTheWay, true);
  assert.deepEqual([silent!.signals, talkative!.signals], [["SIGKILL"], []]);
  assert.equal(await pool.endIfSilent(1, () => true), undefined);
  assert.equal(await pool.endIfSilent(undefined, () => true), undefined);
});
