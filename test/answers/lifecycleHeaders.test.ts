import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { postForm } from "../server/browserForms.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { TestServer } from "../server/TestServer.ts";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";

/** What answers tell of a bucket's lifecycle: x-amz-expiration, x-amz-abort-date and x-amz-abort-rule-id. */

/** A server whose requests are signed by header. */
interface Asking {
  readonly server: TestServer;
  request(method: string, path: string, more?: Omit<Asked, "method" | "path">): Promise<RawAnswer>;
}

async function start(t: TestContext, rules: string): Promise<Asking> {
  const answers = await AnswerServer.startEmpty();
  t.after(() => answers.server[Symbol.asyncDispose]());
  const asking: Asking = {
    server: answers.server,
    request: (method, path, more = {}) => answers.send({ method, path, ...more }, "header"),
  };
  await put(asking, "lifecycle", `<LifecycleConfiguration>${rules}</LifecycleConfiguration>`);
  return asking;
}

/** Puts a setting of the bucket. */
async function put(server: Asking, setting: string, body: string): Promise<void> {
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  const answer = await server.request("PUT", "/bucket", { query: { [setting]: "" }, headers, body });
  assert.equal(answer.status, 200, answer.body);
}

function rule(id: string, actions: string, filter = ""): string {
  return `<Rule><ID>${id}</ID><Filter>${filter}</Filter><Status>Enabled</Status>${actions}</Rule>`;
}

function expiring(id: string, days: number, filter = ""): string {
  return rule(id, `<Expiration><Days>${days}</Days></Expiration>`, filter);
}

/** What an answer that went well says of the object's end. */
function expiration(answer: RawAnswer): string | undefined {
  assert.ok(answer.status < 300, answer.body);
  return answer.headers.get("x-amz-expiration");
}

const IN_A_DAY = 'expiry-date="Tue, 03 Mar 2026 00:00:00 GMT", rule-id="after a day"';

test("x-amz-expiration: whoever writes or reads a current object is told when it expires, and by which rule", async (t) => {
  const server = await start(t, expiring("after a day", 1));
  assert.equal(expiration(await server.request("PUT", "/bucket/key", { body: "x" })), IN_A_DAY);
  assert.equal(expiration(await server.request("GET", "/bucket/key")), IN_A_DAY);
  assert.equal(expiration(await server.request("HEAD", "/bucket/key")), IN_A_DAY);
  const copied = await server.request("PUT", "/bucket/copy", { headers: { "x-amz-copy-source": "/bucket/key" } });
  assert.equal(expiration(copied), IN_A_DAY);
  assert.equal(expiration(await postForm(server.server)), IN_A_DAY);
  const uploadId = element(await server.request("POST", "/bucket/large", { query: { uploads: "" } }), "UploadId")!;
  const part = await server.request("PUT", "/bucket/large", { query: { partNumber: "1", uploadId }, body: "x" });
  assert.equal(expiration(part), undefined);
  const etag = part.headers.get("etag")!;
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  const completed = await server.request("POST", "/bucket/large", { query: { uploadId }, body });
  assert.equal(expiration(completed), IN_A_DAY);
  assert.equal(expiration(await server.request("HEAD", "/bucket")), undefined);
});

test("x-amz-expiration: nothing is said of a version that is named, nor where no rule expires the object", async (t) => {
  const server = await start(t, expiring("after a day", 1));
  await put(server, "versioning", "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>");
  const versionId = (await server.request("PUT", "/bucket/key", { body: "x" })).headers.get("x-amz-version-id")!;
  assert.equal(expiration(await server.request("HEAD", "/bucket/key", { query: { versionId } })), undefined);
  assert.equal(expiration(await server.request("HEAD", "/bucket/key")), IN_A_DAY);
  const others =
    rule("markers", "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>") +
    rule("old", "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>") +
    rule("moving", "<Transition><Days>0</Days><StorageClass>GLACIER</StorageClass></Transition>") +
    expiring("off", 1).replace("Enabled", "Disabled");
  await put(server, "lifecycle", `<LifecycleConfiguration>${others}</LifecycleConfiguration>`);
  assert.equal(expiration(await server.request("HEAD", "/bucket/key")), undefined);
  assert.equal((await server.request("DELETE", "/bucket", { query: { lifecycle: "" } })).status, 204);
  assert.equal(expiration(await server.request("GET", "/bucket/key")), undefined);
});

