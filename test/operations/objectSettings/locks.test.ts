import assert from "node:assert/strict";
import { test } from "node:test";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { GetObjectLegalHold, PutObjectLegalHold } from "../../../src/operations/objectSettings/ObjectLegalHold.ts";
import { GetObjectRetention, PutObjectRetention } from "../../../src/operations/objectSettings/ObjectRetention.ts";
import { PutBucketVersioning } from "../../../src/operations/settings/BucketVersioning.ts";
import {
  GetObjectLockConfiguration,
  PutObjectLockConfiguration,
} from "../../../src/operations/settings/ObjectLockConfiguration.ts";
import { CompleteMultipartUpload } from "../../../src/operations/uploads/CompleteMultipartUpload.ts";
import { CreateMultipartUpload } from "../../../src/operations/uploads/CreateMultipartUpload.ts";
import { UploadPart } from "../../../src/operations/uploads/UploadPart.ts";
import { NOW_MS, payloadOf, refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const inDays = (days: number): Date => new Date(NOW_MS + days * DAY_MS);
const LOCKED = { code: "AccessDenied", message: "Access Denied because object protected by object lock.", status: 403 } as const;
const WITHOUT = { code: "InvalidRequest", message: "Bucket is missing Object Lock Configuration", status: 400 } as const;

const withLock = (): Promise<VersionedBucket> => VersionedBucket.made({ ObjectLockEnabledForBucket: true });

test("ObjectLock: a bucket without it refuses retention and holds on writes and on objects, and to bypass what is not there", async () => {
  const bucket = await VersionedBucket.withVersioning();
  await bucket.put("text");
  await refusal(bucket.put("x", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) }), WITHOUT);
  await refusal(bucket.put("x", { ObjectLockLegalHoldStatus: "OFF" }), WITHOUT);
  await refusal(bucket.ask(GetObjectRetention, {}), WITHOUT);
  await refusal(bucket.ask(PutObjectRetention, { Retention: { Mode: "GOVERNANCE", RetainUntilDate: inDays(1) } }), WITHOUT);
  await refusal(bucket.ask(GetObjectLegalHold, {}), WITHOUT);
  await refusal(bucket.ask(PutObjectLegalHold, { LegalHold: { Status: "ON" } }), WITHOUT);
  for (const BypassGovernanceRetention of [true, false]) {
    const refused = { code: "InvalidArgument", details: { ArgumentName: "x-amz-bypass-governance-retention" } } as const;
    await refusal(bucket.delete({ BypassGovernanceRetention }), refused);
  }
});

test("CreateBucket: with Object Lock a bucket has versioning, which cannot be suspended", async () => {
  const bucket = await withLock();
  assert.deepEqual((await bucket.ask(GetObjectLockConfiguration, {})).ObjectLockConfiguration, { ObjectLockEnabled: "Enabled" });
  assert.equal((await bucket.put("text"))?.length, 32);
  await refusal(bucket.version("Suspended"), { code: "InvalidBucketState", status: 409 });
  await bucket.version("Enabled");
});

test("PutBucketVersioning: without a Status answers IllegalVersioningConfigurationException", async () => {
  const bucket = await VersionedBucket.made();
  await refusal(bucket.ask(PutBucketVersioning, { VersioningConfiguration: {} }), {
    code: "IllegalVersioningConfigurationException",
    message: "The Versioning element must be specified",
    status: 400,
  });
});

test("DeleteObject: retention in governance mode keeps a version from all but who bypasses it", async () => {
  const bucket = await withLock();
  const id = await bucket.put("text", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) });
  await refusal(bucket.delete({ VersionId: id }), LOCKED);
  await refusal(bucket.delete({ VersionId: id, BypassGovernanceRetention: false }), LOCKED);
  const { Errors } = await bucket.deleteMany([{ Key: "key", VersionId: id! }]);
  assert.deepEqual(Errors, [{ Key: "key", VersionId: id, Code: "AccessDenied", Message: LOCKED.message }]);
  // A marker on top takes nothing away, and goes as it came.
  const { VersionId: marker } = await bucket.delete();
  await bucket.delete({ VersionId: marker });
  assert.deepEqual(await bucket.delete({ VersionId: id, BypassGovernanceRetention: true }), {
    DeleteMarker: undefined,
    VersionId: id,
  });
});

