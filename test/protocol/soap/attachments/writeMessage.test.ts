import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import type { OutputBody, Piece } from "../../../../src/protocol/Payload.ts";
import { lentBytes } from "../../../../src/protocol/Payload.ts";
import type { AttachedMessage, AttachmentFormat } from "../../../../src/protocol/soap/attachments/OutgoingMessage.ts";
import { attached, attachmentFormat } from "../../../../src/protocol/soap/attachments/writeMessage.ts";
import type { SentMessage } from "./axisMessages.ts";
import { dime, ENVELOPE } from "./dimeBytes.ts";
import { begin, read } from "./reading.ts";

const FORMATS: readonly AttachmentFormat[] = ["dime", "mime"];
const ID = "1B4NXQ8Z0WJK2M7C";

/** A message of the tests' envelope, with an attachment. */
function message(
  format: AttachmentFormat,
  body: OutputBody,
  mediaType = "text/plain",
  version: "1.1" | "1.2" = "1.1",
): AttachedMessage {
  return attached(format, Buffer.from(ENVELOPE), { mediaType, body }, version, ID);
}

function atHand(content: Buffer | string): OutputBody {
  const source = Buffer.from(content);
  return { sizeBytes: source.length, source };
}

/** A message as it comes to who reads it; its size is what it said. */
async function sent({ contentType, body }: AttachedMessage): Promise<SentMessage> {
  const pieces: Buffer[] = [];
  for await (const piece of body.source as AsyncIterable<Piece>) {
    assert.ok(piece.length > 0);
    pieces.push(Buffer.from(lentBytes(piece)));
  }
  const bytes = Buffer.concat(pieces);
  assert.equal(bytes.length, body.sizeBytes);
  return { contentType, body: bytes };
}

test("attached: DIME is two records, as Axis writes them", async () => {
  const expected = dime(
    { flags: 4, id: `cid:envelope.${ID}@holdfast`, type: "http://schemas.xmlsoap.org/soap/envelope/", data: ENVELOPE },
    { flags: 2, typeFormat: 1, id: `cid:attachment.${ID}@holdfast`, type: "text/plain", data: "ha-ha" },
  );
  assert.deepEqual(await sent(message("dime", atHand("ha-ha"))), expected);
});

test("attached: MIME is two parts, as Axis writes them", async () => {
  const { contentType, body } = await sent(message("mime", atHand("ha-ha")));
  assert.equal(contentType, `multipart/related; type="text/xml"; start="<envelope.${ID}@holdfast>"; boundary="holdfast-${ID}"`);
  assert.deepEqual(body.toString().split("\r\n"), [
    `--holdfast-${ID}`,
    "Content-Type: text/xml; charset=UTF-8",
    "Content-Transfer-Encoding: binary",
    `Content-Id: <envelope.${ID}@holdfast>`,
    "",
    ENVELOPE,
    `--holdfast-${ID}`,
    "Content-Type: text/plain",
    "Content-Transfer-Encoding: binary",
    `Content-Id: <attachment.${ID}@holdfast>`,
    "",
    "ha-ha",
    `--holdfast-${ID}--`,
    "",
  ]);
});

test("attached: an envelope of SOAP 1.2 has its own types", async () => {
  const { body } = await sent(message("dime", atHand("ha-ha"), "text/plain", "1.2"));
  assert.ok(body.includes("http://www.w3.org/2003/05/soap-envelope\0"));
  const { contentType, body: mime } = await sent(message("mime", atHand("ha-ha"), "text/plain", "1.2"));
  assert.match(contentType, /^multipart\/related; type="application\/soap\+xml"; start=/);
  assert.ok(mime.includes("\r\nContent-Type: application/soap+xml; charset=UTF-8\r\n"));
});

for (const format of FORMATS) {
  test(`attached: what is written in ${format} is read again, whatever it is and however it comes`, async () => {
    const fragment = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
      // Lines that are a boundary, whole, no object can know of.
      fc
        .constantFrom("\r\n", "--", `\r\n--holdfast-${ID}x`, `\r\n--holdfast-${ID}--x`, `\r\n--holdfast-${ID.slice(1)}`)
        .map((text) => Buffer.from(text)),
    );
    const places = fc.array(fc.nat(1_000), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(fc.array(fragment, { maxLength: 12 }), fc.boolean(), places, async (fragments, isStream, cuts) => {
        const content = Buffer.concat(fragments);
        const body = isStream ? { sizeBytes: content.length, source: Readable.from(fragments) } : atHand(content);
        const expected = { envelope: ENVELOPE, mediaType: "text/plain", content };
        assert.deepEqual(await read(await sent(message(format, body)), content.length, cuts), expected);
      }),
      { numRuns: 300 },
    );
  });

  test(`attached: contents of any size are read again in ${format}`, async () => {
    for (const sizeBytes of [0, 1, 2, 3, 4, 5, 65_535, 65_536, 65_537, 300_000]) {
      const content = Buffer.alloc(sizeBytes, "0123456789\r\n");
      const written = await sent(message(format, atHand(content)));
      assert.equal((await read(written, sizeBytes, [65_536, 131_072])).content?.equals(content), true);
    }
  });

  test(`attached: a media type that cannot stand in ${format} is application/octet-stream`, async () => {
    for (const mediaType of ["", "text/plain\r\nX: y", "text/pläin", "a\0b"]) {
      const { mediaType: actual, content } = await read(await sent(message(format, atHand("ha-ha"), mediaType)), 5);
      assert.deepEqual([actual, content?.toString()], ["application/octet-stream", "ha-ha"]);
    }
  });

  test(`attached: who leaves a message in ${format} leaves its attachment, from the first piece on`, async () => {
    for (const wanted of [1, 2, 3]) {
      let isOpen = false;
      async function* pieces(): AsyncGenerator<Piece, void, undefined> {
        isOpen = true;
        try {
          for (;;) yield Buffer.from("ha-ha");
        } finally {
          isOpen = false;
        }
      }
      let got = 0;
      for await (const piece of message(format, { sizeBytes: 500, source: pieces() }).body.source as AsyncIterable<Piece>) {
        assert.ok(isOpen, String(piece.length));
        got += 1;
        if (got === wanted) break;
      }
      assert.equal(isOpen, false);
    }
  });

  test(`attached: what fails within the attachment fails the message in ${format}`, async () => {
    async function* pieces(): AsyncGenerator<Piece, void, undefined> {
      yield Buffer.from("ha");
      throw new Error("damaged");
    }
    await assert.rejects(() => sent(message(format, { sizeBytes: 5, source: pieces() })), /damaged/);
  });
}

