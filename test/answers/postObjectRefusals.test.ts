import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BOUNDARY, FILE, filePart, FORM_TYPE, formBody, postBody, postForm, signedFields } from "../server/browserForms.ts";
import type { Fields, FormOptions } from "../server/browserForms.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import { invalidArgument, other, refusalIn, refused, under } from "./formRefusals.ts";
import type { Refusal } from "./formRefusals.ts";

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

const UNREADABLE = "The XML you provided was not well-formed or did not validate against our published schema";

const ROWS: readonly (readonly [what: string, form: FormOptions, refusal: Refusal])[] = [
  [
    "a file that is too large",
    under(["content-length-range", 5, 10]),
    other(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: "11",
      MaxSizeAllowed: "10",
    }),
  ],
  [
    "a file that is too small",
    under(["content-length-range", "12", "20"]),
    other(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      ProposedSize: "11",
      MinSizeAllowed: "12",
    }),
  ],
  [
    "ranges that no file is in",
    {
      moreConditions: [
        ["content-length-range", 0, 10],
        ["content-length-range", 12, 20],
      ],
    },
    other(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      ProposedSize: "11",
      MaxSizeAllowed: "10",
    }),
  ],
  ["no file", { file: undefined }, invalidArgument("POST requires exactly one file upload per request.", "file", "0")],
  [
    "a Content-MD5 that is none",
    { fields: [["Content-MD5", "abc"]] },
    other(400, "InvalidDigest", "The Content-MD5 you specified was invalid.", { "Content-MD5": "abc" }),
  ],
  [
    "another Content-MD5",
    { fields: [["Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="]] },
    other(400, "BadDigest", "The Content-MD5 you specified did not match what we received.", {
      CalculatedDigest: "XrY7u+Ae7tCTyyK7j1rNww==",
      ExpectedDigest: "d41d8cd98f00b204e9800998ecf8427e",
    }),
  ],
  [
    "another checksum",
    { fields: [["x-amz-checksum-crc32", "AAAAAA=="]] },
    other(400, "BadDigest", "The CRC32 you specified did not match the calculated checksum."),
  ],
  [
    "a checksum that is none",
    { fields: [["x-amz-checksum-crc32", "sailorjerry"]] },
    other(400, "InvalidRequest", "Value for x-amz-checksum-crc32 header is invalid."),
  ],
  [
    "an unknown checksum",
    { fields: [["x-amz-checksum-crc16", "AAA="]] },
    other(400, "InvalidRequest", "The algorithm type you specified in x-amz-checksum- header is invalid."),
  ],
  [
    "an algorithm without its checksum",
    { fields: [["x-amz-checksum-algorithm", "CRC32"]] },
    other(
      400,
      "InvalidRequest",
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    ),
  ],
  [
    "an unknown storage class",
    { fields: [["x-amz-storage-class", "FakeClass"]] },
    other(400, "InvalidStorageClass", "The storage class you specified is not valid", { StorageClassRequested: "FakeClass" }),
  ],
  ["an ACL that is none", { fields: [["acl", "public"]] }, invalidArgument("", "x-amz-acl", "public")],
  ["tags that are no XML", { fields: [["tagging", "not-xml"]] }, other(400, "MalformedXML", UNREADABLE)],
  [
    "tags of half a character",
    { fields: [["tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>&#xD800;</Value></Tag></TagSet></Tagging>"]] },
    other(400, "MalformedXML", UNREADABLE),
  ],
  [
    "a value that would end its header",
    { fields: [["Content-Type", "text/plain\r\nX-Forged: 1"]] },
    invalidArgument("Invalid Argument", "content-type", "text/plain\r\nX-Forged: 1".replace("\r", "&#13;")),
  ],
  [
    "a customer's key that is no base64",
    { fields: [["x-amz-server-side-encryption-customer-key", "?"]] },
    {
      ...invalidArgument(
        "The secret key was improperly encoded. The secret key must be Base64 encoded.",
        "x-amz-server-side-encryption",
        "",
      ),
      details: { ArgumentName: "x-amz-server-side-encryption" },
    },
  ],
  [
    "an unknown encryption",
    { fields: [["x-amz-server-side-encryption", "ROT13"]] },
    invalidArgument("The encryption method specified is not supported", "x-amz-server-side-encryption", "ROT13"),
  ],
  [
    "a key of more than 1,024 bytes",
    { key: "k".repeat(1_025) },
    other(400, "KeyTooLongError", "Your key is too long", { Size: "1025", MaxSizeAllowed: "1024" }),
  ],
  [
    "a key that leads out of its bucket",
    { key: "../key" },
    other(400, "InvalidURI", "Couldn't parse the specified URI.", { URI: "/bucket/../key" }),
  ],
  [
    "fields of more than 20 KiB",
    { fields: [["x-ignore-padding", "p".repeat(20_480)]] },
    other(400, "MaxPostPreDataLengthExceeded", "Your POST request fields preceeding the upload file was too large.", {
      MaxPostPreDataLengthBytes: "20480",
    }),
  ],
  [
    "a file under another name, which is a field",
    { spoil: (fields) => [...fields, ["upload", "u".repeat(100_000)]] },
    other(400, "MaxPostPreDataLengthExceeded", "Your POST request fields preceeding the upload file was too large.", {
      MaxPostPreDataLengthBytes: "20480",
    }),
  ],
];

