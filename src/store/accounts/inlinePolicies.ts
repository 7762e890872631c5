import { inlinePoliciesOf, inlinePolicyRow, inlineRange, policyDocumentCodec } from "../records/PolicyRecord.ts";
import { put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import { readRow, readRows } from "../transact.ts";
import type { DocumentCheck } from "./documents.ts";
import { checkDocument, countedSize } from "./documents.ts";
import type { Holder, HolderKind, HolderRecord } from "./holders.ts";
import { changeIdentity, knownIdentity } from "./identities.ts";
import { checkName } from "./identityForms.ts";
import { IdentityError } from "./IdentityError.ts";
import type { IdentityPage, PageRequest } from "./pages.ts";
import { pageOfRows } from "./pages.ts";
import { QUOTAS } from "./quotas.ts";

/** Most characters of all inline policies of one, white space left out. */
const SIZE_QUOTAS: Readonly<Record<HolderKind, number>> = {
  group: QUOTAS.GroupPolicySize,
  role: QUOTAS.RolePolicySize,
  user: QUOTAS.UserPolicySize,
};

/** More inline policies than anybody has: each takes a character. */
const ALL_INLINE = QUOTAS.RolePolicySize;

/**
 * Gives a user, group or role an inline policy, in place of one of the name. Throws `IdentityError` (NoSuchEntity, LimitExceeded,
 * ValidationError) and what `check` throws.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutUserPolicy.html
 */
export async function putInlinePolicy(
  store: Store,
  holder: Holder,
  { policyName, document }: { readonly policyName: string; readonly document: string },
  check: DocumentCheck,
): Promise<void> {
  checkName("policyName", policyName);
  const prepare = async ({ uniqueId }: HolderRecord) => {
    checkDocument(document, check);
    return (await readRows(store, { inline: inlinePoliciesOf(uniqueId, ALL_INLINE) })).inline;
  };
  await changeIdentity(store, holder, prepare, ({ uniqueId, name }, inline) => {
    const others = inline.filter((policy) => policy.name !== policyName);
    const size = others.reduce((sum, policy) => sum + countedSize(policy.document), countedSize(document));
    const most = SIZE_QUOTAS[holder.kind];
    if (size > most) {
      throw new IdentityError("LimitExceeded", `Maximum policy size of ${most} bytes exceeded for ${holder.kind} ${name}`);
    }
    return { changes: [put(inlinePolicyRow(uniqueId, policyName), { name: policyName, document })], result: undefined };
  });
}

/** The document of an inline policy. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function getInlinePolicy(store: Store, { kind, accountId, name }: Holder, policyName: string): Promise<string> {
  checkName("policyName", policyName);
  const { uniqueId } = await knownIdentity(store, kind, accountId, name);
  const policy = await readRow(store, inlinePolicyRow(uniqueId, policyName));
  if (policy === undefined) throw noSuchPolicy(kind, policyName);
  return policy.document;
}

/** Deletes an inline policy. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function deleteInlinePolicy(store: Store, holder: Holder, policyName: string): Promise<void> {
  checkName("policyName", policyName);
  const rowIn = ({ uniqueId }: HolderRecord) => inlinePolicyRow(uniqueId, policyName);
  const prepare = async (record: HolderRecord) => readRow(store, rowIn(record));
  await changeIdentity(store, holder, prepare, (record, policy) => {
    if (policy === undefined) throw noSuchPolicy(holder.kind, policyName);
    return { changes: [remove(rowIn(record))], result: undefined };
  });
}

/** The names of inline policies. Throws `IdentityError`: NoSuchEntity, ValidationError. */
export async function listInlinePolicies(
  store: Store,
  { kind, accountId, name }: Holder,
  page: PageRequest = {},
): Promise<IdentityPage<string>> {
  const { uniqueId } = await knownIdentity(store, kind, accountId, name);
  return pageOfRows(store, inlineRange(uniqueId), page, ({ key, value }) => policyDocumentCodec.decode(value, key).name);
}

function noSuchPolicy(kind: HolderKind, policyName: string): IdentityError {
  return new IdentityError("NoSuchEntity", `The ${kind} policy with name ${policyName} cannot be found.`);
}
