import assert from "node:assert/strict";
import { test } from "node:test";
import { DeleteObject } from "../../../src/operations/objects/DeleteObject.ts";
import { DeleteObjects } from "../../../src/operations/objects/DeleteObjects.ts";
import { PutObject } from "../../../src/operations/objects/PutObject.ts";
import { GetBucketVersioning, PutBucketVersioning } from "../../../src/operations/settings/BucketVersioning.ts";
import type { ObjectIdentifier, VersioningConfiguration } from "../../../src/protocol/generated/types.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { findVersion } from "../../../src/store/objects/objects.ts";
import { addMfaDevice, enableMfaDevice } from "../../../src/store/accounts/mfaDevices.ts";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { codesOf, STEP_MS } from "../../store/accounts/authenticator.ts";
import type { TestStore } from "../../store/testStore.ts";
import { openTestStore } from "../../store/testStore.ts";
import type { ContextOptions } from "../contextFor.ts";
import { bucketIn, contextFor, refusal, STRANGER } from "../contextFor.ts";
import { rootOf } from "../../testCallers.ts";

const MISSING = { code: "AccessDenied", status: 403, message: "Mfa Authentication must be used for this request" } as const;
const INVALID = {
  code: "TokenCodeInvalidError",
  status: 400,
  message: "The serial number and/or token code you provided is not valid.",
} as const;

/** A bucket of a user with an MFA device; each `mfa()` is the next code of it, as x-amz-mfa carries it. */
async function opened() {
  const store: TestStore = await openTestStore();
  const { canonicalId, displayName } = await addAccount(store, { name: "ann" });
  const caller = rootOf(displayName, canonicalId, "AKIDANN");
  const { serial, secret } = await addMfaDevice(store, "ann");
  await enableMfaDevice(store, "ann", codesOf(secret, store.nowMs));
  await bucketIn(store, "of-ann", "us-east-1", caller);
  const context = async (options: ContextOptions = {}) =>
    contextFor({ store, bucket: (await findBucket(store, "of-ann"))!, caller, secure: true, ...options });
  const mfa = (): string => {
    store.nowMs += STEP_MS;
    return `${serial} ${codesOf(secret, store.nowMs)[1]}`;
  };
  const set = async (configuration: VersioningConfiguration, MFA?: string, options?: ContextOptions) =>
    PutBucketVersioning.handle({ Bucket: "of-ann", VersioningConfiguration: configuration, MFA }, await context(options));
  const shown = async () => (await GetBucketVersioning.handle({ Bucket: "of-ann" }, await context())).output;
  const put = async (Key: string) => (await PutObject.handle({ Bucket: "of-ann", Key }, await context())).output.VersionId!;
  const remove = async (Key: string, VersionId?: string, MFA?: string, options?: ContextOptions) =>
    DeleteObject.handle({ Bucket: "of-ann", Key, VersionId, MFA }, await context(options));
  const removeAll = async (Objects: ObjectIdentifier[], MFA?: string) =>
    (await DeleteObjects.handle({ Bucket: "of-ann", Delete: { Objects }, MFA }, await context())).output;
  const isThere = async (key: string, versionId: string) =>
    (await findVersion(store, (await findBucket(store, "of-ann"))!, key, versionId)) !== undefined;
  return { store, serial, mfa, set, shown, put, remove, removeAll, isThere };
}

/** The same with MFA delete. */
async function protectedBucket() {
  const bucket = await opened();
  await bucket.set({ Status: "Enabled", MFADelete: "Enabled" }, bucket.mfa());
  return bucket;
}

test("GetBucketVersioning: MFA delete is shown once it was set, Disabled too", async () => {
  const { set, shown, mfa } = await opened();
  assert.deepEqual(await shown(), { Status: undefined, MFADelete: undefined });
  await set({ Status: "Enabled" });
  assert.deepEqual(await shown(), { Status: "Enabled", MFADelete: undefined });
  await set({ Status: "Enabled", MFADelete: "Disabled" });
  assert.deepEqual(await shown(), { Status: "Enabled", MFADelete: "Disabled" });
  await set({ Status: "Enabled", MFADelete: "Enabled" }, mfa());
  assert.deepEqual(await shown(), { Status: "Enabled", MFADelete: "Enabled" });
});

test("PutBucketVersioning: MFA delete is enabled with a second factor, and nothing is changed without one from then on", async () => {
  const { set, shown, mfa } = await opened();
  await refusal(set({ Status: "Enabled", MFADelete: "Enabled" }), MISSING);
  assert.deepEqual(await shown(), { Status: undefined, MFADelete: undefined });
  await set({ Status: "Enabled", MFADelete: "Enabled" }, mfa());
  for (const MFADelete of [undefined, "Enabled", "Disabled"]) {
    for (const Status of ["Enabled", "Suspended"]) await refusal(set({ Status, MFADelete }), MISSING);
  }
  assert.deepEqual(await shown(), { Status: "Enabled", MFADelete: "Enabled" });
  await set({ Status: "Suspended" }, mfa());
  assert.deepEqual(await shown(), { Status: "Suspended", MFADelete: "Enabled" });
  await set({ Status: "Suspended", MFADelete: "Disabled" }, mfa());
  await set({ Status: "Enabled" });
  assert.deepEqual(await shown(), { Status: "Enabled", MFADelete: "Disabled" });
});

