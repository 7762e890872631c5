import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { Refusal } from "../auth/expectRefusal.ts";
import { expectRefusal } from "../auth/expectRefusal.ts";
import type { ChunkedUpload } from "./uploads.ts";
import { CHUNKED_MODES, chunkedUpload, crc32Base64, opened, received } from "./uploads.ts";

const CHUNKS = [randomBytes(9_000), randomBytes(8_192), randomBytes(700)];
const CONTENT = Buffer.concat(CHUNKS);
const SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/** The same bytes, arriving in pieces that end at these places. */
function cutAt(wire: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map((place) => place % wire.length)), wire.length].sort((a, b) => a - b);
  return ends.map((end, index) => wire.subarray(ends[index - 1] ?? 0, end)).filter((piece) => piece.length > 0);
}

for (const mode of CHUNKED_MODES) {
  test(`${mode}: is the content, however its bytes arrive`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS });
    const places = fc.array(fc.oneof(fc.nat(wire.length), fc.integer({ min: wire.length - 300, max: wire.length })), {
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(places, async (cuts) => {
        assert.deepEqual(await received(parts, cutAt(wire, cuts)), CONTENT);
      }),
      { numRuns: 40 },
    );
  });

  test(`${mode}: byte by byte is the content, too`, async () => {
    const chunks = [Buffer.from("hello")];
    const { parts, wire } = await chunkedUpload({ mode, chunks });
    assert.deepEqual(await received(parts, cutAt(wire, [...wire.keys()])), chunks[0]);
  });

  test(`${mode}: an empty body is one chunk of no bytes`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: [] });
    assert.equal((await received(parts, [wire])).length, 0);
  });

  test(`${mode}: cut anywhere is IncompleteBody`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: [Buffer.from("hello")] });
    for (let length = 0; length < wire.length; length++) {
      await expectRefusal(() => received(parts, cutAt(wire.subarray(0, length), [3])), { code: "IncompleteBody", status: 400 });
    }
  });

  test(`${mode}: with any byte changed is refused, or the same content`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS });
    const framing = [...wire.keys()].filter((at) => at < 120 || at > wire.length - 1_000);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...framing), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(wire);
        changed[at]! ^= change;
        try {
          assert.deepEqual(await received(parts, [changed]), CONTENT);
        } catch (error) {
          assert.ok(error instanceof S3Error && error.status < 500, String(error));
        }
      }),
      { numRuns: 200 },
    );
  });

  test(`${mode}: bytes after the end are refused`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS });
    await expectRefusal(() => received(parts, [wire, Buffer.from("more")]), { code: "IncompleteBody", status: 400 });
  });

  test(`${mode}: another decoded length is IncompleteBody with both numbers`, async () => {
    for (const [announcedLength, provided] of [
      [CONTENT.length + 1, CONTENT.length],
      [CONTENT.length - 1, CONTENT.length],
      [100, 9_000],
    ] as const) {
      const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS, decodedLength: String(announcedLength) });
      await expectRefusal(() => received(parts, [wire]), {
        code: "IncompleteBody",
        status: 400,
        message: "You did not provide the number of bytes specified by the Content-Length HTTP header",
        details: [
          ["NumberBytesExpected", String(announcedLength)],
          ["NumberBytesProvided", String(provided)],
        ],
      });
    }
  });

  test(`${mode}: a small chunk before another is InvalidChunkSizeError`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: [CHUNKS[0]!, Buffer.alloc(8_191), CHUNKS[2]!] });
    await expectRefusal(() => received(parts, [wire]), {
      code: "InvalidChunkSizeError",
      status: 403,
      message: "Only the last chunk is allowed to have a size less than 8192 bytes",
      details: [
        ["Chunk", "3"],
        ["BadChunkSize", "8191"],
      ],
    });
  });

  test(`${mode}: a byte behind a small chunk is InvalidChunkSizeError, too`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: [Buffer.alloc(8_191), Buffer.alloc(1)] });
    await expectRefusal(() => received(parts, [wire]), {
      code: "InvalidChunkSizeError",
      status: 403,
      details: [
        ["Chunk", "2"],
        ["BadChunkSize", "8191"],
      ],
    });
  });

  test(`${mode}: no more bytes than announced are handed on`, async () => {
    const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS, decodedLength: String(9_000 + 8_191) });
    let sizeBytes = 0;
    await expectRefusal(
      async () => {
        for await (const piece of await opened({ ...parts, body: [wire] })) sizeBytes += piece.length;
      },
      { code: "IncompleteBody", status: 400 },
    );
    assert.equal(sizeBytes, 9_000);
  });

  test(`${mode}: without x-amz-decoded-content-length is MissingContentLength`, async () => {
    const { parts } = await chunkedUpload({ mode, chunks: CHUNKS, decodedLength: "many" });
    await expectRefusal(() => opened(parts), { code: "MissingContentLength", status: 411 });
  });

  test(`${mode}: is for uploads only`, async () => {
    const { parts } = await chunkedUpload({ mode, chunks: CHUNKS });
    await expectRefusal(() => opened(parts, { operation: "DeleteObjects" }), {
      code: "InvalidRequest",
      status: 400,
      message: "The value of x-amz-content-sha256 header is invalid.",
      details: [],
    });
  });
}

