import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { assertRefusal, invalidArgument, invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** What goes wrong with deletions: of one object, of many as a whole, and of many key by key inside a 200. */

function deletion(body: string, headers?: Readonly<Record<string, string>>): Row["asked"] {
  const digest = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  return { method: "POST", path: "/bucket", query: { delete: "" }, headers: headers ?? digest, body };
}

/** A Delete of the objects given, each as its elements. */
function document(...objects: readonly string[]): string {
  return `<Delete>${objects.map((elements) => `<Object>${elements}</Object>`).join("")}</Delete>`;
}

/** The ETag of "hello world", quoted once as headers have it. */
const ETAG = '"5eb63bbbe01eeed093cb22bb8f5acdc3"';

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
      'A version id has 32 letters, digits, dots, dashes and underscores, or is "null"; "v1" came.',
    ),
  },
  ...["null", "v".repeat(32)].map((versionId) => ({
    cause: `a condition on the version ${versionId}`,
    asked: { method: "DELETE", path: "/bucket/key", query: { versionId }, headers: { "If-Match": ETAG } },
    answer: {
      status: 501,
      code: "NotImplemented",
      message: NOT_IMPLEMENTED,
      details: { Header: "If-Match" },
      says: `The version "${versionId}" is to be deleted if its ETag is ${ETAG}; S3 takes either a version or a condition. Nothing was deleted.`,
    },
  })),
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
      says: "The request is for an object that exists, and there is none under exactly this key.",
    },
  },
  ...["true", "false", "perhaps", ""].map((value) => ({
    cause: `a retention to bypass, called "${value}"`,
    asked: { method: "DELETE", path: "/bucket/key", headers: { "x-amz-bypass-governance-retention": value } },
    answer: invalidArgument(
      "x-amz-bypass-governance-retention is only applicable to Object Lock enabled buckets.",
      "x-amz-bypass-governance-retention",
      undefined,
      "The bucket has no Object Lock, so there is no retention to bypass; leave the header out.",
    ),
  })),
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

refusals(
  "DeleteObjects",
  [
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
  ].map((row) => ({ ...row, stage: "user" })),
);

const DELETE_RESULT = '<?xml version="1.0" encoding="UTF-8"?>\n<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';

const NO_VERSION = "The specified version does not exist.";

/** The elements of one object, and what its Error says; Key and VersionId are those asked for. */
const PER_KEY: readonly (readonly [cause: string, elements: string, code: string, message: string])[] = [
  ["a version that cannot be", "<Key>a</Key><VersionId>v1</VersionId>", "NoSuchVersion", NO_VERSION],
  [
    "a condition on a version",
    `<Key>key</Key><VersionId>null</VersionId><ETag>${ETAG}</ETag>`,
    "NotImplemented",
    "A header you provided implies functionality that is not implemented",
  ],
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
      `${DELETE_RESULT}<Deleted><Key>archived</Key></Deleted><Error>${shown}<Code>${code}</Code><Message>${message}</Message></Error></DeleteResult>`,
    );
    assert.equal((await answers.send({ method: "HEAD", path: "/bucket/archived" }, "header")).status, 404);
    assert.equal((await answers.send({ method: "HEAD", path: "/bucket/key" }, "header")).status, 200);
  });
}

const DENIED = "<Code>AccessDenied</Code><Message>Access Denied</Message>";

for (const [mode, quiet] of [
  ["", ""],
  [", in quiet mode too", "<Quiet>true</Quiet>"],
] as const) {
  test(`DeleteObjects: a user who may delete none of the keys answers 200 with AccessDenied for each${mode}`, async () => {
    await using answers = await AnswerServer.start();
    const fingerprint = await answers.fingerprint();
    const objects = [
      "<Key>key</Key>",
      "<Key>none</Key>",
      "<Key>key</Key><VersionId>null</VersionId>",
      // Nobody is told what else is wrong with what they may not touch.
      "<Key>key</Key><VersionId>v1</VersionId>",
    ];
    const body = document(...objects).replace("<Delete>", `<Delete>${quiet}`);
    const answer = await answers.send(deletion(body), "stranger");
    assert.equal(`${answer.status} ${answer.reason}`, "200 OK");
    assert.equal(answer.headers.get("content-type"), "application/xml");
    const errors = objects.map((elements) => `<Error>${elements}${DENIED}</Error>`);
    assert.equal(answer.body, `${DELETE_RESULT}${errors.join("")}</DeleteResult>`);
    assert.equal(await answers.fingerprint(), fingerprint, "the store has changed");
  });
}

refusals("DeleteObjects", [
  {
    cause: "a bucket that is not there, whoever asks,",
    asked: { ...deletion(document("<Key>key</Key>")), path: "/nobucket" },
    stage: "early",
    answer: {
      status: 404,
      code: "NoSuchBucket",
      message: "The specified bucket does not exist",
      details: { BucketName: "nobucket" },
      says: 'There is no bucket called "nobucket" here; create it, or check the name and the endpoint.',
    },
  },
]);

test("DeleteObjects: nobody signing answers 403 AccessDenied for the request as a whole", async () => {
  await using answers = await AnswerServer.start();
  const asked = deletion(document("<Key>key</Key>"));
  const answer: Refusal = {
    status: 403,
    code: "AccessDenied",
    message: "Access Denied",
    says: "The request is not signed, and the bucket is not public; this needs s3:DeleteObject.",
  };
  assertRefusal(answers, { cause: "", asked, answer }, await answers.send(asked, "anonymous"));
});

test("DeleteObjects: a thousand keys refused do not fill the journal", async () => {
  await using answers = await AnswerServer.start();
  const keys = Array.from({ length: 1000 }, (_, index) => `<Key>${index}</Key>`);
  const answer = await answers.send(deletion(document(...keys)), "stranger");
  assert.equal(answer.body.split(DENIED).length - 1, 1000);
  const [record] = await answers.server.service.journal.find({ id: answer.headers.get("x-amz-request-id")! });
  assert.equal(record?.story?.steps.length, 64);
});