test("DeleteObject: retention in compliance mode keeps a version from everybody until it ends", async () => {
  const bucket = await withLock();
  const id = await bucket.put("text", { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: inDays(1) });
  const take = { VersionId: id, BypassGovernanceRetention: true };
  await refusal(bucket.delete(take), LOCKED);
  await refusal(bucket.delete(take, { nowMs: NOW_MS + DAY_MS - 1 }), LOCKED);
  await bucket.delete(take, { nowMs: NOW_MS + DAY_MS });
  await refusal(bucket.read({ VersionId: id }), { code: "NoSuchVersion" });
});

test("PutObjectLegalHold: keeps a version until it is taken off, and is shown from then on", async () => {
  const bucket = await withLock();
  const id = await bucket.put("text");
  await refusal(bucket.ask(GetObjectLegalHold, {}), { code: "NoSuchObjectLockConfiguration", status: 404 });
  assert.equal((await bucket.head()).ObjectLockLegalHoldStatus, undefined);
  await bucket.ask(PutObjectLegalHold, { LegalHold: { Status: "ON" } });
  await refusal(bucket.delete({ VersionId: id, BypassGovernanceRetention: true }), LOCKED);
  assert.deepEqual((await bucket.ask(GetObjectLegalHold, {})).LegalHold, { Status: "ON" });
  assert.equal((await bucket.head()).ObjectLockLegalHoldStatus, "ON");
  await bucket.ask(PutObjectLegalHold, { VersionId: id, LegalHold: { Status: "OFF" } });
  assert.deepEqual((await bucket.ask(GetObjectLegalHold, {})).LegalHold, { Status: "OFF" });
  await bucket.delete({ VersionId: id });
  const held = await bucket.put("held", { ObjectLockLegalHoldStatus: "ON" });
  await refusal(bucket.delete({ VersionId: held }), LOCKED);
  await bucket.ask(PutObjectLegalHold, { LegalHold: { Status: "OFF" } });
  await refusal(bucket.ask(PutObjectLegalHold, { LegalHold: {} }), { code: "MalformedXML" });
});

/** What is retained, what is wanted instead, and whether that is possible, without a bypass and with one. */
const CHANGES = [
  ["GOVERNANCE", 2, "GOVERNANCE", 3, true, true],
  ["GOVERNANCE", 2, "GOVERNANCE", 2, true, true],
  ["GOVERNANCE", 2, "GOVERNANCE", 1, false, true],
  ["GOVERNANCE", 2, "COMPLIANCE", 3, false, true],
  ["GOVERNANCE", 2, undefined, 0, false, true],
  ["COMPLIANCE", 2, "COMPLIANCE", 3, true, true],
  ["COMPLIANCE", 2, "COMPLIANCE", 1, false, false],
  ["COMPLIANCE", 2, "GOVERNANCE", 3, false, false],
  ["COMPLIANCE", 2, undefined, 0, false, false],
] as const;

for (const [mode, days, Mode, wantedDays, plainly, bypassing] of CHANGES) {
  const wanted = Mode === undefined ? "none" : `${Mode} of ${wantedDays} days`;
  test(`PutObjectRetention: instead of ${mode} of ${days} days, ${wanted} is ${plainly ? "possible" : "refused"}, with a bypass ${bypassing ? "possible" : "refused"}`, async () => {
    const bucket = await withLock();
    const id = await bucket.put("text", { ObjectLockMode: mode, ObjectLockRetainUntilDate: inDays(days) });
    const Retention = Mode === undefined ? {} : { Mode, RetainUntilDate: inDays(wantedDays) };
    const change = (more: object) => bucket.ask(PutObjectRetention, { VersionId: id, Retention, ...more });
    if (!plainly) await refusal(change({}), LOCKED);
    if (!plainly && !bypassing) await refusal(change({ BypassGovernanceRetention: true }), LOCKED);
    if (!bypassing) {
      // Once it has ended it keeps nobody from anything.
      const nowMs = NOW_MS + 10 * DAY_MS;
      await bucket.ask(PutObjectRetention, { Retention: { Mode: "GOVERNANCE", RetainUntilDate: inDays(11) } }, { nowMs });
      return;
    }
    await change(plainly ? {} : { BypassGovernanceRetention: true });
    if (Mode === undefined) await refusal(bucket.ask(GetObjectRetention, {}), { code: "NoSuchObjectLockConfiguration" });
    else assert.deepEqual((await bucket.ask(GetObjectRetention, {})).Retention, Retention);
  });
}