const TERMINATED: Refusal = {
  code: "IncompleteBody",
  status: 400,
  message: "The request body terminated unexpectedly",
  details: [],
};

test("aws-chunked: broken framing is IncompleteBody", async () => {
  const { parts } = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: [Buffer.from("hello")] });
  for (const wire of [
    "hello",
    "x\r\nhello\r\n0\r\n\r\n",
    "\r\nhello",
    "5\nhello\r\n0\r\n\r\n",
    "5;a=b\r\nhello\r\n0\r\n\r\n",
    `5;chunk-signature=${"0".repeat(64)}\r\nhello\r\n0\r\n\r\n`,
    "5\r\nhello0\r\n\r\n",
    "5\r\nhello!\r\n0\r\n\r\n",
    `${"0".repeat(17)}5\r\nhello\r\n0\r\n\r\n`,
    `5${" ".repeat(1_023)}\r\nhello\r\n0\r\n\r\n`,
    `5\r\nhello\r\n0\r\n${"a".repeat(8_192)}`,
  ]) {
    await expectRefusal(() => received(parts, [Buffer.from(wire)]), TERMINATED);
  }
});

for (const [mode, extension, has] of [
  [SIGNED, "", "no"],
  [SIGNED_TRAILER, ";chunk-signatur=0", "no"],
  [UNSIGNED_TRAILER, `;chunk-signature=${"0".repeat(64)}`, "a"],
] as const) {
  test(`${mode}: a chunk with ${has} signature is IncompleteBody that says so`, async () => {
    const { parts } = await chunkedUpload({ mode, chunks: [Buffer.from("hello")] });
    const wire = Buffer.from(`5${extension}\r\nhello\r\n0\r\n\r\n`);
    const { explanation } = await expectRefusal(() => received(parts, [wire]), TERMINATED);
    assert.equal(explanation, `The line before chunk 1 has ${has} signature, against x-amz-content-sha256.`);
  });
}

test("aws-chunked: a line ends in CR LF, and is not waited for longer than it may be", async () => {
  const { parts } = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: [Buffer.from("hello")] });
  const rest = `hello\r\n0\r\nx-amz-checksum-crc32:${crc32Base64(Buffer.from("hello"))}\r\n\r\n`;
  assert.deepEqual(await received(parts, [Buffer.from(`5\r\n${rest}`)]), Buffer.from("hello"));
  for (const line of ["50\n", "5\n", "5\r\r\n"]) {
    await expectRefusal(() => received(parts, [Buffer.from(line + rest)]), TERMINATED);
  }
  let sentSizeBytes = 0;
  const endless = new Readable({
    read() {
      sentSizeBytes += 100;
      setImmediate(() => this.push(sentSizeBytes < 1_000_000 ? Buffer.alloc(100, "5") : null));
    },
  });
  await expectRefusal(async () => (await opened({ ...parts, body: endless })).gather(1e6), TERMINATED);
  assert.ok(sentSizeBytes < 10_000, `${sentSizeBytes} bytes were taken`);
});

