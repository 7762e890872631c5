import { on } from "../../access/Permission.ts";
import type { S3Error, S3ErrorOptions } from "../../errors/S3Error.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import type { Inputs, Outputs } from "../../protocol/operations.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Operation } from "../Operation.ts";
import { operation } from "../Operation.ts";

/**
 * The settings that cannot be changed in this store yet. Every bucket has them as S3 makes them for a new one, and a request that would
 * change them is refused: so what S3 answers of a new bucket is true of every bucket. Deleting what no bucket has changes nothing, and S3
 * says 204 to it. Deleting what a new bucket has would change something, and is not built.
 */

/** An operation on a bucket's setting that gives every bucket the answer that S3 gives a new one. */
export function answerOfNewBucket<Name extends OperationName>(
  name: Name,
  action: string,
  output: Outputs[Name],
): Operation<Name> {
  const result = { output };
  return operation({ name, permissions: on.bucket(action), resource: "bucket", handle: async () => result });
}

/** An operation on a bucket's setting that refuses every bucket what S3 refuses a new one. */
export function refusalOfNewBucket<Name extends OperationName>(
  name: Name,
  action: string,
  refusal: (bucket: BucketRecord, input: Inputs[Name]) => S3Error,
): Operation<Name> {
  return operation({
    name,
    permissions: on.bucket(action),
    resource: "bucket",
    async handle(input, context) {
      throw refusal(context.bucket, input);
    },
  });
}

/**
 * What S3's error for a setting that a bucket does not have says beyond its code. `setting` is plural, such as "CORS rules"; `put` is the
 * operation that sets it, if that is built.
 */
export function without(bucket: BucketRecord, setting: string, put?: OperationName): S3ErrorOptions {
  const what = `The bucket "${bucket.name}" has no ${setting}`;
  return {
    details: [["BucketName", bucket.name]],
    explanation: put === undefined ? `${what}, and in this store it cannot be given any yet.` : `${what}; see ${put}.`,
  };
}
