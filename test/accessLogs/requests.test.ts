import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import type { Asked, Sender } from "../answers/AnswerServer.ts";
import { AnswerServer } from "../answers/AnswerServer.ts";
import { postForm } from "../server/browserForms.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import { presigned, signedByHeader } from "../answers/signing.ts";
import type { Line } from "./LoggedServer.ts";
import { deliveryPolicy, KeptLogs, linesOf, storedLogs } from "./LoggedServer.ts";

/** What the access log of a bucket says of each kind of request. */

const kept = new KeptLogs();
let answers: AnswerServer;
let owner: string;
before(async () => {
  answers = await AnswerServer.start({ adapt: kept.adapt });
  owner = (await answers.owner()).canonicalId;
  await done({ method: "PUT", path: "/logs" });
  await done({ method: "PUT", path: "/logs", query: { policy: "" }, body: deliveryPolicy("logs") }, 204);
  await done({ method: "PUT", path: "/other" });
  await log("bucket");
});
after(async () => {
  assert.deepEqual(kept.warnings, []);
  assert.deepEqual(answers.server.failures, []);
  await answers[Symbol.asyncDispose]();
});

/** Has a bucket's requests logged, below its name. */
async function log(bucket: string): Promise<void> {
  const inside = `<TargetBucket>logs</TargetBucket><TargetPrefix>${bucket}/</TargetPrefix>`;
  const body = `<BucketLoggingStatus><LoggingEnabled>${inside}</LoggingEnabled></BucketLoggingStatus>`;
  await done({ method: "PUT", path: `/${bucket}`, query: { logging: "" }, body });
}

/** The same with the digest that some requests cannot do without. */
function summed(asked: Asked): Asked {
  const digest = createHash("md5")
    .update(asked.body ?? "")
    .digest("base64");
  return { ...asked, headers: { "Content-MD5": digest, ...asked.headers } };
}

async function done(asked: Asked, status = 200): Promise<RawAnswer> {
  const answer = await answers.send(asked.body === undefined ? asked : summed(asked), "header");
  assert.equal(answer.status, status, answer.body);
  return answer;
}

/** The lines that are not read yet, in the order of the requests; those of one bucket, if it is named. */
const read = new Set<string>();
async function newLines(bucket?: string): Promise<Line[]> {
  await kept.logs.deliver();
  const fresh = (await storedLogs(answers.server.store, "logs")).filter(({ key }) => !read.has(key));
  for (const { key } of fresh) read.add(key);
  const lines = fresh.flatMap(({ text }) => linesOf(text));
  return bucket === undefined ? lines : lines.filter((line) => line.bucket === bucket);
}

/** Sends a request, and checks what its line says; times are checked for their form alone. Returns the line. */
async function logged(
  asked: Asked,
  expected: Partial<Line>,
  sender: Sender = "header",
): Promise<{ readonly line: Line; readonly answer: RawAnswer }> {
  await newLines();
  const answer = await answers.send(asked, sender);
  const lines = await newLines("bucket");
  assert.equal(lines.length, 1);
  checkLine(lines[0]!, expected, answer);
  return { line: lines[0]!, answer };
}

function checkLine(line: Line, expected: Partial<Line>, answer: RawAnswer): void {
  assert.deepEqual(
    { ...line, total: "", turnAround: "" },
    {
      owner,
      bucket: "bucket",
      time: "01/Mar/2026:12:00:00 +0000",
      remoteAddress: "127.0.0.1",
      requester: owner,
      requestId: answer.headers.get("x-amz-request-id"),
      key: "-",
      errorCode: "-",
      sent: "-",
      objectSize: "-",
      total: "",
      turnAround: "",
      referer: "-",
      userAgent: "-",
      versionId: "-",
      hostId: answer.headers.get("x-amz-id-2"),
      signature: "SigV4",
      cipher: "-",
      authentication: "AuthHeader",
      host: answers.host,
      tls: "-",
      accessPoint: "-",
      aclRequired: "-",
      sourceRegion: "-",
      ...expected,
      status: expected.status ?? String(answer.status),
    },
  );
}

