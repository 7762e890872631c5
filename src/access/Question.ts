import type { Caller } from "../auth/Caller.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Conditions } from "./conditions.ts";

/** An action on one resource, and what is to be told if it is refused. */
export interface Need {
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  /** The bucket acted on, or that holds the key; its name alone where it is yet to be made; `undefined` for the service itself. */
  readonly bucket: BucketRecord | string | undefined;
  readonly key?: string | undefined;
  /** S3's text for those who do not sign, where nothing could ever allow it to them. */
  readonly anonymousRefusal?: string | undefined;
  /** What is explained to a caller who may not, in place of who they are and which action this needs. */
  readonly explanation?: string | undefined;
}

/** May this caller do this, to this, by a request like this? */
export interface Question extends Need {
  readonly caller: Caller;
  readonly conditions: Conditions;
}

/**
 * The Amazon Resource Name that policies know a need's resource by. What is asked of the service itself is asked of every bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
export function resourceOf({ bucket, key }: Need): string {
  const name = typeof bucket === "object" ? bucket.name : (bucket ?? "*");
  return key === undefined ? `arn:aws:s3:::${name}` : `arn:aws:s3:::${name}/${key}`;
}
