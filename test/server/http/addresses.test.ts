import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { packageVersion } from "../../../src/server/packageVersion.ts";
import { wireRequest } from "../../../src/server/http/wireRequest.ts";
import { element, TestServer } from "../TestServer.ts";

/** A key as S3 has it in a path: every byte encoded but letters, digits, "-._~" and "/". */
function encodeKey(key: string): string {
  return [...Buffer.from(key)]
    .map((byte) => (/[A-Za-z0-9._~/-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${hex(byte)}`))
    .join("");
}

function hex(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, "0");
}

const AWKWARD_KEYS: readonly string[] = [
  ...[
    "/",
    "//",
    "/leading",
    "trailing/",
    "a//b",
    ".",
    "a/./b",
    "a/../b",
    "a/b/../../c/..",
    "/../a",
    "%",
    "%41",
    "a%2Fb",
    "+",
    "a+b",
    "a b",
    " ",
  ],
  ...[
    "?",
    "a?b=c",
    "#",
    "&",
    "=",
    "'",
    '"',
    "<&>",
    "\\",
    "~",
    "*",
    "é",
    "日本語",
    "👩‍👩‍👧‍👦",
    "\u0001",
    "\t",
    "\n",
    "\r\n",
    "\u007f",
    "\u0085",
  ],
  ...["e\u0301", "\ufeff", "\ufffd", "\uffff", "x".repeat(1024), "日".repeat(341) + "x"],
];

test("Addresses: awkward keys are kept exactly", async () => {
  await using server = await TestServer.start();
  for (const [index, key] of AWKWARD_KEYS.entries()) {
    const put = await server.request("PUT", `/bucket/${encodeKey(key)}`, { body: `content ${index}` });
    assert.equal(put.status, 200, `${JSON.stringify(key)}: ${put.body}`);
  }
  const list = await server.request("GET", "/bucket", { query: { "list-type": "2", "encoding-type": "url" } });
  const listed = [...list.body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => decodeURIComponent(key!.replaceAll("+", " ")));
  const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  assert.deepEqual(listed, AWKWARD_KEYS.toSorted(byBytes));
  for (const [index, key] of AWKWARD_KEYS.entries()) {
    const get = await server.request("GET", `/bucket/${encodeKey(key)}`);
    assert.equal(get.body, `content ${index}`, JSON.stringify(key));
  }
});

test("Addresses: a plus is a space, in the key and in what is signed, and %2B is a plus", async () => {
  await using server = await TestServer.start();
  await server.request("PUT", "/bucket/a%20b", { body: "space" });
  await server.request("PUT", "/bucket/a%2Bb", { body: "plus" });
  const list = await server.request("GET", "/bucket", { query: { "list-type": "2" } });
  assert.deepEqual(
    [...list.body.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key),
    ["a b", "a+b"],
  );
  // Signed as the server reads it, sent as forms are.
  const target = server.signed("GET", "/bucket/a%20b").replace("a%20b", "a+b");
  assert.equal((await server.request("GET", target, { unsigned: true })).body, "space");
  // Signed as it is sent, as S3 does not read it.
  const refused = await server.request("GET", "/bucket/a+b");
  assert.equal(element(refused, "Code"), "SignatureDoesNotMatch");
  assert.match(element(refused, "CanonicalRequest")!, /^GET\n\/bucket\/a%20b\n/);
  assert.equal(element(refused, "Resource"), "/bucket/a b");
});

test("Addresses: keys whose .. lead above the bucket are refused without a word, whoever asks", async () => {
  await using server = await TestServer.start();
  for (const path of [
    ...[
      "/bucket/..",
      "/bucket/../up",
      "/bucket/../bucket/key",
      "/bucket/a/../../x",
      "/bucket/a/b/../../../c/d",
      "/bucket/./../x",
    ],
    ...["/bucket/%2e%2E/up", "/bucket/a%2F..%2F..%2Fx", "/bucket/a/../..", "/..", "/../bucket/key", "/%2e./x"],
  ]) {
    for (const method of ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"]) {
      for (const unsigned of [true, false]) {
        const answer = await server.request(method, path, { unsigned, body: method === "PUT" ? "x" : "" });
        assert.equal(answer.status, 400, `${method} ${path}`);
        assert.equal(answer.headers.get("content-length"), "0", path);
        assert.equal(answer.headers.get("content-type"), undefined, path);
        assert.equal(answer.headers.get("connection"), "close", path);
        assert.match(answer.headers.get("x-amz-request-id")!, /^[0-9A-Z]{16}$/);
      }
    }
  }
  const inHostName = { unsigned: true, headers: { Host: "bucket.localhost" } };
  assert.equal((await server.request("GET", "/../x", inHostName)).headers.get("content-length"), "0");
  assert.equal(element(await server.request("GET", "/a/../x", inHostName), "Code"), "AccessDenied");
  assert.doesNotMatch((await server.request("GET", "/bucket")).body, /<Contents>/);
});

test("Addresses: what is no percent-encoded UTF-8 is InvalidURI", async () => {
  await using server = await TestServer.start();
  for (const path of ["/bucket/%", "/bucket/%4", "/bucket/%zz", "/bucket/%ff", "/bucket/%C3", "/bucket/%ED%A0%80", "/%ff"]) {
    const answer = await server.request("GET", path, { unsigned: true });
    assert.equal(answer.status, 400, path);
    assert.equal(element(answer, "Code"), "InvalidURI", path);
    assert.equal(element(answer, "Message"), "Couldn't parse the specified URI.", path);
  }
  const answer = await server.request("GET", "/bucket?prefix=%ff", { unsigned: true });
  assert.equal(element(answer, "Code"), "InvalidURI");
});

test("Addresses: a key of more than 1,024 bytes is KeyTooLongError, counted in UTF-8", async () => {
  await using server = await TestServer.start();
  for (const [key, sizeBytes] of [
    ["x".repeat(1025), 1025],
    ["日".repeat(342), 1026],
  ] as const) {
    for (const method of ["PUT", "GET", "DELETE"]) {
      const answer = await server.request(method, `/bucket/${encodeKey(key)}`);
      assert.equal(answer.status, 400, method);
      assert.equal(element(answer, "Code"), "KeyTooLongError", method);
      assert.equal(element(answer, "Size"), String(sizeBytes), method);
      assert.equal(element(answer, "MaxSizeAllowed"), "1024", method);
    }
  }
});

test("Addresses: a bucket in the host name, in any case and with a port, is the one in the path", async () => {
  await using server = await TestServer.start({ domains: ["S3.Example.com"] });
  await server.request("PUT", "/bucket/a/b", { body: "content" });
  // Not signed: the refusal names the bucket and key that were understood.
  const hosts = ["bucket.localhost", "BUCKET.localhost:9000", "bucket.s3.example.com", "bucket.S3.EXAMPLE.COM:80"];
  for (const host of [...hosts, "bucket.localhost.", "bucket.localhost.:9000", "bucket.s3.example.com."]) {
    const answer = await server.request("GET", "/a/b", { unsigned: true, headers: { Host: host } });
    assert.equal(element(answer, "Resource"), "/bucket/a/b", host);
    assert.equal(element(answer, "Code"), "AccessDenied", host);
    const missing = await server.request("GET", "/a/b", { unsigned: true, headers: { Host: `no.${host}` } });
    assert.equal(element(missing, "BucketName"), "no.bucket", host);
  }
});

test("Addresses: hosts that are no bucket leave the bucket to the path", async () => {
  await using server = await TestServer.start({ domains: ["s3.example.com"] });
  for (const host of [
    "localhost",
    "localhost:9000",
    "localhost.",
    ".",
    "127.0.0.1",
    "[::1]:9000",
    "s3.example.com",
    "elsewhere.example",
    "xs3.example.com",
  ]) {
    const answer = await server.request("GET", "/bucket/key", { unsigned: true, headers: { Host: host } });
    assert.equal(element(answer, "Code"), "AccessDenied", host);
    assert.equal(element(answer, "Resource"), "/bucket/key", host);
  }
});

test("Addresses: websites have host names of their own, and all others are as they were", async () => {
  await using server = await TestServer.start({ domains: ["s3.example.com"], region: "us-east-1" });
  const typeAt = async (host: string): Promise<string | undefined> => {
    const answer = await server.request("GET", "/bucket/key", { unsigned: true, headers: { Host: host } });
    return answer.headers.get("content-type")?.split(";")[0];
  };
  for (const domain of ["localhost", "s3.example.com", "S3.EXAMPLE.COM:80"]) {
    for (const endpoint of ["s3-website", "s3-website-us-east-1", "s3-website.us-east-1"]) {
      for (const host of [`bucket.${endpoint}.${domain}`, `a.b.${endpoint}.${domain}`, `${endpoint}.${domain}`]) {
        assert.equal(await typeAt(host), "text/html", host);
      }
    }
    for (const other of ["s3-website-eu-west-1", "s3-website.eu-west-1", "xs3-website", "s3-websites"]) {
      assert.equal(await typeAt(`bucket.${other}.${domain}`), "application/xml", other);
    }
  }
  assert.equal(await typeAt("bucket.s3-website.example.com"), "application/xml");
});

test("Addresses: targets with scheme and host, as proxies get them, mean their path", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  await connection.sendHead("GET http://elsewhere.example/bucket/key");
  assert.equal(element(await connection.answer(), "Resource"), "/bucket/key");
});

test("Addresses: of a repeated query parameter the first counts", async () => {
  const request = { url: "/bucket?prefix=a&prefix=b", rawHeaders: ["Host", "x"], socket: {} } as unknown as IncomingMessage;
  assert.equal(wireRequest(request, { domains: [], regions: [], websites: [] }).query.get("prefix"), "a");
});

test("Addresses: who asks for the root unsigned is sent to S3's website", async () => {
  await using server = await TestServer.start();
  const answer = await server.request("GET", "/", { unsigned: true });
  assert.equal(answer.status, 307);
  assert.equal(answer.headers.get("location"), "https://aws.amazon.com/s3/");
  assert.equal(answer.body, "");
  assert.equal((await server.request("HEAD", "/", { unsigned: true })).status, 307);
  // A signed one asks for the list of buckets, whoever sends it.
  assert.equal(
    (await server.request("GET", "/", { headers: { Accept: "text/html" } })).headers.get("content-type"),
    "application/xml",
  );
});

test("Addresses: a browser that asks for the root gets a page that says what this is, and takes nothing from elsewhere", async () => {
  await using server = await TestServer.start();
  const headers = { Host: 'a"<b>', Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
  const answer = await server.request("GET", "/", { unsigned: true, headers });
  assert.equal(answer.status, 200);
  assert.deepEqual(
    ["content-type", "content-security-policy", "x-content-type-options", "vary"].map((name) => answer.headers.get(name)),
    ["text/html; charset=utf-8", "default-src 'none'; style-src 'unsafe-inline'", "nosniff", "Accept"],
  );
  assert.match(answer.body, /aws --endpoint-url http:\/\/a&quot;&lt;b&gt; s3 ls/);
  assert.ok(answer.body.includes(`Holdfast ${packageVersion()}`));
  assert.doesNotMatch(answer.body, /<script|<link|<img|src=|href=/);
  const head = await server.request("HEAD", "/", { unsigned: true, headers });
  assert.deepEqual([head.status, head.headers.get("content-length"), head.body], [200, String(answer.body.length), ""]);
  for (const path of ["/?list-type=2", "/bucket"]) {
    const other = await server.request("GET", path, { unsigned: true, headers });
    assert.equal(other.headers.get("content-type"), "application/xml", path);
  }
});
