import type { Entry } from "../metadata/MetadataEngine.ts";
import type { IdentityTag } from "../records/identityFields.ts";
import { attachmentsOf, idHolderRow, USE_LETTERS } from "../records/identityRows.ts";
import type { PolicyRecord } from "../records/PolicyRecord.ts";
import { policyRow, policyVersionRow } from "../records/PolicyRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows } from "../transact.ts";
import { identityArn, parseIdentityArn } from "./arns.ts";
import type { AwsPolicy } from "./awsPolicies.ts";
import { AWS_POLICIES } from "./awsPolicies.ts";
import type { DocumentCheck } from "./documents.ts";
import { checkDocument } from "./documents.ts";
import type { IdentityDecision, ListRequest } from "./identities.ts";
import { changeIdentity, createIdentity, idPrefixOf, listIdentities, oneLess, underPath } from "./identities.ts";
import { checkDescription, checkTags } from "./identityForms.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { itemsWanted, pageOfList } from "./pages.ts";
import { policyNotFound, policyTarget, targetId } from "./policyTargets.ts";
import { QUOTAS } from "./quotas.ts";
import { newUniqueId } from "./randomNames.ts";

/** A managed policy: one of an account's, or one of AWS's own. */
export interface ManagedPolicy {
  readonly policyArn: string;
  readonly policyId: string;
  readonly policyName: string;
  readonly path: string;
  readonly description: string;
  /** Such as "v1". */
  readonly defaultVersionId: string;
  /** To how many users, groups and roles of the account it is attached. */
  readonly attachmentCount: number;
  /** How many users and roles of the account it bounds. */
  readonly boundaryUsageCount: number;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly tags: readonly IdentityTag[];
}

/** A version of a managed policy. */
export interface ManagedPolicyVersion {
  /** Such as "v1". */
  readonly versionId: string;
  readonly isDefault: boolean;
  /** Milliseconds since 1970. */
  readonly createdAtMs: number;
  /** As it was given. ListPolicyVersions leaves it out. */
  readonly document: string;
}

/** What a managed policy is made with. */
export interface NewPolicy {
  readonly accountId: string;
  readonly policyName: string;
  readonly document: string;
  /** Default: "/". */
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly tags?: readonly IdentityTag[] | undefined;
}

/**
 * Makes a managed policy, whose document is its version "v1"; `check` is of identity policies. Throws `IdentityError` (EntityAlreadyExists,
 * LimitExceeded, InvalidInput, ValidationError) and what `check` throws.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export async function createPolicy(store: Store, wanted: NewPolicy, check: DocumentCheck): Promise<ManagedPolicy> {
  const { accountId, policyName: name, document, path = "/", description = "", tags = [] } = wanted;
  checkDescription(description);
  checkTags(tags);
  checkDocument(document, check, "PolicySize");
  const uniqueId = newUniqueId(idPrefixOf("policy"), store.randomBytes);
  const nothing = (): undefined => undefined;
  const made = await createIdentity(
    store,
    "policy",
    { accountId, name, path },
    nothing,
    (_, identities, { realNowMs: nowMs }) => {
      const named = { accountId, uniqueId, name, path, createdAtMs: nowMs, updatedAtMs: nowMs, description, tags };
      const result = { ...named, defaultVersion: 1, latestVersion: 1, versions: [{ number: 1, createdAtMs: nowMs }] };
      const counts = { policyVersions: identities.policyVersions + 1 };
      return { changes: [put(policyVersionRow(uniqueId, 1), { name: "", document })], counts, result };
    },
  );
  return managed(made, NO_USES);
}

/** How often a managed policy is used. */
type Uses = Pick<ManagedPolicy, "attachmentCount" | "boundaryUsageCount">;

const NO_USES: Uses = { attachmentCount: 0, boundaryUsageCount: 0 };

function managed(record: PolicyRecord, uses: Uses): ManagedPolicy {
  const { uniqueId: policyId, name: policyName, path, description, createdAtMs, updatedAtMs, tags } = record;
  return {
    ...{ policyArn: identityArn("policy", record), policyId, policyName, path, description },
    defaultVersionId: `v${record.defaultVersion}`,
    ...{ createdAtMs, updatedAtMs, tags, ...uses },
  };
}