test("x-amz-expiration: the earliest rule for this key, size and tags counts", async (t) => {
  const server = await start(
    t,
    expiring("all", 30) +
      expiring("logs", 10, "<Prefix>logs/</Prefix>") +
      expiring("tagged", 5, "<Tag><Key>k</Key><Value>a b</Value></Tag>") +
      expiring("empty", 3, "<ObjectSizeLessThan>1</ObjectSizeLessThan>") +
      rule("dated", "<Expiration><Date>2026-03-08T00:00:00Z</Date></Expiration>", "<Prefix>dated/</Prefix>"),
  );
  const ruleOf = (answer: RawAnswer) => /rule-id="(.*)"$/.exec(expiration(answer)!)![1];
  const ruleFor = async (key: string, body: string, headers = {}) =>
    ruleOf(await server.request("PUT", `/bucket/${key}`, { body, headers }));
  assert.equal(await ruleFor("key", "x"), "all");
  assert.equal(await ruleFor("logs/key", "x"), "logs");
  assert.equal(await ruleFor("dated/key", "x"), "dated");
  assert.equal(await ruleFor("logs/key", "x", { "x-amz-tagging": "k=a%20b&l=" }), "tagged");
  assert.equal(ruleOf(await server.request("GET", "/bucket/logs/key")), "tagged");
  assert.equal(await ruleFor("logs/key", ""), "empty");
  const head = await server.request("HEAD", "/bucket/dated/key");
  assert.equal(expiration(head), 'expiry-date="Sun, 08 Mar 2026 00:00:00 GMT", rule-id="dated"');
});

test("x-amz-expiration: an id is told as it is, but for what a header cannot carry", async (t) => {
  for (const [id, told] of [
    ["Delete after 14 days (50 %)", "Delete after 14 days (50 %)"],
    ["a&quot;b", "a%22b"],
    ["f\u00fcr \ud83d\ude00", "f%C3%BCr %F0%9F%98%80"],
    ["a&#10;b", "a%0Ab"],
  ] as const) {
    const server = await start(t, expiring(id, 1));
    const answer = expiration(await server.request("PUT", "/bucket/key", { body: "x" }));
    assert.equal(answer, `expiry-date="Tue, 03 Mar 2026 00:00:00 GMT", rule-id="${told}"`);
  }
});

test("x-amz-expiration: what expires after the end of all dates has none to tell", async (t) => {
  const server = await start(
    t,
    rule(
      "late",
      "<Expiration><Days>2147483647</Days></Expiration>" +
        "<AbortIncompleteMultipartUpload><DaysAfterInitiation>2147483647</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
    ),
  );
  assert.equal(expiration(await server.request("PUT", "/bucket/key", { body: "x" })), undefined);
  const begun = await server.request("POST", "/bucket/key", { query: { uploads: "" } });
  assert.deepEqual([begun.status, begun.headers.get("x-amz-abort-date")], [200, undefined]);
});

test("x-amz-abort-date: who begins an upload or lists its parts is told when it is aborted, and by which rule", async (t) => {
  const abort = "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>";
  const server = await start(t, rule("a week \u00fc", abort, "<Prefix>uploads/</Prefix>"));
  const told = ({ status, headers }: RawAnswer) => [status, headers.get("x-amz-abort-date"), headers.get("x-amz-abort-rule-id")];
  const begun = await server.request("POST", "/bucket/uploads/key", { query: { uploads: "" } });
  const uploadId = element(begun, "UploadId")!;
  const expected = [200, "Mon, 09 Mar 2026 00:00:00 GMT", "a week %C3%BC"];
  assert.deepEqual(told(begun), expected);
  assert.deepEqual(told(await server.request("GET", "/bucket/uploads/key", { query: { uploadId } })), expected);
  const other = await server.request("POST", "/bucket/key", { query: { uploads: "" } });
  assert.deepEqual(told(other), [200, undefined, undefined]);
  const query = { uploadId: element(other, "UploadId")! };
  assert.deepEqual(told(await server.request("GET", "/bucket/key", { query })), [200, undefined, undefined]);
});