test("PutObjectRetention: a time that is over answers InvalidArgument, and half of a retention MalformedXML", async () => {
  const bucket = await withLock();
  await bucket.put("text");
  const put = (Retention: object) => bucket.ask(PutObjectRetention, { Retention });
  await refusal(put({ Mode: "GOVERNANCE", RetainUntilDate: new Date(NOW_MS) }), {
    code: "InvalidArgument",
    message: "The retain until date must be in the future!",
  });
  await refusal(put({ Mode: "GOVERNANCE" }), { code: "MalformedXML" });
  await refusal(put({ RetainUntilDate: inDays(1) }), { code: "MalformedXML" });
  const { VersionId } = await bucket.delete();
  await refusal(bucket.ask(PutObjectRetention, { VersionId, Retention: {} }), { code: "MethodNotAllowed" });
});

test("PutObjectLockConfiguration: new versions that ask for nothing are retained by default, by days or years, also by uploads", async () => {
  const bucket = await VersionedBucket.made();
  const configure = (ObjectLockConfiguration: object) => bucket.ask(PutObjectLockConfiguration, { ObjectLockConfiguration });
  await refusal(configure({ ObjectLockEnabled: "Enabled" }), {
    code: "InvalidBucketState",
    message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    status: 409,
  });
  await bucket.version("Enabled");
  const byDays = { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "COMPLIANCE", Days: 2 } } } as const;
  await configure(byDays);
  assert.deepEqual((await bucket.ask(GetObjectLockConfiguration, {})).ObjectLockConfiguration, byDays);
  await bucket.put("text");
  const shown = async () => (await bucket.ask(GetObjectRetention, {})).Retention;
  assert.deepEqual(await shown(), { Mode: "COMPLIANCE", RetainUntilDate: inDays(2) });
  await bucket.put("text", { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) });
  assert.deepEqual(await shown(), { Mode: "GOVERNANCE", RetainUntilDate: inDays(1) });
  await configure({ ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode: "GOVERNANCE", Years: 1 } } });
  await bucket.copy(`bucket/key?versionId=${(await bucket.head()).VersionId}`);
  assert.deepEqual(await shown(), { Mode: "GOVERNANCE", RetainUntilDate: new Date("2027-03-01T12:00:00.250Z") });
  const { UploadId } = await bucket.ask(CreateMultipartUpload, { ObjectLockLegalHoldStatus: "ON" });
  const payload = payloadOf("part", { declared: "CRC32" });
  const { ETag } = await bucket.ask(UploadPart, { UploadId: UploadId!, PartNumber: 1, Body: payload }, { payload });
  const Parts = [{ PartNumber: 1, ETag }];
  await bucket.ask(CompleteMultipartUpload, { UploadId: UploadId!, MultipartUpload: { Parts } }, { nowMs: NOW_MS + DAY_MS });
  assert.deepEqual(await shown(), { Mode: "GOVERNANCE", RetainUntilDate: new Date("2027-03-02T12:00:00.250Z") });
  assert.equal((await bucket.head()).ObjectLockLegalHoldStatus, "ON");
  await configure({ ObjectLockEnabled: "Enabled" });
  await bucket.put("text");
  await refusal(shown(), { code: "NoSuchObjectLockConfiguration" });
});

const BAD_CONFIGURATIONS = [
  ["nothing", {}, "MalformedXML"],
  ["a rule without retention", { ObjectLockEnabled: "Enabled", Rule: {} }, "MalformedXML"],
  ["days and years", rule({ Mode: "GOVERNANCE", Days: 1, Years: 1 }), "MalformedXML"],
  ["neither days nor years", rule({ Mode: "GOVERNANCE" }), "MalformedXML"],
  ["no mode", rule({ Days: 1 }), "MalformedXML"],
  ["no days", rule({ Mode: "GOVERNANCE", Days: 0 }), "InvalidArgument"],
  ["101 years", rule({ Mode: "GOVERNANCE", Years: 101 }), "InvalidArgument"],
  ["36,501 days", rule({ Mode: "GOVERNANCE", Days: 36_501 }), "InvalidArgument"],
] as const;

