import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import type { Fields } from "../server/browserForms.ts";
import { postForm } from "../server/browserForms.ts";
import { element, TestServer } from "../server/TestServer.ts";

/** What goes over the wire of encryption: the headers of every answer, and the refusals of requests that meet. */

let server: TestServer;
before(async () => (server = await TestServer.start({ sseCOverHttp: true })));
after(() => server[Symbol.asyncDispose]());

const SSE = "x-amz-server-side-encryption";
const OF_SOURCE = "x-amz-copy-source-server-side-encryption";

function keyHeaders(letter: string, prefix: string = SSE): Record<string, string> {
  const key = Buffer.alloc(32, letter);
  return {
    [`${prefix}-customer-algorithm`]: "AES256",
    [`${prefix}-customer-key`]: key.toString("base64"),
    [`${prefix}-customer-key-MD5`]: createHash("md5").update(key).digest("base64"),
  };
}

const KEY = keyHeaders("k");
const SHOWN_KEY = { "customer-algorithm": "AES256", "customer-key-md5": KEY[`${SSE}-customer-key-MD5`]! };

/** The headers of encryption that an answer has, without what all of them begin with; "" is that itself. */
function shown(answer: { readonly headers: ReadonlyMap<string, string> }): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of answer.headers) {
    if (name.startsWith(SSE)) found[name.slice(SSE.length).replace(/^-/, "")] = value;
  }
  return found;
}

async function ask(method: string, path: string, headers: Record<string, string> = {}, body = "", query: Record<string, string> = {}) {
  return server.request(method, path, { headers, body, query });
}

/** Asks, and is answered with 2xx. */
async function done(...asked: Parameters<typeof ask>) {
  const answer = await ask(...asked);
  assert.ok(answer.status < 300, `${asked[0]} ${asked[1]}: ${answer.status} ${answer.body}`);
  return answer;
}

/** Status, code and message of a refusal. */
async function refused(...asked: Parameters<typeof ask>): Promise<string> {
  const answer = await ask(...asked);
  return `${answer.status} ${element(answer, "Code") ?? ""}: ${element(answer, "Message") ?? ""}`;
}

let buckets = 0;
async function newBucket(): Promise<string> {
  const path = `/encrypted-${++buckets}`;
  await done("PUT", path);
  return path;
}

async function setDefault(bucket: string, inside: string): Promise<void> {
  const document = `<ServerSideEncryptionConfiguration><Rule>${inside}</Rule></ServerSideEncryptionConfiguration>`;
  const md5 = createHash("md5").update(document).digest("base64");
  await done("PUT", bucket, { "Content-MD5": md5 }, document, { encryption: "" });
}

const BY_KMS = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>aws:kms</SSEAlgorithm></ApplyServerSideEncryptionByDefault>";