function managedByAws(policy: AwsPolicy, uses: Uses): ManagedPolicy {
  const { policyId, name: policyName, path, description, version, createdAtMs, updatedAtMs } = policy;
  return {
    ...{ policyArn: identityArn("policy", { ...policy, accountId: "aws" }), policyId, policyName, path, description },
    defaultVersionId: `v${version}`,
    ...{ createdAtMs, updatedAtMs, tags: [], ...uses },
  };
}

/** More users, groups and roles than an account has. */
const MOST_ENTITIES = 2 * (QUOTAS.UsersPerAccount + QUOTAS.GroupsPerAccount + QUOTAS.RolesPerAccount);

const BOUNDARY_LETTERS: ReadonlySet<string> = new Set([USE_LETTERS.roleBoundary, USE_LETTERS.userBoundary]);

async function usesOf(store: Store, accountId: string, policyId: string): Promise<Uses> {
  const range = attachmentsOf(accountId, policyId);
  const decode = ({ key }: Entry): boolean => BOUNDARY_LETTERS.has(String.fromCharCode(key[range.letterAt]!));
  const { bounds } = await readRows(store, { bounds: { ...range, limit: MOST_ENTITIES, decode } });
  const boundaryUsageCount = bounds.filter(Boolean).length;
  return { attachmentCount: bounds.length - boundaryUsageCount, boundaryUsageCount };
}

/**
 * A managed policy, as an account uses it. In this and all that follows, AWS's own can be read by everybody and changed by nobody. Throws
 * `IdentityError`: NoSuchEntity, InvalidInput.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
 */
export async function getPolicy(store: Store, accountId: string, policyArn: string): Promise<ManagedPolicy> {
  const { aws, record, policyId } = await knownPolicy(store, accountId, policyArn);
  const uses = await usesOf(store, accountId, policyId);
  return aws === undefined ? managed(record!, uses) : managedByAws(aws, uses);
}

/** What an ARN means: one of the two. */
interface KnownPolicy {
  readonly aws: AwsPolicy | undefined;
  readonly record: PolicyRecord | undefined;
  readonly policyId: string;
}

async function knownPolicy(store: Store, accountId: string, policyArn: string): Promise<KnownPolicy> {
  const target = policyTarget(accountId, policyArn);
  const record = target.row === undefined ? undefined : await readRow(store, target.row);
  const policyId = targetId(target, record);
  if (policyId === undefined) throw policyNotFound(policyArn);
  return { aws: target.aws, record, policyId };
}

/** Commits a decision about a managed policy of the account's own. Throws `IdentityError` and what the functions throw. */
async function changePolicy<Prepared, Result>(
  store: Store,
  accountId: string,
  policyArn: string,
  prepare: (record: PolicyRecord) => Promise<Prepared>,
  decide: (record: PolicyRecord, ...more: ChangePolicyContext<Prepared>) => IdentityDecision<Result>,
): Promise<Result> {
  const { record } = await knownPolicy(store, accountId, policyArn);
  if (record === undefined) {
    throw new IdentityError("InvalidInput", `ARN ${policyArn} is not valid: AWS's own policies cannot be changed.`);
  }
  return changeIdentity(store, { kind: "policy", accountId, name: record.name }, prepare, (now, ...more) => {
    if (now.uniqueId !== record.uniqueId) throw policyNotFound(policyArn);
    return decide(now, ...more);
  });
}

type ChangePolicyContext<Prepared> =
  Parameters<Parameters<typeof changeIdentity<"policy", Prepared, unknown>>[3]> extends [unknown, ...infer Rest] ? Rest : never;

/**
 * Deletes a managed policy that nothing uses and that has one version. Throws `IdentityError`: NoSuchEntity, DeleteConflict, InvalidInput.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
 */
export async function deletePolicy(store: Store, accountId: string, policyArn: string): Promise<void> {
  const prepare = async ({ uniqueId }: PolicyRecord) =>
    readRows(store, { uses: { ...attachmentsOf(accountId, uniqueId), limit: 1, decode: () => true } });
  await changePolicy(store, accountId, policyArn, prepare, (policy, { uses }, identities) => {
    if (uses.length > 0) throw new IdentityError("DeleteConflict", "Cannot delete a policy attached to entities.");
    if (policy.versions.length > 1) {
      throw new IdentityError(
        "DeleteConflict",
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
      );
    }
    return {
      changes: [
        remove(policyRow(accountId, policy.name)),
        remove(idHolderRow(policy.uniqueId)),
        ...policy.versions.map(({ number }) => remove(policyVersionRow(policy.uniqueId, number))),
      ],
      counts: { ...oneLess("policy", identities), policyVersions: identities.policyVersions - policy.versions.length },
      result: undefined,
    };
  });
}

