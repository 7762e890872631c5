import { on } from "../../access/Permission.ts";
import type { GetBucketAbacOutput } from "../../protocol/generated/types.ts";
import { putSetting, readSetting } from "../../store/buckets/settings.ts";
import { BUCKET_ABAC_KIND } from "../../access/bucketTags.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * Shows whether policies may ask for a bucket's tags.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketAbac.html
 */
export const GetBucketAbac: Operation<"GetBucketAbac"> = operation({
  name: "GetBucketAbac",
  permissions: on.bucket("s3:GetBucketAbac"),
  resource: "bucket",
  async handle(_input, { store, bucket }) {
    const Status = (await readSetting(store, bucket, BUCKET_ABAC_KIND)) ?? "Disabled";
    return { output: { AbacStatus: { Status } } satisfies GetBucketAbacOutput };
  },
});

/**
 * Says whether policies may ask for a bucket's tags (`aws:ResourceTag`).
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAbac.html
 */
export const PutBucketAbac: Operation<"PutBucketAbac"> = operation({
  name: "PutBucketAbac",
  permissions: on.bucket("s3:PutBucketAbac"),
  resource: "bucket",
  async handle({ AbacStatus: { Status } }, { store, bucket }) {
    await putSetting(store, bucket, BUCKET_ABAC_KIND, Status ?? "Disabled");
    return { output: {} };
  },
});
