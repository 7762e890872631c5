import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { VisitOptions } from "../answers/siteServer.ts";
import { SiteServer } from "../answers/siteServer.ts";
import { deliveryPolicy, KeptLogs, linesOf, storedLogs } from "./LoggedServer.ts";

/** A website whose visits are logged, with what the log says of one. */
async function logging(t: TestContext, keys: readonly string[]) {
  const kept = new KeptLogs();
  const site = await SiteServer.start(t, keys, { adapt: kept.adapt });
  const { server } = site;
  assert.equal((await server.request("PUT", "/logs")).status, 200);
  await site.set("policy", deliveryPolicy("logs"), "logs");
  const target = "<LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix></TargetPrefix></LoggingEnabled>";
  await site.set("logging", `<BucketLoggingStatus>${target}</BucketLoggingStatus>`);
  return { site, logged };

  /** Operation, key, request, status, error, bytes sent, size of the object, and who asked. */
  async function logged(path: string, options: VisitOptions = {}): Promise<readonly string[][]> {
    const answer = await site.visit(path, options);
    await kept.logs.deliver();
    assert.deepEqual(kept.warnings, []);
    const text = (await storedLogs(server.store, "logs")).map((log) => log.text).join("");
    return linesOf(text)
      .filter(({ requestId }) => requestId === answer.headers.get("x-amz-request-id"))
      .map((line) => {
        assert.equal(line.sent, answer.body === "" ? "-" : String(Buffer.byteLength(answer.body)), path);
        return [line.operation, line.key, line.request, line.status, line.errorCode, line.objectSize, line.requester];
      });
  }
}

test("Access log: visits of a website are called so, by the key of the page, whatever becomes of them", async (t) => {
  const { site, logged } = await logging(t, ["index.html", "a/index.html", "private/page"]);
  await site.configure(
    "<RoutingRules><RoutingRule><Condition><KeyPrefixEquals>old/</KeyPrefixEquals></Condition>" +
      "<Redirect><ReplaceKeyPrefixWith>new/</ReplaceKeyPrefixWith></Redirect></RoutingRule></RoutingRules>",
  );
  const get = "WEBSITE.GET.OBJECT";
  for (const [path, options, line] of [
    ["/?a", {}, [get, "index.html", "GET /?a HTTP/1.1", "200", "-", "15", "-"]],
    ["/a/", { method: "HEAD" }, ["WEBSITE.HEAD.OBJECT", "a/index.html", "HEAD /a/ HTTP/1.1", "200", "-", "17", "-"]],
    ["/a", {}, [get, "a", "GET /a HTTP/1.1", "302", "Found", "-", "-"]],
    ["/none", {}, [get, "none", "GET /none HTTP/1.1", "404", "NoSuchKey", "-", "-"]],
    ["/private/page", {}, [get, "private/page", "GET /private/page HTTP/1.1", "403", "AccessDenied", "-", "-"]],
    ["/old/page", {}, [get, "old/page", "GET /old/page HTTP/1.1", "301", "-", "-", "-"]],
    ["/", { method: "POST" }, ["WEBSITE.INVALIDOPERATION", "-", "POST / HTTP/1.1", "405", "MethodNotAllowed", "-", "-"]],
  ] as const) {
    assert.deepEqual(await logged(path, options), [line], path);
  }
});

test("Access log: what is about no page in particular has no key", async (t) => {
  const { site, logged } = await logging(t, []);
  assert.equal((await site.server.request("DELETE", "/bucket", { query: { website: "" } })).status, 204);
  const none = ["WEBSITE.GET.OBJECT", "-", "GET / HTTP/1.1", "404", "NoSuchWebsiteConfiguration", "-", "-"];
  assert.deepEqual(await logged("/"), [none]);
  const all = "<RedirectAllRequestsTo><HostName>other.example</HostName></RedirectAllRequestsTo>";
  await site.set("website", `<WebsiteConfiguration>${all}</WebsiteConfiguration>`);
  assert.deepEqual(await logged("/"), [["WEBSITE.GET.OBJECT", "-", "GET / HTTP/1.1", "301", "-", "-", "-"]]);
});

test("Access log: a visit that is shown the error document is about what was asked for", async (t) => {
  const { site, logged } = await logging(t, ["404.html"]);
  await site.configure("<ErrorDocument><Key>404.html</Key></ErrorDocument>");
  const line = ["WEBSITE.GET.OBJECT", "none", "GET /none HTTP/1.1", "404", "NoSuchKey", "-", "-"];
  assert.deepEqual(await logged("/none"), [line]);
});
