import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { expectRefusal } from "../../../auth/expectRefusal.ts";
import type { SentMessage } from "./axisMessages.ts";
import type { DimeRecord } from "./dimeBytes.ts";
import { dime, ENVELOPE, ENVELOPE_RECORD, SOAP } from "./dimeBytes.ts";
import type { ReadMessage } from "./reading.ts";
import { cutAt, everywhere, read } from "./reading.ts";

const CONTENT_RECORD: DimeRecord = { flags: 2, typeFormat: 1, id: "2", type: "text/plain", data: "ha-ha" };
const EXPECTED = { envelope: ENVELOPE, mediaType: "text/plain", content: Buffer.from("ha-ha") };
const ALONE = { envelope: ENVELOPE, mediaType: undefined, content: undefined };
/** A record of no type, which ends a message. */
const TERMINATOR: DimeRecord = { flags: 2, typeFormat: 4 };

const messages: readonly [what: string, message: SentMessage, expected: ReadMessage][] = [
  ["of an envelope and an attachment", dime(ENVELOPE_RECORD, CONTENT_RECORD), EXPECTED],
  ["of an envelope alone has no attachment", dime({ ...ENVELOPE_RECORD, flags: 6 }), ALONE],
  ["of an envelope and a record of no type has no attachment", dime(ENVELOPE_RECORD, TERMINATOR), ALONE],
  ["may end with a record of no type", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, flags: 0 }, TERMINATOR), EXPECTED],
  [
    "may have an envelope of any type",
    dime({ flags: 4, typeFormat: 1, type: "text/xml", data: ENVELOPE }, CONTENT_RECORD),
    EXPECTED,
  ],
  ["may have an envelope of unknown type", dime({ flags: 4, typeFormat: 3, data: ENVELOPE }, CONTENT_RECORD), EXPECTED],
  [
    "may have an attachment whose type is a URI",
    dime(ENVELOPE_RECORD, { flags: 2, type: "urn:x", data: "ha-ha" }),
    { ...EXPECTED, mediaType: undefined },
  ],
  [
    "may have an attachment of unknown type",
    dime(ENVELOPE_RECORD, { flags: 2, typeFormat: 3, data: "ha-ha" }),
    { ...EXPECTED, mediaType: undefined },
  ],
  [
    "may have an attachment of an empty type",
    dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, type: "" }),
    { ...EXPECTED, mediaType: undefined },
  ],
  [
    "may have an empty attachment",
    dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, data: "" }),
    { ...EXPECTED, content: Buffer.alloc(0) },
  ],
  [
    "may have options, and bits that are reserved",
    dime({ ...ENVELOPE_RECORD, options: "12345", reserved: 15 }, { ...CONTENT_RECORD, options: "1", id: "" }),
    EXPECTED,
  ],
  [
    "may have options, ids and types of 8 KiB",
    dime({ ...ENVELOPE_RECORD, options: "o".repeat(8_192), id: "i".repeat(8_192), type: "t".repeat(8_192) }, CONTENT_RECORD),
    EXPECTED,
  ],
  [
    "may have envelope and attachment in chunks, of any size",
    dime(
      { ...ENVELOPE_RECORD, flags: 5, data: "<Enve" },
      { flags: 1, typeFormat: 0, options: "123", data: "" },
      { flags: 0, typeFormat: 0, data: "lope/>" },
      { ...CONTENT_RECORD, flags: 1, data: "" },
      { flags: 1, typeFormat: 0, data: "h" },
      { flags: 1, typeFormat: 0, data: "a-h" },
      { flags: 1, typeFormat: 0, data: "a" },
      // As PHP's Net_DIME ends what it has cut.
      { flags: 0, typeFormat: 0, data: "" },
      TERMINATOR,
    ),
    EXPECTED,
  ],
  [
    "may end with the last chunk of its attachment",
    dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, flags: 1, data: "ha" }, { flags: 2, typeFormat: 0, data: "-ha" }),
    EXPECTED,
  ],
];

for (const [what, message, expected] of messages) {
  test(`DIME: a message ${what}`, async () => {
    const sizeBytes = expected.content?.length ?? 0;
    assert.deepEqual(await read(message, sizeBytes), expected);
    assert.deepEqual(await read(message, sizeBytes, everywhere(message.body)), expected);
  });
}

test("DIME: any bytes in any chunks, in pieces of any size, are the attachment", async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 9 }), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(chunks, fc.array(fc.nat(700), { maxLength: 20 }), async (parts, places) => {
      const records = parts.map((part, index): DimeRecord => {
        const flags = index === parts.length - 1 ? 2 : 1;
        const data = Buffer.from(part);
        return index === 0 ? { ...CONTENT_RECORD, flags, data } : { flags, typeFormat: 0, data };
      });
      const content = Buffer.concat(parts);
      assert.deepEqual(await read(dime(ENVELOPE_RECORD, ...records), content.length, places), { ...EXPECTED, content });
    }),
    { numRuns: 300 },
  );
});

test("DIME: records as large as pieces of the socket, or larger, are the attachment", async () => {
  for (const sizeBytes of [1, 3, 4, 65_535, 65_536, 65_537, 600_000]) {
    const data = Buffer.alloc(sizeBytes, "0123456789");
    const message = dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, data });
    for (const places of [[], [65_536, 131_072, 400_000]]) {
      assert.deepEqual((await read(message, sizeBytes, places)).content?.equals(data), true);
    }
  }
});

const CHUNK: DimeRecord = { ...CONTENT_RECORD, flags: 1, data: "ha" };