test("DeleteObject: with MFA delete, a version goes with a second factor only, and an object without", async () => {
  const { put, remove, isThere, mfa } = await protectedBucket();
  const versionId = await put("a");
  const marker = (await remove("a")).output.VersionId!;
  for (const version of [versionId, marker, "null"]) await refusal(remove("a", version), MISSING);
  await remove("a", marker, mfa());
  assert.deepEqual([await isThere("a", versionId), await isThere("a", marker)], [true, false]);
  await remove("a", versionId, mfa());
  assert.equal(await isThere("a", versionId), false);
});

test("DeleteObject: MFA delete that was enabled meanwhile counts", async () => {
  const { store, set, put, remove, isThere, mfa } = await opened();
  await set({ Status: "Enabled" });
  const versionId = await put("a");
  const bucket = (await findBucket(store, "of-ann"))!;
  await set({ Status: "Enabled", MFADelete: "Enabled" }, mfa());
  await refusal(remove("a", versionId, undefined, { bucket }), MISSING);
  assert.equal(await isThere("a", versionId), true);
});

test("DeleteObjects: with MFA delete, one version in the list is enough for the whole to need a second factor", async () => {
  const { put, removeAll, isThere, mfa } = await protectedBucket();
  const [a, b] = [await put("a"), await put("b")];
  const list = [{ Key: "c" }, { Key: "a", VersionId: a }, { Key: "b", VersionId: b }];
  await refusal(removeAll(list), MISSING);
  await refusal(removeAll(list, mfa().replace(/\d$/, "x")), INVALID);
  assert.equal(await isThere("a", a), true);
  assert.equal((await removeAll([{ Key: "a" }])).Deleted?.length, 1);
  assert.deepEqual((await removeAll(list, mfa())).Errors, []);
  assert.deepEqual([await isThere("a", a), await isThere("b", b)], [false, false]);
});

test("x-amz-mfa: a code counts for one request, and a wrong one is refused where none is needed too", async () => {
  const { set, remove, mfa } = await opened();
  const once = mfa();
  await set({ Status: "Enabled" }, once);
  await refusal(set({ Status: "Enabled" }, once), INVALID);
  await refusal(remove("a", undefined, once), INVALID);
  await refusal(remove("a", undefined, mfa().replace(/\d$/, "x")), INVALID);
});

test("x-amz-mfa: only the device of the bucket's owner counts, in their own requests", async () => {
  const { serial, remove, set, mfa } = await protectedBucket();
  const owner = { code: "AccessDenied", message: "This operation may only be performed by the bucket owner" } as const;
  await refusal(remove("a", "null", mfa(), { caller: STRANGER }), owner);
  const others = serial.replace(/\d{12}/, "000000000000");
  await refusal(remove("a", "null", mfa().replace(serial, others)), {
    code: "NotDeviceOwnerError",
    message: "The device that generated the token is not owned by the authenticated user.",
  });
  for (const none of ["20899872", `x${serial}`]) {
    await refusal(set({ Status: "Enabled" }, mfa().replace(serial, none)), INVALID);
  }
});

test("x-amz-mfa: without a device that is enabled no code counts", async () => {
  const { store, remove, mfa } = await opened();
  const header = mfa();
  const { canonicalId, displayName } = await addAccount(store, { name: "ben" });
  const caller = rootOf(displayName, canonicalId, "AKIDBEN");
  const bucket = await bucketIn(store, "of-ben", "us-east-1", caller);
  const { serial } = await addMfaDevice(store, "ben");
  await refusal(remove("a", undefined, header.replace(/\S+/, serial), { bucket, caller }), {
    code: "DeviceNotActiveError",
    status: 400,
    message: "The device is not currently active.",
  });
});

test("x-amz-mfa: it is a serial number, a space and a code", async () => {
  const { serial, remove } = await opened();
  for (const MFA of ["", "123456", `${serial}123456`, `${serial}  123456`, ` ${serial} 123456`, `${serial} 123456 `]) {
    await refusal(remove("a", undefined, MFA), {
      code: "InvalidArgument",
      message: "Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}",
      details: { ArgumentName: "x-amz-mfa", ArgumentValue: MFA },
    });
  }
});

test("x-amz-mfa: it comes over TLS, unless the operator allows it without; a refused code is not used up", async () => {
  const { set, mfa } = await opened();
  const header = mfa();
  await refusal(set({ Status: "Enabled" }, header, { secure: false }), {
    code: "InvalidRequest",
    status: 400,
    message: "Requests that include x-amz-mfa must use HTTPS.",
  });
  await set({ Status: "Enabled" }, header, { secure: false, takesMfa: true });
});