/** How a managed policy is used where only such are listed. */
type PolicyUsage = "PermissionsPolicy" | "PermissionsBoundary";

/** Which managed policies are listed. */
export interface PoliciesWanted extends ListRequest {
  /** "Local": the account's own. Default: "All". */
  readonly scope?: "All" | "AWS" | "Local" | undefined;
  readonly onlyAttached?: boolean | undefined;
  readonly usage?: PolicyUsage | undefined;
}

/** What sorts AWS's own policies, before the account's: no name begins so. */
const AWS_SORT_PREFIX = "aws/";
/** What sorts behind all of them. */
const BEHIND_AWS = `${AWS_SORT_PREFIX}~`;

/**
 * Managed policies, AWS's own first, then the account's by name. Throws `IdentityError` ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
 */
export async function listPolicies(
  store: Store,
  accountId: string,
  wanted: PoliciesWanted = {},
): Promise<IdentityPage<ManagedPolicy>> {
  const { scope = "All", marker } = wanted;
  const most = itemsWanted(wanted);
  const after = marker === undefined ? "" : Buffer.from(marker, "base64url").toString();
  const isInAws = marker === undefined || after.startsWith(AWS_SORT_PREFIX);
  const own = isInAws && scope !== "Local" ? await listAwsPolicies(store, accountId, wanted) : { items: [], marker: undefined };
  if (own.marker !== undefined || scope === "AWS") return own;
  if (own.items.length === most) return { ...own, marker: Buffer.from(BEHIND_AWS).toString("base64url") };
  const rest = { ...wanted, maxItems: most - own.items.length, marker: isInAws ? undefined : marker };
  const page = await listIdentities(store, "policy", accountId, rest);
  const policies = await Promise.all(
    page.items.map(async (record) => managed(record, await usesOf(store, accountId, record.uniqueId))),
  );
  return { items: [...own.items, ...policies.filter((policy) => isUsedAs(policy, wanted))], marker: page.marker };
}

async function listAwsPolicies(store: Store, accountId: string, wanted: PoliciesWanted): Promise<IdentityPage<ManagedPolicy>> {
  const fits = underPath(wanted);
  const policies = await Promise.all(
    AWS_POLICIES.filter(fits).map(async (policy) => managedByAws(policy, await usesOf(store, accountId, policy.policyId))),
  );
  const used = policies.filter((policy) => isUsedAs(policy, wanted));
  return pageOfList(used, wanted, ({ policyName }) => `${AWS_SORT_PREFIX}${policyName}`);
}

function isUsedAs({ attachmentCount, boundaryUsageCount }: Uses, { onlyAttached = false, usage }: PoliciesWanted): boolean {
  if (usage === "PermissionsPolicy") return attachmentCount > 0;
  if (usage === "PermissionsBoundary") return boundaryUsageCount > 0;
  return !onlyAttached || attachmentCount > 0;
}

/**
 * Adds a version to a managed policy. Throws `IdentityError` (NoSuchEntity, LimitExceeded, InvalidInput) and what `check` throws.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
 */
export async function createPolicyVersion(
  store: Store,
  accountId: string,
  policyArn: string,
  { document, setAsDefault }: { readonly document: string; readonly setAsDefault: boolean },
  check: DocumentCheck,
): Promise<ManagedPolicyVersion> {
  const prepare = async (): Promise<void> => checkDocument(document, check, "PolicySize");
  return changePolicy(store, accountId, policyArn, prepare, (policy, _, identities, { realNowMs: createdAtMs }) => {
    if (policy.versions.length >= QUOTAS.VersionsPerPolicy) {
      throw new IdentityError(
        "LimitExceeded",
        `A managed policy can have up to ${QUOTAS.VersionsPerPolicy} versions. Before you create a new version, you must delete an existing version.`,
      );
    }
    const number = policy.latestVersion + 1;
    const record = {
      ...policy,
      defaultVersion: setAsDefault ? number : policy.defaultVersion,
      latestVersion: number,
      versions: [...policy.versions, { number, createdAtMs }],
      updatedAtMs: createdAtMs,
    };
    return {
      changes: [
        put(policyRow(accountId, policy.name), record),
        put(policyVersionRow(policy.uniqueId, number), { name: "", document }),
      ],
      counts: { policyVersions: identities.policyVersions + 1 },
      result: { versionId: `v${number}`, isDefault: setAsDefault, createdAtMs, document },
    };
  });
}

