import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { test } from "node:test";
import type { ConnectionOptions } from "node:tls";
import { connect } from "node:tls";
import fc from "fast-check";
import { NO_RESOURCE_FACTS, RequestConditions } from "../../../src/access/conditions.ts";
import { createListener } from "../../../src/server/http/listener.ts";
import type { Sender } from "../../../src/server/http/TrustedProxies.ts";
import { TrustedProxies } from "../../../src/server/http/TrustedProxies.ts";
import type { AccessLogEntry } from "../../../src/server/figures/AccessLog.ts";
import { AccessLog } from "../../../src/server/figures/AccessLog.ts";
import type { RequestLife } from "../../../src/server/requests/RequestLife.ts";
import type { Service } from "../../../src/server/Service.ts";
import type { AnyOperation } from "../../../src/operations/Operation.ts";
import { TestServer } from "../TestServer.ts";
import { CERTIFICATE, PRIVATE_KEY_PATH } from "./testCertificate.ts";

const PROXIES = new TrustedProxies(["10.0.0.0/8", "fd00::/8"]);

function senderOf(remoteAddress: string, headers: IncomingHttpHeaders, isTls = false): Sender {
  const socket = { remoteAddress, ...(isTls && { encrypted: true }) } as unknown as IncomingMessage["socket"];
  return PROXIES.senderOf({ headers, socket });
}

function addressOf(remoteAddress: string, headers: IncomingHttpHeaders): string {
  return senderOf(remoteAddress, headers).address;
}

test("Proxies: who is none of the trusted ones may say what they like", () => {
  const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https", forwarded: "for=203.0.113.9" };
  assert.deepEqual(senderOf("192.0.2.1", headers), { address: "192.0.2.1", secure: false, isForwarded: false });
  assert.deepEqual(senderOf("", headers), { address: "", secure: false, isForwarded: false });
});

test("Proxies: the client of a trusted proxy is whom it names, over what it names", () => {
  const headers = { "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "https" };
  assert.deepEqual(senderOf("10.0.0.1", headers), { address: "203.0.113.9", secure: true, isForwarded: true });
  assert.equal(senderOf("10.0.0.1", { "x-forwarded-for": "203.0.113.9" }, true).secure, true);
  assert.equal(senderOf("10.0.0.1", { ...headers, "x-forwarded-proto": "http" }, true).secure, false);
  assert.equal(senderOf("10.0.0.1", { ...headers, "x-forwarded-proto": "gopher" }, true).secure, true);
});

test("Proxies: a trusted one that says nothing asks for itself", () => {
  assert.deepEqual(senderOf("10.0.0.1", {}), { address: "10.0.0.1", secure: false, isForwarded: false });
  assert.deepEqual(senderOf("10.0.0.1", { "x-forwarded-proto": "https" }), {
    address: "10.0.0.1",
    secure: false,
    isForwarded: false,
  });
});

test("Proxies: of several hops, the last that is no trusted proxy is the client, whatever stands before it", () => {
  for (const [list, client] of [
    ["203.0.113.9, 10.0.0.2", "203.0.113.9"],
    ["10.0.0.7, 203.0.113.9, 10.0.0.2, 10.0.0.3", "203.0.113.9"],
    ["203.0.113.9, 198.51.100.7, 10.0.0.2", "198.51.100.7"],
    ["10.0.0.3,10.0.0.2", "10.0.0.3"],
    [",203.0.113.9", "203.0.113.9"],
    ["nonsense, 203.0.113.9", "203.0.113.9"],
  ] as const)
    assert.equal(addressOf("10.0.0.1", { "x-forwarded-for": list }), client, list);
});

test("Proxies: what is no address stands for nobody, and the proxy before it counts", () => {
  for (const list of [
    "unknown",
    "",
    " ",
    "203.0.113.9,",
    "203.0.113.9, _hidden",
    "203.0.113.999",
    "10.0.0.1:port",
    "[::1",
    "a".repeat(5_000),
  ])
    assert.equal(addressOf("10.0.0.1", { "x-forwarded-for": list }), "10.0.0.1", list);
  assert.equal(addressOf("10.0.0.1", { "x-forwarded-for": "203.0.113.9, unknown, 10.0.0.2" }), "10.0.0.2");
});

test("Proxies: addresses with ports, of IPv6, and of IPv4 in IPv6", () => {
  for (const [node, address] of [
    ["203.0.113.9:4711", "203.0.113.9"],
    ["2001:db8::1", "2001:db8::1"],
    ["[2001:DB8::1]:4711", "2001:db8::1"],
    ["[2001:db8::1]", "2001:db8::1"],
    ["::ffff:203.0.113.9", "203.0.113.9"],
    ["fe80::1%eth0", "fe80::1"],
  ] as const)
    assert.equal(addressOf("10.0.0.1", { "x-forwarded-for": node }), address, node);
  assert.equal(addressOf("fd00::1", { "x-forwarded-for": "203.0.113.9, FD00::2" }), "203.0.113.9");
  assert.equal(addressOf("::ffff:10.0.0.1", { "x-forwarded-for": "203.0.113.9" }), "203.0.113.9");
  assert.equal(addressOf("::ffff:192.0.2.1", {}), "192.0.2.1");
});

test("Proxies: of several protocols, those that stand beside addresses count, and otherwise the last", () => {
  const secure = (addresses: string, protocols: string): boolean =>
    senderOf("10.0.0.1", { "x-forwarded-for": addresses, "x-forwarded-proto": protocols }).secure;
  assert.equal(secure("203.0.113.9, 10.0.0.2", "https, http"), true);
  assert.equal(secure("203.0.113.9, 10.0.0.2", "https"), true);
  assert.equal(secure("203.0.113.9", "https,http"), false);
  assert.equal(secure("203.0.113.9", "HTTPS"), true);
});

test("Proxies: Forwarded says it as well, where X-Forwarded-For is not sent", () => {
  const sender = (forwarded: string): Sender => senderOf("10.0.0.1", { forwarded });
  assert.deepEqual(sender('for="[2001:db8::1]:4711";proto=https;by=10.0.0.1'), {
    address: "2001:db8::1",
    secure: true,
    isForwarded: true,
  });
  assert.equal(sender("For=203.0.113.9 ; Proto=HTTP, for=10.0.0.2").address, "203.0.113.9");
  for (const list of ["for=unknown", "for=_x", "by=10.0.0.1", "for", "=203.0.113.9", 'for="203.0.113.9', "for=203.0.113.9;", ""])
    assert.equal(sender(list).address, "10.0.0.1", list);
  const both = { forwarded: "for=198.51.100.7", "x-forwarded-for": "203.0.113.9" };
  assert.equal(addressOf("10.0.0.1", both), "203.0.113.9");
});

test("Proxies: nothing that a client sends in front hides what the proxy adds", () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (sent, isOfficial) => {
      const headers = isOfficial ? { forwarded: `${sent},for=203.0.113.9` } : { "x-forwarded-for": `${sent},203.0.113.9` };
      assert.equal(addressOf("10.0.0.1", headers), "203.0.113.9");
    }),
  );
  assert.equal(addressOf("10.0.0.1", { forwarded: 'for="10.0.0.9, for=203.0.113.9' }), "203.0.113.9");
});

