import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { MAX_LINE_LENGTH, recordIn, recordLine } from "../../../src/journal/folder/recordLine.ts";
import type { RequestRecord } from "../../../src/journal/RequestRecord.ts";
import { someRecord, someStory } from "../someRecord.ts";

/** What a record is once it has been written and read: times are whole microseconds, and what is not there has no name. */
function kept(record: RequestRecord): RequestRecord {
  return JSON.parse(JSON.stringify(record)) as RequestRecord;
}

const text = fc.option(fc.string({ unit: "binary" }), { nil: undefined });
const size = fc.option(fc.nat(), { nil: undefined });

test("recordLine: whatever texts a request brings, the line is one line of JSON and gives the record back", () => {
  const parts = fc.record({
    target: fc.string({ unit: "binary" }),
    bucket: text,
    key: text,
    versionId: text,
    uploadId: text,
    userAgent: text,
    host: text,
    referer: text,
    accessKeyId: text,
    caller: text,
    invocationId: text,
    loggedAs: text,
    partNumber: size,
    objectSizeBytes: size,
    attempt: size,
  });
  fc.assert(
    fc.property(parts, (given) => {
      const record = someRecord(given);
      const line = recordLine(record);
      assert.equal(line.indexOf("\n"), line.length - 1);
      const read = recordIn(line.slice(0, -1));
      // Half of a surrogate pair is no character of UTF-8, but stays what it is in JSON.
      assert.deepEqual(read, kept(record));
    }),
  );
});

test("recordLine: every member of a record is kept", () => {
  const record = someRecord({
    ...{
      versionId: "v",
      uploadId: "u",
      partNumber: 7,
      objectSizeBytes: 9,
      errorCode: "NoSuchKey",
      status: 404,
      userAgent: "agent",
    },
    ...{ host: "localhost", referer: "http://page", httpVersion: "1.0", tls: "1.3 TLS_AES_256_GCM_SHA384" },
    ...{ signature: "SigV4 AuthHeader", accessKeyId: "AKID", caller: "arn:aws:iam::123456789012:user/a", canonicalId: "c" },
    ...{ bucketOwnerId: "o", usedAcl: true, loggedAs: "SOAP.GetObject", attempt: 2, invocationId: "i", faults: ["f1", "f2"] },
    story: someStory({ canonicalRequest: "GET\n/", stringToSign: "AWS4", stack: "Error\n  at" }),
  });
  assert.deepEqual(recordIn(recordLine(record)), record);
});

test("recordLine: who sends is told of each request, also when two take turns", () => {
  const [one, other] = [
    { caller: "arn:one", host: "a" },
    { caller: "arn:other", host: "b" },
  ] as const;
  for (const sender of [one, other, one, one, other]) {
    const read = recordIn(recordLine(someRecord(sender)));
    assert.equal(read?.caller, sender.caller);
    assert.equal(read?.host, sender.host);
  }
});

test("recordLine: of a line that would be too long, the story is shortened, and then left out", () => {
  const error = someStory().error!;
  const long = "x".repeat(MAX_LINE_LENGTH);
  const shortened = recordIn(recordLine(someRecord({ story: someStory({ headers: [["X-Long", long]] }) })));
  assert.deepEqual(shortened?.story, { stage: "execution", headers: [], steps: [], error });
  const none = recordIn(recordLine(someRecord({ story: someStory({ error: { ...error, message: long } }) })));
  assert.equal(none?.key, "cat.jpg");
  assert.equal(none?.story, undefined);
});

test("recordIn: a torn line, and one that is no record, are none", () => {
  const line = recordLine(someRecord({ story: someStory() })).trimEnd();
  assert.notEqual(recordIn(line), undefined);
  for (let length = 0; length < line.length; length += 1) assert.equal(recordIn(line.slice(0, length)), undefined);
  const whole = JSON.parse(line) as Record<string, unknown>;
  const damages: Record<string, unknown>[] = [
    { status: "200" },
    { stages: ["1"] },
    { requestId: 1 },
    { story: { stage: 1 } },
    { story: null },
  ];
  for (const damage of damages)
    assert.equal(recordIn(JSON.stringify({ ...whole, ...damage })), undefined, JSON.stringify(damage));
  for (const other of ["", "null", "7", "[]", '{"dropped":3}']) assert.equal(recordIn(other), undefined);
});
