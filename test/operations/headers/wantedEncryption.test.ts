import assert from "node:assert/strict";
import { test } from "node:test";
import type { EncryptionMembers } from "../../../src/operations/headers/wantedEncryption.ts";
import { refuseBlockedKey, wantedEncryption } from "../../../src/operations/headers/wantedEncryption.ts";
import { encryptionMembers, writtenEncryption } from "../../../src/operations/headers/encryptionMembers.ts";
import type { BucketEncryption } from "../../../src/store/buckets/encryption.ts";
import { putBucketEncryption } from "../../../src/store/buckets/encryption.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import type { EncryptionWish } from "../../../src/store/encryption/EncryptionWish.ts";
import type { Encryption } from "../../../src/store/records/Encryption.ts";
import type { ContextOptions } from "../contextFor.ts";
import { ANONYMOUS, bucketIn, contextFor, CUSTOMER_KEY, memoryStore, OWNER, refusal, STRANGER } from "../contextFor.ts";

/** A context on a bucket that says this of encryption. */
async function contextOn(says: BucketEncryption = {}, options: ContextOptions & { readonly encryptsByDefault?: boolean } = {}) {
  const { encryptsByDefault = true } = options;
  const store = { ...memoryStore(), encryptsByDefault };
  const bucket = await bucketIn(store);
  if (Object.keys(says).length > 0) await putBucketEncryption(store, bucket, () => says);
  return contextFor({ secure: true, ...options, store, bucket: (await findBucket(store, "bucket"))! });
}

async function wished(
  input: EncryptionMembers,
  says?: BucketEncryption,
  options?: ContextOptions & { readonly encryptsByDefault?: boolean },
): Promise<EncryptionWish> {
  return wantedEncryption(input, await contextOn(says, options));
}

const KMS = { kind: "aws:kms", keyId: undefined, context: {}, bucketKey: false } as const;

test("Encryption: what nobody says anything of is under the store's keys, or not encrypted where that is off", async () => {
  assert.deepEqual(await wished({}), { kind: "AES256" });
  assert.deepEqual(await wished({}, {}, { encryptsByDefault: false }), { kind: "none" });
  assert.deepEqual(await wished({ ServerSideEncryption: "AES256" }, {}, { encryptsByDefault: false }), { kind: "AES256" });
});

test("Encryption: a bucket's default counts where the request says nothing, whatever the store's is", async () => {
  for (const encryptsByDefault of [true, false]) {
    const options = { encryptsByDefault };
    assert.deepEqual(await wished({}, { byDefault: { kind: "AES256" } }, options), { kind: "AES256" });
    assert.deepEqual(await wished({}, { byDefault: { kind: "aws:kms", keyId: "alias/a" } }, options), { ...KMS, keyId: "alias/a" });
  }
  assert.deepEqual(await wished({}, { blocksCustomerKeys: true }), { kind: "AES256" });
});

test("Encryption: a request's own comes before the bucket's default", async () => {
  const says = { byDefault: { kind: "aws:kms", keyId: "alias/a" }, bucketKey: true } as const;
  assert.deepEqual(await wished({ ServerSideEncryption: "AES256" }, says), { kind: "AES256" });
  assert.deepEqual(await wished({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "b" }, says), { ...KMS, keyId: "b", bucketKey: true });
  const wish = await wished(CUSTOMER_KEY, says);
  assert.deepEqual(wish, { kind: "customer", key: { bytes: Buffer.alloc(32, "k"), md5: CUSTOMER_KEY.SSECustomerKeyMD5 } });
});

test("Encryption: whether the bucket's key is used, the request says, or else the bucket; of two layers it is never", async () => {
  const byDefault = { kind: "aws:kms" } as const;
  assert.deepEqual(await wished({}, { byDefault, bucketKey: true }), { ...KMS, bucketKey: true });
  assert.deepEqual(await wished({ BucketKeyEnabled: false }, { byDefault, bucketKey: true }), KMS);
  assert.deepEqual(await wished({ BucketKeyEnabled: true }, { byDefault }), { ...KMS, bucketKey: true });
  assert.deepEqual(await wished({ BucketKeyEnabled: true }), { kind: "AES256" });
  const dsse = { ...KMS, kind: "aws:kms:dsse" };
  assert.deepEqual(await wished({}, { byDefault: { kind: "aws:kms:dsse" }, bucketKey: true }), dsse);
  assert.deepEqual(await wished({ ServerSideEncryption: "aws:kms:dsse" }, { bucketKey: true }), dsse);
});

const base64 = (text: string | Buffer) => Buffer.from(text).toString("base64");

test("Encryption: the context for KMS is the base64 of a JSON object of texts", async () => {
  const wish = await wished({ ServerSideEncryption: "aws:kms", SSEKMSEncryptionContext: base64('{"a":"1","b":""}') });
  assert.deepEqual(wish, { ...KMS, context: { a: "1", b: "" } });
  const wrong = ['{"a":1}', '{"a":{"b":"c"}}', "[]", '"a"', "null", "{", "", Buffer.from([0x7b, 0xff, 0x7d])].map(base64);
  for (const SSEKMSEncryptionContext of [...wrong, '{"a":"b"}', "e30"]) {
    await refusal(wished({ ServerSideEncryption: "aws:kms", SSEKMSEncryptionContext }), {
      code: "InvalidArgument",
      message:
        "The header 'x-amz-server-side-encryption-context' shall be Base64-encoded UTF-8 string holding JSON which represents a string-string map",
      details: {
        ArgumentName: "x-amz-server-side-encryption-context",
        ArgumentValue: SSEKMSEncryptionContext,
      },
    });
  }
});

