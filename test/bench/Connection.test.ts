import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { test } from "node:test";
import type { TestContext } from "node:test";
import { Connection } from "../../bench/Connection.ts";

/** A connection to a server that does as `answer` says whenever bytes arrive. */
async function connectionTo(t: TestContext, answer: (socket: Socket, request: string) => unknown): Promise<Connection> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on("data", (bytes) => void answer(socket, bytes.toString()));
    socket.on("error", () => undefined);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = await Connection.open("127.0.0.1", (server.address() as AddressInfo).port);
  t.after(() => {
    connection.close();
    server.close();
  });
  return connection;
}

function request(method: string, keepsAnswer = false) {
  return { head: Buffer.from(`${method} / HTTP/1.1\r\n\r\n`), body: [], keepsAnswer };
}

/** Sends a text in pieces, each one in a turn of its own. */
async function sendPieces(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const ANSWERS: readonly (readonly [what: string, text: string, expected: { bodySizeBytes: number; body: string }])[] = [
  ["of a length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", { bodySizeBytes: 5, body: "hello" }],
  ["without a body", "HTTP/1.1 204 No Content\r\n\r\n", { bodySizeBytes: 0, body: "" }],
  [
    "in chunks",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    { bodySizeBytes: 15, body: "5\r\nhello\r\n0\r\n\r\n" },
  ],
];

for (const [what, text, expected] of ANSWERS) {
  test(`Connection: reads an answer ${what}, whole and byte by byte, and the next one behind it`, async (t) => {
    const connection = await connectionTo(t, (socket, sent) => sendPieces(socket, sent.startsWith("WHOLE") ? [text] : [...text]));
    for (const method of ["WHOLE", "PIECES", "PIECES", "WHOLE"]) {
      const { bodySizeBytes, body } = await connection.send(request(method, true));
      assert.deepEqual({ bodySizeBytes, body }, expected);
    }
  });
}

test("Connection: takes a HEAD's answer for whole without the body it announces", async (t) => {
  const connection = await connectionTo(t, (socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n"));
  assert.deepEqual(await connection.send(request("HEAD")), { status: 200, bodySizeBytes: 0, body: "" });
});

test("Connection: keeps the body of an error and only counts that of a success", async (t) => {
  const connection = await connectionTo(t, (socket, sent) => {
    const status = sent.startsWith("GOOD") ? "200 OK" : "404 Not Found";
    socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 3\r\n\r\nbad`);
  });
  assert.deepEqual(await connection.send(request("GOOD")), { status: 200, bodySizeBytes: 3, body: "" });
  assert.deepEqual(await connection.send(request("WRONG")), { status: 404, bodySizeBytes: 3, body: "bad" });
});

test("Connection: a server that hangs up fails the request, and every one after it", async (t) => {
  const connection = await connectionTo(t, (socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"));
  await assert.rejects(connection.send(request("GET")), /closed the connection/);
  await assert.rejects(connection.send(request("GET")), /closed/);
});
