import type { Conditions } from "../../access/conditions.ts";
import type { RoleRecord } from "../../store/records/RoleRecord.ts";
import type { SessionTags } from "./sessionTags.ts";

/** What a request for a session says that policies can ask about. */
export interface AssumeFacts {
  readonly role?: RoleRecord | undefined;
  readonly sessionName?: string | undefined;
  readonly durationSeconds?: number | undefined;
  readonly externalId?: string | undefined;
  readonly sourceIdentity?: string | undefined;
  readonly tags?: SessionTags | undefined;
  /** True where the code of an MFA device came along. */
  readonly hasMfa?: boolean;
  /** What the token of a web identity says, by condition keys in lower case. */
  readonly claims?: ReadonlyMap<string, readonly string[]> | undefined;
}

/**
 * The condition keys of STS, and those of the request.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-sts
 */
export function assumeConditions(facts: AssumeFacts, request: Conditions): Conditions["values"] {
  const own = new Map<string, readonly string[]>(facts.claims);
  const put = (key: string, value: string | number | undefined): void =>
    void (value !== undefined && own.set(key, [String(value)]));
  put("sts:rolesessionname", facts.sessionName);
  put("sts:durationseconds", facts.durationSeconds);
  put("sts:externalid", facts.externalId);
  put("sts:sourceidentity", facts.sourceIdentity);
  const { tags = {}, transitiveKeys = [] } = facts.tags ?? {};
  const pairs = Object.entries(tags);
  for (const [key, value] of pairs) put(`aws:requesttag/${key.toLowerCase()}`, value);
  if (pairs.length > 0)
    own.set(
      "aws:tagkeys",
      pairs.map(([key]) => key),
    );
  if (transitiveKeys.length > 0) own.set("sts:transitivetagkeys", transitiveKeys);
  for (const [key, value] of facts.role?.tags ?? []) {
    put(`aws:resourcetag/${key.toLowerCase()}`, value);
    put(`iam:resourcetag/${key.toLowerCase()}`, value);
  }
  put("aws:resourceaccount", facts.role?.accountId);
  if (facts.hasMfa === true) {
    put("aws:multifactorauthpresent", "true");
    put("aws:multifactorauthage", 0);
  }
  return (key) => own.get(key) ?? request.values(key);
}