/**
 * A version of a managed policy. Throws `IdentityError`: NoSuchEntity, InvalidInput.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
 */
export async function getPolicyVersion(
  store: Store,
  accountId: string,
  policyArn: string,
  versionId: string,
): Promise<ManagedPolicyVersion> {
  const { aws, record } = await knownPolicy(store, accountId, policyArn);
  const version = versionsOf(aws, record).find((one) => one.versionId === versionId);
  if (version === undefined) throw noSuchVersion(policyArn, versionId);
  if (aws !== undefined) return { ...version, document: aws.document };
  const found = await readRow(store, policyVersionRow(record!.uniqueId, Number(versionId.slice(1))));
  if (found === undefined) throw noSuchVersion(policyArn, versionId);
  return { ...version, document: found.document };
}

function noSuchVersion(policyArn: string, versionId: string): IdentityError {
  return new IdentityError("NoSuchEntity", `Policy ${policyArn} version ${versionId} does not exist or is not attachable.`);
}

/** A version without what it says. */
type ListedVersion = Omit<ManagedPolicyVersion, "document">;

/** The versions of a managed policy, the latest first. */
function versionsOf(aws: AwsPolicy | undefined, record: PolicyRecord | undefined): ListedVersion[] {
  if (aws !== undefined) return [{ versionId: `v${aws.version}`, isDefault: true, createdAtMs: aws.updatedAtMs }];
  return record!.versions
    .map(({ number, createdAtMs }) => ({ versionId: `v${number}`, isDefault: number === record!.defaultVersion, createdAtMs }))
    .toReversed();
}

/**
 * The versions of a managed policy, the latest first. Throws `IdentityError`: NoSuchEntity, InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
 */
export async function listPolicyVersions(
  store: Store,
  accountId: string,
  policyArn: string,
  page: PageRequest = {},
): Promise<IdentityPage<ListedVersion>> {
  const { aws, record } = await knownPolicy(store, accountId, policyArn);
  // What sorts the latest first: later versions have larger numbers.
  const keyOf = ({ versionId }: ListedVersion): string =>
    String(Number.MAX_SAFE_INTEGER - Number(versionId.slice(1))).padStart(16, "0");
  return pageOfList(versionsOf(aws, record), page, keyOf);
}

/**
 * Deletes a version that does not apply. Throws `IdentityError`: NoSuchEntity, DeleteConflict, InvalidInput.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
 */
export async function deletePolicyVersion(store: Store, accountId: string, policyArn: string, versionId: string): Promise<void> {
  await changePolicy(
    store,
    accountId,
    policyArn,
    async () => undefined,
    (policy, _, identities) => {
      const number = numberOf(policy, policyArn, versionId);
      if (number === policy.defaultVersion) {
        throw new IdentityError("DeleteConflict", "Cannot delete the default version of a policy.");
      }
      const record = { ...policy, versions: policy.versions.filter((version) => version.number !== number) };
      return {
        changes: [put(policyRow(accountId, policy.name), record), remove(policyVersionRow(policy.uniqueId, number))],
        counts: { policyVersions: identities.policyVersions - 1 },
        result: undefined,
      };
    },
  );
}

/**
 * Makes a version the one that applies. Throws `IdentityError`: NoSuchEntity, InvalidInput.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
 */
export async function setDefaultPolicyVersion(
  store: Store,
  accountId: string,
  policyArn: string,
  versionId: string,
): Promise<void> {
  await changePolicy(
    store,
    accountId,
    policyArn,
    async () => undefined,
    (policy) => {
      const record = { ...policy, defaultVersion: numberOf(policy, policyArn, versionId) };
      return { changes: [put(policyRow(accountId, policy.name), record)], result: undefined };
    },
  );
}

function numberOf(policy: PolicyRecord, policyArn: string, versionId: string): number {
  const version = policy.versions.find(({ number }) => `v${number}` === versionId);
  if (version === undefined) throw noSuchVersion(policyArn, versionId);
  return version.number;
}

/** The account's own name of a policy by its ARN, for its tags. Throws `IdentityError`: NoSuchEntity, InvalidInput. */
export function ownPolicyName(accountId: string, policyArn: string): string {
  const parsed = parseIdentityArn(policyArn);
  if (parsed?.kind !== "policy") throw new IdentityError("InvalidInput", `ARN ${policyArn} is not valid.`);
  if (parsed.accountId !== accountId) throw policyNotFound(policyArn);
  return parsed.name;
}
