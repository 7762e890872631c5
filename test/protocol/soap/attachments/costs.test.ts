import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { begin } from "./reading.ts";

/** What large bodies and hostile ones cost, counted and not timed. */

const PIECE_SIZE_BYTES: number = 64 * 1024;
const HOSTILE_SIZE_BYTES: number = 256 * 1024;
const TYPE = "multipart/related; boundary=b";
const BEFORE = Buffer.from("--b\r\n\r\n<Envelope/>\r\n--b\r\n\r\n");
const BEHIND = Buffer.from("\r\n--b--");

/** A socket that brings these pieces, each in memory of its own, one when it is asked. */
function socketWith(pieces: Iterable<Buffer>): Readable {
  const left = pieces[Symbol.iterator]();
  return new Readable({
    highWaterMark: 0,
    read() {
      const { done, value } = left.next();
      this.push(done === true ? null : value);
    },
  });
}

function* inPieces(before: Buffer, content: Buffer, behind: Buffer): Generator<Buffer> {
  yield before;
  for (let start = 0; start < content.length; start += PIECE_SIZE_BYTES) {
    yield content.subarray(start, start + PIECE_SIZE_BYTES);
  }
  yield behind;
}

for (const [what, text] of [
  ["line breaks and dashes", "\r\n--"],
  ["what is nearly a boundary", "\r\n--bx"],
  ["boundaries with white space behind", `\r\n--b${" ".repeat(65)}`],
  ["boundaries that go on", "\r\n--b--b"],
  ["CRs", "\r"],
  ["nothing but dashes", "-"],
] as const) {
  test(`multipart/related: 256 KiB of ${what} is searched once, and handed on in large pieces`, async (context) => {
    const content = Buffer.from(text.repeat(Math.floor(HOSTILE_SIZE_BYTES / text.length)));
    let searchedSizeBytes = 0;
    const { indexOf } = Buffer.prototype;
    context.mock.method(Buffer.prototype, "indexOf", function (this: Buffer, value: Buffer | number, from = 0): number {
      const at = indexOf.call(this, value, from);
      searchedSizeBytes += (at < 0 ? this.length : at) - from;
      return at;
    });
    const { attachment } = await begin(TYPE, socketWith(inPieces(BEFORE, content, BEHIND)));
    const framing = attachment!.framing(content.length);
    let pieces = 0;
    for (let piece = await framing.next(); piece !== undefined; piece = await framing.next()) pieces += 1;
    assert.ok(searchedSizeBytes < 1.1 * content.length, `${searchedSizeBytes} bytes searched`);
    assert.ok(pieces <= (4 * content.length) / PIECE_SIZE_BYTES, `${pieces} pieces`);
  });
}

test("readMessage: an envelope in many pieces is copied a few times at most, and no piece of it is kept", async (context) => {
  const pieces = Array.from({ length: 40 }, () => Buffer.allocUnsafeSlow(20_000).fill("x"));
  let allocatedSizeBytes = 0;
  const { allocUnsafe } = Buffer;
  context.mock.method(Buffer, "allocUnsafe", (sizeBytes: number) => {
    allocatedSizeBytes += sizeBytes;
    return allocUnsafe(sizeBytes);
  });
  const { envelope } = await begin("text/xml", socketWith(pieces));
  assert.equal(envelope.length, 800_000);
  assert.ok(allocatedSizeBytes < 4 * envelope.length, `${allocatedSizeBytes} bytes allocated`);
  assert.deepEqual(new Set(pieces.map(({ length }) => length)), new Set([0]));
});

const LARGE_SIZE_BYTES: number = 256 * 1024 * 1024;

/** The head of a DIME message up to its attachment's data. */
function dimeBefore(): Buffer {
  const head = Buffer.from("0c30000000000000000000043c612f3e0a3000000000000000000000", "hex");
  head.writeUInt32BE(LARGE_SIZE_BYTES, head.length - 4);
  return head;
}

for (const [format, contentType, before, behind, encodedRatio] of [
  ["DIME", "application/dime", dimeBefore(), undefined, 1],
  ["multipart/related", TYPE, BEFORE, BEHIND, 1],
  [
    "base64 in multipart/related",
    TYPE,
    Buffer.from("--b\r\n\r\n<Envelope/>\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"),
    BEHIND,
    4 / 3,
  ],
] as const) {
  test(`${format}: of an attachment of 256 MiB a few pieces are held at any time`, async () => {
    const sent: Buffer[] = [];
    function* pieces(): Generator<Buffer> {
      yield before;
      // Divisible by four, and by three.
      for (let size = 0; size < LARGE_SIZE_BYTES; size += PIECE_SIZE_BYTES) {
        const piece = Buffer.allocUnsafeSlow(PIECE_SIZE_BYTES).fill("x");
        sent.push(piece);
        yield piece;
      }
      if (behind !== undefined) yield behind;
    }
    const { attachment } = await begin(contentType, socketWith(pieces()));
    const framing = attachment!.framing(LARGE_SIZE_BYTES / encodedRatio);
    let sizeBytes = 0;
    let mostHeld = 0;
    for (let piece = await framing.next(); piece !== undefined; piece = await framing.next()) {
      sizeBytes += piece.length;
      // What was given back has no bytes any more.
      while (sent[0]?.length === 0) sent.shift();
      mostHeld = Math.max(mostHeld, sent.length);
      framing.giveBack();
    }
    assert.equal(sizeBytes, LARGE_SIZE_BYTES / encodedRatio);
    assert.ok(mostHeld <= 4, `${mostHeld} pieces`);
  });
}
