import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { AnswerServer } from "./AnswerServer.ts";
import type { Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** What goes wrong with deletions: of one object, of many as a whole, and of many key by key inside a 200. */

function deletion(body: string, headers?: Readonly<Record<string, string>>): Row["asked"] {
  const digest = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  return { method: "POST", path: "/bucket", query: { delete: "" }, headers: headers ?? digest, body };
}

/** A Delete of the objects given, each as its elements. */
function document(...objects: readonly string[]): string {
  return `<Delete>${objects.map((elements) => `<Object>${elements}</Object>`).join("")}</Delete>`;
}

const NOT_IMPLEMENTED = "A header you provided implies functionality that is not implemented";

refusals("DeleteObject", [
  {
    cause: "a key of 1,025 bytes",
    asked: { method: "DELETE", path: `/bucket/${"k".repeat(1025)}` },
    answer: {
      status: 400,
      code: "KeyTooLongError",
      message: "Your key is too long",
      details: { Size: "1025", MaxSizeAllowed: "1024" },
      says: "The key has 1025 bytes of UTF-8; 1024 are possible, so use a shorter one.",
    },
  },
  {
    cause: "a version that is none",
    asked: { method: "DELETE", path: "/bucket/key", query: { versionId: "v1" } },
    answer: invalidArgument(
      "Invalid version id specified",
      "versionId",
      "v1",
      '"v1" cannot be a version id; objects of a bucket without versioning have the version id "null".',
    ),
  },
  {
    cause: "another object than If-Match names",
    asked: { method: "DELETE", path: "/bucket/key", headers: { "If-Match": '"other"' } },
    answer: {
      status: 412,
      code: "PreconditionFailed",
      message: "At least one of the pre-conditions you specified did not hold",
      details: { Condition: "If-Match" },
      says: 'If-Match is "other", and the object under this key has another ETag: read it again before writing.',
    },
  },
  {
    cause: "no object for If-Match",
    asked: { method: "DELETE", path: "/bucket/none", headers: { "If-Match": "*" } },
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "none" },
      says: 'If-Match is "*", which can only hold for an object that exists, and there is none under this key.',
    },
  },
  {
    cause: "a retention to bypass",
    asked: { method: "DELETE", path: "/bucket/key", headers: { "x-amz-bypass-governance-retention": "true" } },
    answer: invalidArgument(
      "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
      "x-amz-bypass-governance-retention",
      undefined,
      "The bucket has no Object Lock, so there is no retention to bypass; leave the header out.",
    ),
  },
  {
    cause: "a size to match, which is not built",
    asked: { method: "DELETE", path: "/bucket/key", headers: { "x-amz-if-match-size": "11" } },
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: { Header: "x-amz-if-match-size" },
      says: "Deleting by size (directory buckets) is not available in this store, and x-amz-if-match-size asks for it. Nothing was done; leave it out.",
    },
  },
]);