/** A multipart upload of one part; what each of its answers shows. */
async function upload(path: string, headers: Record<string, string>, ofParts: Record<string, string> = {}) {
  const begun = await done("POST", path, headers, "", { uploads: "" });
  const uploadId = element(begun, "UploadId")!;
  const part = await done("PUT", path, ofParts, "content", { uploadId, partNumber: "1" });
  const document = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${part.headers.get("etag")!}</ETag></Part></CompleteMultipartUpload>`;
  const completed = await done("POST", path, {}, document, { uploadId });
  return [shown(begun), shown(part), shown(completed)];
}

test("Encryption: every answer about an object shows it, by default too", async () => {
  const bucket = await newBucket();
  const managed = { "": "AES256" };
  for (const headers of [{}, { [SSE]: "AES256" }]) {
    const key = `${bucket}/managed`;
    assert.deepEqual(shown(await done("PUT", key, headers, "content")), managed);
    assert.deepEqual(shown(await done("GET", key)), managed);
    assert.deepEqual(shown(await done("HEAD", key)), managed);
    assert.deepEqual(shown(await done("PUT", `${bucket}/copy`, { ...headers, "x-amz-copy-source": key })), managed);
    assert.deepEqual(await upload(`${bucket}/parts`, headers), [managed, managed, managed]);
    assert.deepEqual(shown(await done("GET", `${bucket}/parts`)), managed);
  }
});

test("Encryption: under a key of KMS, answers show its ARN, and the context to who writes it", async () => {
  const bucket = await newBucket();
  const context = Buffer.from('{"project":"x"}').toString("base64");
  for (const kind of ["aws:kms", "aws:kms:dsse"]) {
    const asked = { [SSE]: kind, [`${SSE}-context`]: context };
    const written = shown(await done("PUT", `${bucket}/kms`, asked, "content"));
    const arn = written["aws-kms-key-id"]!;
    assert.match(arn, /^arn:aws:kms:us-east-1:\d{12}:key\/[0-9a-f-]{36}$/);
    const plain = { "": kind, "aws-kms-key-id": arn };
    assert.deepEqual(written, { ...plain, context });
    const read = await done("GET", `${bucket}/kms`);
    assert.deepEqual([shown(read), read.body], [plain, "content"]);
    assert.notEqual(read.headers.get("etag"), `"${createHash("md5").update("content").digest("hex")}"`);
    assert.deepEqual(shown(await done("HEAD", `${bucket}/kms`)), plain);
    assert.deepEqual(await upload(`${bucket}/parts`, asked), [{ ...plain, context }, plain, plain]);
    const copied = await done("PUT", `${bucket}/copy`, { "x-amz-copy-source": `${bucket}/kms` });
    assert.deepEqual(shown(copied), { "": "AES256" });
    assert.equal((await done("GET", `${bucket}/copy`)).body, "content");
  }
});

test("Encryption: a bucket's default counts for objects, uploads, copies and forms that say nothing", async () => {
  const bucket = await newBucket();
  await setDefault(bucket, `${BY_KMS}<BucketKeyEnabled>true</BucketKeyEnabled>`);
  const written = shown(await done("PUT", `${bucket}/a`, {}, "content"));
  const arn = written["aws-kms-key-id"]!;
  const expected = { "": "aws:kms", "aws-kms-key-id": arn, "bucket-key-enabled": "true" };
  assert.deepEqual(written, expected);
  assert.deepEqual(shown(await done("HEAD", `${bucket}/a`)), expected);
  assert.deepEqual(await upload(`${bucket}/parts`, {}), [expected, expected, expected]);
  assert.deepEqual(shown(await done("PUT", `${bucket}/b`, { "x-amz-copy-source": `${bucket}/a` })), expected);
  assert.deepEqual(shown(await postForm(server, bucket.slice(1), { key: "form" })), expected);
  assert.deepEqual(shown(await done("PUT", `${bucket}/c`, { [SSE]: "AES256" }, "content")), { "": "AES256" });
  await done("DELETE", bucket, {}, "", { encryption: "" });
  assert.deepEqual(shown(await done("PUT", `${bucket}/a`, {}, "content")), { "": "AES256" });
});

test("Encryption: forms ask for it as headers do", async () => {
  const bucket = await newBucket();
  const fields: Fields = Object.entries(KEY);
  assert.deepEqual(shown(await postForm(server, bucket.slice(1), { key: "form", fields })), SHOWN_KEY);
  assert.equal((await done("GET", `${bucket}/form`, KEY)).body, "hello world");
  const managed = await postForm(server, bucket.slice(1), { key: "form", fields: [[SSE, "AES256"]] });
  assert.deepEqual(shown(managed), { "": "AES256" });
});

const NEEDS_KEY =
  "400 InvalidRequest: The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.";
const WRONG_KEY =
  "403 AccessDenied: Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.";

test("Encryption with a customer's key: the object is read, described and copied with it alone", async () => {
  const bucket = await newBucket();
  const path = `${bucket}/secret`;
  assert.deepEqual(shown(await done("PUT", path, KEY, "content")), SHOWN_KEY);
  const read = await done("GET", path, KEY);
  assert.deepEqual([shown(read), read.body], [SHOWN_KEY, "content"]);
  assert.deepEqual(shown(await done("HEAD", path, KEY)), SHOWN_KEY);
  const other = keyHeaders("o");
  assert.equal(await refused("GET", path), NEEDS_KEY);
  assert.equal(await refused("GET", path, other), WRONG_KEY);
  assert.equal((await ask("HEAD", path)).status, 400);
  assert.equal((await ask("HEAD", path, other)).status, 403);
  const attributes = { "x-amz-object-attributes": "ObjectSize" };
  assert.equal(await refused("GET", path, attributes, "", { attributes: "" }), NEEDS_KEY);
  assert.match((await done("GET", path, { ...attributes, ...KEY }, "", { attributes: "" })).body, /<ObjectSize>7</);
  const source = { "x-amz-copy-source": path };
  assert.equal(await refused("PUT", `${bucket}/copy`, source), NEEDS_KEY);
  assert.equal(await refused("PUT", `${bucket}/copy`, { ...source, ...keyHeaders("o", OF_SOURCE) }), WRONG_KEY);
  const copied = await done("PUT", `${bucket}/copy`, { ...source, ...keyHeaders("k", OF_SOURCE) });
  assert.deepEqual(shown(copied), { "": "AES256" });
  assert.equal((await done("GET", `${bucket}/copy`)).body, "content");
  assert.equal(
    await refused("GET", `${bucket}/copy`, KEY),
    "400 InvalidRequest: The encryption parameters are not applicable to this object.",
  );
  // Onto itself, under another key.
  const rekeyed = { "x-amz-copy-source": path, ...keyHeaders("k", OF_SOURCE), ...other };
  assert.equal(shown(await done("PUT", path, rekeyed))["customer-key-md5"], other[`${SSE}-customer-key-MD5`]);
  assert.equal((await done("GET", path, other)).body, "content");
  await done("DELETE", path);
});

test("Encryption with a customer's key: each part of an upload brings it", async () => {
  const path = `${await newBucket()}/parts`;
  assert.deepEqual(await upload(path, KEY, KEY), [SHOWN_KEY, SHOWN_KEY, {}]);
  assert.equal((await done("GET", path, KEY)).body, "content");
  const begin = async (headers: Record<string, string>) => element(await done("POST", path, headers, "", { uploads: "" }), "UploadId")!;
  const part = async (uploadId: string, headers: Record<string, string>) =>
    refused("PUT", path, headers, "content", { uploadId, partNumber: "1" });
  const unlike =
    "400 InvalidRequest: The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.";
  const secret = await begin(KEY);
  assert.equal(await part(secret, {}), unlike);
  assert.equal(await part(await begin({}), KEY), unlike);
  assert.equal(
    await part(secret, keyHeaders("o")),
    "400 InvalidRequest: The provided encryption parameters did not match the ones used originally.",
  );
  const copied = { "x-amz-copy-source": path, ...keyHeaders("k", OF_SOURCE) };
  assert.equal(await part(secret, copied), unlike);
  assert.deepEqual(shown(await done("PUT", path, { ...copied, ...KEY }, "", { uploadId: secret, partNumber: "1" })), SHOWN_KEY);
});

test("Encryption with a customer's key: a bucket that blocks it says so before anything else that is wrong", async () => {
  const bucket = await newBucket();
  const path = `${bucket}/secret`;
  await done("PUT", path, KEY, "content");
  const uploadId = element(await done("POST", path, KEY, "", { uploads: "" }), "UploadId")!;
  await setDefault(bucket, "<BlockedEncryptionTypes><EncryptionType>SSE-C</EncryptionType></BlockedEncryptionTypes>");
  const wrong = { ...KEY, [`${SSE}-customer-key-MD5`]: "wrong", "x-amz-acl": "public-read", "x-amz-tagging": "a=b=c" };
  const copy = { "x-amz-copy-source": `${bucket}/none` };
  const says = (action: string): RegExp =>
    new RegExp(
      `^403 AccessDenied: User: arn:aws:iam::\\d{12}:root is not authorized to perform: s3:${action} on resource: ` +
        `(?:"|&quot;)arn:aws:s3:::${path.slice(1)}(?:"|&quot;) because this bucket has blocked upload requests that specify Server Side ` +
        "Encryption with Customer provided keys \\(SSE-C\\)\\. Please specify a different server-side encryption type$",
    );
  assert.match(await refused("PUT", path, wrong, "content"), says("PutObject"));
  assert.match(await refused("PUT", path, { ...wrong, ...copy }), says("CopyObject"));
  assert.match(await refused("POST", path, wrong, "", { uploads: "" }), says("PutObject"));
  assert.match(await refused("PUT", path, KEY, "content", { uploadId, partNumber: "1" }), says("PutObject"));
  assert.match(await refused("PUT", path, { ...KEY, ...copy }, "", { uploadId, partNumber: "1" }), says("PutObject"));
  // What is there is read all the same.
  assert.equal((await done("GET", path, KEY)).body, "content");
});

test("Encryption: reads of what is under a key of KMS are signed with version 4", async () => {
  const bucket = await newBucket();
  await done("PUT", `${bucket}/kms`, { [SSE]: "aws:kms" }, "content");
  await done("DELETE", bucket, {}, "", { publicAccessBlock: "" });
  const statement = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket.slice(1)}/*` };
  await done("PUT", bucket, {}, JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), { policy: "" });
  const answer = await server.request("GET", `${bucket}/kms`, { unsigned: true });
  assert.equal(answer.status, 400);
  assert.equal(
    element(answer, "Message"),
    "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
  );
  assert.deepEqual([element(answer, "ArgumentName"), element(answer, "ArgumentValue")], ["Authorization", "null"]);
});