for (const [what, form, refusal] of ROWS) {
  test(`PostObject: ${what} answers ${refusal.status} ${refusal.code}`, async () => {
    assert.deepEqual(await refused(answers, () => postForm(answers.server, form)), refusal);
  });
}

test("PostObject: a MiB may follow the file, and no more, in one field or in many", async () => {
  const most = 1024 * 1024;
  for (const behind of [[["a", "b".repeat(most)]], Array.from({ length: 13_000 }, () => ["a", "b"] as const)] as const) {
    const { code } = await refused(answers, () => postForm(answers.server, { behind }));
    assert.equal(code, "MalformedPOSTRequest");
  }
  assert.equal((await postForm(answers.server, { behind: [["a", "b".repeat(most - 200)]] })).status, 204);
});

test("PostObject: two files answer 400 InvalidArgument, once the first is found to be as it should", async () => {
  const second = filePart({ content: "second", name: "second.txt" });
  const body = (options: FormOptions): Buffer =>
    Buffer.concat([
      formBody(signedFields("bucket", NOW_MS, options), FILE).subarray(0, -`--${BOUNDARY}--\r\n`.length),
      second,
      Buffer.from(`--${BOUNDARY}--\r\n`),
    ]);
  const refusal = await refused(answers, () => postBody(answers.server, body({})));
  assert.deepEqual(refusal, invalidArgument("POST requires exactly one file upload per request.", "file", "2"));
  const small = await refused(answers, () => postBody(answers.server, body(under(["content-length-range", 12, 20]))));
  assert.equal(small.code, "EntityTooSmall");
});

const MALFORMED: Refusal = other(
  400,
  "MalformedPOSTRequest",
  "The body of your POST request is not well-formed multipart/form-data.",
);

/** A form's body whose text is changed. */
function changed(change: (text: string) => string): Buffer {
  return Buffer.from(change(formBody(signedFields("bucket", NOW_MS), FILE).toString("latin1")), "latin1");
}

const BODIES: readonly (readonly [what: string, contentType: string, body: Buffer])[] = [
  ["no boundary", "multipart/form-data", changed((text) => text)],
  ["a boundary of 71 characters", `multipart/form-data; boundary=${"b".repeat(71)}`, changed((text) => text)],
  ["no line that is its boundary", "multipart/form-data; boundary=other", changed((text) => text)],
  ["no bytes", FORM_TYPE, Buffer.alloc(0)],
  ["no line behind its last part", FORM_TYPE, changed((text) => text.slice(0, -4))],
  ["no line behind its file", FORM_TYPE, changed((text) => text.slice(0, text.indexOf("hello world") + 11))],
  ["an end within the head of a part", FORM_TYPE, changed((text) => text.slice(0, text.indexOf("form-data")))],
  ["a head line without a colon", FORM_TYPE, changed((text) => text.replace("Content-Type: image/jpeg", "Content-Type"))],
  [
    "head lines that end in LF",
    FORM_TYPE,
    changed((text) => text.replace("Content-Type: image/jpeg\r\n\r\n", "Content-Type: image/jpeg\n\n")),
  ],
  ["8 KiB of head lines", FORM_TYPE, changed((text) => text.replace("image/jpeg", "i".repeat(8_192)))],
  ["8 KiB behind its end", FORM_TYPE, changed((text) => text + "x".repeat(8_193))],
  ["a field that is not UTF-8", FORM_TYPE, changed((text) => text.replace("uploads/", "uploads/\xff"))],
  ["a name that is not UTF-8", FORM_TYPE, changed((text) => text.replace('filename="', 'filename="\xff'))],
  [
    "a field in base64",
    FORM_TYPE,
    changed((text) => text.replace('name="key"', 'name="key"\r\nContent-Transfer-Encoding: base64')),
  ],
];

