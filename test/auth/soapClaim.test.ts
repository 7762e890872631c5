import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { authenticateElements } from "../../src/auth/authenticateElements.ts";
import type { SignedElements } from "../../src/protocol/Dialect.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";

const { accessKeyId, secretAccessKey } = EXAMPLE_KEY;

/** AWS's own examples of the text that is signed, with the signature that the example key gives it. */
const VECTORS = [
  ["CreateBucket", "2009-01-01T12:00:00.000Z", "shOMhz4+xPT5ndHZSiRHcrBi/Jc="],
  ["ListAllMyBuckets", "2006-03-01T12:00:00.183Z", "8n1ZuNnOU0Wn4B2ZMT/L6VlL0xI="],
] as const;

function elements(over: Partial<SignedElements>): SignedElements {
  return {
    by: "elements",
    service: "s3",
    operation: "ListBucket",
    accessKeyId,
    timestamp: undefined,
    signature: undefined,
    credential: undefined,
    ...over,
  };
}

function options(nowMs: number) {
  return { credentials: exampleCredentials, region: "us-east-1", nowMs };
}

function sign(operation: string, time: string): string {
  return createHmac("sha1", secretAccessKey).update(`AmazonS3${operation}${time}`).digest("base64");
}

test("authenticateElements: the examples of SOAP's signature are of the example key's owner", async () => {
  for (const [operation, timestamp, signature] of VECTORS) {
    const signedAtMs = Date.parse(timestamp);
    const found = await authenticateElements(elements({ operation, timestamp, signature }), options(signedAtMs));
    assert.equal(found.caller.accessKeyId, accessKeyId);
    assert.deepEqual(
      [found.signature?.version, found.signature?.authType, found.signature?.signedAtMs],
      ["AWS", undefined, signedAtMs],
    );
  }
});

test("authenticateElements: a time is signed in UTC with three digits, rounded or cut off, or as it was sent", async () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  for (const [timestamp, signed] of [
    ["2026-03-01T14:00:00.183+02:00", "2026-03-01T12:00:00.183Z"],
    ["2026-03-01T12:00:00Z", "2026-03-01T12:00:00.000Z"],
    ["2026-03-01T12:00:00", "2026-03-01T12:00:00.000Z"],
    ["2026-03-01T12:00:00.1835Z", "2026-03-01T12:00:00.184Z"],
    ["2026-03-01T12:00:00.1835Z", "2026-03-01T12:00:00.183Z"],
    ["2026-03-01T12:00:00.1835Z", "2026-03-01T12:00:00.1835Z"],
    ["\n 2026-03-01T12:00:00Z ", "2026-03-01T12:00:00Z"],
  ] as const) {
    const asked = elements({ timestamp, signature: ` ${sign("ListBucket", signed)}\n` });
    assert.equal((await authenticateElements(asked, options(nowMs))).caller.kind, "root", timestamp);
  }
  for (const signed of ["2026-03-01T12:00:00.182Z", "2026-03-01T12:00:00Z", ""]) {
    const asked = elements({ timestamp: "2026-03-01T12:00:00.1835Z", signature: sign("ListBucket", signed) });
    const error = await expectRefusal(() => authenticateElements(asked, options(nowMs)), {
      ...{ code: "SignatureDoesNotMatch", status: 403 },
    });
    assert.equal(Object.fromEntries(error.details)["StringToSign"], "AmazonS3ListBucket2026-03-01T12:00:00.184Z");
  }
});

test("authenticateElements: a time is good for a quarter of an hour, both ways", async () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  const at = (offsetMs: number): SignedElements => {
    const timestamp = new Date(nowMs + offsetMs).toISOString();
    return elements({ timestamp, signature: sign("ListBucket", timestamp) });
  };
  for (const offsetMs of [-900_000, 900_000]) await authenticateElements(at(offsetMs), options(nowMs));
  for (const offsetMs of [-900_001, 900_001]) {
    await expectRefusal(() => authenticateElements(at(offsetMs), options(nowMs)), { code: "RequestTimeTooSkewed", status: 403 });
  }
});

test("authenticateElements: none of the elements is nobody, and some of them MissingSecurityElement", async () => {
  const none = elements({ accessKeyId: undefined });
  assert.equal((await authenticateElements(none, options(0))).caller.kind, "anonymous");
  const timestamp = "2026-03-01T12:00:00Z";
  for (const [some, missing] of [
    [elements({}), "Timestamp"],
    [elements({ timestamp }), "Signature"],
    [elements({ signature: "a" }), "Timestamp"],
    [elements({ accessKeyId: undefined, timestamp }), "AWSAccessKeyId"],
    [elements({ accessKeyId: undefined, signature: "a" }), "AWSAccessKeyId"],
    [elements({ accessKeyId: undefined, timestamp, signature: "a" }), "AWSAccessKeyId"],
  ] as const) {
    const error = await expectRefusal(() => authenticateElements(some, options(0)), {
      ...{ code: "MissingSecurityElement", status: 400 },
    });
    assert.ok(error.explanation!.startsWith(`The element ${missing} is missing.`), error.explanation);
  }
});

test("authenticateElements: what is no time, a temporary key and a Credential are refused", async () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  const timestamp = "2026-03-01T12:00:00Z";
  const ask = (over: Partial<SignedElements>) => () =>
    authenticateElements(elements({ timestamp, signature: "a", ...over }), options(nowMs));
  await expectRefusal(ask({ timestamp: "now" }), { code: "InvalidSOAPRequest", status: 400 });
  await expectRefusal(ask({ credential: "somebody" }), { code: "CredentialsNotSupported", status: 400 });
  const temporary = await expectRefusal(ask({ accessKeyId: "ASIATEMPORARY0000000" }), {
    code: "InvalidAccessKeyId",
    status: 403,
    details: [["AWSAccessKeyId", "ASIATEMPORARY0000000"]],
  });
  assert.match(temporary.explanation!, /SOAP has no place for their session token/);
  await expectRefusal(ask({ accessKeyId: "AKIAUNKNOWN000000000" }), { code: "InvalidAccessKeyId", status: 403 });
});

test("authenticateElements: blanks around the elements don't count, and an empty Credential is none", async () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  const timestamp = "2026-03-01T12:00:00.000Z";
  for (const credential of ["", " \n"]) {
    const asked = elements({
      ...{ accessKeyId: `\n${accessKeyId} `, timestamp: ` ${timestamp}\n`, credential },
      signature: ` ${sign("ListBucket", timestamp)}\n`,
    });
    assert.equal((await authenticateElements(asked, options(nowMs))).caller.accessKeyId, accessKeyId);
  }
});
