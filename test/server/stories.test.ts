import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeletePublicAccessBlockCommand,
  GetObjectCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import type { S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";
import { GetUserCommand } from "@aws-sdk/client-iam";
import type { RequestRecord } from "../../src/journal/RequestRecord.ts";
import type { Explained } from "../../src/journal/why/Explained.ts";
import { explainRequest } from "../../src/journal/why/explainRequest.ts";
import { tell } from "../../src/journal/why/tell.ts";
import { allow, policy, StsServer } from "../operations/sts/StsServer.ts";
import { signedByHeader } from "../answers/signing.ts";
import type { Sendable } from "../answers/signing.ts";
import { FaultyServer } from "./faults/FaultyServer.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY, TestServer } from "./TestServer.ts";
import type { RequestOptions } from "./TestServer.ts";

/** Real refusals of every kind, and the stories that are told of them. */

let sts: StsServer;
let server: TestServer;
let root: S3Client;
before(async () => {
  sts = await StsServer.start({ sseCOverHttp: true });
  ({ server } = sts);
  root = sts.s3();
  await server.request("PUT", "/bucket/key", { body: "content" });
});
after(() => sts[Symbol.asyncDispose]());

interface Story {
  readonly record: RequestRecord;
  readonly explained: Explained;
  /** All of it, in one line. */
  readonly text: string;
}

async function storyOf(id: string, canonical?: string): Promise<Story> {
  const [record] = await server.service.journal.find({ id });
  assert.ok(record, `the journal has ${id}`);
  const explained = explainRequest(record, canonical === undefined ? {} : { canonical });
  const text = tell(explained, { width: 10_000 });
  assert.ok(explained.why.length > 0);
  return { record, explained, text };
}

/** The story of a request of the root, by presigned query. */
async function story(method: string, path: string, options: RequestOptions = {}): Promise<Story> {
  const { headers } = await server.request(method, path, options);
  return storyOf(headers.get("x-amz-request-id")!);
}

/** The story of a request signed by header, with what happens to it after that. */
async function signedStory(
  request: Partial<Sendable>,
  change: (sent: Sendable) => Sendable = (sent) => sent,
  secretAccessKey: string = SECRET_ACCESS_KEY,
  nowMs: number = sts.nowMs,
): Promise<Story> {
  using connection = await server.connect();
  const whole = { method: "GET", path: "/bucket/key", query: {}, headers: {}, body: "", ...request };
  const host = `127.0.0.1:${server.port}`;
  const scope = { accessKeyId: ACCESS_KEY_ID, secretAccessKey, host, region: "us-east-1", nowMs };
  const sent = change(signedByHeader(whole, scope));
  const length = sent.body.length === 0 ? {} : { "Content-Length": String(Buffer.byteLength(sent.body)) };
  await connection.sendHead(`${sent.method} ${sent.path}`, { Host: host, ...length, ...sent.headers });
  await connection.send(sent.body);
  const answer = await connection.answer();
  return storyOf(answer.headers.get("x-amz-request-id")!);
}

/** The story of a command that is refused. */
async function refusedStory(sending: Promise<unknown>): Promise<Story> {
  const failure = await sending.then(
    () => assert.fail("it was not refused"),
    (cause: { $metadata: { requestId: string } }) => cause,
  );
  return storyOf(failure.$metadata.requestId);
}

test("why: a wrong secret shows what was signed, and the client's own text makes it certain", async () => {
  const { record, text } = await signedStory({}, undefined, "w".repeat(40));
  assert.match(text, /^GetObject of key key in bucket bucket, by whoever has access key HFTEST\w+ \(not proven\)/);
  assert.match(text, /stopped at authentication \(403 SignatureDoesNotMatch after /);
  assert.match(text, /Canonical request, as the server computed it\n {3}1 {2}GET\n {3}2 {2}\/bucket\/key\n/);
  const { explained } = await storyOf(record.requestId, record.story!.stringToSign);
  assert.match(explained.why.join(" "), /secret access key is another one/);
});

test("why: a header that changed on its way is the first difference; one that was added is named", async () => {
  const mismatch = await signedStory({ headers: { "x-amz-meta-colour": "blue" } }, (sent) => ({
    ...sent,
    headers: { ...sent.headers, "x-amz-meta-colour": "green" },
  }));
  const clients = mismatch.record.story!.canonicalRequest!.replace("green", "blue");
  const { explained } = await storyOf(mismatch.record.requestId, clients);
  assert.equal(explained.signature?.difference?.part, "the header x-amz-meta-colour");
  const added = await signedStory({}, (sent) => ({ ...sent, headers: { ...sent.headers, "x-amz-acl": "private" } }));
  assert.match(added.explained.why.join(" "), /x-amz-acl/);
});

test("why: version 2's mismatch shows its string to sign, without the signature", async () => {
  using connection = await server.connect();
  const date = new Date(sts.nowMs).toUTCString();
  await connection.sendHead("GET /bucket/key", { Date: date, Authorization: `AWS ${ACCESS_KEY_ID}:c2VjcmV0LXNpZ25hdHVyZQ==` });
  const answer = await connection.answer();
  const { record, text } = await storyOf(answer.headers.get("x-amz-request-id")!);
  assert.equal(record.errorCode, "SignatureDoesNotMatch");
  assert.match(text, /String to sign, as the server computed it\n {3}1 {2}GET\n/);
  assert.doesNotMatch(JSON.stringify(record), /c2VjcmV0/);
});

test("why: an unknown access key, a clock that is off, an expired address: each says what to do", async () => {
  const unknown = await server.request("GET", server.signed("GET", "/bucket/key", {}, "HFNOBODYNOBODYNOBODY"), {
    unsigned: true,
  });
  const { explained, record } = await storyOf(unknown.headers.get("x-amz-request-id")!);
  assert.match(explained.change.join(" "), /holdfast user list/);
  // Its signature was never looked at, and what would have been signed is there all the same.
  assert.match(record.story?.canonicalRequest ?? "", /^GET\n\/bucket\/key\n/);
  assert.match(record.story?.stringToSign ?? "", /^AWS4-HMAC-SHA256\n/);

  const skewed = await signedStory({}, undefined, SECRET_ACCESS_KEY, sts.nowMs - 3_600_000);
  assert.equal(skewed.record.errorCode, "RequestTimeTooSkewed");
  assert.match(skewed.explained.change.join(" "), /Set the clock/);
  assert.match(skewed.record.story?.canonicalRequest ?? "", /x-amz-date:20260301T110000Z/);

  const address = server.signed("GET", "/bucket/key");
  sts.pass(2 * 86_400);
  const expired = await server.request("GET", address, { unsigned: true });
  sts.pass(-2 * 86_400);
  const told = await storyOf(expired.headers.get("x-amz-request-id")!);
  assert.match(told.explained.why.join(" "), /A presigned URL was used after its end/);
  assert.match(told.explained.change[0]!, /^Presign a new URL/);
});

test("why: an access that no policy allows tells the statements, and the one that would have to be added", async () => {
  const reader = await sts.user("reader", { Sid: "OnlyPut", Effect: "Allow", Action: "s3:PutObject", Resource: "*" });
  const { explained, text } = await refusedStory(sts.s3(reader).send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  assert.deepEqual(explained.access?.additions, [
    {
      policyKind: "identity",
      to: `an identity-based policy of ${reader.arn}`,
      statement: { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::bucket/key" },
    },
  ]);
  assert.match(text, /Statements considered\n {2}- statement "OnlyPut" of .*own.* \(Allow\): is about other actions\./);
  assert.match(text, /stopped at authorization \(403 AccessDenied/);
});

test("why: a condition that failed is told with both values", async () => {
  const user = await sts.user("conditional", {
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "*",
    Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
  });
  const { explained } = await refusedStory(sts.s3(user).send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  assert.match(
    explained.why.join(" "),
    /allows the action, but not here: it wants IpAddress aws:SourceIp 10\.0\.0\.0\/8, and the request has 127\.0\.0\.1\./,
  );
});

test("why: a statement that denies is named, and nothing is to be added", async () => {
  const Bucket = "denying";
  await root.send(new CreateBucketCommand({ Bucket }));
  const denial = { Sid: "NoReads", Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };
  await root.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(denial) }));
  const { explained } = await refusedStory(root.send(new GetObjectCommand({ Bucket, Key: "key" })));
  assert.match(explained.why.join(" "), /Statement "NoReads" of the bucket policy denies it/);
  assert.deepEqual(explained.access?.additions, []);
  assert.match(explained.change.join(" "), /Take s3:GetObject out of what statement "NoReads" of the bucket policy denies/);
});

test("why: somebody of another account needs both sides; who does not sign is told to", async () => {
  const other = await sts.account("another");
  const user = await StsServer.user(sts, other, "visitor", allow("s3:ListBucket"));
  const both = await refusedStory(sts.s3(user).send(new GetObjectCommand({ Bucket: "bucket", Key: "key" })));
  assert.deepEqual(
    both.explained.access?.additions.map(({ to }) => to),
    [`an identity-based policy of ${user.arn}`, "the bucket policy of bucket"],
  );
  assert.match(both.explained.why.join(" "), /both accounts have to allow it/);
  const nobody = await story("GET", "/bucket/key", { unsigned: true });
  assert.match(nobody.explained.change[0]!, /^Sign the request/);
  assert.deepEqual(nobody.explained.access?.additions[0]?.statement["Principal"], "*");
});

test("why: Block Public Access, and objects of other accounts, are named as what stands in the way", async () => {
  const other = await sts.account("third");
  const Bucket = "public-once";
  await root.send(new CreateBucketCommand({ Bucket }));
  await root.send(new DeletePublicAccessBlockCommand({ Bucket }));
  const open = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  };
  await root.send(new PutBucketPolicyCommand({ Bucket, Policy: policy(open) }));
  await root.send(
    new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: "ObjectWriter" }] } }),
  );
  await sts.s3(other).send(new PutObjectCommand({ Bucket, Key: "theirs", Body: "x" }));
  const theirs = await story("GET", `/${Bucket}/theirs`, { unsigned: true });
  assert.match(theirs.explained.change.join(" "), /BucketOwnerEnforced/);
  await root.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: { RestrictPublicBuckets: true } }));
  const blocked = await refusedStory(sts.s3(other).send(new DeleteObjectCommand({ Bucket, Key: "mine" })));
  assert.match(blocked.explained.why.join(" "), /RestrictPublicBuckets/);
});

