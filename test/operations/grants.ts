import type { AccessControlPolicy } from "../../src/protocol/generated/types.ts";
import { OWNER, STRANGER } from "./contextFor.ts";

/** ACLs as handlers take and show them, and in words. */

const GROUPS = "http://acs.amazonaws.com/groups/";

/** A document with these grants, each "READ owner" or "WRITE global/AllUsers"; owned by OWNER unless said. */
export function policyOf(grants: readonly string[], ownerId: string = OWNER.canonicalId): AccessControlPolicy {
  return {
    Owner: { ID: ownerId },
    Grants: grants.map((grant) => {
      const [Permission, grantee] = grant.split(" ") as [string, string];
      return { Permission, Grantee: granteeOf(grantee) };
    }),
  };
}

function granteeOf(grantee: string) {
  if (grantee.includes("@")) return { Type: "AmazonCustomerByEmail", EmailAddress: grantee };
  if (grantee.includes("/")) return { Type: "Group", URI: GROUPS + grantee };
  return { Type: "CanonicalUser", ID: IDS.get(grantee) ?? grantee };
}

const IDS: ReadonlyMap<string, string> = new Map([
  ["owner", OWNER.canonicalId],
  ["stranger", STRANGER.canonicalId],
]);

/** A shown ACL in words: its owner, and its grants as `policyOf` takes them. */
export function inWords({ Owner, Grants = [] }: AccessControlPolicy): readonly string[] {
  const nameOf = (id: string | undefined): string => [...IDS].find(([, one]) => one === id)?.[0] ?? String(id);
  const grants = Grants.map(({ Grantee, Permission }) => {
    const name = Grantee?.Type === "Group" ? Grantee.URI?.replace(GROUPS, "") : nameOf(Grantee?.ID);
    return `${Permission} ${name}`;
  });
  return [`of ${nameOf(Owner?.ID)}`, ...grants];
}
