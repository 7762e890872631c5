import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { WriteConditions } from "../../store/objects/conditions.ts";
import { checkWriteConditionForm } from "../../store/objects/conditions.ts";

/** The conditions of a write, of a form S3 accepts. Throws NotImplemented. */
export function writeConditions(input: {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}): WriteConditions {
  const conditions = { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch };
  checkWriteConditionForm(conditions);
  return conditions;
}

/**
 * Refuses a delete of one version on a condition: S3 judges only the current version, and says so even when that is the one named.
 * Throws NotImplemented.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html
 */
export function refuseConditionOnVersion(etag: string | undefined, versionId: string | undefined): void {
  if (etag === undefined || versionId === undefined) return;
  throw new S3Error("NotImplemented", {
    details: [["Header", "If-Match"]],
    explanation: `The version ${quoted(versionId)} is to be deleted if its ETag is ${quoted(etag)}; S3 takes either a version or a condition. Nothing was deleted.`,
  });
}
