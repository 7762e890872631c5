import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { readSetting } from "../../store/buckets/settings.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";

/** What transfer acceleration of a bucket is stored under: its status as S3 has it. */
export const ACCELERATION_KIND = "accelerate";

/** Names that can stand in a host name; periods in them are told apart. */
const HOST_NAME_FORM = /^[a-z0-9.-]+$/;

/** Whether transfer acceleration of a bucket is "Enabled" or "Suspended"; `undefined` where it never was. */
export function readAcceleration(store: Store, bucket: BucketRecord): Soon<string | undefined> {
  return readSetting(store, bucket, ACCELERATION_KIND);
}

/**
 * Throws InvalidRequest for buckets that no accelerated host name could have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html
 */
export function checkAccelerableName(name: string): void {
  if (!HOST_NAME_FORM.test(name)) {
    throw refusal(
      "S3 Transfer Acceleration is not supported for buckets with non-DNS compliant names",
      `${quoted(name)} cannot stand in a host name.`,
    );
  }
  if (name.includes(".")) {
    throw refusal(
      "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
      `${quoted(name)} has a period in it.`,
    );
  }
}

/** Throws InvalidRequest unless requests for the bucket may come by an accelerated host. */
export async function checkAccelerated(store: Store, bucket: BucketRecord): Promise<void> {
  checkAccelerableName(bucket.name);
  switch (await readAcceleration(store, bucket)) {
    case "Enabled":
      return;
    case "Suspended":
      throw refusal(
        "S3 Transfer Acceleration is disabled on this bucket",
        "It was suspended; PutBucketAccelerateConfiguration enables it, and until then the bucket's usual endpoint serves it.",
      );
    default:
      throw refusal("S3 Transfer Acceleration is not configured on this bucket", NOT_CONFIGURED);
  }
}

const NOT_CONFIGURED = "PutBucketAccelerateConfiguration enables it; the bucket's usual endpoint serves it without.";

function refusal(message: string, explanation: string): S3Error {
  return new S3Error("InvalidRequest", { message, explanation });
}
