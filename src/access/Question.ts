import type { Caller } from "../auth/Caller.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import type { Conditions } from "./conditions.ts";

/** An action on one resource, and what is to be told if it is refused. */
export interface Need {
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  /** The bucket acted on, or that holds the key; its name alone where it is yet to be made; `undefined` for a service itself. */
  readonly bucket: BucketRecord | string | undefined;
  readonly key?: string | undefined;
  /** The version of the key that is asked about; `undefined` for the current one. */
  readonly versionId?: string | undefined;
  /** The upload of the key that the request goes on with. */
  readonly uploadId?: string | undefined;
  /** True where the object of the key is yet to be made. */
  readonly ofNewObject?: boolean | undefined;
  /** The resource where it is none of S3's, such as a role: one of the caller's own account. */
  readonly arn?: string | undefined;
  /** S3's text for those who do not sign, where nothing could ever allow it to them. */
  readonly anonymousRefusal?: string | undefined;
  /** What is explained to a caller who may not, in place of who they are and which action this needs. */
  readonly explanation?: string | undefined;
}

/** May this caller do this, to this? */
export interface Asked extends Need {
  readonly caller: Caller;
}

/** And by a request like this? */
export interface Question extends Asked {
  readonly conditions: Conditions;
}

/**
 * The Amazon Resource Name that policies know a need's resource by. What is asked of the service itself is asked of every bucket.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-arn-format.html
 */
export function resourceOf({ arn, bucket, key }: Need): string {
  if (arn !== undefined) return arn;
  const name = typeof bucket === "object" ? bucket.name : (bucket ?? "*");
  return key === undefined ? `arn:aws:s3:::${name}` : `arn:aws:s3:::${name}/${key}`;
}
