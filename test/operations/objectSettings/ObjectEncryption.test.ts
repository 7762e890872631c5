import assert from "node:assert/strict";
import { test } from "node:test";
import { UpdateObjectEncryption } from "../../../src/operations/objectSettings/ObjectEncryption.ts";
import { GetObject } from "../../../src/operations/objects/GetObject.ts";
import { createKmsKey, setKmsKeyEnabled } from "../../../src/keys/ringChanges.ts";
import type { RingKeys } from "../../../src/keys/memoryKeys.ts";
import { accountIdOf } from "../../../src/store/accounts/accountIds.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import type { ContextOptions } from "../contextFor.ts";
import { ANONYMOUS, CUSTOMER_KEY, NOW_MS, OWNER, refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";

const ACCOUNT = accountIdOf(OWNER.canonicalId);
const SECURE: ContextOptions = { secure: true };

/** A bucket, and keys of the account that owns it. */
async function rig(input: Parameters<typeof VersionedBucket.made>[0] = {}) {
  const bucket = await VersionedBucket.made(input);
  const ring = (bucket.store.keys as RingKeys).ring;
  const at = { nowMs: NOW_MS, randomBytes: bucket.store.randomBytes };
  const newKey = async (accountId: string = ACCOUNT): Promise<string> =>
    (await ring.change((content) => createKmsKey(content, { region: "us-east-1", accountId }, at))).arn;
  const disable = (arn: string) => ring.change((content) => setKmsKeyEnabled(content, arn.split("/")[1]!, false, at));
  const update = (
    KMSKeyArn: string,
    more: { readonly BucketKeyEnabled?: boolean; readonly VersionId?: string } = {},
    options = SECURE,
  ) => {
    const { VersionId, ...key } = more;
    return bucket.ask(UpdateObjectEncryption, { ObjectEncryption: { SSEKMS: { KMSKeyArn, ...key } }, VersionId }, options);
  };
  const shown = async (VersionId?: string) => {
    const { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, ETag } = await bucket.ask(GetObject, { VersionId }, SECURE);
    return { ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled, ETag };
  };
  return { bucket, newKey, disable, update, shown };
}

test("UpdateObjectEncryption: an object changes its key, from the store's to one of KMS's and on to another, and nothing else", async () => {
  const { bucket, newKey, disable, update, shown } = await rig();
  await bucket.put("content");
  const before = await bucket.head();
  assert.equal(before.ServerSideEncryption, "AES256");
  const [first, second] = [await newKey(), await newKey()];
  for (const [arn, BucketKeyEnabled] of [
    [first, undefined],
    [first, true],
    [second, false],
  ] as const) {
    await update(arn, { ...(BucketKeyEnabled !== undefined && { BucketKeyEnabled }) });
    assert.deepEqual(await shown(), {
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: arn,
      BucketKeyEnabled: BucketKeyEnabled === true ? true : undefined,
      ETag: before.ETag,
    });
    assert.deepEqual(await bucket.read({}, SECURE), ["content", undefined]);
    const { ServerSideEncryption: _1, SSEKMSKeyId: _2, BucketKeyEnabled: _3, ...after } = await bucket.head();
    const { ServerSideEncryption: _4, ...described } = before;
    assert.deepEqual(after, described);
  }
  await disable(first);
  assert.equal((await bucket.read({}, SECURE))[0], "content");
  await disable(second);
  await refusal(bucket.read({}, SECURE), { code: "KMS.DisabledException", message: `${second} is disabled.` });
  await refusal(update(await newKey()), { code: "KMS.DisabledException" });
});

test("UpdateObjectEncryption: a version is changed alone", async () => {
  const { bucket, newKey, update, shown } = await rig();
  await bucket.version("Enabled");
  const first = await bucket.put("first");
  const second = await bucket.put("second");
  const arn = await newKey();
  await update(arn, { VersionId: first! });
  assert.deepEqual([(await shown(first)).SSEKMSKeyId, (await shown(second)).SSEKMSKeyId], [arn, undefined]);
  await refusal(update(arn, { VersionId: "x" }), { code: "InvalidArgument" });
  await bucket.delete();
  await refusal(update(arn), { code: "NoSuchKey", status: 404 });
});

test("UpdateObjectEncryption: what is not encrypted, or with a customer's key, or twice, is InvalidRequest", async () => {
  const { bucket, newKey, update } = await rig();
  const arn = await newKey();
  const unlike =
    "The UpdateObjectEncryption operation doesn't support source objects with the encryption type DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.";
  for (const input of [CUSTOMER_KEY, { ServerSideEncryption: "aws:kms:dsse" }]) {
    await bucket.put("content", input, SECURE);
    await refusal(update(arn), { code: "InvalidRequest", status: 400, message: unlike });
  }
  const plain = { ...bucket.store, encryptsByDefault: false };
  await bucket.put("content", {}, { store: plain });
  await refusal(update(arn), {
    code: "InvalidRequest",
    message:
      "The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.",
  });
});

test("UpdateObjectEncryption: only the ARN of a key of the bucket's account names one", async () => {
  const { bucket, newKey, update } = await rig();
  await bucket.put("content");
  const needsArn =
    "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again.";
  await refusal(update(""), { code: "InvalidRequest", message: needsArn });
  const arn = await newKey();
  for (const wrong of ["alias/a", arn.replace("key/", "alias/"), `${arn} `, `${arn}${"0".repeat(2_048)}`]) {
    await refusal(update(wrong), {
      code: "InvalidRequest",
      message:
        "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and then try again.",
    });
  }
  await refusal(update(await newKey("123456789012")), {
    code: "AccessDenied",
    status: 403,
    message:
      "The AWS KMS key in the request must be owned by the same account as the bucket. Modify the request to specify a KMS key from the same account, and then try again.",
  });
  const gone = arn.replace(/key\/.*/, "key/12345678-1234-1234-1234-123456789012");
  await refusal(update(gone), { code: "KMS.NotFoundException", message: `Key '${gone}' does not exist` });
  await refusal(bucket.ask(UpdateObjectEncryption, { ObjectEncryption: {} }, SECURE), {
    code: "InvalidRequest",
    message:
      "Requests that modify an object encryption configuration require a valid new encryption type. Valid values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.",
  });
});

test("UpdateObjectEncryption: what is locked keeps its encryption, whatever the mode, until the lock has ended", async () => {
  const { bucket, newKey, update } = await rig({ ObjectLockEnabledForBucket: true });
  const arn = await newKey();
  const until = new Date(NOW_MS + 1_000);
  const locks = [
    { ObjectLockMode: "GOVERNANCE", ObjectLockRetainUntilDate: until },
    { ObjectLockMode: "COMPLIANCE", ObjectLockRetainUntilDate: until },
    { ObjectLockLegalHoldStatus: "ON" },
  ];
  for (const lock of locks) {
    await bucket.put("content", lock);
    const error = await refusal(update(arn), { code: "AccessDenied", status: 403 });
    assert.match(error.message, /^The encryption type for the specified object can’t be updated because/);
  }
  await bucket.put("content", locks[1]);
  await update(arn, {}, { ...SECURE, nowMs: NOW_MS + 1_000 });
});

test("UpdateObjectEncryption: only signed by version 4, and over a secure connection", async () => {
  const { bucket, newKey, update } = await rig();
  await bucket.put("content");
  const arn = await newKey();
  for (const options of [{ signatureVersion: "AWS" }, { caller: ANONYMOUS }] as const) {
    await refusal(update(arn, {}, { ...SECURE, ...options }), {
      code: "InvalidRequest",
      message:
        "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify the request to use AWS Signature Version 4, and then try again.",
    });
  }
  await refusal(update(arn, {}, { secure: false }), {
    code: "InvalidArgument",
    message: "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.",
  });
});

test("UpdateObjectEncryption: an object that is replaced meanwhile is looked at again", async () => {
  const { bucket, newKey, update, shown } = await rig();
  await bucket.put("first");
  const arn = await newKey();
  const record = (await findBucket(bucket.store, "bucket"))!;
  const { keys } = bucket.store;
  let replaced = 0;
  const service = Object.create(keys.service, {
    generateDataKey: {
      value: async (...given: Parameters<typeof keys.service.generateDataKey>) => {
        if (replaced++ === 0) await bucket.put("second");
        return keys.service.generateDataKey(...given);
      },
    },
    resolve: { value: (keyId: string) => keys.service.resolve(keyId) },
  }) as typeof keys.service;
  await update(arn, {}, { ...SECURE, store: { ...bucket.store, keys: { ...keys, service } }, bucket: record });
  assert.equal(replaced, 2);
  assert.equal((await shown()).SSEKMSKeyId, arn);
  assert.equal((await bucket.read({}, SECURE))[0], "second");
});
