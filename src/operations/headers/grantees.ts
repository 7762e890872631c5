import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { ANONYMOUS } from "../../auth/authenticate.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import type { AskedAcl } from "../../store/buckets/ownership.ts";
import { EC2_ID, LOG_SERVICE } from "../../store/buckets/ownership.ts";
import type { AclGroup, Grant, Grantee } from "../../store/records/Acl.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { RequestContext } from "../RequestContext.ts";
import type { SentAcl, SentGrant } from "./aclHeaders.ts";

/** Most grants that an ACL may have. */
export const MAX_GRANTS = 100;

/** The groups that can be granted something, by the addresses that name them. */
const GROUPS: Readonly<Record<AclGroup, string>> = {
  AllUsers: "http://acs.amazonaws.com/groups/global/AllUsers",
  AuthenticatedUsers: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  LogDelivery: "http://acs.amazonaws.com/groups/s3/LogDelivery",
};

const GROUPS_BY_URI: ReadonlyMap<string, AclGroup> = new Map(
  Object.entries(GROUPS).map(([group, uri]) => [uri, group as AclGroup]),
);

/** Ids of S3's own, which have no account here: what others put, what Amazon EC2 is let in to and what logs grant can be said again. */
const WELL_KNOWN_IDS: ReadonlySet<string> = new Set([EC2_ID, ANONYMOUS.canonicalId, LOG_SERVICE.canonicalId]);

/** What InvalidArgument calls a grantee's name: in headers, and in documents. */
export interface ArgumentNames {
  readonly id: string;
  readonly uri: string;
}

/** As headers name them. */
export const HEADER_ARGUMENTS: ArgumentNames = { id: "id", uri: "uri" };

/** As documents name them. */
export const DOCUMENT_ARGUMENTS: ArgumentNames = { id: "CanonicalUser/ID", uri: "Group/URI" };

/** What of a request is looked at to find grantees. */
export type Granter = Pick<RequestContext, "store" | "caller"> & { readonly bucket?: BucketRecord };

/** The address by which a group is shown. */
export function uriOf(group: AclGroup): string {
  return GROUPS[group];
}

/**
 * An ACL with its grantees found; one named by an e-mail address has become its account's id, as S3 stores it. Throws InvalidArgument for an
 * id that no account has, or an address of no group, UnresolvableGrantByEmailAddress, and MalformedACLError for too many grants.
 */
export async function foundAcl(context: Granter, sent: SentAcl, names: ArgumentNames): Promise<AskedAcl> {
  if (sent.kind === "canned") return sent;
  if (sent.grants.length > MAX_GRANTS) {
    throw new S3Error("MalformedACLError", {
      explanation: `The ACL has ${sent.grants.length} grants; it can have ${MAX_GRANTS}.`,
    });
  }
  return { kind: "grants", grants: await foundGrants(context, sent.grants, names) };
}

/** Grants with their grantees found; whoever asks has bounded their number. Throws as `foundAcl`. */
export async function foundGrants(context: Granter, sent: readonly SentGrant[], names: ArgumentNames): Promise<readonly Grant[]> {
  const known = new Map<string, Grantee>();
  const grants: Grant[] = [];
  for (const sentGrant of sent) {
    const key = `${sentGrant.by} ${sentGrant.name}`;
    let grantee = known.get(key);
    if (grantee === undefined) {
      grantee = await granteeOf(context, sentGrant, names); // eslint-disable-line no-await-in-loop -- the first that is wrong is told
      known.set(key, grantee);
    }
    grants.push({ grantee, permission: sentGrant.permission });
  }
  return grants;
}

async function granteeOf(context: Granter, { by, name }: SentGrant, names: ArgumentNames): Promise<Grantee> {
  switch (by) {
    case "uri": {
      const group = GROUPS_BY_URI.get(name);
      if (group !== undefined) return { kind: "group", group };
      throw invalidArgument(names.uri, name, {
        message: "Invalid group uri",
        explanation: `${quoted(name)} is no group; there are ${Object.values(GROUPS).join(", ")}.`,
      });
    }
    case "emailAddress": {
      const account = await findAccount(context.store, { email: name });
      if (account !== undefined) return { kind: "id", id: account.canonicalId };
      throw new S3Error("UnresolvableGrantByEmailAddress", {
        explanation: `No account here has the e-mail address ${quoted(name)}; name the grantee by canonical id.`,
      });
    }
    case "id": {
      if (await isAccount(name, context)) return { kind: "id", id: name };
      throw invalidArgument(names.id, name, {
        message: "Invalid id",
        explanation: `No account here has the canonical id ${quoted(name)}. It has 64 hexadecimal characters, and is not the account's number.`,
      });
    }
  }
}

async function isAccount(id: string, { store, caller, bucket }: Granter): Promise<boolean> {
  // Nearly every ACL names these two.
  if (id === caller.canonicalId || id === bucket?.ownerId || WELL_KNOWN_IDS.has(id)) return true;
  return (await findAccount(store, { canonicalId: id })) !== undefined;
}
