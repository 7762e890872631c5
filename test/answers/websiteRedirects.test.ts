import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import type { SiteAnswer } from "./siteServer.ts";
import { assertErrorPage, DENIED, noSuchKey, noSuchKeyHeaders, NOW, SiteServer } from "./siteServer.ts";

/** Websites over the wire: where visitors are sent, and the error document. */

/** A redirect that says nothing else. */
function moved(location: string, status = "301 Moved Permanently"): SiteAnswer {
  return { status, headers: { location, "content-length": "0" }, body: "" };
}

const ERROR_DOCUMENT = "<ErrorDocument><Key>errors/404.html</Key></ErrorDocument>";
const HERE = "http://bucket.s3-website.localhost";

function rule(redirect: string, condition?: string): string {
  const when = condition === undefined ? "" : `<Condition>${condition}</Condition>`;
  return `<RoutingRule>${when}<Redirect>${redirect}</Redirect></RoutingRule>`;
}

function rules(...list: readonly string[]): string {
  return `<RoutingRules>${list.join("")}</RoutingRules>`;
}

test("Website: a folder without its slash is found behind one, if it has an index document and there is no such object", async (t) => {
  const site = await SiteServer.start(t, ["folder/index.html", "both", "both/index.html", "empty/page", "a b/ü/index.html"]);
  const headers = { "x-amz-error-code": "Found", "x-amz-error-message": "Resource Found" };
  for (const [path, location] of [
    ["/folder", "/folder/"],
    ["/folder?a=b", "/folder/"],
    ["/a%20b/%C3%BC", "/a%20b/%C3%BC/"],
  ] as const) {
    assertErrorPage(await site.answer(path), "302 Moved Temporarily", ["Code: Found", "Message: Resource Found"], {
      headers: { ...headers, location },
    });
  }
  assert.deepEqual(await site.answer("/folder", { method: "HEAD" }), {
    status: "302 Moved Temporarily",
    headers: { ...headers, location: "/folder/", "transfer-encoding": "chunked" },
    body: "",
  });
  assert.equal((await site.visit("/both")).body, "page both");
  assertErrorPage(await site.answer("/empty"), "404 Not Found", noSuchKey("empty"));
  assertErrorPage(await site.answer("/empty/"), "404 Not Found", noSuchKey("empty/index.html"));
});

test("Website: an object says where its visitors go, whatever it holds, and REST still reads it", async (t) => {
  const site = await SiteServer.start(t, ["folder/page"]);
  const large = randomBytes(3_000_000).toString("latin1");
  for (const [key, location, body] of [
    ["page", "/folder/page", ""],
    ["folder/index.html", "https://other.example/?a=b#c", "text"],
    ["large", "http://other.example/", large],
  ] as const) {
    await site.put(key, body, { "x-amz-website-redirect-location": location });
    const path = `/${key.replace("index.html", "")}?query=lost`;
    assert.deepEqual(await site.answer(path), moved(location), key);
    assert.deepEqual(await site.answer(path, { method: "HEAD" }), moved(location), key);
    assert.equal((await site.server.request("GET", `/bucket/${key}`)).headers.get("x-amz-website-redirect-location"), location);
  }
  await site.put("private/page", "", { "x-amz-website-redirect-location": "/secret" });
  assertErrorPage(await site.answer("/private/page"), "403 Forbidden", DENIED);
});

test("Website: a redirect of a large object leaves nothing open that would keep its bytes", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.put("large", "x".repeat(1_000_000), { "x-amz-website-redirect-location": "/" });
  assert.deepEqual(await site.answer("/large"), moved("/"));
  assert.equal(site.server.store.readers.count, 0);
});

test("Website: everybody is sent to another host, if the bucket says so, and nothing has to be public", async (t) => {
  const site = await SiteServer.start(t, ["index.html"]);
  assert.equal((await site.server.request("DELETE", "/bucket", { query: { policy: "" } })).status, 204);
  const to = (target: string) =>
    site.set("website", `<WebsiteConfiguration><RedirectAllRequestsTo>${target}</RedirectAllRequestsTo></WebsiteConfiguration>`);
  await to("<HostName>other.example</HostName>");
  assert.deepEqual(await site.answer("/"), moved("http://other.example/"));
  assert.deepEqual(await site.answer("/a%20b/c?d=e"), moved("http://other.example/a%20b/c?d=e"));
  await to("<HostName>other.example/at</HostName><Protocol>https</Protocol>");
  assert.deepEqual(await site.answer("/a", { method: "HEAD" }), moved("https://other.example/at/a"));
  assert.equal((await site.visit("/", { method: "POST" })).status, 405);
});

test("Website: rules that ask for no error come before the page, those that ask for its error behind its folder", async (t) => {
  const site = await SiteServer.start(t, ["docs/page", "lost/folder/index.html", "errors/404.html", "private/page"]);
  await site.configure(
    ERROR_DOCUMENT +
      rules(
        rule("<ReplaceKeyPrefixWith>documents/</ReplaceKeyPrefixWith>", "<KeyPrefixEquals>docs/</KeyPrefixEquals>"),
        rule(
          "<HostName>other.example</HostName><HttpRedirectCode>307</HttpRedirectCode>",
          "<KeyPrefixEquals>lost/</KeyPrefixEquals><HttpErrorCodeReturnedEquals>404</HttpErrorCodeReturnedEquals>",
        ),
        rule("<ReplaceKeyWith>login.html</ReplaceKeyWith>", "<HttpErrorCodeReturnedEquals>403</HttpErrorCodeReturnedEquals>"),
      ),
  );
  assert.deepEqual(await site.answer("/docs/page"), moved(`${HERE}/documents/page`));
  const temporarily = "307 Temporary Redirect";
  assert.deepEqual(await site.answer("/lost/page?a=b"), moved("http://other.example/lost/page?a=b", temporarily));
  assert.deepEqual(await site.answer("/lost/", { method: "HEAD" }), moved("http://other.example/lost/", temporarily));
  assert.equal((await site.visit("/lost/folder")).headers.get("location"), "/lost/folder/");
  assert.deepEqual(await site.answer("/private/page"), moved(`${HERE}/login.html`));
  assert.equal((await site.visit("/other")).body, "page errors/404.html");
});

