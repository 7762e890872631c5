import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { cutStalledAnswers, STALLED_ANSWER_MS } from "../../../src/server/http/stalledAnswers.ts";
import type { AccessLogEntry } from "../../../src/server/figures/AccessLog.ts";
import { TestServer } from "../TestServer.ts";
import { settled } from "./Wire.ts";

/** A connection as far as what was taken of it is concerned. */
class FakeWire extends EventEmitter {
  bytesWritten = 0;
  writableLength = 0;
  _handle: { writeQueueSize: number } | null = { writeQueueSize: 0 };
  isDestroyed = false;

  destroy(): void {
    this.isDestroyed = true;
    this.emit("close");
  }
}

function serving(t: TestContext) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const server = new EventEmitter();
  cutStalledAnswers(server as unknown as Server, "connection", STALLED_ANSWER_MS);
  const wire = new FakeWire();
  server.emit("connection", wire);
  return { server, wire, pass: (times: number) => t.mock.timers.tick(times * STALLED_ANSWER_MS) };
}

test("Stalled answers: who takes nothing for the time is cut off, and no sooner", (t) => {
  const { wire, pass } = serving(t);
  pass(3);
  Object.assign(wire, { bytesWritten: 1000, writableLength: 1000 });
  pass(1);
  assert.equal(wire.isDestroyed, false);
  pass(0.5);
  assert.equal(wire.isDestroyed, true);
});

test("Stalled answers: who takes something in the time is not cut off, be it a piece or a part of one", (t) => {
  const { wire, pass } = serving(t);
  Object.assign(wire, { bytesWritten: 1_000_000, writableLength: 1_000_000, _handle: { writeQueueSize: 1_000_000 } });
  for (let round = 0; round < 10; round += 1) {
    wire._handle!.writeQueueSize -= 1;
    pass(0.75);
  }
  for (let round = 0; round < 10; round += 1) {
    wire.bytesWritten += 1;
    pass(0.75);
  }
  assert.equal(wire.isDestroyed, false);
  pass(1.25);
  assert.equal(wire.isDestroyed, true);
});

test("Stalled answers: where there is nothing to take, time does not count", (t) => {
  const { wire, pass } = serving(t);
  wire.bytesWritten = 1000;
  pass(10);
  assert.equal(wire.isDestroyed, false);
  // What has no handle of the system's does not show how much of a piece was taken.
  Object.assign(wire, { writableLength: 10, _handle: null });
  pass(1.5);
  assert.equal(wire.isDestroyed, true);
});

test("Stalled answers: a connection that has closed is left alone, and so are all when the server has", (t) => {
  const { server, wire, pass } = serving(t);
  Object.assign(wire, { bytesWritten: 10, writableLength: 10 });
  wire.emit("close");
  pass(2);
  assert.equal(wire.isDestroyed, false);
  const other = Object.assign(new FakeWire(), { bytesWritten: 10, writableLength: 10 });
  server.emit("connection", other);
  server.emit("close");
  pass(2);
  assert.equal(other.isDestroyed, false);
});

test("Answers: a client that takes nothing of a large object is cut off; its place is free, and the log says what was sent", async () => {
  const sizeBytes = 24 * 1024 * 1024;
  const entries: AccessLogEntry[] = [];
  const accessLog = { write: (entry: AccessLogEntry) => entries.push(entry) } as never;
  await using server = await TestServer.start({ stalledAnswerMs: 200, maxRequestsUnderWay: 1, accessLog });
  await server.request("PUT", "/bucket/large", { body: Buffer.alloc(sizeBytes, "x") });
  const connection = await server.connect();
  await connection.sendHead(`GET ${server.signed("GET", "/bucket/large")}`);
  await connection.received();
  while (server.service.metrics.snapshot().underWay > 0) await settled();
  assert.equal((await server.request("GET", "/bucket/missing")).status, 404);
  const cut = entries.find(({ operation }) => operation === "GetObject")!;
  assert.equal(cut.status, 200);
  assert.ok(cut.sentSizeBytes < sizeBytes, String(cut.sentSizeBytes));
  assert.ok((await connection.closed()).length < sizeBytes);
  assert.deepEqual(server.failures, []);
});