/** A service whose ListObjects hands its context to the test. */
function watched(service: Service, see: (life: RequestLife) => void): Service {
  const operation = {
    ...service.operations.get("ListObjects"),
    async handle(_input: unknown, context: unknown) {
      see(context as RequestLife);
      return { output: {} };
    },
  } as AnyOperation;
  return { ...service, operations: new Map([...service.operations, ["ListObjects", operation]]) };
}

test("Proxies: conditions, URLs and the access log have the client of a trusted proxy", async (t) => {
  const lines: AccessLogEntry[] = [];
  t.mock.method(AccessLog.prototype, "write", (line: AccessLogEntry) => lines.push(line));
  let life: RequestLife | undefined;
  for (const trustProxy of [["127.0.0.0/8"], []]) {
    const accessLog = new AccessLog("nowhere");
    await using server = await TestServer.start({
      trustProxy,
      accessLog,
      adapt: (service) => watched(service, (one) => (life = one)),
    });
    lines.length = 0;
    await server.request("GET", "/bucket", { headers: { "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https" } });
    const isTrusted = trustProxy.length > 0;
    const conditions = new RequestConditions(life!, "s3:ListBucket", NO_RESOURCE_FACTS);
    assert.deepEqual(conditions.values("aws:sourceip"), [isTrusted ? "203.0.113.9" : "127.0.0.1"]);
    assert.deepEqual(conditions.values("aws:securetransport"), [String(isTrusted)]);
    assert.equal(life!.takesMfa, isTrusted);
    assert.deepEqual(
      lines.map(({ remoteAddress }) => remoteAddress),
      [isTrusted ? "203.0.113.9" : "127.0.0.1"],
    );
    await accessLog.close();
  }
});

test("TLS: policies know the version that the client speaks, behind no proxy", async (t) => {
  const versions: unknown[] = [];
  for (const trustProxy of [[], ["127.0.0.1"]]) {
    await using server = await TestServer.start({
      trustProxy,
      adapt: (service) =>
        watched(service, (life) =>
          versions.push(new RequestConditions(life, "s3:ListBucket", NO_RESOURCE_FACTS).values("s3:tlsversion")),
        ),
    });
    const tls = createListener(server.service, { certificate: CERTIFICATE, privateKey: readFileSync(PRIVATE_KEY_PATH, "utf8") });
    await once(tls.server.listen(0, "127.0.0.1"), "listening");
    t.after(() => tls.connections.close(0));
    const { port } = tls.server.address() as { port: number };
    for (const maxVersion of ["TLSv1.2", "TLSv1.3"] as const)
      await getOverTls({ port, maxVersion }, server.signed("GET", "/bucket"), server.port);
  }
  assert.deepEqual(versions, [["1.2"], ["1.3"], undefined, undefined]);
});

/** Sends a request that is signed for another port over TLS, as a proxy would. */
async function getOverTls(options: ConnectionOptions, target: string, signedPort: number): Promise<void> {
  const client = connect({ host: "127.0.0.1", ca: CERTIFICATE, checkServerIdentity: () => undefined, ...options });
  client.write(
    `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${signedPort}\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n\r\n`,
  );
  await once(client.resume(), "close");
}
