import type { Entry } from "../metadata/MetadataEngine.ts";
import type { PolicyUse } from "../records/identityRows.ts";
import { attachmentsOf, USE_LETTERS } from "../records/identityRows.ts";
import { textInKey } from "../records/tables.ts";
import type { Store } from "../Store.ts";
import { readRows } from "../transact.ts";
import type { HolderKind } from "./holders.ts";
import type { ListRequest } from "./identities.ts";
import { rowOf, underPath } from "./identities.ts";
import type { IdentityPage } from "./pages.ts";
import { pageOfRows } from "./pages.ts";
import { policyNotFound } from "./policyTargets.ts";
import { policyIdOf } from "./policyUses.ts";

/** What a managed policy is attached to, or bounds. */
export interface PolicyEntity {
  readonly kind: HolderKind;
  readonly name: string;
  readonly uniqueId: string;
}

/** Which of them are listed. */
export interface EntitiesWanted extends ListRequest {
  readonly kind?: HolderKind | undefined;
  readonly usage?: "PermissionsPolicy" | "PermissionsBoundary" | undefined;
}

const KINDS: Readonly<Record<PolicyUse, HolderKind>> = {
  group: "group",
  role: "role",
  roleBoundary: "role",
  user: "user",
  userBoundary: "user",
};
const USES = new Map<string, PolicyUse>(Object.entries(USE_LETTERS).map(([use, letter]) => [letter, use as PolicyUse]));

/** A use of the policy, before it is known whose name this is. */
interface Found {
  readonly kind: HolderKind;
  readonly name: string;
}

/**
 * What a managed policy is attached to, or bounds: groups, roles, users, each by name. Without `usage`, whom it only bounds is listed as well.
 * Throws `IdentityError`: NoSuchEntity, InvalidInput, ValidationError.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListEntitiesForPolicy.html
 */
export async function listEntitiesForPolicy(
  store: Store,
  accountId: string,
  policyArn: string,
  wanted: EntitiesWanted = {},
): Promise<IdentityPage<PolicyEntity>> {
  const fits = underPath(wanted);
  const policyId = await policyIdOf(store, accountId, policyArn);
  if (policyId === undefined) throw policyNotFound(policyArn);
  const range = attachmentsOf(accountId, policyId);
  const itemOf = ({ key }: Entry): Found | undefined => {
    const use = USES.get(String.fromCharCode(key[range.letterAt]!));
    if (use === undefined || !isWanted(use, wanted)) return undefined;
    return { kind: KINDS[use], name: textInKey(key, range.letterAt + 1, key.length) };
  };
  const page = await pageOfRows(store, range, wanted, itemOf, wanted.kind !== undefined || wanted.usage !== undefined);
  const rows = page.items.map(({ kind, name }) => rowOf(kind, accountId, name));
  const { records } = await readRows(store, { records: rows });
  const items = page.items.flatMap(({ kind }, index) => {
    const record = records[index];
    return record !== undefined && fits(record) ? [{ kind, name: record.name, uniqueId: record.uniqueId }] : [];
  });
  return { items, marker: page.marker };
}

function isWanted(use: PolicyUse, { kind, usage }: EntitiesWanted): boolean {
  if (kind !== undefined && KINDS[use] !== kind) return false;
  const isBoundary = use === "roleBoundary" || use === "userBoundary";
  return usage === undefined || isBoundary === (usage === "PermissionsBoundary");
}
