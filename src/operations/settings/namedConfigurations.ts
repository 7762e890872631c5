import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import { incorrectContinuationToken } from "../lists/continuationTokens.ts";

/** Settings of which a bucket may have many, each under an id of its own, and of which a new bucket has none. */

/** S3's refusal to show one configuration of a kind, such as "inventory". */
export function noSuchConfiguration(kind: string): (bucket: BucketRecord, input: { readonly Id: string }) => S3Error {
  return ({ name }, { Id }) =>
    new S3Error("NoSuchConfiguration", {
      explanation: `The bucket "${name}" has no ${kind} configuration ${quoted(Id)}, and in this store it cannot be given any yet.`,
    });
}

/** Lists all configurations of a kind: one page, with nothing on it. No token of this list was ever given out. Throws InvalidArgument. */
export async function emptyList(input: {
  readonly ContinuationToken?: string | undefined;
}): Promise<{ readonly output: { IsTruncated: boolean } }> {
  if (input.ContinuationToken !== undefined) throw incorrectContinuationToken(input.ContinuationToken);
  return { output: { IsTruncated: false } };
}
