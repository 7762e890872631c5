import { IdentityError } from "../../store/accounts/IdentityError.ts";
import { getPolicy, getPolicyVersion } from "../../store/accounts/managedPolicies.ts";
import type { Soon } from "../../store/metadata/MetadataEngine.ts";
import type { Store } from "../../store/Store.ts";

/** The document of a managed policy's version that applies; `undefined` where there is no such policy in the account, nor one of AWS's. */
export async function findManagedDocument(store: Store, accountId: string, policyArn: string): Promise<string | undefined> {
  try {
    const { defaultVersionId } = await getPolicy(store, accountId, policyArn);
    return (await getPolicyVersion(store, accountId, policyArn, defaultVersionId)).document;
  } catch (cause) {
    if (cause instanceof IdentityError && cause.code === "NoSuchEntity") return undefined;
    throw cause;
  }
}

/** The documents of managed policies that are there. */
export function findManagedDocuments(store: Store, accountId: string, policyArns: readonly string[]): Soon<readonly string[]> {
  if (policyArns.length === 0) return [];
  return Promise.all(policyArns.map((policyArn) => findManagedDocument(store, accountId, policyArn))).then((documents) =>
    documents.filter((document) => document !== undefined),
  );
}
