import { on } from "../../access/Permission.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { DefaultRetention, ObjectLockConfiguration } from "../../protocol/generated/types.ts";
import { describeBucket } from "../../store/buckets/buckets.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { RetentionMode } from "../../store/records/ObjectRecord.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/** The longest that a bucket retains new versions by default. */
const MAX_DEFAULT_RETENTION_DAYS = 36_500;
const MAX_DEFAULT_RETENTION_YEARS = 100;

/**
 * Shows how Object Lock is set up for a bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html
 */
export const GetObjectLockConfiguration: Operation<"GetObjectLockConfiguration"> = operation({
  name: "GetObjectLockConfiguration",
  permissions: on.bucket("s3:GetBucketObjectLockConfiguration"),
  resource: "bucket",
  async handle(_input, { bucket }) {
    if (!bucket.objectLock) {
      throw new S3Error("ObjectLockConfigurationNotFoundError", {
        details: [["BucketName", bucket.name]],
        explanation: `The bucket "${bucket.name}" has no Object Lock; PutObjectLockConfiguration gives it to a bucket with versioning.`,
      });
    }
    return { output: { ObjectLockConfiguration: shownConfiguration(bucket) } };
  },
});

function shownConfiguration(bucket: BucketRecord): ObjectLockConfiguration {
  const { defaultRetentionMode: Mode, defaultRetentionDays: days, defaultRetentionYears: years } = bucket;
  if (Mode === undefined) return { ObjectLockEnabled: "Enabled" };
  const period = days > 0 ? { Days: days } : { Years: years };
  return { ObjectLockEnabled: "Enabled", Rule: { DefaultRetention: { Mode, ...period } } };
}

/**
 * Gives a bucket with versioning Object Lock, for ever, and says how long new versions are retained that ask for nothing.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html
 */
export const PutObjectLockConfiguration: Operation<"PutObjectLockConfiguration"> = operation({
  name: "PutObjectLockConfiguration",
  permissions: on.bucket("s3:PutBucketObjectLockConfiguration"),
  resource: "bucket",
  async handle(input, { store, bucket }) {
    const { ObjectLockEnabled: enabled, Rule: rule } = input.ObjectLockConfiguration ?? {};
    if (enabled === undefined) throw malformed("ObjectLockConfiguration has no ObjectLockEnabled; it is Enabled.");
    if (rule !== undefined && rule.DefaultRetention === undefined) throw malformed("Rule has no DefaultRetention.");
    const retention = wantedRetention(rule?.DefaultRetention);
    await describeBucket(store, bucket, (committed) => withObjectLock({ ...committed, ...retention }));
    return { output: {} };
  },
});

/** Throws InvalidBucketState. */
function withObjectLock(bucket: BucketRecord): BucketRecord {
  if (bucket.versioning === "Enabled") return { ...bucket, objectLock: true };
  throw new S3Error("InvalidBucketState", {
    message: "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration",
    explanation: "Object Lock keeps versions, and the bucket makes none: enable versioning first.",
  });
}

type BucketRetention = Pick<BucketRecord, "defaultRetentionMode" | "defaultRetentionDays" | "defaultRetentionYears">;

/** Throws MalformedXML and InvalidArgument. */
function wantedRetention(wanted: DefaultRetention | undefined): BucketRetention {
  if (wanted === undefined) return { defaultRetentionMode: undefined, defaultRetentionDays: 0, defaultRetentionYears: 0 };
  const { Mode: mode, Days: days, Years: years } = wanted;
  if (mode === undefined || (days === undefined) === (years === undefined)) {
    throw malformed("DefaultRetention has a Mode, and Days or Years, one of the two.");
  }
  if (days !== undefined) checkPeriod("Days", days, MAX_DEFAULT_RETENTION_DAYS);
  if (years !== undefined) checkPeriod("Years", years, MAX_DEFAULT_RETENTION_YEARS);
  return {
    defaultRetentionMode: mode as RetentionMode,
    defaultRetentionDays: days ?? 0,
    defaultRetentionYears: years ?? 0,
  };
}

function checkPeriod(name: string, value: number, max: number): void {
  if (value >= 1 && value <= max) return;
  throw invalidArgument(name, String(value), {
    message: value < 1 ? "Default retention period must be a positive integer value." : "Default retention period too large.",
    explanation: `${name} is ${value}; it can be 1 to ${max}.`,
  });
}

function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}
