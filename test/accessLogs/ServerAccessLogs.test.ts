import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { MAX_LOG_SIZE_BYTES } from "../../src/accessLogs/LogQueue.ts";
import { MAX_DELIVERY_TRIES, MAX_WAITING_SIZE_BYTES, ServerAccessLogs } from "../../src/accessLogs/ServerAccessLogs.ts";
import type { BucketLogging } from "../../src/store/buckets/logging.ts";
import { findBucket } from "../../src/store/buckets/buckets.ts";
import { putSetting } from "../../src/store/buckets/settings.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { bucketIn, memoryStore } from "../operations/contextFor.ts";
import { entry } from "./entry.ts";
import { deliveryPolicy, linesOf, storedLogs } from "./LoggedServer.ts";

/** How lines wait for their delivery, and how many of them at most. */

const TO_LOGS: BucketLogging = { targetBucket: "logs", targetPrefix: "" };

class Setup {
  readonly store: Store = memoryStore();
  readonly warnings: Readonly<Record<string, unknown>>[] = [];
  readonly logs: ServerAccessLogs = new ServerAccessLogs(this.store, (facts, what) => this.warnings.push({ ...facts, what }));
  source!: BucketRecord;

  /** With a target that takes logs, or not yet. */
  static async make(allowed = true): Promise<Setup> {
    const setup = new Setup();
    setup.source = await bucketIn(setup.store);
    await bucketIn(setup.store, "logs");
    if (allowed) await setup.allow();
    return setup;
  }

  async allow(): Promise<void> {
    await putSetting(this.store, (await findBucket(this.store, "logs"))!, "policy", deliveryPolicy("logs"));
  }

  add(id: string, bytes = 0): void {
    const head = { method: "GET", target: "x".repeat(bytes), httpVersion: "1.1", referer: undefined, userAgent: undefined };
    this.logs.add(this.source, TO_LOGS, entry(id, { head }));
  }

  /** The ids of the requests in each log that was delivered. */
  async delivered(): Promise<string[]> {
    const logs = await storedLogs(this.store, "logs");
    return logs
      .map(({ text }) =>
        linesOf(text)
          .map(({ requestId }) => requestId)
          .join(" "),
      )
      .toSorted();
  }
}

test("Server access logs: lines wait together until they are delivered, and nothing is written where none wait", async () => {
  const setup = await Setup.make();
  await setup.logs.deliver();
  setup.add("A");
  setup.add("B");
  assert.deepEqual(await setup.delivered(), []);
  await setup.logs.deliver();
  await setup.logs.deliver();
  setup.add("C");
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["A B", "C"]);
  assert.deepEqual(setup.logs.counts, { delivered: 3, dropped: 0 });
});

test("Server access logs: lines go into one object only where bucket, target, prefix and format are the same", async () => {
  const setup = await Setup.make();
  const other = await bucketIn(setup.store, "other");
  setup.add("A");
  setup.logs.add(other, TO_LOGS, entry("B"));
  setup.logs.add(setup.source, { ...TO_LOGS, targetPrefix: "p" }, entry("C"));
  setup.logs.add(setup.source, { ...TO_LOGS, keyFormat: { kind: "partitioned", dateSource: "DeliveryTime" } }, entry("D"));
  setup.logs.add(setup.source, { ...TO_LOGS, grants: [] }, entry("E"));
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["A E", "B", "C", "D"]);
});

test("Server access logs: what can be delivered only later waits, in its order, and lines behind it too", async () => {
  const setup = await Setup.make(false);
  setup.add("A");
  await setup.logs.deliver();
  setup.add("B");
  await setup.logs.deliver();
  assert.deepEqual(setup.warnings, []);
  await setup.allow();
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["A", "B"]);
  assert.deepEqual(setup.logs.counts, { delivered: 2, dropped: 0 });
});

test("Server access logs: what cannot be delivered in three tries is dropped with one warning, and what comes behind it is tried anew", async () => {
  const setup = await Setup.make(false);
  setup.add("A");
  setup.add("B");
  for (let tries = 1; tries < MAX_DELIVERY_TRIES; tries += 1) await setup.logs.deliver();
  setup.add("C");
  assert.deepEqual(setup.warnings, []);
  await setup.logs.deliver();
  assert.equal(setup.warnings.length, 1);
  assert.equal(setup.warnings[0]!["lines"], 2);
  assert.deepEqual(setup.logs.counts, { delivered: 0, dropped: 2 });
  await setup.allow();
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["C"]);
});

test("Server access logs: a log that is large enough is delivered before its time, and no larger", async () => {
  const setup = await Setup.make();
  const bytes = MAX_LOG_SIZE_BYTES / 4;
  for (const id of ["A", "B", "C"]) setup.add(id, bytes);
  await settled();
  assert.deepEqual(await setup.delivered(), []);
  for (const id of ["D", "E"]) setup.add(id, bytes);
  await settled();
  assert.deepEqual(await setup.delivered(), ["A B C D"]);
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["A B C D", "E"]);
});

/** Lets what goes on by itself come to its end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("Server access logs: more than 16 MiB do not wait, whatever the target does, and the operator is told how many lines went", async () => {
  const setup = await Setup.make(false);
  const bytes = MAX_WAITING_SIZE_BYTES / 16;
  for (let index = 0; index < 20; index += 1) setup.add(`R${index}`, bytes);
  const { dropped } = setup.logs.counts;
  assert.equal(dropped, 5);
  await setup.logs.deliver();
  assert.deepEqual(setup.warnings, [
    { lines: 5, what: "lines of server access logs were dropped: more came than could be delivered" },
  ]);
  await setup.allow();
  await setup.logs.deliver();
  assert.deepEqual(setup.logs.counts, { delivered: 15, dropped: 5 });
  // There is room again.
  setup.add("Z");
  await setup.logs.deliver();
  assert.deepEqual(setup.logs.counts, { delivered: 16, dropped: 5 });
});

test("Server access logs: whoever closes them has all delivered, also what came while a delivery was under way", async () => {
  const setup = await Setup.make();
  setup.add("A");
  const round = setup.logs.deliver();
  setup.add("B");
  await setup.logs.close();
  await round;
  assert.deepEqual((await setup.delivered()).join(" ").split(" ").toSorted(), ["A", "B"]);
  setup.add("C");
  assert.deepEqual(setup.logs.counts, { delivered: 2, dropped: 1 });
});

test("Server access logs: what is refused as they are closed is dropped at once, for there is no later", async () => {
  const setup = await Setup.make(false);
  setup.add("A");
  await setup.logs.close();
  assert.equal(setup.warnings.length, 1);
  assert.deepEqual(setup.logs.counts, { delivered: 0, dropped: 1 });
});

test("Server access logs: a store that does not answer does not keep them from being closed", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const setup = await Setup.make();
  mock.method(setup.store.metadata, "transact", () => new Promise(() => undefined));
  setup.add("A");
  setup.add("B");
  const closing = setup.logs.close();
  await settled();
  assert.deepEqual(setup.warnings, []);
  t.mock.timers.tick(3_000);
  await closing;
  assert.deepEqual(
    setup.warnings.map(({ lines, reason }) => [lines, reason]),
    [[2, "the server stops, and the delivery took too long"]],
  );
});

test("Server access logs: a store that fails is tried again", async () => {
  const setup = await Setup.make();
  const failing = mock.method(setup.store.metadata, "transact", () => Promise.reject(new Error("no room")));
  setup.add("A");
  await setup.logs.deliver();
  failing.mock.restore();
  await setup.logs.deliver();
  assert.deepEqual(await setup.delivered(), ["A"]);
});
