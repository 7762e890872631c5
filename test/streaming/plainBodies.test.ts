import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import { lentBytes } from "../../src/protocol/Payload.ts";
import { MAX_PIECE_SIZE_BYTES } from "../../src/protocol/streaming/Framing.ts";
import { MAX_UPLOAD_SIZE_BYTES } from "../../src/protocol/streaming/openPayload.ts";
import type { Refusal } from "../auth/expectRefusal.ts";
import { expectRefusal } from "../auth/expectRefusal.ts";
import type { Upload } from "./plainUploads.ts";
import { CONTENT, invalid, md5, open, OTHER } from "./plainUploads.ts";
import { crc32Base64, sha256 } from "./uploads.ts";

test("openPayload: a body that is what it claims to be is read once, each digest asked for computed", async () => {
  const payload = open({
    sha256: sha256(CONTENT),
    headers: {
      "content-md5": md5(CONTENT),
      "x-amz-checksum-crc32": crc32Base64(CONTENT),
      "x-amz-sdk-checksum-algorithm": "CRC32",
    },
    body: [CONTENT.subarray(0, 3), CONTENT.subarray(3)],
  });
  payload.want("SHA1");
  assert.equal(payload.sizeBytes, CONTENT.length);
  assert.equal(payload.declared?.algorithm, "CRC32");
  assert.throws(() => payload.digest("SHA1"), /not read yet/);
  assert.deepEqual(await payload.gather(100), CONTENT);
  assert.equal(payload.digest("SHA1").toString("hex"), createHash("sha1").update(CONTENT).digest("hex"));
  assert.equal(payload.digest("MD5").toString("base64"), md5(CONTENT));
  assert.throws(() => payload.want("MD5"), /before the body is read/);
  await assert.rejects(() => payload.gather(100), /read once/);
});

test("openPayload: pieces share the socket's memory and are bounded", async () => {
  const sizeBytes = MAX_PIECE_SIZE_BYTES * 2 + 1;
  const body = Buffer.alloc(sizeBytes);
  let read = 0;
  for await (const piece of open({ body: [body] })) {
    assert.ok(piece.length <= MAX_PIECE_SIZE_BYTES);
    assert.equal(lentBytes(piece).buffer, body.buffer);
    read += piece.length;
  }
  assert.equal(read, sizeBytes);
});

test("openPayload: a body whose bytes are all there leaves others a turn after each 256 KiB", async () => {
  const pieces = Array.from({ length: 20 }, () => Buffer.alloc(64 * 1024, "x"));
  const body = new Readable({
    read() {
      this.push(pieces.pop() ?? null);
    },
  });
  let turns = 0;
  let others = setImmediate(function another() {
    turns += 1;
    others = setImmediate(another);
  });
  const turnsAt: number[] = [];
  let sizeBytes = 0;
  for await (const piece of open({ body, headers: { "content-length": String(20 * 64 * 1024) }, maxSizeBytes: 2e6 })) {
    sizeBytes += piece.length;
    if (sizeBytes % (256 * 1024) === 0) turnsAt.push(turns);
  }
  clearImmediate(others);
  assert.equal(turnsAt.length, 5);
  for (let index = 1; index < turnsAt.length; index += 1) assert.ok(turnsAt[index]! > turnsAt[index - 1]!, String(turnsAt));
});

test("openPayload: the memory of a large body is given back as it is read, but what lies in shared memory", async () => {
  const large = Buffer.allocUnsafeSlow(64 * 1024);
  const shared = Buffer.from(new ArrayBuffer(65 * 1024), 0, 64 * 1024);
  const lengths: number[] = [];
  for await (const piece of open({ body: [large, shared, Buffer.allocUnsafeSlow(64 * 1024), CONTENT] })) {
    lengths.push(piece.length);
    assert.ok(piece.length > 0);
    assert.equal(large.length, lengths.length === 1 ? 64 * 1024 : 0);
    assert.equal(shared.length, 64 * 1024);
  }
  assert.deepEqual(lengths, [64 * 1024, 64 * 1024, 64 * 1024, CONTENT.length]);
});