test("aws-chunked: the line before a chunk has a KiB at most, and where it is wrong it is said how", async () => {
  const content = Buffer.from("hello");
  const { parts } = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: [content] });
  const rest = `hello\r\n0\r\nx-amz-checksum-crc32:${crc32Base64(content)}\r\n\r\n`;
  const told = async (line: string): Promise<string> =>
    (await expectRefusal(() => received(parts, [Buffer.from(line + rest)]), TERMINATED)).explanation!;
  const line = (sizeBytes: number): string => `5;${"x".repeat(sizeBytes - 4)}\r\n`;
  assert.match(await told(line(1_024)), /^In the line before chunk 1, "x+.*stands behind the size, where nothing belongs\.$/);
  assert.equal(await told(line(1_025)), "Chunk 1 does not begin with a line that says its size.");
  assert.equal(await told("4\r\n"), "Chunk 1 does not end after the 4 bytes its first line says.");
});

test("aws-chunked: a trailer has 8 KiB at most, empty lines included", async () => {
  const content = Buffer.from("hello");
  const { parts } = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: [content] });
  const line = `x-amz-checksum-crc32:${crc32Base64(content)}\r\n`;
  const sent = (trailerSizeBytes: number): Promise<Buffer> => {
    const trailer = `${line}${"\n".repeat(trailerSizeBytes - line.length - 2)}\r\n`;
    return received(parts, [Buffer.from(`5\r\nhello\r\n0\r\n${trailer}`)]);
  };
  assert.deepEqual(await sent(8_192), content);
  await expectRefusal(() => sent(8_193), TERMINATED);
});

test("aws-chunked: a size is written in up to 16 hexadecimal digits of either case, and in nothing else", async () => {
  const content = Buffer.alloc(0xaf09, "x");
  const trailer = `x-amz-checksum-crc32:${crc32Base64(content)}\r\n\r\n`;
  const { parts } = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: [content] });
  const sent = (size: string): Promise<Buffer> =>
    received(parts, [Buffer.from(`${size}\r\n${content.toString()}\r\n0\r\n${trailer}`)]);
  for (const size of ["af09", "AF09", "aF09", "0af09", "000000000000af09"]) assert.deepEqual(await sent(size), content, size);
  for (const size of [
    "0000000000000af09",
    "",
    "ag09",
    "aG09",
    "a/09",
    "a:09",
    "a@09",
    "a`09",
    "-af09",
    "+af09",
    "0xaf09",
    "af09 ",
  ]) {
    await expectRefusal(() => sent(size), TERMINATED);
  }
});

test("aws-chunked: a connection lost in the middle is IncompleteBody", async () => {
  const { parts, wire } = await chunkedUpload({ mode: SIGNED_TRAILER, chunks: CHUNKS });
  for (const length of [0, 10, 5_000, wire.length - 10, wire.length]) {
    const body = new Readable({ read() {} });
    body.on("error", () => undefined);
    if (length > 0) body.push(wire.subarray(0, length));
    const payload = await opened({ ...parts, body });
    setImmediate(() => body.destroy(new Error("aborted")));
    await expectRefusal(() => payload.gather(1e6), TERMINATED);
  }
});

test("aws-chunked: a wrong chunk signature shows the string to sign of the chunk", async () => {
  const { parts, wire } = await chunkedUpload({ mode: SIGNED, chunks: CHUNKS });
  const changed = Buffer.from(wire);
  changed[200]! ^= 1;
  const error = await expectRefusal(() => received(parts, [changed]), { code: "SignatureDoesNotMatch", status: 403 });
  const details = Object.fromEntries(error.details.filter(([, value]) => value !== undefined));
  assert.deepEqual(Object.keys(details), ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]);
  assert.match(
    details["StringToSign"]!,
    /^AWS4-HMAC-SHA256-PAYLOAD\n20260301T120000Z\n20260301\/us-east-1\/s3\/aws4_request\n[0-9a-f]{64}\n[0-9a-f]{64}\n[0-9a-f]{64}$/,
  );
});

test("aws-chunked: chunks in another order are refused", async () => {
  const same = [Buffer.alloc(8_192, "a"), Buffer.alloc(8_192, "b")];
  const { parts, wire } = await chunkedUpload({ mode: SIGNED, chunks: same });
  const size = `2000;chunk-signature=${"0".repeat(64)}\r\n\r\n`.length + 8_192;
  const swapped = Buffer.concat([wire.subarray(size, 2 * size), wire.subarray(0, size), wire.subarray(2 * size)]);
  await expectRefusal(() => received(parts, [swapped]), { code: "SignatureDoesNotMatch", status: 403 });
});