const malformed: readonly [what: string, message: SentMessage, details: RegExp][] = [
  ["nothing but a record of no type", dime({ flags: 6, typeFormat: 4 }), /ends before an envelope/],
  ["a first record of another version", dime({ ...ENVELOPE_RECORD, version: 2, flags: 6 }), /Record 1 .* version 2 /],
  ["a further record of another version", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, version: 0 }), /Record 2 .* version 0 /],
  ["no MB flag at its first record", dime({ ...ENVELOPE_RECORD, flags: 2 }), /Record 1 .* has no MB flag/],
  ["an MB flag at a further record", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, flags: 6 }), /Record 2 .* has an MB flag/],
  ["an MB flag at a chunk", dime(ENVELOPE_RECORD, CHUNK, { flags: 6, typeFormat: 0 }), /Record 3 .* has an MB flag/],
  ["a last record that goes on", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, flags: 3 }), /Record 2 .* CF flag/],
  ["an envelope without its first chunk", dime({ ...ENVELOPE_RECORD, flags: 6, typeFormat: 0 }), /Record 1 .* TYPE_T 0;/],
  ["an attachment without its first chunk", dime(ENVELOPE_RECORD, { flags: 2, typeFormat: 0 }), /Record 2 .* TYPE_T 0;/],
  ["a type of a kind nobody knows", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, typeFormat: 5 }), /Record 2 .* TYPE_T 5;/],
  ["a chunk with a kind of type", dime(ENVELOPE_RECORD, CHUNK, CONTENT_RECORD), /Record 3 .* goes on/],
  ["a chunk with an id", dime(ENVELOPE_RECORD, CHUNK, { flags: 2, typeFormat: 0, id: "2" }), /Record 3 .* goes on/],
  ["a chunk with a type", dime(ENVELOPE_RECORD, CHUNK, { flags: 2, typeFormat: 0, type: "a/b" }), /Record 3 .* goes on/],
  ["data of no type", dime(ENVELOPE_RECORD, { ...TERMINATOR, data: "ha-ha" }), /Record 2 .* has no type/],
  ["a type of no type", dime(ENVELOPE_RECORD, { ...TERMINATOR, type: "a/b" }), /Record 2 .* has no type/],
  ["a record of no type before its last", dime(ENVELOPE_RECORD, { ...TERMINATOR, flags: 0 }, CONTENT_RECORD), /has no type/],
  ["a media type of several lines", dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, type: "a/b\r\nc: d" }), /media type/],
  ["options too large", dime({ ...ENVELOPE_RECORD, options: "o".repeat(8_193) }), /more than 8192 bytes/],
  ["an id too large", dime({ ...ENVELOPE_RECORD, id: "o".repeat(8_193) }), /more than 8192 bytes/],
  ["a type too large", dime({ ...ENVELOPE_RECORD, type: "o".repeat(8_193) }), /more than 8192 bytes/],
  ["bytes behind its last record", withMore(dime(ENVELOPE_RECORD, CONTENT_RECORD)), /Bytes follow/],
  ["bytes behind its envelope", withMore(dime({ ...ENVELOPE_RECORD, flags: 6 })), /Bytes follow/],
  ["bytes behind its record of no type", withMore(dime(ENVELOPE_RECORD, TERMINATOR)), /Bytes follow/],
  [
    "two attachments",
    dime(ENVELOPE_RECORD, { ...CONTENT_RECORD, flags: 0 }, { ...CONTENT_RECORD, data: "" }),
    /more than one attachment/,
  ],
  [
    "chunks without data, and no end of them",
    dime(ENVELOPE_RECORD, CHUNK, ...Array.from({ length: 101 }, (): DimeRecord => ({ flags: 1, typeFormat: 0 }))),
    /Record 103 .* after 100 others/,
  ],
];

function withMore({ contentType, body }: SentMessage): SentMessage {
  return { contentType, body: Buffer.concat([body, Buffer.from("\0")]) };
}

for (const [what, message, explained] of malformed) {
  test(`DIME: a message with ${what} is InvalidSOAPRequest`, async () => {
    for (const places of [[], everywhere(message.body)]) {
      const error = await expectRefusal(() => read(message, 5, places), {
        code: "InvalidSOAPRequest",
        status: 400,
        message: "The SOAP request body is invalid",
        details: [],
      });
      assert.match(error.explanation!, explained);
    }
  });
}

test("DIME: a hundred chunks without data are read", async () => {
  const empty = Array.from({ length: 100 }, (): DimeRecord => ({ flags: 1, typeFormat: 0 }));
  const message = dime(ENVELOPE_RECORD, CHUNK, ...empty, { flags: 2, typeFormat: 0, data: "-ha" });
  assert.deepEqual(await read(message, 5), EXPECTED);
});

test("DIME: a message cut anywhere is IncompleteBody", async () => {
  const { contentType, body } = dime(
    { ...ENVELOPE_RECORD, options: "123" },
    { ...CONTENT_RECORD, flags: 1, data: "h" },
    { flags: 0, typeFormat: 0, options: "123", data: "a-ha" },
    TERMINATOR,
  );
  for (let sizeBytes = 0; sizeBytes < body.length; sizeBytes += 1) {
    await expectRefusal(() => read({ contentType, body: body.subarray(0, sizeBytes) }, 5, [sizeBytes - 1]), {
      code: "IncompleteBody",
      status: 400,
      message: "The request body terminated unexpectedly",
    });
  }
});

test("DIME: an attachment larger than announced is refused at its first byte too many", async () => {
  const message = dime({ flags: 4, type: SOAP, data: ENVELOPE }, CHUNK, {
    flags: 2,
    typeFormat: 0,
    dataSizeBytes: 4e9,
    data: "-ha",
  });
  await expectRefusal(() => read({ ...message, body: cutAt(message.body, [])[0]! }, 4), {
    code: "IncompleteBody",
    status: 400,
    details: [
      ["NumberBytesExpected", "4"],
      ["NumberBytesProvided", "6"],
    ],
  });
});