test("Encryption: what is of KMS alone is InvalidArgument with another encryption, and without any", async () => {
  const message = "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms";
  for (const members of [{ SSEKMSKeyId: "alias/a" }, { SSEKMSEncryptionContext: base64("{}") }]) {
    for (const ServerSideEncryption of [undefined, "AES256"]) {
      const asked = wished({ ...members, ServerSideEncryption }, { byDefault: { kind: "aws:kms" } });
      await refusal(asked, { code: "InvalidArgument", message });
    }
  }
  await refusal(wished({ ServerSideEncryption: "AES256", BucketKeyEnabled: true }), { code: "InvalidArgument", message });
  await refusal(wished({ ServerSideEncryption: "aws:kms:dsse", BucketKeyEnabled: true }), {
    code: "InvalidArgument",
    details: { ArgumentName: "x-amz-server-side-encryption-bucket-key-enabled", ArgumentValue: "true" },
  });
});

test("Encryption: kinds of other services are not for objects that are written", async () => {
  for (const ServerSideEncryption of ["aws:fsx", "aws:backup"]) {
    await refusal(wished({ ServerSideEncryption }), {
      code: "InvalidArgument",
      message: "The encryption method specified is not supported",
      details: { ArgumentName: "x-amz-server-side-encryption", ArgumentValue: ServerSideEncryption },
    });
  }
});

test("Encryption: keys of KMS need a secure connection and version 4, be they asked for or the bucket's default", async () => {
  const says = { byDefault: { kind: "aws:kms" } } as const;
  for (const input of [{}, { ServerSideEncryption: "aws:kms" }]) {
    await refusal(wished(input, says, { secure: false }), {
      code: "InvalidArgument",
      message: "Requests specifying Server Side Encryption with AWS KMS managed keys must be made over a secure connection.",
    });
    for (const options of [{ signatureVersion: "AWS" }, { caller: ANONYMOUS }] as const) {
      await refusal(wished(input, says, options), {
        code: "InvalidArgument",
        message: "Requests specifying Server Side Encryption with AWS KMS managed keys require AWS Signature Version 4.",
        details: { ArgumentName: "Authorization", ArgumentValue: "null" },
      });
    }
    assert.deepEqual(await wished(input, says, { secure: false, takesKeys: true }), KMS);
  }
  assert.deepEqual(await wished({ ServerSideEncryption: "AES256" }, says, { secure: false, signatureVersion: "AWS" }), {
    kind: "AES256",
  });
});

test("Blocked keys: what brings anything of a customer's key is AccessDenied, and only the owner's account is told why", async () => {
  const blocked = async (says: BucketEncryption, options: ContextOptions = {}, input: object = { SSECustomerAlgorithm: "" }) =>
    refuseBlockedKey(input, await contextOn(says, options), "s3:PutObject", "key");
  const message =
    `User: ${OWNER.arn} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::bucket/key" because this bucket has ` +
    "blocked upload requests that specify Server Side Encryption with Customer provided keys (SSE-C). " +
    "Please specify a different server-side encryption type";
  await refusal(blocked({ blocksCustomerKeys: true }), { code: "AccessDenied", status: 403, message });
  await refusal(blocked({}, { blocksCustomerKeys: true }), { code: "AccessDenied", message });
  for (const caller of [STRANGER, ANONYMOUS]) {
    await refusal(blocked({ blocksCustomerKeys: true }, { caller }), { code: "AccessDenied", message: "Access Denied" });
  }
  await blocked({ blocksCustomerKeys: false }, { blocksCustomerKeys: true });
  await blocked({ blocksCustomerKeys: true }, {}, { ServerSideEncryption: "AES256" });
  await blocked({});
});

const RECORD: Encryption = {
  kind: "aws:kms",
  keyName: "arn:aws:kms:us-east-1:123456789012:key/a",
  serviceKey: Buffer.alloc(1),
  context: '{"a":"b"}',
  bucketKey: true,
  sealedKey: Buffer.alloc(60),
  checkValue: undefined,
  layers: 1,
};

test("Encryption in answers: what S3 shows of each kind; the context for KMS only to those who write", () => {
  assert.deepEqual(encryptionMembers(undefined), {});
  assert.deepEqual(writtenEncryption(undefined), {});
  assert.deepEqual(encryptionMembers({ ...RECORD, kind: "AES256", context: "", bucketKey: false }), {
    ServerSideEncryption: "AES256",
  });
  const ofKms = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: RECORD.keyName };
  assert.deepEqual(encryptionMembers({ ...RECORD, bucketKey: false }), ofKms);
  assert.deepEqual(encryptionMembers(RECORD), { ...ofKms, BucketKeyEnabled: true });
  assert.deepEqual(writtenEncryption({ ...RECORD, bucketKey: false }), { ...ofKms, SSEKMSEncryptionContext: base64('{"a":"b"}') });
  const ofCustomer = { SSECustomerAlgorithm: "AES256", SSECustomerKeyMD5: "md5" };
  assert.deepEqual(writtenEncryption({ ...RECORD, kind: "customer", keyName: "md5", context: "" }), ofCustomer);
});