test("openPayload: a reader that stops early leaves the body to the server", async () => {
  const body = new Readable({ read() {} });
  body.push(CONTENT.subarray(0, 5));
  for await (const piece of open({ body })) {
    assert.equal(piece.length, 5);
    break;
  }
  assert.equal(body.destroyed, false);
  assert.deepEqual(body.eventNames(), []);
});

test("openPayload: a reader that has waited for the client leaves nothing behind, once it is done or has stopped", async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  for (const stopsEarly of [true, false]) {
    const body = new Readable({ read() {} });
    const pieces = open({ body })[Symbol.asyncIterator]();
    const before = timers();
    for (const part of [CONTENT.subarray(0, 9), CONTENT.subarray(9, 20)]) {
      const piece = pieces.next();
      await new Promise(setImmediate);
      assert.equal(body.listenerCount("readable"), 1);
      body.push(part);
      assert.equal((await piece).value.length, part.length);
    }
    assert.equal(timers(), before);
    // What comes while nobody waits wakes nobody.
    body.push(CONTENT.subarray(20));
    await new Promise(setImmediate);
    assert.equal((await pieces.next()).value.length, 1);
    if (stopsEarly) await pieces.return?.();
    else assert.equal((await pieces.next()).done, true);
    assert.deepEqual(body.eventNames(), []);
  }
});

const mismatches: readonly [what: string, upload: Upload, expected: Refusal][] = [
  [
    "another SHA-256 than signed, before the other digests",
    { sha256: sha256(OTHER), headers: { "content-md5": md5(OTHER), "x-amz-checksum-crc32": crc32Base64(OTHER) } },
    {
      code: "XAmzContentSHA256Mismatch",
      status: 400,
      message: "The provided 'x-amz-content-sha256' header does not match what was computed.",
      details: [
        ["ClientComputedContentSHA256", sha256(OTHER)],
        ["S3ComputedContentSHA256", sha256(CONTENT)],
      ],
    },
  ],
  [
    "another MD5, before the checksum",
    { headers: { "content-md5": md5(OTHER), "x-amz-checksum-crc32": crc32Base64(OTHER) } },
    {
      code: "BadDigest",
      status: 400,
      message: "The Content-MD5 you specified did not match what we received.",
      details: [
        ["CalculatedDigest", md5(CONTENT)],
        ["ExpectedDigest", md5(OTHER, "hex")],
      ],
    },
  ],
  [
    "another MD5 of a list of deletions, before another SHA-256",
    { sha256: sha256(OTHER), headers: { "content-md5": md5(OTHER) }, operation: "DeleteObjects" },
    {
      code: "BadDigest",
      status: 400,
      details: [
        ["CalculatedDigest", md5(CONTENT)],
        ["ExpectedDigest", md5(OTHER)],
      ],
    },
  ],
  [
    "another MD5 of a part",
    { headers: { "content-md5": md5(OTHER) }, operation: "UploadPart" },
    {
      code: "BadDigest",
      status: 400,
      details: [
        ["CalculatedDigest", md5(CONTENT)],
        ["ExpectedDigest", md5(OTHER)],
      ],
    },
  ],
  [
    "another checksum",
    { headers: { "x-amz-checksum-crc32": crc32Base64(OTHER) } },
    { code: "BadDigest", status: 400, message: "The CRC32 you specified did not match the calculated checksum.", details: [] },
  ],
  [
    "fewer bytes than announced",
    { headers: { "content-length": "22" } },
    {
      code: "IncompleteBody",
      status: 400,
      message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
      details: [
        ["NumberBytesExpected", "22"],
        ["NumberBytesProvided", "21"],
      ],
    },
  ],
  [
    "more bytes than announced",
    { headers: { "content-length": undefined, "transfer-encoding": "chunked", "x-amz-decoded-content-length": "20" } },
    {
      code: "IncompleteBody",
      status: 400,
      details: [
        ["NumberBytesExpected", "20"],
        ["NumberBytesProvided", "21"],
      ],
    },
  ],
  [
    "no trailer where one is announced",
    { headers: { "x-amz-trailer": "x-amz-checksum-crc32" } },
    { code: "MalformedTrailerError", status: 400, details: [] },
  ],
];

for (const [what, upload, expected] of mismatches) {
  test(`openPayload: a body with ${what} is ${expected.code}`, async () => {
    const payload = open(upload);
    await expectRefusal(() => payload.gather(100), expected);
  });
}