test("Website: a location has no character that would end its line, and none that addresses do not have", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.configure(rules(rule("<ReplaceKeyWith>a b&#13;&#10;Set-Cookie: c=ü&amp;d</ReplaceKeyWith>")));
  assert.deepEqual(await site.answer("/"), moved(`${HERE}/a%20b%0D%0ASet-Cookie:%20c=%C3%BC&d`));
});

test("Website: the error document tells of errors of the visitor's, with their status and headers", async (t) => {
  const site = await SiteServer.start(t, ["index.html", "errors/404.html", "private/page"]);
  await site.configure(ERROR_DOCUMENT);
  const etag = `"${createHash("md5").update("page errors/404.html").digest("hex")}"`;
  const page = {
    ...{ "last-modified": NOW, etag, "content-type": "text/html", "content-length": "20" },
    "x-amz-server-side-encryption": "AES256",
  };
  const answered = await site.answer("/no%20ne", { headers: { "If-None-Match": "*", Range: "bytes=0-1" } });
  assert.deepEqual(answered, {
    status: "404 Not Found",
    headers: { ...noSuchKeyHeaders("no ne"), ...page },
    body: "page errors/404.html",
  });
  const forbidden = await site.answer("/private/page");
  assert.deepEqual([forbidden.status, forbidden.body], ["403 Forbidden", "page errors/404.html"]);
  assert.equal(forbidden.headers["x-amz-error-code"], "AccessDenied");
  const range = await site.answer("/", { headers: { Range: "bytes=99-" } });
  assert.deepEqual([range.status, range.body], ["416 Range Not Satisfiable", "page errors/404.html"]);
  assert.equal(range.headers["x-amz-error-detail-actualobjectsize"], "15");
  // To HEAD, the headers say all there is to say.
  assert.deepEqual(await site.answer("/none", { method: "HEAD" }), {
    status: "404 Not Found",
    headers: { ...noSuchKeyHeaders("none"), "transfer-encoding": "chunked" },
    body: "",
  });
});

test("Website: an error document may send visitors on", async (t) => {
  const site = await SiteServer.start(t, []);
  await site.configure(ERROR_DOCUMENT);
  await site.put("errors/404.html", "", { "x-amz-website-redirect-location": "/search.html" });
  assert.deepEqual(await site.answer("/none"), moved("/search.html"));
});

test("Website: an error document that cannot be shown is told beside the error", async (t) => {
  const site = await SiteServer.start(t, ["private/404.html", "private/page"]);
  await site.configure(ERROR_DOCUMENT);
  assertErrorPage(await site.answer("/none"), "404 Not Found", noSuchKey("none"), {
    documentFacts: noSuchKey("errors/404.html"),
  });
  assertErrorPage(await site.answer("/private/page"), "403 Forbidden", DENIED, { documentFacts: noSuchKey("errors/404.html") });
  await site.configure("<ErrorDocument><Key>private/404.html</Key></ErrorDocument>");
  assertErrorPage(await site.answer("/none"), "404 Not Found", noSuchKey("none"), { documentFacts: DENIED });
  await site.configure(`<ErrorDocument><Key>${"x".repeat(1025)}</Key></ErrorDocument>`);
  const documentFacts = ["Code: KeyTooLongError", "Message: Your key is too long", "Size: 1025", "MaxSizeAllowed: 1024"];
  assertErrorPage(await site.answer("/none"), "404 Not Found", noSuchKey("none"), { documentFacts });
});

test("Website: a large error document comes whole, and no faster than its visitor takes it", async (t) => {
  const site = await SiteServer.start(t, []);
  const text = randomBytes(10_000_000).toString("hex");
  await site.put("errors/404.html", text);
  await site.configure(ERROR_DOCUMENT);
  {
    using connection = await site.server.connect();
    await connection.sendHead("GET /none", { Host: site.host });
    await connection.received();
    // The visitor reads nothing: the document is still being read, for the rest waits until it is wanted.
    assert.equal(site.server.store.readers.count, 1);
  }
  const answer = await site.visit("/none");
  assert.deepEqual([answer.status, answer.body === text], [404, true]);
});

test("Website: the server's own failures are told by S3's page, and are no matter for the error document", async (t) => {
  const site = await SiteServer.start(t, ["page", "errors/404.html"]);
  await site.configure(ERROR_DOCUMENT);
  const { metadata } = site.server.store;
  const failing = t.mock.method(metadata, "read", () => Promise.reject(new Error("broken")));
  assertErrorPage(await site.answer("/page"), "500 Internal Server Error", [
    "Code: InternalError",
    "Message: We encountered an internal error. Please try again.",
  ]);
  assert.ok(failing.mock.callCount() > 0);
  assert.equal(site.server.failures.length, 1);
});