test("attached: DIME has media types of 127 bytes, for Axis takes longer ones for data", async () => {
  for (const [sizeBytes, expected] of [
    [127, "x".repeat(127)],
    [128, "application/octet-stream"],
  ] as const) {
    const written = await sent(message("dime", atHand("ha-ha"), "x".repeat(sizeBytes)));
    assert.equal((await read(written, 5)).mediaType, expected);
  }
  assert.equal((await read(await sent(message("mime", atHand("ha-ha"), "x".repeat(128))), 5)).mediaType, "x".repeat(128));
});

/** The largest multiple of four that 32 bits hold. */
const MAX_RECORD_SIZE_BYTES: number = 2 ** 32 - 4;
const SHARED = Buffer.alloc(1024 * 1024 + 1, "0123456789").subarray(1);

/** So many bytes, of the same memory again and again. */
function* repeated(sizeBytes: number): Generator<Buffer> {
  for (let left = sizeBytes; left > 0; left -= SHARED.length) yield SHARED.subarray(0, Math.min(left, SHARED.length));
}

for (const [sizeBytes, records] of [
  [MAX_RECORD_SIZE_BYTES, 1],
  [MAX_RECORD_SIZE_BYTES + 1, 2],
  [2 * MAX_RECORD_SIZE_BYTES + 6, 3],
] as const) {
  test(`attached: ${sizeBytes} bytes are ${records} records of DIME, which are read again`, async () => {
    const { contentType, body } = message("dime", { sizeBytes, source: Readable.from(repeated(sizeBytes)) });
    const heads: number[][] = [];
    let writtenSizeBytes = 0;
    const isOdd = (piece: Buffer): boolean => piece.buffer !== SHARED.buffer;
    async function* watched(): AsyncGenerator<Buffer, void, undefined> {
      for await (const piece of body.source as AsyncIterable<Buffer>) {
        writtenSizeBytes += piece.length;
        if (isOdd(piece) && piece.length === 12) heads.push([piece[0]!, piece[1]!, piece.readUInt32BE(8)]);
        yield piece;
      }
    }
    const { envelope, attachment } = await begin(contentType, Readable.from(watched()));
    assert.equal(envelope.toString(), ENVELOPE);
    const framing = attachment!.framing(sizeBytes);
    let readSizeBytes = 0;
    for (let piece = await framing.next(); piece !== undefined; piece = await framing.next()) readSizeBytes += piece.length;
    assert.deepEqual([readSizeBytes, writtenSizeBytes], [sizeBytes, body.sizeBytes]);
    const rest = [
      [0x09, 0, MAX_RECORD_SIZE_BYTES],
      [0x0a, 0, sizeBytes - (records - 1) * MAX_RECORD_SIZE_BYTES],
    ];
    assert.deepEqual(heads, records === 1 ? [] : rest.slice(3 - records));
  });
}

const AXIS = "application/soap+xml, application/dime, multipart/related, text/*";

const accepted: readonly [accept: string | undefined, contentType: string | undefined, format: AttachmentFormat][] = [
  [AXIS, "text/xml; charset=utf-8", "dime"],
  [AXIS, 'multipart/related; type="text/xml"; boundary=b', "mime"],
  [AXIS, "Application/DIME", "dime"],
  [undefined, "application/dime", "dime"],
  ["multipart/related", "application/dime", "dime"],
  [undefined, undefined, "mime"],
  [undefined, "text/xml", "mime"],
  ["", "text/xml", "mime"],
  ["*/*", "text/xml", "mime"],
  ["text/xml, application/*", "text/xml", "mime"],
  ["application/dime", "text/xml", "dime"],
  ["APPLICATION/DIME ;q=0.1, */*", "text/xml", "dime"],
  ["application/dime;q=0, */*", "text/xml", "mime"],
  ["application/dime;q=x", "text/xml", "mime"],
  ["multipart/related, application/dime", "text/xml", "mime"],
  ["multipart/related;q=0.5, application/dime", "text/xml", "dime"],
  ["multipart/related;q=1, application/dime", "text/xml", "mime"],
  ["application/dime;q=0.5, multipart/related;q=0.6", "text/xml", "mime"],
  ["text/xml, multipart/*, application/dime", "application/soap+xml", "mime"],
  ["application/dime, multipart/*;q=0.9", "text/xml", "dime"],
];

for (const [accept, contentType, format] of accepted) {
  test(`attachmentFormat: who accepts ${accept} and sends ${contentType} reads ${format}`, () => {
    assert.equal(attachmentFormat(accept, contentType), format);
  });
}
