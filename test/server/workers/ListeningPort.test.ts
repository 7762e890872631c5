import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { ListeningPort } from "../../../src/server/workers/ListeningPort.ts";
import { RawConnection } from "../RawConnection.ts";

test("ListeningPort: who listens on its handle listens on its port, while others come and go", async () => {
  const port = await ListeningPort.bind("127.0.0.1", 0);
  assert.ok(port.port > 0);
  const first = createServer((socket) => socket.end("first"));
  await once(first.listen(port.handle), "listening");
  assert.equal((first.address() as AddressInfo).port, port.port);
  using connection = await RawConnection.open(port.port);
  assert.equal(await connection.closed(), "first");
  first.close();
});

test("ListeningPort: a port that is taken, and an address that is not here, are said as listening says it", async () => {
  const other = createServer();
  await once(other.listen(0, "127.0.0.1"), "listening");
  const { port } = other.address() as AddressInfo;
  await assert.rejects(ListeningPort.bind("127.0.0.1", port), {
    code: "EADDRINUSE",
    message: `listen EADDRINUSE: 127.0.0.1:${port}`,
  });
  other.close();
  await assert.rejects(ListeningPort.bind("192.0.2.1", 0), { code: "EADDRNOTAVAIL" });
  await assert.rejects(ListeningPort.bind("no.such.host.invalid", 0), { syscall: "getaddrinfo" });
});

test("ListeningPort: a host name and an address of IPv6 are taken as well", async () => {
  for (const host of ["localhost", "::"]) {
    const port = await ListeningPort.bind(host, 0);
    assert.ok(port.port > 0);
    port.close();
  }
});
