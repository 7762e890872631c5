import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DeleteBucketEncryption,
  GetBucketEncryption,
  PutBucketEncryption,
} from "../../../src/operations/settings/BucketEncryption.ts";
import type { ServerSideEncryptionRule } from "../../../src/protocol/generated/types.ts";
import type { Store } from "../../../src/store/Store.ts";
import type { ContextOptions } from "../contextFor.ts";
import { bucketIn, contextFor, memoryStore, refusal } from "../contextFor.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

const MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema";

const rules = (...Rules: ServerSideEncryptionRule[]) => ({ ServerSideEncryptionConfiguration: { Rules } });

/** The rule as it is shown. */
async function shown(bucket: VersionedBucket, options: ContextOptions = {}): Promise<ServerSideEncryptionRule> {
  const { ServerSideEncryptionConfiguration } = await bucket.ask(GetBucketEncryption, {}, options);
  assert.equal(ServerSideEncryptionConfiguration?.Rules.length, 1);
  return ServerSideEncryptionConfiguration.Rules[0]!;
}

const NEW_RULE = {
  ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256", KMSMasterKeyID: undefined },
  BucketKeyEnabled: false,
  BlockedEncryptionTypes: { EncryptionType: ["NONE"] },
};

test("GetBucketEncryption: a new bucket encrypts with the store's keys, and takes customers' keys", async () => {
  assert.deepEqual(await answerTo(GetBucketEncryption, { Bucket: "bucket" }), [
    200,
    document(
      "ServerSideEncryptionConfiguration",
      "<Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>" +
        "<BucketKeyEnabled>false</BucketKeyEnabled><BlockedEncryptionTypes><EncryptionType>NONE</EncryptionType></BlockedEncryptionTypes></Rule>",
    ),
  ]);
});

test("GetBucketEncryption: where the store's default is off, a bucket that was told nothing has nothing to show", async () => {
  const store: Store = { ...memoryStore(), encryptsByDefault: false };
  const bucket = await bucketIn(store);
  const asked = GetBucketEncryption.handle({ Bucket: "bucket" }, contextFor({ store, bucket }));
  await refusal(asked, {
    code: "ServerSideEncryptionConfigurationNotFoundError",
    status: 404,
    message: "The server side encryption configuration was not found",
    details: { BucketName: "bucket" },
  });
});

test("GetBucketEncryption: where the operator blocks customers' keys, a bucket that says nothing of them does, too", async () => {
  const bucket = await VersionedBucket.made();
  const options = { blocksCustomerKeys: true };
  assert.deepEqual((await shown(bucket, options)).BlockedEncryptionTypes, { EncryptionType: ["SSE-C"] });
  await bucket.ask(PutBucketEncryption, rules({ BlockedEncryptionTypes: { EncryptionType: ["NONE"] } }));
  assert.deepEqual((await shown(bucket, options)).BlockedEncryptionTypes, { EncryptionType: ["NONE"] });
});

test("PutBucketEncryption: what was put last is shown, with the key as it was said", async () => {
  const bucket = await VersionedBucket.made();
  const kms = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "alias/no-such-key" };
  await bucket.ask(PutBucketEncryption, rules({ ApplyServerSideEncryptionByDefault: kms, BucketKeyEnabled: true }));
  assert.deepEqual(await shown(bucket), { ...NEW_RULE, ApplyServerSideEncryptionByDefault: kms, BucketKeyEnabled: true });
  for (const SSEAlgorithm of ["AES256", "aws:kms", "aws:kms:dsse"]) {
    await bucket.ask(PutBucketEncryption, rules({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm } }));
    const byDefault = { SSEAlgorithm, KMSMasterKeyID: undefined };
    assert.deepEqual(await shown(bucket), { ...NEW_RULE, ApplyServerSideEncryptionByDefault: byDefault });
  }
});

test("PutBucketEncryption: a rule that says nothing of customers' keys leaves them blocked, or not", async () => {
  const bucket = await VersionedBucket.made();
  const byDefault = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" } };
  for (const type of ["SSE-C", "NONE"]) {
    await bucket.ask(PutBucketEncryption, rules({ BlockedEncryptionTypes: { EncryptionType: [type] } }));
    assert.deepEqual(await shown(bucket), { ...NEW_RULE, BlockedEncryptionTypes: { EncryptionType: [type] } });
    for (const silent of [byDefault, { ...byDefault, BlockedEncryptionTypes: { EncryptionType: [] } }]) {
      await bucket.ask(PutBucketEncryption, rules(silent));
      assert.deepEqual((await shown(bucket)).BlockedEncryptionTypes, { EncryptionType: [type] });
    }
  }
});

test("PutBucketEncryption: what is no one rule, or no algorithm of buckets, is MalformedXML", async () => {
  const bucket = await VersionedBucket.made();
  const one = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } };
  for (const wrong of [
    rules(),
    rules(one, one),
    rules({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:fsx" } }),
    rules({ BlockedEncryptionTypes: { EncryptionType: ["NONE", "SSE-C"] } }),
  ]) {
    await refusal(bucket.ask(PutBucketEncryption, wrong), { code: "MalformedXML", status: 400, message: MALFORMED });
  }
  assert.deepEqual(await shown(bucket), NEW_RULE);
});

test("PutBucketEncryption: a key of KMS with AES256 is InvalidArgument, unless it is left empty", async () => {
  const bucket = await VersionedBucket.made();
  const withKey = (KMSMasterKeyID: string) =>
    rules({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256", KMSMasterKeyID } });
  await refusal(bucket.ask(PutBucketEncryption, withKey("alias/key")), {
    code: "InvalidArgument",
    status: 400,
    message: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
    details: { ArgumentName: "ApplyServerSideEncryptionByDefault" },
  });
  await bucket.ask(PutBucketEncryption, withKey(""));
  assert.deepEqual(await shown(bucket), NEW_RULE);
});

test("PutBucketEncryption: takes no signature of version 2", async () => {
  const bucket = await VersionedBucket.made();
  const put = bucket.ask(PutBucketEncryption, rules({ BucketKeyEnabled: true }), { signatureVersion: "AWS" });
  await refusal(put, {
    code: "InvalidRequest",
    message: "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
  });
});

test("DeleteBucketEncryption: the bucket is as new, also the second time", async () => {
  assert.deepEqual(await answerTo(DeleteBucketEncryption, { Bucket: "bucket" }), [204, ""]);
  const bucket = await VersionedBucket.made();
  const rule = {
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" },
    BucketKeyEnabled: true,
    BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
  };
  await bucket.ask(PutBucketEncryption, rules(rule));
  for (let times = 0; times < 2; times++) {
    await bucket.ask(DeleteBucketEncryption, {});
    assert.deepEqual(await shown(bucket), NEW_RULE);
  }
});