test("Access log: a read says how much was sent, and how large the object is", async () => {
  const object = { operation: "REST.GET.OBJECT", key: "key", objectSize: "11" };
  const get = { method: "GET", path: "/bucket/key" };
  const { line } = await logged(get, { ...object, request: "GET /bucket/key HTTP/1.1", status: "200", sent: "11" });
  assert.match(line.total, /^\d+$/);
  assert.match(line.turnAround, /^\d+$/);
  const part = { ...get, headers: { Range: "bytes=0-3" } };
  await logged(part, { ...object, request: "GET /bucket/key HTTP/1.1", status: "206", sent: "4" });
  const head = { method: "HEAD", path: "/bucket/key" };
  await logged(head, { ...object, operation: "REST.HEAD.OBJECT", request: "HEAD /bucket/key HTTP/1.1", status: "200" });
});

test("Access log: a condition that does not hold is no error where the answer is 304, and one where it is 412", async () => {
  const get = { method: "GET", path: "/bucket/key", headers: { "If-None-Match": "*" } };
  const object = { operation: "REST.GET.OBJECT", key: "key", objectSize: "11", request: "GET /bucket/key HTTP/1.1" };
  await logged(get, { ...object, status: "304" });
  await newLines();
  const answer = await answers.send({ ...get, headers: { "If-Match": '"none"' } }, "header");
  const [line] = await newLines();
  const sent = String(Buffer.byteLength(answer.body));
  checkLine(line!, { ...object, status: "412", errorCode: "PreconditionFailed", sent }, answer);
});

test("Access log: a write and a deletion say how large the object is, and a deletion of nothing does not", async () => {
  const put = { method: "PUT", path: "/bucket/new", body: "content" };
  const request = (method: string): string => `${method} /bucket/new HTTP/1.1`;
  await logged(put, { operation: "REST.PUT.OBJECT", key: "new", objectSize: "7", request: request("PUT") });
  const remove = { method: "DELETE", path: "/bucket/new" };
  const deleted = { operation: "REST.DELETE.OBJECT", key: "new", request: request("DELETE"), status: "204" };
  await logged(remove, { ...deleted, objectSize: "7" });
  await logged(remove, deleted);
});

test("Access log: settings and lists are called as S3 calls them, each with its query as it was sent", async () => {
  const bucket = (operation: string, query: string, sent: string): Partial<Line> => ({
    operation,
    request: `GET /bucket?${query} HTTP/1.1`,
    sent,
  });
  for (const [subresource, operation] of [
    ["versioning", "REST.GET.VERSIONING"],
    ["logging", "REST.GET.LOGGING_STATUS"],
    ["acl", "REST.GET.ACL"],
    ["location", "REST.GET.LOCATION"],
    ["versions", "REST.GET.BUCKETVERSIONS"],
    ["uploads", "REST.GET.UPLOADS"],
    ["publicAccessBlock", "REST.GET.PUBLIC_ACCESS_BLOCK"],
    ["requestPayment", "REST.GET.REQUEST_PAYMENT"],
    ["ownershipControls", "REST.GET.OWNERSHIP_CONTROLS"],
    ["accelerate", "REST.GET.ACCELERATE"],
    ["notification", "REST.GET.NOTIFICATION"],
  ] as const) {
    await newLines();
    const answer = await answers.send({ method: "GET", path: "/bucket", query: { [subresource]: "" } }, "header");
    const [line] = await newLines();
    checkLine(line!, bucket(operation, `${subresource}=`, String(Buffer.byteLength(answer.body))), answer);
  }
  await newLines();
  const answer = await answers.send(
    { method: "GET", path: "/bucket", query: { "list-type": "2", "x-user": "johndoe" } },
    "header",
  );
  const [line] = await newLines();
  checkLine(line!, bucket("REST.GET.BUCKET", "list-type=2&x-user=johndoe", String(Buffer.byteLength(answer.body))), answer);
});

