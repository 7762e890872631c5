import type { Soon } from "../metadata/MetadataEngine.ts";
import type { IdentityTag } from "../records/identityFields.ts";
import { idHolderRow } from "../records/identityRows.ts";
import { inlinePoliciesOf } from "../records/PolicyRecord.ts";
import type { RoleRecord } from "../records/RoleRecord.ts";
import { roleRow } from "../records/RoleRecord.ts";
import { mark, put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";
import type { DocumentCheck } from "./documents.ts";
import { checkDocument } from "./documents.ts";
import type { ListRequest } from "./identities.ts";
import {
  changeIdentity,
  createIdentity,
  deleteConflict,
  findIdentity,
  idPrefixOf,
  knownIdentity,
  listIdentities,
  oneLess,
} from "./identities.ts";
import { checkDescription, checkNumber, checkTags } from "./identityForms.ts";
import type { IdentityPage } from "./pages.ts";
import type { BoundaryUse } from "./policyUses.ts";
import { boundaryUse, policyUses, useRow } from "./policyUses.ts";
import { newUniqueId } from "./randomNames.ts";

const SHORTEST_SESSION_SECONDS = 3_600;
const LONGEST_SESSION_SECONDS = 43_200;

/** What a role is made with. */
export interface NewRole {
  readonly accountId: string;
  readonly roleName: string;
  /** A trust policy's document. */
  readonly trustPolicy: string;
  /** Default: "/". */
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  /** From 3,600 to 43,200. Default: 3,600. */
  readonly maxSessionDurationSeconds?: number | undefined;
  readonly boundaryArn?: string | undefined;
  readonly tags?: readonly IdentityTag[] | undefined;
}

/**
 * Makes a role; `check` is of trust policies. Throws `IdentityError` (EntityAlreadyExists, LimitExceeded, NoSuchEntity, InvalidInput,
 * ValidationError) and what `check` throws.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export async function createRole(store: Store, wanted: NewRole, check: DocumentCheck): Promise<RoleRecord> {
  const { accountId, roleName: name, trustPolicy, path = "/", description = "", boundaryArn, tags = [] } = wanted;
  const { maxSessionDurationSeconds = SHORTEST_SESSION_SECONDS } = wanted;
  checkDescription(description);
  checkNumber("maxSessionDuration", maxSessionDurationSeconds, SHORTEST_SESSION_SECONDS, LONGEST_SESSION_SECONDS);
  checkTags(tags);
  checkDocument(trustPolicy, check, "ACLSizePerRole");
  const uniqueId = newUniqueId(idPrefixOf("role"), store.randomBytes);
  const prepare = (): Soon<BoundaryUse | undefined> => boundaryUse(store, accountId, boundaryArn);
  return createIdentity(store, "role", { accountId, name, path }, prepare, (boundary, _, { realNowMs }) => {
    const named = { accountId, uniqueId, name, path, createdAtMs: realNowMs, tags, attachedPolicyArns: [] };
    const result = { ...named, trustPolicy, description, maxSessionDurationSeconds, boundaryArn: boundary?.arn };
    return { changes: boundary === undefined ? [] : [mark(useRow("roleBoundary", result, boundary.policyId))], result };
  });
}

/** The role of a name, if there is one. */
export function findRole(store: Store, accountId: string, roleName: string): Soon<RoleRecord | undefined> {
  return findIdentity(store, "role", accountId, roleName);
}

/** The role of a name. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function getRole(store: Store, accountId: string, roleName: string): Promise<RoleRecord> {
  return knownIdentity(store, "role", accountId, roleName);
}

/**
 * Gives a role another description or longest session; what is left out stays. Throws `IdentityError`: NoSuchEntity, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
export async function updateRole(
  store: Store,
  accountId: string,
  roleName: string,
  wanted: { readonly description?: string | undefined; readonly maxSessionDurationSeconds?: number | undefined },
): Promise<RoleRecord> {
  const { description, maxSessionDurationSeconds } = wanted;
  if (description !== undefined) checkDescription(description);
  if (maxSessionDurationSeconds !== undefined) {
    checkNumber("maxSessionDuration", maxSessionDurationSeconds, SHORTEST_SESSION_SECONDS, LONGEST_SESSION_SECONDS);
  }
  return describeRole(store, accountId, roleName, (role) => ({
    ...role,
    description: description ?? role.description,
    maxSessionDurationSeconds: maxSessionDurationSeconds ?? role.maxSessionDurationSeconds,
  }));
}

/**
 * Gives a role another trust policy. Throws `IdentityError` (NoSuchEntity, LimitExceeded, ValidationError) and what `check` throws.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
 */
export async function updateTrustPolicy(
  store: Store,
  accountId: string,
  roleName: string,
  trustPolicy: string,
  check: DocumentCheck,
): Promise<RoleRecord> {
  return describeRole(store, accountId, roleName, (role) => {
    checkDocument(trustPolicy, check, "ACLSizePerRole");
    return { ...role, trustPolicy };
  });
}

async function describeRole(
  store: Store,
  accountId: string,
  roleName: string,
  describe: (role: RoleRecord) => RoleRecord,
): Promise<RoleRecord> {
  return changeIdentity(store, { kind: "role", accountId, name: roleName }, describe, (_, role) => ({
    changes: [put(roleRow(accountId, role.name), role)],
    result: role,
  }));
}

/**
 * Deletes a role without policies. Throws `IdentityError`: NoSuchEntity, DeleteConflict, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export async function deleteRole(store: Store, accountId: string, roleName: string): Promise<void> {
  const prepare = async (role: RoleRecord) => ({
    ...(await readRows(store, { inline: inlinePoliciesOf(role.uniqueId, 1) })),
    uses: await policyUses(store, "role", role),
  });
  await changeIdentity(store, { kind: "role", accountId, name: roleName }, prepare, (role, { inline, uses }, identities) => {
    if (role.attachedPolicyArns.length > 0) throw deleteConflict("detach all policies");
    if (inline.length > 0) throw deleteConflict("delete policies");
    return {
      changes: [
        remove(roleRow(accountId, role.name)),
        remove(idHolderRow(role.uniqueId)),
        ...uses.map(({ use, policyId }) => remove(useRow(use, role, policyId))),
      ],
      counts: oneLess("role", identities),
      result: undefined,
    };
  });
}

/** Roles of an account whose path begins so, by name. Throws `IdentityError` ValidationError. */
export async function listRoles(store: Store, accountId: string, wanted: ListRequest = {}): Promise<IdentityPage<RoleRecord>> {
  return listIdentities(store, "role", accountId, wanted);
}
