import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { declaredSize } from "../../src/protocol/streaming/openPayload.ts";
import { expectRefusal } from "../auth/expectRefusal.ts";
import { wireRequestFor } from "../auth/wireRequestFor.ts";
import { CONTENT, invalid, md5, open, OTHER } from "./plainUploads.ts";
import { crc32Base64, sha256 } from "./uploads.ts";

/** What a head says of its body: checksums, lengths, and what it may leave out. */

const OBJECT_SUM = "AAAAAA==";

for (const [name, value] of [
  ["crc32", OBJECT_SUM],
  ["crc32", `${OBJECT_SUM}-1`],
  ["crc32c", `${OBJECT_SUM}-10000`],
  ["sha1", `${"A".repeat(27)}=-99999`],
  ["crc64nvme", "AAAAAAAAAAA="],
] as const) {
  test(`openPayload: CompleteMultipartUpload takes the ${name} ${value}`, () => {
    const payload = open({ operation: "CompleteMultipartUpload", headers: { [`x-amz-checksum-${name}`]: value } });
    assert.equal(payload.declared, undefined);
  });
}

for (const [name, value] of [
  ["crc32", `${OBJECT_SUM}-`],
  ["crc32", `${OBJECT_SUM}-100000`],
  ["crc32", `${OBJECT_SUM}-1-1`],
  ["crc32", `1-${OBJECT_SUM}`],
  ["crc32", ""],
  ["crc64nvme", "AAAAAAAAAAA=-1"],
] as const) {
  test(`openPayload: CompleteMultipartUpload does not take the ${name} "${value}"`, async () => {
    const headers = { [`x-amz-checksum-${name}`]: value };
    await expectRefusal(
      () => open({ operation: "CompleteMultipartUpload", headers }),
      invalid(`Value for x-amz-checksum-${name} header is invalid.`),
    );
  });
}

test("openPayload: a part count belongs to objects of parts only, and base64 is written in one way", async () => {
  for (const value of [`${OBJECT_SUM}-1`, "AAAAAB==", "AAAAAA", " AAAAAA==", "AAAAAA== ", "AAAA-A=="]) {
    const headers = { "x-amz-checksum-crc32": value };
    await expectRefusal(() => open({ headers }), invalid("Value for x-amz-checksum-crc32 header is invalid."));
  }
});

