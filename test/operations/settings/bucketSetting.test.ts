import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { bucketSetting } from "../../../src/operations/settings/bucketSetting.ts";
import { findBucket } from "../../../src/store/buckets/buckets.ts";
import { putSetting } from "../../../src/store/buckets/settings.ts";
import { GetBucketCors } from "../../../src/operations/settings/BucketCors.ts";
import { bucketIn, contextFor, memoryStore, refusal } from "../contextFor.ts";

const cors = bucketSetting<"GetBucketCors">({ kind: "cors", name: "CORS rules" });
const get = cors.get("GetBucketCors", "s3:GetBucketCORS", (options) => new S3Error("NoSuchCORSConfiguration", options));
const drop = cors.delete("DeleteBucketCors", "s3:PutBucketCORS");
const set = cors.put("PutBucketCors", "s3:PutBucketCORS", ({ CORSConfiguration }) => {
  if (CORSConfiguration.CORSRules.length === 0) throw new S3Error("MalformedXML", { explanation: "There is no rule." });
  return CORSConfiguration;
});

const RULES = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"], MaxAgeSeconds: 5 }];

async function opened() {
  const store = memoryStore();
  const { name } = await bucketIn(store);
  const context = async () => contextFor({ store, bucket: await findBucket(store, name) });
  return {
    store,
    bucket: async () => (await findBucket(store, name))!,
    get: async () => (await get.handle({ Bucket: name }, await context())).output,
    set: async (rules: typeof RULES) =>
      (await set.handle({ Bucket: name, CORSConfiguration: { CORSRules: rules } }, await context())).output,
    drop: async () => (await drop.handle({ Bucket: name }, await context())).output,
  };
}

test("bucketSetting: what was set is shown, replaced and deleted, and there is none before and after", async () => {
  const bucket = await opened();
  const none = { code: "NoSuchCORSConfiguration", status: 404, details: { BucketName: "bucket" } } as const;
  await refusal(bucket.get(), none);
  assert.deepEqual(await bucket.set(RULES), {});
  assert.deepEqual(await bucket.get(), { CORSRules: RULES });
  const others = [{ ...RULES[0]!, AllowedOrigins: ["https://example.com"] }];
  await bucket.set(others);
  assert.deepEqual(await bucket.get(), { CORSRules: others });
  assert.deepEqual(await bucket.drop(), {});
  await refusal(bucket.get(), none);
  assert.deepEqual(await bucket.drop(), {});
});

test("bucketSetting: what is not as it must be is not set, and the revision stays", async () => {
  const bucket = await opened();
  await bucket.set(RULES);
  await refusal(bucket.set([]), { code: "MalformedXML" });
  assert.deepEqual(await bucket.get(), { CORSRules: RULES });
  assert.equal((await bucket.bucket()).configurationRevision, 1);
});

test("bucketSetting: an operation of the registry shows the stored document", async () => {
  const { store, bucket } = await opened();
  await putSetting(store, await bucket(), "cors", JSON.stringify({ CORSRules: RULES }));
  const { output } = await GetBucketCors.handle({ Bucket: "bucket" }, contextFor({ store, bucket: await bucket() }));
  assert.deepEqual(output, { CORSRules: RULES });
});
