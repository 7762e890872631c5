import assert from "node:assert/strict";
import { test } from "node:test";
import { presign } from "../../../bench/presign.ts";
import type { RequestOptions } from "../TestServer.ts";
import type { RawAnswer } from "../RawConnection.ts";
import { ACCESS_KEY_ID, element, REGION, SECRET_ACCESS_KEY, TestServer } from "../TestServer.ts";

/** What Details adds where the bucket may stand in a host name that the server does not know. */
const OF_HOST =
  /The host name "photos\.s3\.my-nas\.lan" is below none of this server's domains \(s3\.example\.com, localhost\), so the bucket was looked for in the path\. If "photos" is meant as the bucket, start the server with --domain s3\.my-nas\.lan, or /;

async function detailsAt(
  server: TestServer,
  host: string,
  [method, path]: readonly [method: string, path: string],
  options: RequestOptions = {},
): Promise<string> {
  const answer = await server.request(method, path, { unsigned: true, ...options, headers: { Host: host } });
  assert.ok(answer.status >= 400, `${method} ${path} at ${host}: ${answer.status}`);
  return element(answer, "Details") ?? "";
}

test("Unknown host: refusals that may come of it say that it is none of the domains, and how to make it one", async () => {
  await using server = await TestServer.start({ domains: ["s3.example.com"] });
  const host = "photos.s3.my-nas.lan:9000";
  for (const asked of [
    ["GET", "/2026/summer.jpg"],
    ["GET", "/summer.jpg"],
    ["GET", "/Summer_1.jpg"],
    ["PUT", "/summer.jpg"],
    ["PUT", "/"],
    ["POST", "/2026/summer.jpg"],
    ["GET", "/Summer_1.jpg/2026"],
    ["PUT", "/Summer_1.jpg/2026"],
    ["DELETE", "/"],
    ["GET", "/?acl"],
    ["GET", "/?list-type=2"],
  ] as const) {
    const details = (await detailsAt(server, host, asked)).replaceAll("&quot;", '"');
    assert.match(details, OF_HOST, asked.join(" "));
  }
});

test("Unknown host: nothing is said of it where it cannot be the cause", async () => {
  await using server = await TestServer.start({ domains: ["s3.example.com"] });
  const missing = ["GET", "/nowhere/key"] as const;
  for (const host of [
    ...["127.0.0.1:9000", "192.0.2.7", "[::1]:9000", "my-nas", "my-nas:9000", "localhost:9000", "photos.localhost"],
    ...["s3.example.com", "photos.s3.example.com", "", "a".repeat(300) + ".lan"],
  ])
    assert.doesNotMatch(await detailsAt(server, host, missing), /none of this server/, host);
  for (const path of ["/bucket/none", "/bucket/key?acl"])
    assert.doesNotMatch(await detailsAt(server, "photos.s3.my-nas.lan", ["GET", path]), /none of this server/, path);
});

test("Unknown host: nothing is said of it to who is not known, whatever they ask", async () => {
  await using server = await TestServer.start();
  const headers = { Host: "photos.s3.my-nas.lan" };
  // Signed for another host, without a version of signatures, and by a key that nobody has.
  const signed = server.signed("GET", "/");
  for (const [path, code] of [
    [signed, "SignatureDoesNotMatch"],
    [signed.replace(ACCESS_KEY_ID, "HFNOBODYNOBODYNOBODY"), "InvalidAccessKeyId"],
    [signed.replace(/X-Amz-Date=[^&]*&?/, ""), "AuthorizationQueryParametersError"],
  ] as const) {
    const refused = await server.request("GET", path, { unsigned: true, headers });
    assert.equal(element(refused, "Code"), code);
    assert.doesNotMatch(refused.body, /none of this server/, code);
  }
});

/** Where a server of that name is, and who asks. */
const AT_HOST = {
  ...{ name: "test", host: "photos.s3.my-nas.lan", port: 9000, region: REGION },
  ...{ accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY },
};
const HOST = `${AT_HOST.host}:${AT_HOST.port}`;

test("Unknown host: nothing is said of it where the addressed bucket is there, and the source of a copy is not", async () => {
  await using server = await TestServer.start();
  const headers = { "x-amz-copy-source": "/nowhere/key" };
  const path = presign(AT_HOST, "PUT", "/bucket/copy", {}, new Date(), headers);
  const refused = await server.request("PUT", path, { unsigned: true, headers: { Host: HOST, ...headers } });
  assert.equal(element(refused, "Code"), "NoSuchBucket");
  assert.doesNotMatch(refused.body, /none of this server/);
});

test("Unknown host: buckets and their objects are listed there, with the bucket in the path", async () => {
  await using server = await TestServer.start();
  for (const [path, query, root] of [
    ["/bucket", { "list-type": "2" }, "ListBucketResult"],
    ["/", {}, "ListAllMyBucketsResult"],
  ] as const) {
    const target = presign(AT_HOST, "GET", path, query, new Date());
    const { status, body } = await server.request("GET", target, { unsigned: true, headers: { Host: HOST } });
    assert.equal(status, 200);
    assert.match(body, new RegExp(`<${root} `));
  }
});

test("Unknown host: a list of objects is no list of buckets there, as S3 takes the host's name for the bucket's", async () => {
  await using server = await TestServer.start();
  const query = { "list-type": "2" };
  const listAt = (host: string): Promise<RawAnswer> => {
    return server.request("GET", `/?list-type=2`, { unsigned: true, headers: { Host: host } });
  };
  const refused = await listAt("photos.s3.my-nas.lan:9000");
  assert.deepEqual([refused.status, element(refused, "BucketName")], [404, "photos.s3.my-nas.lan"]);
  assert.equal(element(await listAt("my-nas"), "Code"), "AccessDenied");
  const signed = await server.request("GET", "/", { query });
  assert.match(signed.body, /<ListAllMyBucketsResult/);
});
