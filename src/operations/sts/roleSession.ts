import type { Session } from "../../auth/Session.ts";
import type { SessionAccount } from "../../auth/SessionContent.ts";
import { QueryError } from "../../errors/QueryError.ts";
import type { AssumeRoleResponse } from "../../protocol/generated/stsTypes.ts";
import { findAccount } from "../../store/accounts/findAccount.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { Store } from "../../store/Store.ts";
import type { RequestContext } from "../RequestContext.ts";
import { issue } from "./issue.ts";
import type { SentPolicies } from "./sessionPolicies.ts";
import { packedPolicySize, sessionPolicies } from "./sessionPolicies.ts";
import type { SessionTags } from "./sessionTags.ts";

/** What a role's session is begun with, once it may be. */
export interface RoleSessionFacts {
  readonly kind: Session["kind"];
  readonly role: RoleRecord;
  readonly sessionName: string;
  readonly durationSeconds: number;
  readonly sourceIdentity: string | undefined;
  readonly tags: SessionTags;
  readonly federatedProvider?: string | undefined;
}

/** Begins the session of a role, limited as the request says. Throws MalformedPolicyDocument, PackedPolicyTooLarge, ValidationError. */
export async function beginRoleSession(
  context: RequestContext,
  input: SentPolicies,
  {
    kind,
    role,
    sessionName,
    durationSeconds,
    sourceIdentity,
    tags: { tags, transitiveKeys },
    federatedProvider,
  }: RoleSessionFacts,
): Promise<{ readonly output: AssumeRoleResponse }> {
  const { accountId, name: roleName, uniqueId } = role;
  const limits = await sessionPolicies(context.store, accountId, input);
  const packed = packedPolicySize(limits, tags);
  const account = await accountOf(context.store, accountId);
  const principal = { ...account, kind: "assumed-role", roleName, uniqueId, sessionName, tags } as const;
  const session = { kind, durationSeconds, sourceIdentity, transitiveTagKeys: transitiveKeys, federatedProvider, ...limits };
  return {
    output: {
      Credentials: await issue(context, principal, session),
      AssumedRoleUser: {
        AssumedRoleId: `${uniqueId}:${sessionName}`,
        Arn: `arn:aws:sts::${accountId}:assumed-role/${roleName}/${sessionName}`,
      },
      PackedPolicySize: packed,
      SourceIdentity: sourceIdentity,
    },
  };
}

/** The account of a role, which is there as long as the role is. */
async function accountOf(store: Store, accountId: string): Promise<SessionAccount> {
  const account = await findAccount(store, { accountId });
  if (account === undefined)
    throw new QueryError("InternalFailure", { cause: new Error(`The account ${accountId} of a role is missing`) });
  const { canonicalId, displayName } = account;
  return { accountId, canonicalId, displayName };
}
