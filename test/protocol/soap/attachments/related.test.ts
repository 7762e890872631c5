import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { S3Error } from "../../../../src/errors/S3Error.ts";
import { expectRefusal } from "../../../auth/expectRefusal.ts";
import type { SentMessage } from "./axisMessages.ts";
import { ENVELOPE } from "./dimeBytes.ts";
import type { ReadMessage } from "./reading.ts";
import { everywhere, read } from "./reading.ts";

const CONTENT = Buffer.from("ha-ha");
const EXPECTED: ReadMessage = { envelope: ENVELOPE, mediaType: "text/plain", content: CONTENT };
const ALONE: ReadMessage = { envelope: ENVELOPE, mediaType: undefined, content: undefined };
const TYPE = "multipart/related; boundary=b";

/** A body of these lines; its last one ends where the text ends. */
function mime(lines: readonly string[], contentType = TYPE): SentMessage {
  return { contentType, body: Buffer.from(lines.join("\r\n"), "latin1") };
}

const ENVELOPE_PART = ["--b", "Content-Type: text/xml", "", ENVELOPE];
const CONTENT_PART = ["--b", "Content-Type: text/plain", "", "ha-ha"];
const WHOLE = [...ENVELOPE_PART, ...CONTENT_PART, "--b--", ""];

/** The message of tests under another Content-Type, and with another boundary in its lines. */
function withBoundary(parameter: string, boundary: string): SentMessage {
  const lines = WHOLE.map((line) => (line.startsWith("--b") ? `--${boundary}${line.slice(3)}` : line));
  return mime(lines, `multipart/related; boundary=${parameter}`);
}

/** A message whose attachment's part is as given, from its header lines on. */
function attaching(...part: readonly string[]): SentMessage {
  return mime([...ENVELOPE_PART, "--b", ...part, "--b--", ""]);
}

const messages: readonly [what: string, message: SentMessage, expected: ReadMessage][] = [
  ["of an envelope and an attachment", mime(WHOLE), EXPECTED],
  ["of an envelope alone has no attachment", mime([...ENVELOPE_PART, "--b--", ""]), ALONE],
  [
    "of a client that speaks MTOM calls the envelope otherwise",
    mime([
      "--b",
      'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"',
      "",
      ENVELOPE,
      ...CONTENT_PART,
      "--b--",
      "",
    ]),
    EXPECTED,
  ],
  ["may end without a line break", mime([...ENVELOPE_PART, ...CONTENT_PART, "--b--"]), EXPECTED],
  ["may end in white space", mime([...ENVELOPE_PART, ...CONTENT_PART, "--b-- \t"]), EXPECTED],
  ["of an envelope alone may end without a line break", mime([...ENVELOPE_PART, "--b--"]), ALONE],
  ["may have a preamble and an epilogue", mime(["--bb", "-b", ...WHOLE, "more", "--b", "--b--"]), EXPECTED],
  ["may have an empty preamble", mime(["", ...WHOLE]), EXPECTED],
  ["may have 8 KiB before and behind", mime(["x".repeat(8_192), ...WHOLE, "x".repeat(8_190)]), EXPECTED],
  [
    "may have white space behind boundaries",
    mime(WHOLE.map((line) => (line.startsWith("--b") ? `${line}${" \t".repeat(32)}` : line))),
    EXPECTED,
  ],
  ["may have a quoted boundary", withBoundary('"b c"', "b c"), EXPECTED],
  ["may have a boundary with quoted characters", withBoundary(String.raw`"b\"\\\c"; x=y`, String.raw`b"\c`), EXPECTED],
  ["may have a boundary of 70 characters", withBoundary("b".repeat(70), "b".repeat(70)), EXPECTED],
  ["may have a boundary of any visible characters", withBoundary("'b@{1}'*", "'b@{1}'*"), EXPECTED],
  [
    "names its boundary in any case, once, before or behind other parameters",
    mime(WHOLE, 'Multipart/Related;type = "text/xml" ;\tBOUNDARY = b ; boundary=c;start-info=""'),
    EXPECTED,
  ],
  [
    "may name its root, in brackets or not",
    mime(["--b", "content-ID: <1@x>", "", ENVELOPE, ...CONTENT_PART, "--b--"], `${TYPE}; start="1@x"`),
    EXPECTED,
  ],
  ["may have parts without header lines", attaching("", "ha-ha"), { ...EXPECTED, mediaType: undefined }],
  [
    "may have a root of SOAP 1.2",
    mime(["--b", "Content-Type: Application/SOAP+xml; charset=UTF-8", "", ENVELOPE, ...CONTENT_PART, "--b--"]),
    EXPECTED,
  ],
  [
    "may have header lines that are folded, repeated and strange",
    attaching("X-Y:", "CONTENT-TYPE :text/plain;", '\tname="a: b"', "Content-Type: text/html", "", "ha-ha"),
    { ...EXPECTED, mediaType: 'text/plain; name="a: b"' },
  ],
  ["may have an empty attachment", attaching("Content-Type: text/plain", "", ""), { ...EXPECTED, content: Buffer.alloc(0) }],
  [
    "may have an attachment that ends with its header lines",
    attaching("Content-Type: text/plain", ""),
    { ...EXPECTED, content: Buffer.alloc(0) },
  ],
  ["may have a part of nothing at all", attaching(""), asContent("")],
  ["may have line breaks around its content", attaching("", "", "", ""), asContent("\r\n\r\n")],
  [
    "may have content that looks like a boundary",
    attaching("", "--bc", "--b-", "--b--c", "--b-- c", `--b${" ".repeat(65)}`, "-- b", "--b\r", "--", "\r"),
    asContent(["--bc", "--b-", "--b--c", "--b-- c", `--b${" ".repeat(65)}`, "-- b", "--b\r", "--", "\r"].join("\r\n")),
  ],
  [
    "may have content whose line breaks are not CR LF",
    attaching("", "\n--b--\n\r--b--\r", "\n--b--"),
    asContent("\n--b--\n\r--b--\r\r\n\n--b--"),
  ],
  ...["binary", "8bit", "7BIT", ""].map((encoding): (typeof messages)[number] => [
    `may say that its encoding is "${encoding}"`,
    attaching("Content-Type: text/plain", `Content-Transfer-Encoding: ${encoding}`, "", "ha-ha"),
    EXPECTED,
  ]),
  [
    "may be in base64",
    attaching("Content-Type: text/plain", "Content-Transfer-Encoding: Base64", "", "aGEt", "\taG", "E=", ""),
    EXPECTED,
  ],
  [
    "may have an envelope in base64",
    mime(["--b", "Content-Transfer-Encoding: base64", "", Buffer.from(ENVELOPE).toString("base64"), ...CONTENT_PART, "--b--"]),
    EXPECTED,
  ],
  ["may be nothing in base64", attaching("Content-Transfer-Encoding: base64", "", "", ""), asContent("")],
];

