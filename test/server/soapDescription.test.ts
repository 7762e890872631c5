import assert from "node:assert/strict";
import { test } from "node:test";
import { Holdfast } from "../../src/index.ts";
import { RawConnection } from "./RawConnection.ts";
import { CERTIFICATE, CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "./http/testCertificate.ts";
import type { TestServerOptions } from "./TestServer.ts";
import { TestServer } from "./TestServer.ts";

const WSDL = "/doc/2006-03-01/AmazonS3.wsdl";
const SCHEMA = "/doc/2006-03-01/AmazonS3.xsd";

/** Where a WSDL says that the service is, as it stands there. */
function locationIn(wsdl: string): string | undefined {
  return /<soap:address location="([^"]*)"/.exec(wsdl)?.[1];
}

async function locationFor(headers: Record<string, string>, options: TestServerOptions = {}): Promise<string | undefined> {
  await using server = await TestServer.start(options);
  return locationIn((await server.request("GET", WSDL, { unsigned: true, headers })).body);
}

test("SOAP's description: WSDL and schema are there for everybody, on every host", async () => {
  await using server = await TestServer.start();
  for (const [path, root] of [
    [WSDL, "wsdl:definitions"],
    [SCHEMA, "xsd:schema"],
  ] as const) {
    for (const Host of ["localhost", "bucket.localhost", "elsewhere.example:8080"]) {
      const answer = await server.request("GET", path, { unsigned: true, headers: { Host } });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get("content-type"), "text/xml; charset=utf-8");
      assert.ok(answer.body.startsWith(`<?xml version="1.0" encoding="UTF-8"?>\n<${root} `), answer.body);
    }
  }
});

test("SOAP's description: HEAD says how long it is", async () => {
  await using server = await TestServer.start();
  for (const path of [WSDL, SCHEMA]) {
    const { body } = await server.request("GET", path, { unsigned: true });
    const head = await server.request("HEAD", path, { unsigned: true });
    assert.deepEqual([head.status, head.body, head.headers.get("content-length")], [200, "", String(body.length)]);
  }
});

test("SOAP's description: the service is where the WSDL was asked for", async () => {
  assert.equal(await locationFor({ Host: "s3.example.com:9000" }), "http://s3.example.com:9000/soap");
  assert.equal(await locationFor({ Host: 'a"<b>&.example' }), "http://a&quot;&lt;b&gt;&amp;.example/soap");
});

test("SOAP's description: a client of HTTP/1.0 without Host is sent to this machine", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.send(`GET ${WSDL} HTTP/1.0\r\n\r\n`);
  assert.equal(locationIn((await connection.answer()).body), "http://localhost/soap");
});

test("SOAP's description: over TLS the service is asked over TLS", async () => {
  await using server = await Holdfast.start({ tlsCertificatePath: CERTIFICATE_PATH, tlsPrivateKeyPath: PRIVATE_KEY_PATH });
  using connection = await RawConnection.openSecure(Number(new URL(server.endpoint).port), CERTIFICATE);
  await connection.sendHead(`GET ${WSDL}`, { Host: "s3.example.com" });
  assert.equal(locationIn((await connection.answer()).body), "https://s3.example.com/soap");
});

test("SOAP's description: behind a proxy the service is asked as the proxy was", async () => {
  const headers = { Host: "s3.example.com", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https" };
  assert.equal(await locationFor(headers, { trustProxy: ["127.0.0.1"] }), "https://s3.example.com/soap");
  assert.equal(await locationFor(headers), "http://s3.example.com/soap");
});

test("SOAP's description: a signed request means the object of that key in a bucket called doc", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/doc");
  for (const path of [WSDL, SCHEMA]) {
    assert.equal((await server.request("PUT", path, { body: "an object" })).status, 200);
    assert.equal((await server.request("GET", path)).body, "an object");
    const unknown = { Authorization: "AWS HFNOBODYNOBODY000000:c2lnbmF0dXJl", Date: new Date().toUTCString() };
    assert.equal((await server.request("GET", path, { unsigned: true, headers: unknown })).status, 403);
    assert.equal((await server.request("GET", `${path}?x=1`, { unsigned: true })).status, 403);
    assert.equal((await server.request("DELETE", path, { unsigned: true })).status, 403);
  }
});
