import { mark, put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { parseIdentityArn } from "./arns.ts";
import type { Holder, HolderKind, HolderRecord, Principal, PrincipalRecord } from "./holders.ts";
import type { ListRequest } from "./identities.ts";
import { changeIdentity, knownIdentity, quotaExceeded, rowOf, underPath } from "./identities.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage } from "./pages.ts";
import { pageOfList } from "./pages.ts";
import { policyNotFound } from "./policyTargets.ts";
import { boundaryUse, policyIdOf, policyUses, useRow } from "./policyUses.ts";
import { QUOTAS } from "./quotas.ts";

const ATTACHED_QUOTAS = { group: "PoliciesPerGroup", role: "PoliciesPerRole", user: "PoliciesPerUser" } as const satisfies Record<
  HolderKind,
  keyof typeof QUOTAS
>;

/**
 * Attaches a managed policy; one that is attached stays so. Throws `IdentityError`: NoSuchEntity, LimitExceeded, InvalidInput,
 * ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachUserPolicy.html
 */
export async function attachPolicy(store: Store, holder: Holder, policyArn: string): Promise<void> {
  const { kind, accountId } = holder;
  const prepare = async (): Promise<string | undefined> => policyIdOf(store, accountId, policyArn);
  await changeIdentity(store, holder, prepare, (record, policyId) => {
    if (policyId === undefined) {
      throw new IdentityError("NoSuchEntity", `Policy ${policyArn} does not exist or is not attachable.`);
    }
    if (record.attachedPolicyArns.includes(policyArn)) return { changes: [], result: undefined };
    const quota = ATTACHED_QUOTAS[kind];
    if (record.attachedPolicyArns.length >= QUOTAS[quota]) throw quotaExceeded(quota);
    const attached = { ...record, attachedPolicyArns: [...record.attachedPolicyArns, policyArn] };
    return {
      changes: [put(rowOf(kind, accountId, record.name), attached), mark(useRow(kind, record, policyId))],
      result: undefined,
    };
  });
}

/**
 * Detaches a managed policy. Throws `IdentityError`: NoSuchEntity, InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachUserPolicy.html
 */
export async function detachPolicy(store: Store, holder: Holder, policyArn: string): Promise<void> {
  const { kind, accountId } = holder;
  const prepare = async (): Promise<string | undefined> => policyIdOf(store, accountId, policyArn);
  await changeIdentity(store, holder, prepare, (record, policyId) => {
    if (policyId === undefined || !record.attachedPolicyArns.includes(policyArn)) throw policyNotFound(policyArn);
    const left = { ...record, attachedPolicyArns: record.attachedPolicyArns.filter((arn) => arn !== policyArn) };
    return {
      changes: [put(rowOf(kind, accountId, record.name), left), remove(useRow(kind, record, policyId))],
      result: undefined,
    };
  });
}

/** A managed policy that is attached. */
export interface AttachedPolicy {
  readonly policyArn: string;
  readonly policyName: string;
}

/** The managed policies of a user, group or role whose path begins so. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function listAttachedPolicies(
  store: Store,
  { kind, accountId, name }: Holder,
  wanted: ListRequest = {},
): Promise<IdentityPage<AttachedPolicy>> {
  const { attachedPolicyArns }: HolderRecord = await knownIdentity(store, kind, accountId, name);
  const fits = underPath(wanted);
  const policies = attachedPolicyArns.flatMap((policyArn) => {
    const parsed = parseIdentityArn(policyArn);
    return parsed !== undefined && fits(parsed) ? [{ policyArn, policyName: parsed.name }] : [];
  });
  const keyOf = ({ policyName, policyArn }: AttachedPolicy): string => `${policyName.toLowerCase()} ${policyArn}`;
  return pageOfList(policies, wanted, keyOf);
}

/**
 * Makes a managed policy the permissions boundary of a user or role. Throws `IdentityError`: NoSuchEntity, InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPermissionsBoundary.html
 */
export async function putBoundary(store: Store, principal: Principal, policyArn: string): Promise<void> {
  await setBoundary(store, principal, policyArn);
}

/** Takes the permissions boundary away, where there is one. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function deleteBoundary(store: Store, principal: Principal): Promise<void> {
  await setBoundary(store, principal, undefined);
}

async function setBoundary(store: Store, principal: Principal, policyArn: string | undefined): Promise<void> {
  const { kind, accountId } = principal;
  const use = `${kind}Boundary` as const;
  const prepare = async (record: PrincipalRecord) => ({
    before: (await policyUses(store, kind, record)).find((one) => one.use === use),
    boundary: await boundaryUse(store, accountId, policyArn),
  });
  await changeIdentity(store, principal, prepare, (record, { before, boundary }) => {
    const gone = before === undefined ? [] : [remove(useRow(use, record, before.policyId))];
    const come = boundary === undefined ? [] : [mark(useRow(use, record, boundary.policyId))];
    const bounded = { ...record, boundaryArn: boundary?.arn };
    return { changes: [put(rowOf<"role" | "user">(kind, accountId, record.name), bounded), ...gone, ...come], result: undefined };
  });
}