refusals("DeleteObjects", [
  {
    cause: "no digest of the body",
    asked: deletion(document("<Key>key</Key>"), {}),
    answer: invalidRequest(
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
      "DeleteObjects must bring a checksum of its body, and neither header came.",
    ),
  },
  {
    cause: "a Content-MD5 that is none",
    asked: deletion(document("<Key>key</Key>"), { "Content-MD5": "x" }),
    answer: {
      status: 400,
      code: "InvalidDigest",
      message: "The Content-MD5 you specified was invalid.",
      details: { "Content-MD5": "x" },
      says: `Content-MD5 is "x"; it must be the base64 of the 16 bytes of the body's MD5, 24 characters.`,
    },
  },
  {
    cause: "a Content-MD5 of another body",
    asked: deletion(document("<Key>key</Key>"), { "Content-MD5": "1B2M2Y8AsgTpgAmY7PhCfg==" }),
    readsBody: true,
    answer: {
      status: 400,
      code: "BadDigest",
      message: "The Content-MD5 you specified did not match what we received.",
      details: { CalculatedDigest: "VUxjCEXWiErKatrg6+J0xA==", ExpectedDigest: "1B2M2Y8AsgTpgAmY7PhCfg==" },
      says: "The MD5 of the body that came is not the one in Content-MD5: it was changed on its way. Nothing was stored.",
    },
  },
  {
    cause: "no body",
    asked: deletion(""),
    answer: malformedXml("DeleteObjects needs a document in its body, and the body is empty."),
  },
  {
    cause: "no objects",
    asked: deletion("<Delete></Delete>"),
    readsBody: true,
    answer: malformedXml("Delete lacks its element Object."),
  },
  {
    cause: "1,001 objects",
    asked: deletion(document(...Array.from({ length: 1001 }, (_, index) => `<Key>${index}</Key>`))),
    readsBody: true,
    answer: malformedXml("Delete lists 1001 objects; 1 to 1000 are possible in one request."),
  },
  {
    cause: "no XML",
    asked: deletion("Delete key, please"),
    readsBody: true,
    answer: malformedXml("The XML does not parse: text data outside of root node."),
  },
  {
    cause: "another document",
    asked: deletion("<Remove/>"),
    readsBody: true,
    answer: malformedXml('The root element is "Remove"; this operation expects Delete.'),
  },
  {
    cause: "an object without a key",
    asked: deletion(document("")),
    readsBody: true,
    answer: malformedXml("Object lacks its element Key."),
  },
  {
    cause: "an empty key",
    asked: deletion(document("<Key>key</Key>", "<Key></Key>")),
    readsBody: true,
    answer: invalidRequest("Object must have a valid key name.", "Object 2 of the list has an empty Key; nothing was deleted."),
  },
  {
    cause: "an entity of its own",
    asked: deletion('<!DOCTYPE Delete [<!ENTITY a "key">]><Delete><Object><Key>&a;</Key></Object></Delete>'),
    readsBody: true,
    answer: malformedXml("The XML has a DOCTYPE, which S3 does not accept."),
  },
]);

/** The elements of one object, and what its Error says; Key and VersionId are those asked for. */
const PER_KEY: readonly (readonly [cause: string, elements: string, code: string, message: string])[] = [
  ["a version that cannot be", "<Key>a</Key><VersionId>v1</VersionId>", "InvalidArgument", "Invalid version id specified"],
  ["a key of 1,025 bytes", `<Key>${"k".repeat(1025)}</Key>`, "KeyTooLongError", "Your key is too long"],
  [
    "another ETag",
    "<Key>key</Key><ETag>other</ETag>",
    "PreconditionFailed",
    "At least one of the pre-conditions you specified did not hold",
  ],
  ["an ETag of no object", "<Key>none</Key><ETag>other</ETag>", "NoSuchKey", "The specified key does not exist."],
  [
    "a size to match",
    "<Key>key</Key><Size>11</Size>",
    "NotImplemented",
    "A header you provided implies functionality that is not implemented",
  ],
];

for (const [cause, elements, code, message] of PER_KEY) {
  test(`DeleteObjects: ${cause} answers 200 with ${code} for that key, and the others go`, async () => {
    await using answers = await AnswerServer.start();
    const answer = await answers.send(deletion(document(elements, "<Key>archived</Key>")), "header");
    const shown = /^(<Key>[^<]*<\/Key>)(<VersionId>[^<]*<\/VersionId>)?/.exec(elements)![0];
    assert.equal(answer.status, 200);
    assert.equal(
      answer.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
        `<Deleted><Key>archived</Key></Deleted><Error>${shown}<Code>${code}</Code><Message>${message}</Message></Error></DeleteResult>`,
    );
    assert.equal((await answers.send({ method: "HEAD", path: "/bucket/archived" }, "header")).status, 404);
    assert.equal((await answers.send({ method: "HEAD", path: "/bucket/key" }, "header")).status, 200);
  });
}