test("aws-chunked: a trailer its signature does not cover is SignatureDoesNotMatch", async () => {
  const { parts, wire } = await chunkedUpload({ mode: SIGNED_TRAILER, chunks: CHUNKS });
  const text = wire.toString("latin1").replace(crc32Base64(CONTENT), crc32Base64(CHUNKS[0]!));
  const error = await expectRefusal(() => received(parts, [Buffer.from(text, "latin1")]), {
    code: "SignatureDoesNotMatch",
    status: 403,
  });
  assert.match(Object.fromEntries(error.details)["StringToSign"]!, /^AWS4-HMAC-SHA256-TRAILER\n/);
});

test("aws-chunked: lines of the trailer may end as clients in use end them", async () => {
  for (const mode of [SIGNED_TRAILER, UNSIGNED_TRAILER] as const) {
    const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS });
    const line = `x-amz-checksum-crc32:${crc32Base64(CONTENT)}`;
    const text = wire.toString("latin1").replace(`${line}\r\n`, `${line}\n\r\n`);
    assert.deepEqual(await received(parts, [Buffer.from(text, "latin1")]), CONTENT);
  }
});

const malformed: Refusal = {
  code: "MalformedTrailerError",
  status: 400,
  message: "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  details: [],
};
const checksum = ["x-amz-checksum-crc32", crc32Base64(CONTENT)] as const;

const trailers: readonly [what: string, upload: Partial<ChunkedUpload>, expected: Refusal][] = [
  ["that is missing", { trailer: [] }, malformed],
  ["of another name than announced", { trailer: [["x-amz-checksum-crc32c", checksum[1]]] }, malformed],
  ["that nobody announced", { announced: undefined }, malformed],
  ["that comes twice", { trailer: [checksum, checksum] }, malformed],
  ["with something else beside the checksum", { trailer: [checksum, ["x-amz-meta-a", "b"]] }, malformed],
  ["without a name", { trailer: [["", "value"]] }, malformed],
  [
    "that is no checksum",
    { announced: "x-amz-meta-a" },
    {
      code: "InvalidRequest",
      status: 400,
      message: "The value specified in the x-amz-trailer header is not supported",
      details: [],
    },
  ],
  [
    "beside a checksum header",
    { headers: { "x-amz-checksum-crc32": checksum[1] } },
    { code: "InvalidRequest", status: 400, message: "Expecting a single x-amz-checksum- header", details: [] },
  ],
  [
    "that is no base64 of the right length",
    { trailer: [["x-amz-checksum-crc32", "AAAA"]] },
    { code: "InvalidRequest", status: 400, message: "Value for x-amz-checksum-crc32 trailing header is invalid.", details: [] },
  ],
  [
    "that is not the content's checksum",
    { trailer: [["x-amz-checksum-crc32", crc32Base64(CHUNKS[0]!)]] },
    { code: "BadDigest", status: 400, message: "The CRC32 you specified did not match the calculated checksum.", details: [] },
  ],
  [
    "of another algorithm than x-amz-sdk-checksum-algorithm",
    { headers: { "x-amz-sdk-checksum-algorithm": "SHA256" } },
    { code: "InvalidRequest", status: 400, message: "Value for x-amz-sdk-checksum-algorithm header is invalid.", details: [] },
  ],
];

for (const [what, upload, expected] of trailers) {
  for (const mode of [SIGNED_TRAILER, UNSIGNED_TRAILER] as const) {
    test(`${mode}: a trailer ${what} is ${expected.code}`, async () => {
      const { parts, wire } = await chunkedUpload({ mode, chunks: CHUNKS, ...upload });
      await expectRefusal(() => received(parts, [wire]), expected);
    });
  }
}

test("aws-chunked: a signature of the trailer comes exactly when chunks are signed", async () => {
  const line = `x-amz-trailer-signature:${"0".repeat(64)}\r\n`;
  const unsigned = await chunkedUpload({ mode: UNSIGNED_TRAILER, chunks: CHUNKS });
  const added = Buffer.concat([unsigned.wire.subarray(0, -2), Buffer.from(`${line}\r\n`)]);
  await expectRefusal(() => received(unsigned.parts, [added]), malformed);
  const signed = await chunkedUpload({ mode: SIGNED_TRAILER, chunks: CHUNKS });
  const left = Buffer.concat([signed.wire.subarray(0, -2 - line.length), Buffer.from("\r\n")]);
  await expectRefusal(() => received(signed.parts, [left]), malformed);
});