function asContent(text: string): ReadMessage {
  return { envelope: ENVELOPE, mediaType: undefined, content: Buffer.from(text) };
}

for (const [what, message, expected] of messages) {
  test(`multipart/related: a message ${what}`, async () => {
    const sizeBytes = expected.content?.length ?? 0;
    assert.deepEqual(await read(message, sizeBytes), expected);
    assert.deepEqual(await read(message, sizeBytes, everywhere(message.body)), expected);
    for (const place of everywhere(message.body).slice(-200)) assert.deepEqual(await read(message, sizeBytes, [place]), expected);
  });
}

const malformed: readonly [what: string, message: SentMessage, details: RegExp][] = [
  ["no boundary", mime(WHOLE, "multipart/related"), /1 to 70 characters/],
  ["an empty boundary", mime(WHOLE, 'multipart/related; boundary=""'), /1 to 70 characters/],
  ["a boundary of 71 characters", withBoundary("b".repeat(71), "b".repeat(71)), /1 to 70 characters/],
  ["a boundary that ends in a space", withBoundary('"b "', "b "), /1 to 70 characters/],
  ["a boundary that breaks a line", withBoundary('"b\r\nb"', "b\r\nb"), /1 to 70 characters/],
  ["a boundary that is no parameter", mime(WHOLE, "multipart/related; type; boundary=b"), /1 to 70 characters/],
  ["no line that is its boundary", mime(WHOLE, "multipart/related; boundary=c"), /no line "--c"/],
  ["no such line in 8 KiB", mime(["x".repeat(8_193), ...WHOLE]), /first 8192 bytes .* no line "--b"/],
  ["no bytes", mime([""]), /no line "--b"/],
  ["no part", mime(["--b--"]), /ends before an envelope/],
  ["more than 8 KiB behind", mime([...WHOLE, "x".repeat(8_193)]), /More than 8192 bytes follow/],
  ["another root than its first part", mime(WHOLE, `${TYPE}; start="<1>"`), /not "<1>"/],
  ...(["<1@x", "1@x>", "1@x"] as const).map((id): [string, SentMessage, RegExp] => [
    `a root of the id ${id} in place of what stands within it`,
    mime([`--b`, `Content-ID: ${id}`, "", ENVELOPE, ...CONTENT_PART, "--b--"], `${TYPE}; start="${id.slice(1, -1)}"`),
    /the Content-Id of that is not/,
  ]),
  ["a root that is no envelope", mime([...CONTENT_PART, ...ENVELOPE_PART, "--b--"]), /not "text\/plain"/],
  ["a header line without a colon", attaching("Content-Type", "", "ha-ha"), /"Content-Type", without a colon/],
  ["header lines of more than 8 KiB", withHead(8_193), /8192 bytes/],
  ["a header line that does not end", attaching(`X: ${"x".repeat(20_000)}`), /8192 bytes/],
  ["a header line that ends in LF", attaching("Content-Type: text/plain\n", "", "ha-ha"), /CR LF/],
  ["a media type that no header may have", attaching("Content-Type: text/pl\u00e4in", "", "ha-ha"), /media type/],
  [
    "an encoding that is not read here",
    attaching("Content-Transfer-Encoding: quoted-printable", "", "ha-ha"),
    /"quoted-printable"/,
  ],
  ["two attachments", mime([...ENVELOPE_PART, ...CONTENT_PART, ...CONTENT_PART, "--b--"]), /more than one attachment/],
  ...["aGEtaGE", "aGEtaGE=aGEt", "aGEtaGE==", "aG=t", "====", "aGEt*GE=", "aGEtaGE=\r\n=", "aGEtaGE=\r\naGEt"].map(
    (text): (typeof malformed)[number] => [
      `"${text}" for base64`,
      attaching("Content-Transfer-Encoding: base64", "", text),
      /is not base64/,
    ],
  ),
];

