import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { limiterFor } from "../../src/server/limits/RequestLimiter.ts";
import type { Service } from "../../src/server/Service.ts";
import { createBucket, findBucket } from "../../src/store/buckets/buckets.ts";
import { ManualTime } from "../server/ManualTime.ts";
import { assertErrorPage, DENIED, noSuchKey, noSuchKeyHeaders, NOW, NOW_MS, SiteServer } from "./siteServer.ts";

/** Websites over the wire: pages, and the pages that tell of errors. */

/** The headers of a page with this text. */
function pageHeaders(text: string): Record<string, string> {
  return {
    "last-modified": NOW,
    etag: `"${createHash("md5").update(text).digest("hex")}"`,
    "content-type": "text/html",
    "content-length": String(Buffer.byteLength(text)),
    "x-amz-server-side-encryption": "AES256",
  };
}

test("Website: the root and each folder show their index document, a key its object, to who does not sign", async (t) => {
  const site = await SiteServer.start(t, ["index.html", "a/index.html", "a/b c.html", "/index.html"]);
  for (const [path, key] of [
    ["/", "index.html"],
    ["/?a=b&versionId=none", "index.html"],
    ["/index.html?acl", "index.html"],
    ["/a/", "a/index.html"],
    ["/a/b%20c.html", "a/b c.html"],
    ["/a/b+c.html", "a/b c.html"],
    ["//", "/index.html"],
  ] as const) {
    const body = `page ${key}`;
    assert.deepEqual(await site.answer(path), { status: "200 OK", headers: pageHeaders(body), body }, path);
    const head = await site.answer(path, { method: "HEAD" });
    assert.deepEqual(head, { status: "200 OK", headers: pageHeaders(body), body: "" }, `HEAD ${path}`);
  }
});

test("Website: a page has its object's metadata and version id, and says nothing of ranges", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.set("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  const headers = {
    "Cache-Control": "max-age=60",
    "Content-Language": "de",
    "x-amz-meta-a": "b",
    "x-amz-storage-class": "STANDARD",
  };
  const versionId = (await site.put("page", "text", headers)).headers.get("x-amz-version-id")!;
  assert.deepEqual(await site.answer("/page"), {
    status: "200 OK",
    headers: {
      ...pageHeaders("text"),
      "cache-control": "max-age=60",
      "content-language": "de",
      "x-amz-meta-a": "b",
      "x-amz-version-id": versionId,
    },
    body: "text",
  });
});

test("Website: ranges and conditions are heeded as those of GetObject", async (t) => {
  const site = await SiteServer.start(t, ["index.html"]);
  const page = pageHeaders("page index.html");
  const part = await site.answer("/", { headers: { Range: "bytes=5-9" } });
  assert.deepEqual(part, {
    status: "206 Partial Content",
    headers: { ...page, "content-range": "bytes 5-9/15", "content-length": "5" },
    body: "index",
  });
  const { "last-modified": lastModified, etag } = page;
  const unchanged = { status: "304 Not Modified", headers: { "last-modified": lastModified, etag }, body: "" };
  assert.deepEqual(await site.answer("/", { headers: { "If-None-Match": etag! } }), unchanged);
  assert.deepEqual(await site.answer("/", { method: "HEAD", headers: { "If-Modified-Since": lastModified! } }), unchanged);
  assertErrorPage(await site.answer("/", { headers: { "If-Match": '"other"' } }), "412 Precondition Failed", [
    "Code: PreconditionFailed",
    "Message: At least one of the pre-conditions you specified did not hold",
    "Condition: If-Match",
  ]);
  assertErrorPage(await site.answer("/", { headers: { Range: "bytes=99-" } }), "416 Range Not Satisfiable", [
    "Code: InvalidRange",
    "Message: The requested range is not satisfiable",
    "RangeRequested: bytes=99-",
    "ActualObjectSize: 15",
  ]);
});

