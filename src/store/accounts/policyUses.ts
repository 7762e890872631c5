import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { IdentityRecord } from "../records/identityFields.ts";
import type { PolicyUse } from "../records/identityRows.ts";
import { attachmentRow } from "../records/identityRows.ts";
import type { Row } from "../records/Row.ts";
import { mark, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow } from "../transact.ts";
import type { HolderKind, HolderRecord } from "./holders.ts";
import { IdentityError } from "./IdentityError.ts";
import { policyTarget, targetId } from "./policyTargets.ts";

/** A use of a managed policy by somebody: the row that says so is found by the policy. */
interface Use {
  readonly use: PolicyUse;
  readonly policyId: string;
}

/** The row of a use of a managed policy. */
export function useRow(
  use: PolicyUse,
  { accountId, name }: Pick<IdentityRecord, "accountId" | "name">,
  policyId: string,
): Row<true> {
  return attachmentRow(accountId, policyId, use, name);
}

/** The managed policies that somebody uses. */
export async function policyUses(store: Store, kind: HolderKind, record: HolderRecord): Promise<readonly Use[]> {
  const uses: Use[] = [];
  const note = async (use: PolicyUse, arn: string): Promise<void> => {
    const policyId = await policyIdOf(store, record.accountId, arn);
    if (policyId !== undefined) uses.push({ use, policyId });
  };
  for (const arn of record.attachedPolicyArns) await note(kind, arn);
  if ("boundaryArn" in record && record.boundaryArn !== undefined && kind !== "group")
    await note(`${kind}Boundary`, record.boundaryArn);
  return uses;
}

/** What moves the uses of somebody to another name of theirs; all go before any comes, for the names may differ in case alone. */
export function renamedUses(before: IdentityRecord, after: IdentityRecord, uses: readonly Use[]): Change[] {
  return [
    ...uses.map(({ use, policyId }) => remove(useRow(use, before, policyId))),
    ...uses.map(({ use, policyId }) => mark(useRow(use, after, policyId))),
  ];
}

/** The unique id of a managed policy; `undefined` when there is none. Throws `IdentityError` InvalidInput for what is no ARN of one. */
export async function policyIdOf(store: Store, accountId: string, arn: string): Promise<string | undefined> {
  const target = policyTarget(accountId, arn);
  const record = target.row === undefined ? undefined : await readRow(store, target.row);
  return targetId(target, record);
}

/** A managed policy that bounds somebody. */
export interface BoundaryUse {
  readonly arn: string;
  readonly policyId: string;
}

/** A managed policy that is to bound somebody, if one is wanted. Throws `IdentityError`: NoSuchEntity, InvalidInput. */
export function boundaryUse(store: Store, accountId: string, arn: string | undefined): Soon<BoundaryUse | undefined> {
  if (arn === undefined) return undefined;
  return policyIdOf(store, accountId, arn).then((policyId) => {
    if (policyId === undefined) {
      throw new IdentityError("NoSuchEntity", `Scope ARN: ${arn} does not exist or is not attachable.`);
    }
    return { arn, policyId };
  });
}