function rule(DefaultRetention: object): object {
  return { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention } };
}

for (const [what, ObjectLockConfiguration, code] of BAD_CONFIGURATIONS) {
  test(`PutObjectLockConfiguration: ${what} answers ${code}`, async () => {
    const bucket = await withLock();
    await refusal(bucket.ask(PutObjectLockConfiguration, { ObjectLockConfiguration }), { code, status: 400 });
    assert.deepEqual((await bucket.ask(GetObjectLockConfiguration, {})).ObjectLockConfiguration, {
      ObjectLockEnabled: "Enabled",
    });
  });
}

test("PutObject: a locked write without a checksum answers InvalidRequest", async () => {
  const bucket = await withLock();
  const put = (input: object) => {
    const payload = payloadOf("text");
    return bucket.ask(PutObject, { Body: payload, ...input }, { payload });
  };
  const refused = {
    code: "InvalidRequest",
    message: "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock parameters",
  } as const;
  await refusal(put({ ObjectLockLegalHoldStatus: "ON" }), refused);
  await refusal(put({ ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) }), refused);
  await put({ ObjectLockLegalHoldStatus: "ON", ContentMD5: "HLAj13+PYSI+PjQ0Qf1Pxw==" });
  await put({});
  await bucket.ask(PutObjectLockConfiguration, { ObjectLockConfiguration: rule({ Mode: "GOVERNANCE", Days: 1 }) });
  await refusal(put({}), refused);
});

test("UploadPart: a part of what will be locked, without a checksum, answers InvalidRequest", async () => {
  const bucket = await withLock();
  const part = async (begin: object, given: Parameters<typeof payloadOf>[1] = {}, sent: object = {}) => {
    const { UploadId } = await bucket.ask(CreateMultipartUpload, begin);
    const payload = payloadOf("text", given);
    return bucket.ask(UploadPart, { UploadId: UploadId!, PartNumber: 1, Body: payload, ...sent }, { payload });
  };
  const refused = {
    code: "InvalidRequest",
    message: "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Part requests with Object Lock parameters",
  } as const;
  const governed = { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: inDays(1) };
  for (const begin of [{ ObjectLockLegalHoldStatus: "ON" }, governed]) {
    await refusal(part(begin), refused);
    await part(begin, { declared: "CRC32" });
    await part(begin, {}, { ContentMD5: "HLAj13+PYSI+PjQ0Qf1Pxw==" });
  }
  await part({});
  await bucket.ask(PutObjectLockConfiguration, { ObjectLockConfiguration: rule({ Mode: "GOVERNANCE", Days: 1 }) });
  await refusal(part({}), refused);
});

test("GetObjectRetention: shows mode and time, NoSuchObjectLockConfiguration without any, and 405 of a delete marker", async () => {
  const bucket = await withLock();
  await bucket.put("plain", { Key: "plain" });
  await refusal(bucket.ask(GetObjectRetention, { Key: "plain" }), { code: "NoSuchObjectLockConfiguration", status: 404 });
  const lock = { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: inDays(1) };
  const id = await bucket.put("text", lock);
  const { Retention } = await bucket.ask(GetObjectRetention, { VersionId: id });
  assert.deepEqual(Retention, { Mode: "COMPLIANCE", RetainUntilDate: inDays(1) });
  const { ObjectLockMode, ObjectLockRetainUntilDate } = await bucket.head();
  assert.deepEqual({ ObjectLockMode, ObjectLockRetainUntilDate }, lock);
  const { VersionId } = await bucket.delete();
  await refusal(bucket.ask(GetObjectRetention, { VersionId }), { code: "MethodNotAllowed" });
  await refusal(bucket.ask(GetObjectRetention, {}), { code: "NoSuchKey" });
});

test("GetObjectLegalHold: of a delete marker answers 405, and of what is not there NoSuchKey", async () => {
  const bucket = await withLock();
  await refusal(bucket.ask(GetObjectLegalHold, {}), { code: "NoSuchKey" });
  const { VersionId } = await bucket.delete();
  await refusal(bucket.ask(GetObjectLegalHold, { VersionId }), { code: "MethodNotAllowed" });
});