for (const [what, message, explained] of malformed) {
  test(`multipart/related: a message with ${JSON.stringify(what)} is InvalidSOAPRequest`, async () => {
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

/** A message whose attachment has header lines of this size, with the empty one. */
function withHead(sizeBytes: number): SentMessage {
  return attaching("Content-Type: text/plain", `X: ${"x".repeat(sizeBytes - 33)}`, "", "ha-ha");
}

test("multipart/related: header lines of 8 KiB are read", async () => {
  assert.deepEqual(await read(withHead(8_192), 5), EXPECTED);
});

test("multipart/related: without the line behind its last part, a message is IncompleteBody", async () => {
  for (const end of ["", "--", "--b", "--b-", "--b ", "--b--\r", "--b--c"]) {
    const message = mime([...ENVELOPE_PART, ...CONTENT_PART, end]);
    const sizeBytes = end === "--b--c" ? 13 : 5;
    const error = await expectRefusal(() => read(message, sizeBytes), {
      code: "IncompleteBody",
      status: 400,
      message: "The request body terminated unexpectedly",
    });
    assert.match(error.explanation!, /"--b--"/);
  }
  const error = await expectRefusal(() => read(mime([...ENVELOPE_PART, "--b", "Content-Type: a/b"]), 5), {
    code: "IncompleteBody",
    status: 400,
  });
  assert.match(error.explanation!, /within the header lines/);
});

test("multipart/related: base64 in any pieces is the attachment", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(500), { maxLength: 30 }), async (bytes, places) => {
      const text = Buffer.from(bytes).toString("base64").replace(/.{76}/g, "$&\r\n");
      const message = attaching("Content-Transfer-Encoding: base64", "", text);
      assert.deepEqual((await read(message, bytes.length, places)).content, Buffer.from(bytes));
    }),
    { numRuns: 300 },
  );
});

/** The content of the last part, and what ends it, found by a search that is as simple as it is slow. */
function found(text: string): { readonly content: string; readonly isLast: boolean } {
  const match = /\r\n--b(?:(--)(?:[ \t]{0,64}(?:\r\n|$))|[ \t]{0,64}\r\n)/.exec(`\r\n${text}`)!;
  return { content: `\r\n${text}`.slice(2, Math.max(match.index, 2)), isLast: match[1] !== undefined };
}

test("multipart/related: any content, of what boundaries are made of, ends where the first of them is", async () => {
  const fragment = fc.constantFrom(
    "\r",
    "\n",
    "\r\n",
    "-",
    "--",
    "b",
    "\r\n--",
    "\r\n--b",
    "\r\n--b--",
    " ",
    "\t",
    "x",
    " ".repeat(60),
  );
  const places = fc.array(fc.nat(400), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(fc.array(fragment, { maxLength: 12 }), places, async (fragments, cuts) => {
      const text = `${fragments.join("")}\r\n--b--\r\n`;
      const { content, isLast } = found(text);
      const message = mime([...ENVELOPE_PART, "--b", "", text]);
      try {
        const actual = await read(message, content.length, cuts);
        assert.deepEqual([actual.content?.toString(), isLast], [content, true]);
      } catch (error) {
        if (!(error instanceof S3Error)) throw error;
        // Where a further part begins, its head is wrong.
        assert.deepEqual([error.status, isLast], [400, false], error.explanation);
      }
    }),
    { numRuns: 1_000 },
  );
});