test("Website: nobody is authenticated, and what would be a signature counts for nothing", async (t) => {
  const site = await SiteServer.start(t, ["index.html", "private/page"]);
  for (const Authorization of ["Basic Og==", "nonsense", "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0"]) {
    assert.equal((await site.visit("/", { headers: { Authorization } })).body, "page index.html", Authorization);
  }
  assert.equal((await site.visit("/?X-Amz-Algorithm=AWS4-HMAC-SHA256&Signature=x")).body, "page index.html");
  // The owner's, which REST would take.
  const signed = site.server.signed("GET", "/private/page");
  assert.equal((await site.visit(signed)).status, 403);
});

test("Website: what is not there is 404, whoever may list; what is there and not public is 403", async (t) => {
  const site = await SiteServer.start(t, ["private/page"]);
  assertErrorPage(await site.answer("/none"), "404 Not Found", noSuchKey("none"));
  assertErrorPage(await site.answer("/private/none"), "404 Not Found", noSuchKey("private/none"));
  assertErrorPage(await site.answer("/private/"), "404 Not Found", noSuchKey("private/index.html"));
  assertErrorPage(await site.answer("/"), "404 Not Found", noSuchKey("index.html"));
  assertErrorPage(await site.answer("/private/page"), "403 Forbidden", DENIED);
});

test("Website: an object that its ACL makes public is shown", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.set(
    "ownershipControls",
    "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
  );
  await site.put("private/shown", "text", { "x-amz-acl": "public-read" });
  await site.put("private/hidden", "text");
  assert.equal((await site.visit("/private/shown")).body, "text");
  assert.equal((await site.visit("/private/hidden")).status, 403);
});