test("Access log: an error says its code, of settings that are not there as well", async () => {
  await newLines();
  const answer = await answers.send({ method: "GET", path: "/bucket", query: { policy: "" } }, "header");
  const [line] = await newLines();
  const sent = String(Buffer.byteLength(answer.body));
  const request = "GET /bucket?policy= HTTP/1.1";
  checkLine(line!, { operation: "REST.GET.BUCKETPOLICY", request, status: "404", errorCode: "NoSuchBucketPolicy", sent }, answer);
});

test("Access log: whoever does not sign is nobody, and a signature that is wrong is shown by its form", async () => {
  const refused = async (asked: Asked, expected: Partial<Line>, send: () => Promise<RawAnswer>): Promise<void> => {
    await newLines();
    const answer = await send();
    const [line] = await newLines();
    const sent = String(Buffer.byteLength(answer.body));
    const request = `${asked.method} ${asked.path} HTTP/1.1`;
    checkLine(
      line!,
      { operation: "REST.GET.OBJECT", key: "key", requester: "-", request, status: "403", sent, ...expected },
      answer,
    );
  };
  const get: Asked = { method: "GET", path: "/bucket/key" };
  const unsigned = { signature: "-", authentication: "-", errorCode: "AccessDenied" };
  await refused(get, unsigned, () => answers.send(get, "anonymous"));
  const sendable = { ...get, query: {}, headers: {}, body: "" };
  const wrong = { ...answers.scope(), secretAccessKey: "x".repeat(40) };
  await refused(get, { errorCode: "SignatureDoesNotMatch" }, () => answers.sendSigned(signedByHeader(sendable, wrong)));
  const url = presigned(sendable, wrong);
  await newLines();
  await answers.sendSigned(url);
  const [line] = await newLines();
  assert.equal(line!.authentication, "QueryString");
  assert.equal(line!.signature, "SigV4");
  assert.equal(line!.requester, "-");
  assert.match(line!.request, /^GET \/bucket\/key\?X-Amz-Algorithm=.*X-Amz-Signature=X{32}&X-Amz-SignedHeaders=host HTTP\/1\.1$/);
  const old = { ...get, headers: { Authorization: "AWS nobody:AAAA", Date: new Date().toUTCString() } };
  await refused(get, { signature: "SigV2", errorCode: "RequestTimeTooSkewed" }, () => answers.send(old, "anonymous"));
});

test("Access log: another account is shown by its canonical id, and a presigned URL with its query", async () => {
  await newLines();
  const answer = await answers.send({ method: "GET", path: "/bucket/key" }, "stranger");
  const [line] = await newLines();
  assert.equal(answer.status, 403);
  assert.match(line!.requester, /^[0-9a-f]{64}$/);
  assert.notEqual(line!.requester, owner);
  const shown = await answers.send({ method: "GET", path: "/bucket/key" }, "presigned");
  assert.equal(shown.status, 200);
  const [second] = await newLines();
  assert.deepEqual(
    [second!.requester, second!.authentication, second!.signature, second!.status],
    [owner, "QueryString", "SigV4", "200"],
  );
});

test("Access log: what came in the head is shown as it came, and keys are encoded twice", async () => {
  const headers = { "User-Agent": "curl/8 (é)", Referer: "https://a.example/?q=1 2" };
  const path = "/bucket/a%20b/%C3%A9";
  const get = { method: "GET", path, headers };
  await newLines();
  const answer = await answers.send(get, "header");
  const [line] = await newLines();
  assert.equal(answer.status, 404);
  assert.equal(line!.key, "a%2520b/%25C3%25A9");
  assert.equal(line!.request, `GET ${path} HTTP/1.1`);
  assert.equal(line!.referer, headers.Referer);
  // As UTF-8, each byte of which was sent.
  assert.equal(Buffer.from(line!.userAgent, "latin1").toString(), headers["User-Agent"]);
  assert.equal(line!.errorCode, "NoSuchKey");
});