test("openPayload: headers that say of which algorithm, type or use a checksum is are none", () => {
  const headers = { "x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "COMPOSITE", "x-amz-checksum-mode": "ENABLED" };
  assert.equal(open({ headers }).declared, undefined);
});

test("openPayload: an algorithm may be named in any case beside its checksum, and a trailer with blanks around it", () => {
  const beside = { "x-amz-sdk-checksum-algorithm": "crc32" };
  assert.equal(open({ headers: { ...beside, "x-amz-checksum-crc32": OBJECT_SUM } }).declared?.value, OBJECT_SUM);
  const { declared } = open({ headers: { ...beside, "x-amz-trailer": " X-Amz-Checksum-CRC32 " } });
  assert.deepEqual(declared, { algorithm: "CRC32", value: undefined, trailer: "x-amz-checksum-crc32" });
});

for (const trailer of ["x-amz-checksum-", "x-amz-checksum-crc31", "crc32", "x-amz-checksum-crc32,x-amz-checksum-sha1"]) {
  test(`openPayload: "${trailer}" announces no trailer that S3 knows`, async () => {
    await expectRefusal(
      () => open({ headers: { "x-amz-trailer": trailer } }),
      invalid("The value specified in the x-amz-trailer header is not supported"),
    );
  });
}

test("openPayload: a request that brings no body has none, unless it is the object that is missing", async () => {
  const headers = { "content-length": undefined };
  assert.equal(
    open({ operation: "PutBucketTagging", headers: { ...headers, "content-md5": md5(OTHER) }, body: [] }).sizeBytes,
    0,
  );
  assert.equal(open({ operation: "GetObject", headers, body: [] }).sizeBytes, 0);
  const { explanation } = await expectRefusal(() => open({ headers }), { code: "MissingContentLength", status: 411 });
  assert.match(explanation!, /^Send Content-Length; it is missing\./);
  // In chunks of aws-chunked, what HTTP says is not how many bytes they hold.
  for (const framing of [{ "content-length": "5" }, { "transfer-encoding": "chunked" }]) {
    for (const kind of ["streaming", "none"] as const) {
      const undecoded = await expectRefusal(() => declaredSize(wireRequestFor({ headers: framing }), true, kind), {
        ...{ code: "MissingContentLength", status: 411 },
      });
      assert.match(undecoded.explanation!, /x-amz-decoded-content-length; it is missing\.$/);
    }
  }
});

for (const length of ["", "1a", "-1", "+1", "1.0", "1".repeat(16)]) {
  test(`openPayload: "${length}" is no length of a body, nor of one in chunks`, async () => {
    const missing = { code: "MissingContentLength", status: 411 } as const;
    const plain = await expectRefusal(() => open({ headers: { "content-length": length } }), missing);
    assert.ok(plain.explanation?.startsWith(`Send Content-Length; it is "${length}".`), plain.explanation);
    const headers = { "content-length": undefined, "transfer-encoding": "chunked", "x-amz-decoded-content-length": length };
    const chunks = await expectRefusal(() => open({ headers }), missing);
    assert.ok(chunks.explanation?.endsWith(`x-amz-decoded-content-length; it is "${length}".`), chunks.explanation);
  });
}

test("openPayload: the length of HTTP goes before the decoded one, which counts for chunks alone", () => {
  const decoded = { "x-amz-decoded-content-length": "7" };
  assert.equal(open({ headers: decoded }).sizeBytes, CONTENT.length);
  const chunks = { ...decoded, "content-length": undefined, "transfer-encoding": "chunked" };
  assert.equal(open({ headers: chunks }).sizeBytes, 7);
});

test("openPayload: an empty body that was signed, or summed up, as empty is right without being read", async () => {
  const empty = { operation: "GetObject", headers: { "content-length": undefined }, body: [] } as const;
  assert.equal(open({ ...empty, sha256: sha256("") }).sizeBytes, 0);
  assert.equal(open({ ...empty, headers: { ...empty.headers, "content-md5": md5(Buffer.alloc(0)) } }).sizeBytes, 0);
  await expectRefusal(() => open({ ...empty, headers: { ...empty.headers, "content-md5": md5(OTHER) } }), {
    code: "BadDigest",
    status: 400,
    details: [
      ["CalculatedDigest", md5(Buffer.alloc(0))],
      ["ExpectedDigest", md5(OTHER)],
    ],
  });
});

test("gather: takes no body that is larger than asked for, and hands on only what has a wrong digest", async () => {
  await assert.rejects(open({}).gather(20), { name: "RangeError", message: "a body of 21 bytes is not gathered" });
  assert.deepEqual(await open({}).gather(21), CONTENT);
  const inspected: Buffer[] = [];
  const inspect = (bytes: Buffer): void => void inspected.push(Buffer.from(bytes));
  await expectRefusal(() => open({ headers: { "content-length": "22" } }).gather(100, inspect), {
    code: "IncompleteBody",
    status: 400,
  });
  assert.deepEqual(inspected, []);
  for (const upload of [{ sha256: sha256(OTHER) }, { headers: { "content-md5": md5(OTHER) } }]) {
    await assert.rejects(() => open(upload).gather(100, inspect));
  }
  assert.deepEqual(inspected, [CONTENT, CONTENT]);
});

const IN_CHUNKS = { "content-length": undefined, "transfer-encoding": "chunked" };

test("openPayload: of a body in chunks of HTTP no more bytes than announced are handed on", async () => {
  const headers = { ...IN_CHUNKS, "x-amz-decoded-content-length": "20" };
  let sizeBytes = 0;
  const details = [
    ["NumberBytesExpected", "20"],
    ["NumberBytesProvided", "25"],
  ] as const;
  await expectRefusal(
    async () => {
      const body = [CONTENT.subarray(0, 15), CONTENT.subarray(0, 10), CONTENT.subarray(0, 10)];
      for await (const piece of open({ headers, body })) sizeBytes += piece.length;
    },
    { code: "IncompleteBody", status: 400, details },
  );
  assert.equal(sizeBytes, 15);
});

test("openPayload: a body in chunks of HTTP that is cut behind its last byte is not complete", async () => {
  const body = new Readable({ read() {} });
  body.on("error", () => undefined);
  body.push(CONTENT);
  const pieces = open({ headers: { ...IN_CHUNKS, "x-amz-decoded-content-length": "21" }, body })[Symbol.asyncIterator]();
  assert.equal((await pieces.next()).value.length, 21);
  setImmediate(() => body.destroy(new Error("aborted")));
  await expectRefusal(() => pieces.next(), {
    code: "IncompleteBody",
    status: 400,
    message: "The request body terminated unexpectedly",
    details: [],
  });
});

test("openPayload: blanks around the value of a trailer do not count", async () => {
  const headers = { ...IN_CHUNKS, "x-amz-decoded-content-length": "21", "x-amz-trailer": "x-amz-checksum-crc32" };
  const payload = open({ headers, trailers: { "x-amz-checksum-crc32": ` ${crc32Base64(CONTENT)}\t` } });
  assert.deepEqual(await payload.gather(21), CONTENT);
  assert.equal(payload.declared?.value, crc32Base64(CONTENT));
});

for (const [what, headers, body, times] of [
  ["one byte", {}, [CONTENT.subarray(0, 1)], 1],
  ["no bytes in chunks of HTTP", { ...IN_CHUNKS, "x-amz-decoded-content-length": "0" }, [], 1],
  ["no bytes", {}, [], 0],
] as const) {
  test(`openPayload: a client that sends ${what} is told ${times} times to go on`, async () => {
    let told = 0;
    const beforeFirstRead = (): void => {
      told += 1;
    };
    await open({ headers, body, beforeFirstRead }).gather(100);
    assert.equal(told, times);
  });
}