test("why: a key that is not there, for who may not list, is told as such", async () => {
  const user = await sts.user("getter", { Effect: "Allow", Action: "s3:GetObject", Resource: "*" });
  const { explained } = await refusedStory(sts.s3(user).send(new GetObjectCommand({ Bucket: "bucket", Key: "nowhere" })));
  assert.match(explained.why.join(" "), /There is no such object, and only who may list the bucket is told so/);
  assert.equal(explained.access?.action, "s3:ListBucket");
});

test("why: a role's trust policy is told like any other", async () => {
  const role = await sts.role("guarded", [
    {
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${sts.accountId}:root` },
      Action: "sts:AssumeRole",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
    },
  ]);
  const user = await sts.user("assumer", { Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const { explained } = await refusedStory(
    sts.sts(user).send(new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: "session" })),
  );
  assert.equal(explained.asked.operation, "AssumeRole");
  assert.equal(explained.access?.additions[0]?.to, `the trust policy of ${role.arn}`);
  assert.match(explained.why.join(" "), /Bool aws:MultiFactorAuthPresent true, and the request has none/);
});

test("why: a condition of a read or a write is told with both values", async () => {
  const { headers } = await server.request("HEAD", "/bucket/key");
  const etag = headers.get("etag")!;
  const unchanged = await story("GET", "/bucket/key", { headers: { "If-None-Match": etag } });
  assert.deepEqual(unchanged.explained.condition, { header: "If-None-Match", sent: etag, found: etag });
  assert.equal(unchanged.explained.outcome, "unchanged");
  const modified = new Date(sts.nowMs).toUTCString();
  const since = await story("GET", "/bucket/key", { headers: { "If-Unmodified-Since": "Sun, 01 Feb 2026 12:00:00 GMT" } });
  assert.deepEqual(since.explained.condition, {
    header: "If-Unmodified-Since",
    sent: "Sun, 01 Feb 2026 12:00:00 GMT",
    found: modified,
  });
  const written = await story("PUT", "/bucket/key", { headers: { "If-None-Match": "*" }, body: "x" });
  assert.deepEqual(written.explained.condition, { header: "If-None-Match", sent: "*", found: etag });
  const replaced = await story("PUT", "/bucket/key", { headers: { "If-Match": '"0"' }, body: "x" });
  assert.deepEqual(replaced.explained.condition, { header: "If-Match", sent: '"0"', found: etag });
  const missing = await story("PUT", "/bucket/none", { headers: { "If-Match": '"0"' }, body: "x" });
  assert.deepEqual(missing.explained.condition, { header: "If-Match", sent: '"0"', found: null });
  assert.equal(missing.explained.stopped?.code, "NoSuchKey");
  const copied = await refusedStory(
    root.send(new CopyObjectCommand({ Bucket: "bucket", Key: "copy", CopySource: "bucket/key", CopySourceIfMatch: '"0"' })),
  );
  assert.deepEqual(copied.explained.condition, { header: "x-amz-copy-source-If-Match", sent: '"0"', found: etag });
});

const lifecycleWithoutAction = new PutBucketLifecycleConfigurationCommand({
  Bucket: "bucket",
  LifecycleConfiguration: { Rules: [{ Status: "Enabled", Filter: { Prefix: "" } }] },
});

test("why: what is missing, malformed, not built or not meant says which it is", async () => {
  const cases: readonly (readonly [story: Story, code: string, told: RegExp])[] = [
    [await story("GET", "/bucket/none"), "NoSuchKey", /no object under exactly this key/],
    [await story("GET", "/nowhere-at-all"), "NoSuchBucket", /BucketName/],
    [await story("POST", "/bucket/key"), "MethodNotAllowed", /method/i],
    [await story("PUT", "/new-bucket", { body: "<CreateBucketConfiguration" }), "MalformedXML", /well-formed|XML/],
    [
      await story("PUT", "/bucket/key", { headers: { "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, body: "x" }),
      "BadDigest",
      /checksum|MD5/,
    ],
    [await refusedStory(root.send(lifecycleWithoutAction)), "InvalidRequest", /action/i],
    [await story("PUT", "/bucket/key", { headers: { "If-Match": "*" }, body: "x" }), "NotImplemented", /If-Match/],
    [
      await story("PUT", "/bucket", { query: { inventory: "", id: "x" } }),
      "NotImplemented",
      /PutBucketInventoryConfiguration is an operation of S3's that this store does not have/,
    ],
    [
      await refusedStory(root.send(new AbortMultipartUploadCommand({ Bucket: "bucket", Key: "k", UploadId: "x" }))),
      "NoSuchUpload",
      /upload/,
    ],
    [await refusedStory(sts.iam().send(new GetUserCommand({ UserName: "nobody" }))), "NoSuchEntity", /no such user/i],
  ];
  for (const [{ record, explained, text }, code, told] of cases) {
    assert.equal(record.errorCode, code);
    assert.match(explained.why.join(" "), told, code);
    assert.ok(explained.change.length > 0, code);
    assert.match(text, new RegExp(`\\(\\d{3} ${code} after `));
  }
});

test("why: a key of a customer's that is wrong is refused, and stands nowhere", async () => {
  const key = Buffer.alloc(32, "k").toString("base64");
  const headers = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": key,
    "x-amz-server-side-encryption-customer-key-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==",
  };
  const { record } = await signedStory({ method: "PUT", headers, body: "x" });
  assert.ok(record.status >= 400);
  assert.match(record.story?.canonicalRequest ?? "", /x-amz-server-side-encryption-customer-key:\(hidden, sha256 [0-9a-f]{8}\)/);
  assert.ok(!JSON.stringify(record).includes(key));
  assert.ok(!JSON.stringify(record).includes("1B2M2Y8AsgTpgAmY7PhCfg"));
});

test("why: tokens, cookies, MFA codes and passwords stand nowhere in a story", async () => {
  const token = "t0ken".repeat(40);
  const headers = {
    "x-amz-security-token": token,
    "x-amz-mfa": "arn:aws:iam::1:mfa/x 123456",
    cookie: "session=c00kie-value",
    "proxy-authorization": "Basic dXNlcjpwYXNzd29yZA==",
    referer: `https://example.com/?X-Amz-Security-Token=${token}`,
  };
  const { record } = await signedStory({ headers });
  assert.ok(record.status >= 400);
  const text = JSON.stringify(record.story);
  for (const secret of ["t0kent0ken", "123456", "c00kie", "dXNlcjpw"]) assert.ok(!text.includes(secret), secret);
  const inQuery = await story("GET", `/bucket/none?%58-Amz-Security-Token=${token}&Signature=abcdefgh1234`, { unsigned: true });
  assert.ok(!JSON.stringify(inQuery.record).includes("t0kent0ken"));
});

test("why: a planned fault is told as one, with the rule, and as no failure of the server's own", async () => {
  await using faulty = await FaultyServer.start();
  await faulty.plan({ id: "bad-day", action: { kind: "error", code: "InternalError" }, match: { method: "GET" } });
  const answer = await faulty.send({ method: "GET", path: "/bucket/key" });
  assert.equal(answer.status, 500);
  const { why, change, faults } = explainRequest(await faulty.lastRecord());
  assert.match(
    why[0]!,
    /^This was a planned fault: rule bad-day did error \(code InternalError\) before the operation ran: nothing was done\.$/,
  );
  assert.match(change[0]!, /^Nothing is wrong with the request/);
  assert.deepEqual(
    faults?.map(({ id }) => id),
    ["bad-day"],
  );
  assert.doesNotMatch([...why, ...change].join(" "), /failed inside the server|defect of Holdfast/);
});

test("why: a failure of the server's own tells its stack, with what it came of", async () => {
  await using broken = await TestServer.start({
    adapt(service) {
      const operation = service.operations.get("GetObject")!;
      const handle = (): never => {
        throw new Error("the object cannot be read", { cause: new RangeError("row 7 is damaged") });
      };
      return { ...service, operations: new Map([...service.operations, ["GetObject", { ...operation, handle } as never]]) };
    },
  });
  const answer = await broken.request("GET", "/bucket/key");
  const [record] = await broken.service.journal.find({ id: answer.headers.get("x-amz-request-id")! });
  const explained = explainRequest(record!);
  assert.equal(explained.outcome, "failed");
  assert.match(explained.why[0]!, /^GetObject failed inside the server: Error: the object cannot be read\.$/);
  assert.match(
    explained.stack!,
    /^Error: the object cannot be read\n {4}at [^]*\nCaused by: RangeError: row 7 is damaged\n {4}at /,
  );
  assert.match(tell(explained), /\nStack\n {2}Error: the object cannot be read\n/);
});

test("why: a request that succeeded has no story, and tells where its time went", async () => {
  const { record, explained, text } = await story("GET", "/bucket/key");
  assert.equal(record.story, undefined);
  assert.deepEqual([explained.outcome, explained.stopped, explained.change], ["done", undefined, []]);
  assert.match(text, /: done after [\d.]+ ms\.\n/);
  assert.match(explained.why.join(" "), /^It succeeded with 200 in /);
});
