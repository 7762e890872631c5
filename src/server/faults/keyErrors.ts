import { catalogueEntry } from "../../errors/catalogue.ts";
import { strikesKey } from "../../faults/matches.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { DeleteObjectsOutput, DeleteObjectsRequest, Error as FailedDeletion } from "../../protocol/generated/types.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import type { RequestLife } from "../requests/RequestLife.ts";
import type { RuleOf, Strikes } from "./Strikes.ts";

type Result = OperationResult<AnyOperationName>;

/**
 * Has the keys of a list deleted but for those that rules strike: they stay, and the answer tells of each, behind those that failed by
 * themselves; a quiet one too, which tells of errors alone.
 */
export async function withoutStruckKeys(
  life: RequestLife,
  strikes: Strikes,
  rules: readonly RuleOf<"keyErrors">[],
  input: DeleteObjectsRequest,
  run: (input: DeleteObjectsRequest) => Promise<Result>,
): Promise<Result> {
  const failed: FailedDeletion[] = [];
  const rest: DeleteObjectsRequest["Delete"]["Objects"][number][] = [];
  const struck = new Map<RuleOf<"keyErrors">, number>();
  for (const object of input.Delete.Objects) {
    const rule = rules.find((one) => strikesKey(one, object.Key));
    if (rule === undefined) {
      rest.push(object);
      continue;
    }
    const { code, message } = catalogueEntry(rule.action.code);
    failed.push({ Key: object.Key, VersionId: object.VersionId, Code: code, Message: message });
    struck.set(rule, (struck.get(rule) ?? 0) + 1);
  }
  if (failed.length === 0) return run(input);
  for (const [rule, keys] of struck) strikes.note(rule, { code: rule.action.code, keys });
  // A list of none would be refused, and this one is not.
  const result = rest.length === 0 ? NOTHING_DONE : await run({ ...input, Delete: { ...input.Delete, Objects: rest } });
  logFailed(life, failed);
  const { Errors = [], ...output } = result.output as DeleteObjectsOutput;
  return { ...result, output: { ...output, Errors: [...Errors, ...failed] } };
}

const NOTHING_DONE: Result = { output: { Deleted: [], Errors: [] } };

/** The bucket's access log tells of each key, as it does of others. */
function logFailed(life: RequestLife, failed: readonly FailedDeletion[]): void {
  const others = life.loggedBeside;
  const { bucket } = life;
  life.logBeside(() => [
    ...(others?.() ?? []),
    ...failed.map(({ Key, VersionId, Code }) => ({
      operation: "BATCH.DELETE.OBJECT" as const,
      bucket: bucket!,
      key: Key!,
      versionId: VersionId,
      status: catalogueEntry(Code as never).status,
      errorCode: Code,
    })),
  ]);
}