test("openPayload: a wrong digest throws in place of the end, after every byte", async () => {
  const pieces: Buffer[] = [];
  await expectRefusal(
    async () => {
      for await (const piece of open({ headers: { "content-md5": md5(OTHER) } })) pieces.push(Buffer.from(lentBytes(piece)));
    },
    { code: "BadDigest", status: 400 },
  );
  assert.deepEqual(Buffer.concat(pieces), CONTENT);
});

test("openPayload: a connection lost in the middle is IncompleteBody with both numbers", async () => {
  const body = new Readable({ read() {} });
  body.on("error", () => undefined);
  body.push(CONTENT.subarray(0, 5));
  const payload = open({ body });
  setImmediate(() => body.destroy(new Error("aborted")));
  await expectRefusal(() => payload.gather(100), {
    code: "IncompleteBody",
    status: 400,
    details: [
      ["NumberBytesExpected", "21"],
      ["NumberBytesProvided", "5"],
    ],
  });
});

test("openPayload: a checksum may come in the trailer of an HTTP/1.1 body in chunks", async () => {
  const headers = {
    "content-length": undefined,
    "transfer-encoding": "chunked",
    "x-amz-decoded-content-length": "21",
    "x-amz-trailer": "x-amz-checksum-crc32",
  };
  const payload = open({ headers, trailers: { "x-amz-checksum-crc32": crc32Base64(CONTENT) } });
  assert.deepEqual(await payload.gather(100), CONTENT);
  assert.equal(payload.declared?.value, crc32Base64(CONTENT));
  const wrong = open({ headers, trailers: { "x-amz-checksum-crc32": crc32Base64(OTHER) } });
  await expectRefusal(() => wrong.gather(100), { code: "BadDigest", status: 400 });
});

const SINGLE = "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.";
const NO_SUCH = "The algorithm type you specified in x-amz-checksum- header is invalid.";

const heads: readonly [what: string, upload: Upload, expected: Refusal][] = [
  [
    "an MD5 that is no base64, before a wrong checksum header",
    { headers: { "content-md5": "no", "x-amz-checksum-crc31": "AAAA" } },
    {
      code: "InvalidDigest",
      status: 400,
      message: "The Content-MD5 you specified was invalid.",
      details: [["Content-MD5", "no"]],
    },
  ],
  ["an MD5 of too few bytes", { headers: { "content-md5": "AAAAAA==" } }, { code: "InvalidDigest", status: 400 }],
  ["an empty MD5", { headers: { "content-md5": "" } }, { code: "InvalidDigest", status: 400, details: [["Content-MD5", ""]] }],
  [
    "an unknown checksum, before the missing length",
    { headers: { "x-amz-checksum-crc31": "AAAA", "content-length": undefined } },
    invalid(NO_SUCH),
  ],
  ["two checksums", { headers: { "x-amz-checksum-crc32": "AAAAAA==", "x-amz-checksum-crc32c": "AAAAAA==" } }, invalid(SINGLE)],
  [
    "a checksum of another length",
    { headers: { "x-amz-checksum-sha256": "AAAAAA==" } },
    invalid("Value for x-amz-checksum-sha256 header is invalid."),
  ],
  [
    "an algorithm without its checksum",
    { headers: { "x-amz-sdk-checksum-algorithm": "CRC32" } },
    invalid("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found."),
  ],
  [
    "another algorithm than its checksum's",
    { headers: { "x-amz-sdk-checksum-algorithm": "SHA1", "x-amz-checksum-crc32": "AAAAAA==" } },
    invalid("Value for x-amz-sdk-checksum-algorithm header is invalid."),
  ],
  [
    "no checksum where one is required",
    { operation: "DeleteObjects" },
    invalid("Missing required header for this request: Content-MD5 OR x-amz-checksum-*"),
  ],
  [
    "no length",
    { headers: { "content-length": undefined } },
    { code: "MissingContentLength", status: 411, message: "You must provide the Content-Length HTTP header.", details: [] },
  ],
  [
    "chunks of no announced length",
    { headers: { "content-length": undefined, "transfer-encoding": "chunked" } },
    {
      code: "NotImplemented",
      status: 501,
      message: "A header you provided implies functionality that is not implemented",
      details: [["Header", "Transfer-Encoding"]],
    },
  ],
  [
    "more than 5 GiB",
    { headers: { "content-length": String(MAX_UPLOAD_SIZE_BYTES + 1) }, maxSizeBytes: MAX_UPLOAD_SIZE_BYTES },
    {
      code: "EntityTooLarge",
      status: 400,
      message: "Your proposed upload exceeds the maximum allowed size",
      details: [
        ["ProposedSize", "5368709121"],
        ["MaxSizeAllowed", "5368709120"],
      ],
    },
  ],
  [
    "a document larger than its operation takes",
    { operation: "CompleteMultipartUpload", maxSizeBytes: 20 },
    { code: "MaxMessageLengthExceeded", status: 400, details: [["MaxMessageLengthBytes", "20"]] },
  ],
  [
    "no bytes, signed as some",
    { operation: "GetObject", sha256: sha256(CONTENT), headers: { "content-length": undefined } },
    {
      code: "XAmzContentSHA256Mismatch",
      status: 400,
      details: [
        ["ClientComputedContentSHA256", sha256(CONTENT)],
        ["S3ComputedContentSHA256", sha256("")],
      ],
    },
  ],
];