for (const [what, contentType, body] of BODIES) {
  test(`PostObject: a body with ${what} answers 400 MalformedPOSTRequest`, async () => {
    assert.deepEqual(await refused(answers, () => postBody(answers.server, body, { "Content-Type": contentType })), MALFORMED);
  });
}

test("PostObject: a body that is longer than it says, in chunks of HTTP, answers 400 MalformedPOSTRequest", async () => {
  const body = formBody(signedFields("bucket", NOW_MS), FILE);
  const chunk = Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")]);
  const send = async (sizeBytes: number): Promise<RawAnswer> => {
    using connection = await answers.connect();
    const length = { "Transfer-Encoding": "chunked", "x-amz-decoded-content-length": String(sizeBytes) };
    await connection.sendHead("POST /bucket", { "Content-Type": FORM_TYPE, ...length });
    await connection.send(chunk);
    return await connection.answer();
  };
  assert.deepEqual(await refused(answers, () => send(body.length - 5)), MALFORMED);
  assert.equal((await send(body.length)).status, 204);
});

const HEADS: readonly (readonly [what: string, headers: Record<string, string>, refusal: Refusal])[] = [
  [
    "a Content-Type of another kind",
    { "Content-Type": "text/html" },
    other(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
      Condition: "Bucket POST must be of the enclosure-type multipart/form-data",
    }),
  ],
  [
    "an Authorization header of another kind",
    { Authorization: "Bearer token" },
    invalidArgument("Unsupported Authorization Type", "Authorization", "Bearer token"),
  ],
  [
    "a header that says of the object what its fields do not",
    { "x-amz-acl": "public-read" },
    other(400, "InvalidRequest", "Conflicting values provided in HTTP headers and POST form fields."),
  ],
  [
    "metadata in a header",
    { "x-amz-meta-a": "b" },
    other(400, "InvalidRequest", "Conflicting values provided in HTTP headers and POST form fields."),
  ],
  [
    "a condition in a header",
    { "If-None-Match": "*" },
    other(400, "InvalidRequest", "Conflicting values provided in HTTP headers and POST form fields."),
  ],
];

for (const [what, headers, refusal] of HEADS) {
  test(`PostObject: ${what} answers ${refusal.status} ${refusal.code}`, async () => {
    const body = formBody(signedFields("bucket", NOW_MS), FILE);
    assert.deepEqual(await refused(answers, () => postBody(answers.server, body, headers)), refusal);
  });
}

test("PostObject: a header that says what a field says is no conflict", async () => {
  const fields: Fields = [["x-amz-storage-class", "STANDARD_IA"]];
  const body = formBody(signedFields("bucket", NOW_MS, { fields }), FILE);
  assert.equal((await postBody(answers.server, body, { "x-amz-storage-class": "STANDARD_IA" })).status, 204);
});

test("PostObject: a form that is signed in its head as well, or by its address, is refused", async () => {
  const body = formBody(signedFields("bucket", NOW_MS), FILE);
  const path = answers.server.signed("POST", "/bucket");
  const twice = await refused(answers, () => postBody(answers.server, body, {}, path));
  assert.match(twice.message, /^Only one auth mechanism allowed/);
  const unsigned = formBody(signedFields("bucket", NOW_MS, { signing: "none" }), FILE);
  assert.equal((await refused(answers, () => postBody(answers.server, unsigned, {}, path))).code, "NotImplemented");
});

test("PostObject: a form without a length answers 411, and one in chunks of HTTP 501", async () => {
  using connection = await answers.connect();
  await connection.sendHead("POST /bucket", { "Content-Type": FORM_TYPE });
  assert.equal(refusalIn(await connection.answer()).code, "MissingContentLength");
  using chunked = await answers.connect();
  await chunked.sendHead("POST /bucket", { "Content-Type": FORM_TYPE, "Transfer-Encoding": "chunked" });
  await chunked.send("0\r\n\r\n");
  assert.equal(refusalIn(await chunked.answer()).code, "NotImplemented");
});

test("PostObject: a file of more than 5 GiB is refused before it comes", async () => {
  const fields = formBody(signedFields("bucket", NOW_MS), undefined).subarray(0, -`--${BOUNDARY}--\r\n`.length);
  using connection = await answers.connect();
  await connection.sendHead("POST /bucket", { "Content-Type": FORM_TYPE, "Content-Length": String(6 * 1024 ** 3) });
  await connection.send(Buffer.concat([fields, filePart({ content: "the beginning", name: "a" })]));
  const { code, details } = refusalIn(await connection.answer());
  assert.deepEqual([code, details["MaxSizeAllowed"]], ["EntityTooLarge", String(5 * 1024 ** 3)]);
});
