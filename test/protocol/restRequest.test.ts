import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { Payload } from "../../src/protocol/Payload.ts";
import type { PayloadSecurity } from "../../src/protocol/streaming/PayloadSecurity.ts";
import type { QueryParameters, WireRequest } from "../../src/protocol/WireRequest.ts";
import { payloadOf } from "../operations/contextFor.ts";
import { routed } from "./routed.ts";
import { wireRequest } from "./wireRequest.ts";

/** A request, with the names of the parameters whose values were asked for. */
function watched(target: string): { readonly request: WireRequest; readonly asked: string[] } {
  const request = wireRequest("GET", target);
  const asked: string[] = [];
  const query: QueryParameters = {
    get(name) {
      asked.push(name);
      return request.query.get(name);
    },
    has: (name) => request.query.has(name),
    names: () => request.query.names(),
    pairs: () => request.query.pairs(),
  };
  return { request: { ...request, query }, asked };
}

test("RestRequest: each member is decoded once, be it before or after it is known who is calling", async () => {
  const { request, asked } = watched("/b?list-type=2&max-keys=007&prefix=a");
  const found = routed(request);
  const early = new Set(asked.splice(0));
  assert.deepEqual([early.has("max-keys"), early.has("prefix")], [true, false]);
  const input = await found.readInput(payloadOf(""), undefined);
  assert.deepEqual(input, { Bucket: "b", MaxKeys: 7, Prefix: "a" });
  assert.deepEqual([asked.includes("max-keys"), asked.includes("prefix")], [false, true]);
});

for (const [target, code] of [
  ["/b?max-keys=x", "InvalidArgument"],
  ["/b/k?versionId=", "InvalidArgument"],
] as const satisfies readonly (readonly [string, ErrorCode])[]) {
  test(`RestRequest: ${target} is refused before it is known who is calling`, () => {
    assert.throws(() => routed(wireRequest("GET", target)), { code });
  });
}

test("RestRequest: what is wrong with other members is found when the input is asked for, and texts are there before", () => {
  const found = routed(wireRequest("GET", "/b?encoding-type=url&max-keys=3&fetch-owner=perhaps&list-type=2"));
  assert.deepEqual(
    ["MaxKeys", "FetchOwner", "Prefix"].map((member) => found.text(member)),
    ["3", "perhaps", undefined],
  );
  assert.throws(() => found.readInput(payloadOf(""), undefined), { code: "InvalidArgument" });
});

test("RestRequest: the body of an upload is a member of its input, unread", async () => {
  const payload = payloadOf("text");
  assert.equal(((await routed(wireRequest("PUT", "/b/k")).readInput(payload, undefined)) as { Body?: unknown }).Body, payload);
});

test("RestRequest: texts are there by the names of members before anything is made of them", () => {
  const headers = { "x-amz-acl": "everyone", range: "bytes=0-" };
  const read = routed(wireRequest("GET", "/b/a%20key?versionId=v%2F1&partNumber=one", headers));
  const members = ["Bucket", "Key", "VersionId", "PartNumber", "Range", "IfMatch", "ACL", "constructor"];
  assert.deepEqual(
    members.map((member) => read.text(member)),
    ["b", "a key", "v/1", "one", "bytes=0-", undefined, undefined, undefined],
  );
  assert.equal(routed(wireRequest("PUT", "/b/k", headers)).text("ACL"), "everyone");
});

const UNSIGNED: PayloadSecurity = { mode: "unsigned", sha256: undefined, chunks: undefined };
const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

for (const [method, target, limitBytes, code] of [
  ["PUT", "/b/k", 5 * GIB, "EntityTooLarge"],
  ["PUT", "/b/k?uploadId=u&partNumber=1", 5 * GIB, "EntityTooLarge"],
  ["PUT", "/b?policy", 8 * MIB, "MaxMessageLengthExceeded"],
  ["POST", "/b/k?uploadId=u", 8 * MIB, "MaxMessageLengthExceeded"],
  ["GET", "/b/k", 8 * MIB, "MaxMessageLengthExceeded"],
] as const) {
  test(`RestRequest: ${method} ${target} takes a body of ${limitBytes} bytes, and no larger one`, () => {
    const open = (sizeBytes: number): Payload => {
      const headers = { "content-length": String(sizeBytes), "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" };
      return routed(wireRequest(method, target, headers)).openBody(UNSIGNED, {
        idleTimeoutMs: 20_000,
        beforeFirstRead: undefined,
      });
    };
    assert.equal(open(limitBytes).sizeBytes, limitBytes);
    assert.throws(() => open(limitBytes + 1), { code });
  });
}

const CHANGED = new S3Error("BadDigest", { explanation: "The body is not what was signed." });

test("RestRequest: a body that nobody asked for is read to its end all the same, and refused if it is not what was signed", async () => {
  const found = routed(wireRequest("GET", "/b/k"));
  assert.deepEqual(await found.readInput(payloadOf("some"), undefined), { Bucket: "b", Key: "k" });
  const read = { ...payloadOf("some"), gather: () => Promise.reject(CHANGED) };
  await assert.rejects(async () => found.readInput(read, undefined), { code: "BadDigest" });
});

test("RestRequest: an input without a body is there at once", () => {
  assert.deepEqual(routed(wireRequest("GET", "/b/k")).readInput(payloadOf(""), undefined), { Bucket: "b", Key: "k" });
});

test("RestRequest: a document that is not what was signed is looked at before it is refused", async () => {
  const document = Buffer.from("<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
  const payload: Payload = {
    ...payloadOf(document),
    gather(limitBytes, inspect) {
      assert.equal(limitBytes, 8 * MIB);
      inspect?.(document);
      return Promise.reject(CHANGED);
    },
  };
  const found = routed(wireRequest("PUT", "/b?tagging"));
  const inspected: unknown[] = [];
  await assert.rejects(async () => found.readInput(payload, (input) => inspected.push(input)), { code: "BadDigest" });
  assert.deepEqual(inspected, [{ Bucket: "b", Tagging: { TagSet: [{ Key: "a", Value: "b" }] } }]);
  await assert.rejects(async () => found.readInput(payload, undefined), { code: "BadDigest" });
});