for (const [what, upload, expected] of heads) {
  test(`openPayload: a head with ${what} is ${expected.code} before anything is read`, async () => {
    const beforeFirstRead = (): void => assert.fail("the body was asked for");
    await expectRefusal(() => open({ ...upload, beforeFirstRead }), expected);
  });
}

test("openPayload: the client is told to go on when the first byte is wanted, once, and never for nothing", async () => {
  let told = 0;
  const beforeFirstRead = (): void => {
    told += 1;
  };
  const payload = open({ beforeFirstRead });
  assert.equal(told, 0);
  await payload.gather(100);
  assert.equal(told, 1);
  await open({ body: [], beforeFirstRead }).gather(100);
  assert.equal(told, 1);
});

test("openPayload: the checksum headers of CompleteMultipartUpload are of the object, not of its body", async () => {
  const payload = open({ operation: "CompleteMultipartUpload", headers: { "x-amz-checksum-crc32": crc32Base64(OTHER) } });
  assert.equal(payload.declared, undefined);
  assert.deepEqual(await payload.gather(100), CONTENT);
});

test("openPayload: a document of an operation may be missing altogether", async () => {
  const payload = open({ operation: "CreateBucket", headers: { "content-length": undefined }, body: [] });
  assert.equal(payload.sizeBytes, 0);
  assert.equal((await payload.gather(100)).length, 0);
});

test("openPayload: a client that sends nothing for the idle timeout gets RequestTimeout", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const body = new Readable({ read() {} });
  body.push(CONTENT.subarray(0, 5));
  const pieces = open({ body })[Symbol.asyncIterator]();
  assert.equal((await pieces.next()).value.length, 5);
  const waiting = pieces.next();
  waiting.catch(() => undefined);
  await new Promise(setImmediate);
  context.mock.timers.tick(20_000);
  await expectRefusal(() => waiting, {
    code: "RequestTimeout",
    status: 400,
    message:
      "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.",
    details: [],
  });
  assert.equal(body.destroyed, false);
});

test("openPayload: the time a slow store takes is not the client's", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const body = new Readable({ read() {} });
  const pieces = open({ body })[Symbol.asyncIterator]();
  const first = pieces.next();
  await new Promise(setImmediate);
  body.push(CONTENT.subarray(0, 5));
  assert.equal((await first).value.length, 5);
  context.mock.timers.tick(60_000);
  body.push(CONTENT.subarray(5));
  assert.equal((await pieces.next()).value.length, 16);
  assert.equal((await pieces.next()).done, true);
});

test("openPayload: a client that never stops for the idle timeout may take as long as it needs", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const body = new Readable({ read() {} });
  const pieces = open({ body })[Symbol.asyncIterator]();
  for (const byte of CONTENT) {
    const piece = pieces.next();
    await new Promise(setImmediate);
    context.mock.timers.tick(19_000);
    body.push(Buffer.of(byte));
    assert.deepEqual((await piece).value, Buffer.of(byte));
  }
  assert.equal((await pieces.next()).done, true);
});
