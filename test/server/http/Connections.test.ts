import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import type { Server } from "node:http";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { ServedSocket } from "../../../src/server/http/Connections.ts";
import { Connections } from "../../../src/server/http/Connections.ts";

const TIMEOUT_MS = 1_000;
/** Connections that fall idle are looked for this often. */
const IDLE_CHECK_INTERVAL_MS = 25;

/** A connection as far as the server's end is concerned. */
class FakeSocket extends EventEmitter {
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The answer that is due. */
  _httpMessage: object | null = null;
  destructions = 0;

  constructor(remotePort: number, remoteAddress = "127.0.0.1") {
    super();
    this.remotePort = remotePort;
    this.remoteAddress = remoteAddress;
  }

  destroy(): void {
    this.destructions += 1;
    this.emit("close");
  }

  get isDestroyed(): boolean {
    return this.destructions > 0;
  }
}

/** A server whose sockets and time are in the test's hands. */
function listening(t: TestContext, tls: boolean) {
  t.mock.timers.enable({ apis: ["setTimeout", "setInterval"] });
  let onClosed: (() => void) | undefined;
  const server = Object.assign(new EventEmitter(), { close: (done: () => void) => (onClosed = done) });
  const connections = new Connections(server as unknown as Server, { tls });
  return {
    connections,
    /** A connection is there, busy or not. */
    connect(socket: FakeSocket, isBusy = false): FakeSocket {
      if (isBusy) socket._httpMessage = {};
      server.emit("connection", socket);
      return socket;
    },
    /** Its handshake is over: from here on another socket carries its requests. */
    secure(raw: FakeSocket, isBusy = false): FakeSocket {
      const socket = new FakeSocket(raw.remotePort, raw.remoteAddress);
      if (isBusy) socket._httpMessage = {};
      server.emit("secureConnection", socket);
      return socket;
    },
    /** Node has seen the last connection close. */
    closed: () => onClosed!(),
  };
}

test("Connections: idle ones end at once, others when they fall idle, and then all was finished", async (t) => {
  const { connections, connect, closed } = listening(t, false);
  const idle = connect(new FakeSocket(1));
  const busy = connect(new FakeSocket(2), true);
  assert.equal(idle.isDestroyed, false);
  const ended = connections.close(TIMEOUT_MS);
  assert.deepEqual([idle.isDestroyed, busy.isDestroyed], [true, false]);
  t.mock.timers.tick(IDLE_CHECK_INTERVAL_MS);
  busy._httpMessage = null;
  t.mock.timers.tick(IDLE_CHECK_INTERVAL_MS - 1);
  assert.equal(busy.isDestroyed, false);
  t.mock.timers.tick(1);
  assert.deepEqual([idle.destructions, busy.destructions], [1, 1]);
  closed();
  assert.equal(await ended, true);
});

test("Connections: those that are busy for too long are cut, and not all was finished", async (t) => {
  const { connections, connect, closed } = listening(t, false);
  const busy = [connect(new FakeSocket(1), true), connect(new FakeSocket(2), true)];
  const ended = connections.close(TIMEOUT_MS);
  t.mock.timers.tick(TIMEOUT_MS - 1);
  assert.deepEqual(
    busy.map(({ destructions }) => destructions),
    [0, 0],
  );
  t.mock.timers.tick(1);
  assert.deepEqual(
    busy.map(({ destructions }) => destructions),
    [1, 1],
  );
  closed();
  assert.equal(await ended, false);
});

test("Connections: those that closed by themselves are left alone", async (t) => {
  const { connections, connect, closed } = listening(t, false);
  const gone = connect(new FakeSocket(1));
  gone.emit("close");
  const ended = connections.close(TIMEOUT_MS);
  t.mock.timers.tick(TIMEOUT_MS);
  assert.equal(gone.destructions, 0);
  closed();
  await ended;
});

test("Connections: once the last has closed, nothing is looked for any more", async (t) => {
  const { connections, connect, closed } = listening(t, false);
  const ended = connections.close(TIMEOUT_MS);
  closed();
  assert.equal(await ended, true);
  // As if the server listened again.
  const [idle, busy] = [connect(new FakeSocket(1)), connect(new FakeSocket(2), true)];
  t.mock.timers.tick(TIMEOUT_MS);
  assert.deepEqual([idle.isDestroyed, busy.isDestroyed], [false, false]);
});

test("Connections: one that was handed on is not idle, and is cut with the others", async (t) => {
  const { connections, connect, closed } = listening(t, false);
  const mended = connect(new FakeSocket(1));
  connections.handOn(mended as unknown as ServedSocket);
  const ended = connections.close(TIMEOUT_MS);
  t.mock.timers.tick(TIMEOUT_MS - 1);
  assert.equal(mended.isDestroyed, false);
  t.mock.timers.tick(1);
  assert.equal(mended.isDestroyed, true);
  closed();
  await ended;
});

test("Connections over TLS: a handshake that is under way ends at once; what stands behind one lives by its requests", async (t) => {
  const { connections, connect, secure, closed } = listening(t, true);
  const handshaking = [new FakeSocket(1), new FakeSocket(1, "127.0.0.2"), new FakeSocket(2)].map((socket) => connect(socket));
  const raw = { idle: connect(new FakeSocket(3)), busy: connect(new FakeSocket(4)) };
  const idle = secure(raw.idle);
  const busy = secure(raw.busy, true);
  const ended = connections.close(TIMEOUT_MS);
  assert.deepEqual(
    handshaking.map(({ destructions }) => destructions),
    [1, 1, 1],
  );
  // The one that ends takes its connection along, which is the system's work.
  assert.deepEqual(
    [idle, raw.idle, busy, raw.busy].map(({ destructions }) => destructions),
    [1, 0, 0, 0],
  );
  t.mock.timers.tick(TIMEOUT_MS);
  assert.deepEqual(
    [raw.idle, busy, raw.busy].map(({ destructions }) => destructions),
    [1, 0, 1],
  );
  closed();
  assert.equal(await ended, false);
});

test("Connections over TLS: a handshake whose client went away is forgotten", async (t) => {
  const { connections, connect, closed } = listening(t, true);
  const gone = connect(new FakeSocket(1));
  gone.emit("close");
  const ended = connections.close(TIMEOUT_MS);
  assert.equal(gone.destructions, 0);
  closed();
  await ended;
});
