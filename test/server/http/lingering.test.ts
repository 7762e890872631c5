import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { TestServer } from "../TestServer.ts";
import { settled, Wire } from "./Wire.ts";

/** What a refused body is read for, and how much of it. */
const LINGERING_MS = 2_000;
const LINGERING_SIZE_BYTES = 4 * 1024 * 1024;
const PACKET_SIZE_BYTES = 64 * 1024;

/** A server whose timers stand still, and a connection to it. */
async function connected(t: TestContext): Promise<Wire> {
  const server = await TestServer.start();
  const wire = new Wire();
  t.after(async () => {
    wire.destroy();
    await server.stop(0);
  });
  t.mock.timers.enable({ apis: ["setTimeout"] });
  server.serve(wire);
  return wire;
}

/** Has an upload without a signature refused, of which only a head has come. */
async function refuseUpload(wire: Wire, sizeBytes: number): Promise<void> {
  wire.push(`PUT /bucket/key HTTP/1.1\r\nHost: x\r\nContent-Length: ${sizeBytes}\r\n\r\n`);
  await settled();
  assert.match(wire.received, /^HTTP\/1\.1 403 Forbidden\r\n[^]*\r\nConnection: close\r\n[^]*<\/Error>$/);
}

test("Lingering: the connection of a refused body that does not come ends after two seconds", async (t) => {
  const wire = await connected(t);
  await refuseUpload(wire, 10);
  wire.push("12345");
  t.mock.timers.tick(LINGERING_MS - 1);
  await settled();
  assert.equal(wire.writableEnded, false);
  t.mock.timers.tick(1);
  await settled();
  assert.equal(wire.writableEnded, true);
});

test("Lingering: of a refused body 4 MiB are read, and with one byte more the connection ends", async (t) => {
  const wire = await connected(t);
  await refuseUpload(wire, LINGERING_SIZE_BYTES + PACKET_SIZE_BYTES);
  for (let sent = 0; sent < LINGERING_SIZE_BYTES; sent += PACKET_SIZE_BYTES) {
    wire.push(Buffer.alloc(PACKET_SIZE_BYTES));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await settled();
  assert.equal(wire.readableLength, 0);
  assert.equal(wire.writableEnded, false);
  wire.push("x");
  await settled();
  assert.equal(wire.writableEnded, true);
});

test("Lingering: once all of a refused body has come, the connection ends at once", async (t) => {
  const wire = await connected(t);
  await refuseUpload(wire, 10);
  wire.push("12345");
  await settled();
  assert.equal(wire.writableEnded, false);
  wire.push("67890");
  await settled();
  assert.equal(wire.writableEnded, true);
});

test("Lingering: what is no HTTP is answered at once, and its connection is there for two seconds more", async (t) => {
  const wire = await connected(t);
  wire.push("nonsense\r\n\r\n");
  await settled();
  assert.match(wire.received, /^HTTP\/1\.1 400 Bad Request\r\n/);
  assert.equal(wire.writableEnded, true);
  t.mock.timers.tick(LINGERING_MS - 1);
  assert.equal(wire.destroyed, false);
  t.mock.timers.tick(1);
  assert.equal(wire.destroyed, true);
});
