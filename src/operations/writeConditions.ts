import type { WriteConditions } from "../store/conditions.ts";
import { checkWriteConditionForm } from "../store/conditions.ts";

/** The conditions of a write, of a form S3 accepts. Throws NotImplemented. */
export function writeConditions(input: {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}): WriteConditions {
  const conditions = { ifMatch: input.IfMatch, ifNoneMatch: input.IfNoneMatch };
  checkWriteConditionForm(conditions);
  return conditions;
}