test("Encryption: a policy that denies what is not under KMS lets uploads under KMS end, and no others begin", async () => {
  const bucket = await newBucket();
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:PutObject",
    Resource: `arn:aws:s3:::${bucket.slice(1)}/*`,
    Condition: { StringNotEquals: { [`s3:${SSE}`]: "aws:kms" } },
  };
  await done("PUT", bucket, {}, JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), { policy: "" });
  const [begun] = await upload(`${bucket}/parts`, { [SSE]: "aws:kms" });
  assert.equal(begun![""], "aws:kms");
  for (const headers of [{}, { [SSE]: "AES256" }]) {
    assert.match(await refused("POST", `${bucket}/parts`, headers, "", { uploads: "" }), /^403 AccessDenied/);
    assert.match(await refused("PUT", `${bucket}/a`, headers, "content"), /^403 AccessDenied/);
  }
});

test("UpdateObjectEncryption: a policy may ask for the kind and the key that its document names", async () => {
  const bucket = await newBucket();
  const made = shown(await done("PUT", `${bucket}/kms`, { [SSE]: "aws:kms" }, ""))["aws-kms-key-id"]!;
  await done("PUT", `${bucket}/a`, {}, "content");
  const update = (arn: string) => {
    const document = `<ObjectEncryption><SSE-KMS><KMSKeyArn>${arn}</KMSKeyArn></SSE-KMS></ObjectEncryption>`;
    const md5 = createHash("md5").update(document).digest("base64");
    return ["PUT", `${bucket}/a`, { "Content-MD5": md5 }, document, { encryption: "" }] as const;
  };
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:UpdateObjectEncryption",
    Resource: `arn:aws:s3:::${bucket.slice(1)}/*`,
    Condition: { ArnNotEquals: { [`s3:${SSE}-aws-kms-key-id`]: made } },
  };
  await done("PUT", bucket, {}, JSON.stringify({ Version: "2012-10-17", Statement: [statement] }), { policy: "" });
  assert.match(await refused(...update(made.replace(/.$/, "x"))), /^403 AccessDenied: User: /);
  await done(...update(made));
  assert.deepEqual(shown(await done("HEAD", `${bucket}/a`)), { "": "aws:kms", "aws-kms-key-id": made });
});