test("Access log: a version is shown as it was asked for, where the operation takes one", async () => {
  const query = { versionId: "null" };
  const object = { operation: "REST.GET.OBJECT", key: "key", objectSize: "11", sent: "11" };
  await logged(
    { method: "GET", path: "/bucket/key", query },
    { ...object, request: "GET /bucket/key?versionId=null HTTP/1.1", versionId: "null" },
  );
});

test("Access log: an upload is logged step by step", async () => {
  await newLines();
  const path = "/bucket/whole";
  const begun = await done({ method: "POST", path, query: { uploads: "" } });
  const uploadId = element(begun, "UploadId")!;
  const part = await done({ method: "PUT", path, query: { partNumber: "1", uploadId }, body: "part of it" });
  await done({ method: "GET", path, query: { uploadId } });
  const copied = { "x-amz-copy-source": "/bucket/key", "x-amz-copy-source-range": "bytes=0-3" };
  await done({ method: "PUT", path, query: { partNumber: "2", uploadId }, headers: copied });
  const etag = part.headers.get("etag")!;
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`;
  await done({ method: "POST", path, query: { uploadId }, body });
  const second = element(await done({ method: "POST", path, query: { uploads: "" } }), "UploadId")!;
  await done({ method: "DELETE", path, query: { uploadId: second } }, 204);
  assert.deepEqual(
    (await newLines()).map(({ operation, key, objectSize, status }) => [operation, key, objectSize, status].join(" ")),
    [
      "REST.POST.UPLOADS whole - 200",
      "REST.PUT.PART whole 10 200",
      "REST.GET.UPLOAD whole - 200",
      "REST.COPY.PART_GET key 11 200",
      "REST.COPY.PART whole 4 200",
      "REST.POST.UPLOAD whole 10 200",
      "REST.POST.UPLOADS whole - 200",
      "REST.DELETE.UPLOAD whole - 204",
    ],
  );
});

test("Access log: a copy is a line in the log of its source and one in that of its destination", async () => {
  await log("other");
  await newLines();
  const headers = { "x-amz-copy-source": "/bucket/key?versionId=null", "User-Agent": "copier" };
  const answer = await answers.send({ method: "PUT", path: "/other/copy", headers }, "header");
  assert.equal(answer.status, 200);
  const [first, second, ...more] = await newLines();
  assert.deepEqual(more, []);
  const [from, to] = first!.bucket === "bucket" ? [first!, second!] : [second!, first!];
  const head = { request: "-", userAgent: "-", referer: "-" };
  checkLine(from, { operation: "REST.COPY.OBJECT_GET", key: "key", objectSize: "11", versionId: "null", ...head }, answer);
  assert.equal(from.total, "-");
  assert.equal(from.turnAround, "-");
  const sent = String(Buffer.byteLength(answer.body));
  const request = "PUT /other/copy HTTP/1.1";
  checkLine(
    to,
    { bucket: "other", operation: "REST.COPY.OBJECT", key: "copy", objectSize: "11", sent, request, userAgent: "copier" },
    answer,
  );
});

test("Access log: a copy whose source is not there is told in both logs", async () => {
  await newLines();
  const answer = await answers.send(
    { method: "PUT", path: "/other/copy", headers: { "x-amz-copy-source": "/bucket/none" } },
    "header",
  );
  assert.equal(answer.status, 404);
  const lines = await newLines();
  assert.deepEqual(
    lines
      .map(({ bucket, operation, key, status, errorCode }) => [bucket, operation, key, status, errorCode].join(" "))
      .toSorted(),
    ["bucket REST.COPY.OBJECT_GET none 404 NoSuchKey", "other REST.COPY.OBJECT copy 404 NoSuchKey"],
  );
});

test("Access log: the source of a copy is logged where the destination is not", async () => {
  await newLines();
  await done({ method: "PUT", path: "/logs/copy", headers: { "x-amz-copy-source": "/bucket/key" } });
  read.add("copy");
  const lines = await newLines();
  assert.deepEqual(
    lines.map(({ bucket, operation }) => `${bucket} ${operation}`),
    ["bucket REST.COPY.OBJECT_GET"],
  );
});

test("Access log: DeleteObjects has a line for each object, with its key encoded once, and one for itself", async () => {
  await done({ method: "PUT", path: "/bucket/a%20b", body: "12345" });
  await newLines();
  const body =
    "<Delete><Object><Key>a b</Key></Object><Object><Key>none</Key></Object><Object><Key>x</Key><VersionId>bad</VersionId></Object></Delete>";
  const answer = await answers.send(summed({ method: "POST", path: "/bucket", query: { delete: "" }, body }), "header");
  assert.equal(answer.status, 200, answer.body);
  const [first, second, third, whole, ...more] = await newLines();
  assert.deepEqual(more, []);
  const each = { operation: "BATCH.DELETE.OBJECT", request: "-", userAgent: "-", referer: "-", status: "204" };
  checkLine(first!, { ...each, key: "a%20b", objectSize: "5" }, answer);
  checkLine(second!, { ...each, key: "none" }, answer);
  checkLine(third!, { ...each, key: "x", versionId: "bad", status: "404", errorCode: "NoSuchVersion" }, answer);
  const sent = String(Buffer.byteLength(answer.body));
  checkLine(whole!, { operation: "REST.POST.MULTI_OBJECT_DELETE", request: "POST /bucket?delete= HTTP/1.1", sent }, answer);
});

test("Access log: a preflight, and a request that means no operation, are called by method and target", async () => {
  await newLines();
  await answers.send({ method: "OPTIONS", path: "/bucket/key", headers: { Origin: "https://a.example" } }, "anonymous");
  await answers.send({ method: "POST", path: "/bucket/key" }, "header");
  await answers.send({ method: "DELETE", path: "/bucket", query: { location: "" } }, "header");
  assert.deepEqual(
    (await newLines()).map(({ operation, key, errorCode }) => [operation, key, errorCode].join(" ")),
    [
      "REST.OPTIONS.PREFLIGHT key AccessForbidden",
      "REST.POST.OBJECT key MethodNotAllowed",
      "REST.DELETE.BUCKET - MethodNotAllowed",
    ],
  );
});

test("Access log: a browser's form is called by its method, whether it is taken or cannot even be read", async () => {
  await newLines();
  const sent = await postForm(answers.server);
  await postForm(answers.server, { expiration: "2026-03-01T11:00:00Z" });
  await postForm(answers.server, { key: undefined });
  const [taken, expired, unread] = await newLines("bucket");
  const form = { operation: "REST.POST.OBJECT", request: "POST /bucket HTTP/1.1", userAgent: "-" };
  const key = "uploads/hello.txt";
  assert.deepEqual([sent.status, taken!.objectSize, taken!.signature], [204, "11", "SigV4"]);
  for (const [line, expected] of [
    [taken, { ...form, key, status: "204", errorCode: "-", requester: owner }],
    [expired, { ...form, status: "403", errorCode: "AccessDenied" }],
    [unread, { ...form, key: "-", status: "400", errorCode: "InvalidArgument", requester: "-" }],
  ] as const) {
    assert.deepEqual({ ...line, ...expected }, line);
  }
});

test("Access log: a request to a bucket that is not there, or to none, is in no log", async () => {
  await newLines();
  await answers.send({ method: "GET", path: "/none-here/key" }, "header");
  await answers.send({ method: "GET", path: "/" }, "header");
  await answers.send({ method: "POST", path: "/", body: "Action=GetCallerIdentity&Version=2011-06-15" }, "anonymous");
  await answers.send({ method: "GET", path: "/-/health" }, "anonymous");
  assert.deepEqual(await newLines(), []);
});

test("Access log: what comes once logging is off is not logged any more", async () => {
  await newLines();
  await done({ method: "PUT", path: "/other", query: { logging: "" }, body: "<BucketLoggingStatus/>" });
  const off = await newLines();
  assert.deepEqual(
    off.map(({ operation }) => operation),
    ["REST.PUT.LOGGING_STATUS"],
  );
  await done({ method: "GET", path: "/other" });
  assert.deepEqual(await newLines(), []);
});