test("Website: conditions of a policy see the visitor", async (t) => {
  const site = await SiteServer.start(t, ["page"]);
  const condition = { StringLike: { "aws:Referer": "http://friend.example/*", "aws:UserAgent": "Browser*" } };
  const statement = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::bucket/*",
    Condition: condition,
  };
  await site.set("policy", JSON.stringify({ Version: "2012-10-17", Statement: [statement] }));
  const from = async (Referer: string) => (await site.visit("/page", { headers: { Referer, "User-Agent": "Browser/1" } })).status;
  assert.equal(await from("http://friend.example/links"), 200);
  assert.equal(await from("http://foe.example/links"), 403);
});

test("Website: a deleted object is missing, also where a delete marker says so", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.set("versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  await site.put("page", "text");
  assert.equal((await site.server.request("DELETE", "/bucket/page")).status, 204);
  assertErrorPage(await site.answer("/page"), "404 Not Found", noSuchKey("page"));
});

test("Website: HEAD tells of errors by headers", async (t) => {
  const site = await SiteServer.start(t, ["private/page"]);
  const chunked = { "transfer-encoding": "chunked" };
  assert.deepEqual(await site.answer("/no%20ne", { method: "HEAD" }), {
    status: "404 Not Found",
    headers: { ...noSuchKeyHeaders("no ne"), ...chunked },
    body: "",
  });
  assert.deepEqual(await site.answer("/private/page", { method: "HEAD" }), {
    status: "403 Forbidden",
    headers: { "x-amz-error-code": "AccessDenied", "x-amz-error-message": "Access Denied", ...chunked },
    body: "",
  });
});

test("Website: whatever a key holds, the page that tells of it and the headers are whole", async (t) => {
  const site = await SiteServer.start(t, []);
  const key = '<script>"&"</script>\r\nSet-Cookie: a\u0001ü日';
  const path = `/${encodeURIComponent(key)}`;
  const { body } = site.masked(await site.visit(path));
  const escaped = "&lt;script&gt;&quot;&amp;&quot;&lt;/script&gt;";
  assert.ok(body.includes(`<li>Key: ${escaped}`), body);
  assert.ok(!body.includes("<script>"));
  const { headers } = await site.visit(path, { method: "HEAD" });
  assert.equal(headers.get("x-amz-error-detail-key"), '<script>"&"</script>%0D%0ASet-Cookie: a%01%C3%BC%E6%97%A5');
  assert.equal(headers.has("set-cookie"), false);
});

test("Website: no bucket, no website, and no name of a bucket at all", async (t) => {
  const site = await SiteServer.start(t, []);
  for (const name of ["nobucket", "no_bucket", "-"]) {
    assertErrorPage(await site.answer("/", { host: `${name}.s3-website.localhost` }), "404 Not Found", [
      "Code: NoSuchBucket",
      "Message: The specified bucket does not exist",
      `BucketName: ${name}`,
    ]);
  }
  assert.deepEqual((await site.answer("/a", { method: "HEAD", host: "nobucket.s3-website.localhost" })).headers, {
    "x-amz-error-code": "NoSuchBucket",
    "x-amz-error-message": "The specified bucket does not exist",
    "x-amz-error-detail-bucketname": "nobucket",
    "transfer-encoding": "chunked",
  });
  const redirect = { "x-amz-error-code": "WebsiteRedirect", "x-amz-error-message": "Request does not contain a bucket name." };
  for (const path of ["/", "/bucket/key"]) {
    assertErrorPage(
      await site.answer(path, { host: "s3-website.us-east-1.localhost" }),
      "301 Moved Permanently",
      ["Code: WebsiteRedirect", "Message: Request does not contain a bucket name."],
      { headers: { ...redirect, location: "https://aws.amazon.com/s3/" } },
    );
  }
  assert.equal((await site.server.request("DELETE", "/bucket", { query: { website: "" } })).status, 204);
  assertErrorPage(await site.answer("/"), "404 Not Found", [
    "Code: NoSuchWebsiteConfiguration",
    "Message: The specified bucket does not have a website configuration",
    "BucketName: bucket",
  ]);
});

test("Website: other methods than GET and HEAD are not allowed, and nothing of their bodies is kept", async (t) => {
  const site = await SiteServer.start(t, ["page"]);
  for (const method of ["PUT", "POST", "DELETE", "PATCH"]) {
    for (const body of ["", "a=b"]) {
      const answer = await site.answer("/page", { method, body, headers: { "Content-Type": "multipart/form-data; boundary=b" } });
      assertErrorPage(
        answer,
        "405 Method Not Allowed",
        [
          "Code: MethodNotAllowed",
          "Message: The specified method is not allowed against this resource.",
          `Method: ${method}`,
          "ResourceType: OBJECT",
        ],
        body === "" ? {} : { headers: { connection: "close" } },
      );
    }
  }
  assert.equal((await site.visit("/page")).body, "page page");
  const soap = await site.answer("/soap", { method: "POST", body: "<a/>", headers: { "Content-Type": "text/xml" } });
  assert.equal(soap.status, "405 Method Not Allowed");
});

test("Website: a bucket whose requesters pay is none, whatever it says", async (t) => {
  const site = await SiteServer.start(t, ["index.html", "404.html"]);
  await site.configure("<ErrorDocument><Key>404.html</Key></ErrorDocument>");
  await site.set("requestPayment", "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>");
  assertErrorPage(await site.answer("/"), "403 Forbidden", DENIED);
  assertErrorPage(await site.answer("/none", { headers: { "x-amz-request-payer": "requester" } }), "403 Forbidden", DENIED);
});

test("Website: a bucket of another region is at another endpoint", async (t) => {
  const site = await SiteServer.start(t, ["index.html"], { domains: ["s3.example.com"] });
  const owner = (await findBucket(site.server.store, "bucket"))!;
  const { ownerId, ownerName } = owner;
  await createBucket(site.server.store, { name: "afar", region: "eu-west-1", ownerId, ownerName, createdAtMs: NOW_MS });
  for (const domain of ["localhost", "S3.Example.com"]) {
    assertErrorPage(
      await site.answer("/", { host: `afar.s3-website.${domain}:80` }),
      "400 Bad Request",
      [
        "Code: IncorrectEndpoint",
        "Message: The specified bucket exists in another region. Please direct requests to the specified endpoint.",
        `Endpoint: afar.s3-website-eu-west-1.${domain.toLowerCase()}`,
      ],
      { headers: { connection: "close" } },
    );
  }
});

test("Website: an address that does not decode, and a key that no object can have, are told in HTML", async (t) => {
  const site = await SiteServer.start(t, []);
  const undecodable = await site.answer("/%ff");
  assertErrorPage(
    undecodable,
    "400 Bad Request",
    ["Code: InvalidURI", "Message: Couldn't parse the specified URI.", "URI: %ff"],
    { headers: { connection: "close" } },
  );
  const tooLong = "x".repeat(1025);
  assertErrorPage(
    await site.answer(`/${tooLong}`),
    "400 Bad Request",
    ["Code: KeyTooLongError", "Message: Your key is too long", "Size: 1025", "MaxSizeAllowed: 1024"],
    { headers: { connection: "close" } },
  );
  // Its folder's index document would have a key that is too long.
  const long = "x".repeat(1024);
  assertErrorPage(await site.answer(`/${long}`), "404 Not Found", noSuchKey(long));
  assert.equal((await site.visit("/a/../../b")).status, 400);
});

test("Website: who asks too fast is told so in HTML, with S3's words in the first line", async (t) => {
  const limits = { limitRequests: 1, limitPrefix: undefined, workers: 1 };
  const limiter = limiterFor(limits, new ManualTime());
  let isLimited = false;
  const adapt = (service: Service): Service =>
    Object.defineProperty({ ...service }, "limiter", { get: () => (isLimited ? limiter : undefined) });
  const site = await SiteServer.start(t, ["index.html"], { adapt });
  isLimited = true;
  assert.equal((await site.visit("/")).status, 200);
  assertErrorPage(await site.answer("/"), "503 Slow Down", ["Code: SlowDown", "Message: Please reduce your request rate."], {
    headers: { connection: "close" },
  });
});

test("Website: a connection goes on behind a request with a body that was read, and means nothing", async (t) => {
  const site = await SiteServer.start(t, ["index.html", "404.html", "private/page"]);
  await site.configure("<ErrorDocument><Key>404.html</Key></ErrorDocument>");
  using connection = await site.server.connect();
  for (const [path, page] of [
    ["/", "page index.html"],
    ["/none", "page 404.html"],
    ["/", "page index.html"],
  ] as const) {
    await connection.sendHead(`GET ${path}`, { Host: site.host, "Content-Length": "4" });
    await connection.send("body");
    assert.equal((await connection.answer()).body, page);
  }
  await connection.sendHead("GET /private/page", { Host: site.host, "Content-Length": "4" });
  // The body comes when the answer is there.
  assertErrorPage(site.masked(await connection.answer()), "403 Forbidden", DENIED, { headers: { connection: "close" } });
});

test("Website: pages of other origins are told what the bucket's CORS rules tell them, of errors and redirects too", async (t) => {
  const site = await SiteServer.start(t, ["font", "folder/index.html"]);
  const rule =
    "<AllowedOrigin>http://page.example</AllowedOrigin><AllowedMethod>GET</AllowedMethod><AllowedHeader>x-a</AllowedHeader>";
  await site.set("cors", `<CORSConfiguration><CORSRule>${rule}</CORSRule></CORSConfiguration>`);
  const asking = { headers: { Origin: "http://page.example" } };
  for (const path of ["/font", "/none", "/folder"]) {
    const { headers } = await site.visit(path, asking);
    assert.equal(headers.get("access-control-allow-origin"), "http://page.example", path);
    assert.equal((await site.visit(path)).headers.has("access-control-allow-origin"), false, path);
  }
  const preflight = { "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-a" };
  const allowed = await site.visit("/font", { method: "OPTIONS", headers: { ...asking.headers, ...preflight } });
  assert.deepEqual([allowed.status, allowed.headers.get("access-control-allow-headers")], [200, "x-a"]);
  const refused = await site.visit("/font", { method: "OPTIONS", headers: { Origin: "http://foe.example", ...preflight } });
  assert.match(refused.body, /^<html>\n<head><title>403 Forbidden<\/title><\/head>\n[^]*<li>Code: AccessForbidden<\/li>/);
});

test("Website: a server that stops says so in HTML", async (t) => {
  let isStopping = false;
  const site = await SiteServer.start(t, [], { stopping: () => isStopping });
  isStopping = true;
  assertErrorPage(
    await site.answer("/"),
    "503 Service Unavailable",
    ["Code: ServiceUnavailable", "Message: Service is unable to handle request."],
    { headers: { connection: "close" } },
  );
});
