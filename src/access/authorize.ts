import type { Caller } from "../auth/Caller.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";

/** May this caller do this, to this? */
export interface Question {
  readonly caller: Caller;
  /** An IAM action, such as "s3:GetObject". */
  readonly action: string;
  /** The bucket acted on, or that holds the key; `undefined` for the service itself. */
  readonly bucket: BucketRecord | undefined;
  readonly key?: string;
}

/** The answer, with what led to it, in the order it was looked at; for the journal, not for the caller. */
export interface Answer {
  readonly allowed: boolean;
  readonly reasons: readonly string[];
}

/**
 * Decides by ownership: whoever owns a bucket may do everything to it and its objects, others nothing; every user may use the service.
 */
export function authorize({ caller, action, bucket }: Question): Answer {
  if (caller.kind === "anonymous") return { allowed: false, reasons: [`${action} by an anonymous caller: nothing is public`] };
  if (bucket === undefined) return { allowed: true, reasons: [`${action}: open to every user`] };
  const owns = bucket.ownerId === caller.canonicalId;
  return { allowed: owns, reasons: [`${action} on ${bucket.name}: the caller is ${owns ? "" : "not "}its owner`] };
}
