import type { Soon } from "../metadata/MetadataEngine.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { identityArn, parseIdentityArn } from "./arns.ts";
import { findAccount } from "./findAccount.ts";
import { findIdentity } from "./identities.ts";

const ROOT = /^arn:aws:iam::(\d{12}):root$/;
const ROLE_SESSION = /^arn:aws:sts::(\d{12}):assumed-role\/([\w+=,.@-]{1,64})\/([\w+=,.@-]{2,64})$/;
const FEDERATED_USER = /^arn:aws:sts::(\d{12}):federated-user\/([\w+=,.@-]{2,32})$/;
/** No ARN of a principal is longer, in characters. */
const LONGEST_ARN_CHARACTERS = 2_048;

/**
 * The unique id of a principal by its ARN: that of a user or role, the account's number for arn:aws:iam::ACCOUNT:root, AROA…:SESSION for a
 * session of a role, and ACCOUNT:NAME for a federated user, of which nobody knows whether it is under way. `undefined` for who is not there,
 * and for everything else.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function principalId(store: Store, arn: string): Soon<string | undefined> {
  if (arn.length > LONGEST_ARN_CHARACTERS) return undefined;
  const [, rootOf] = ROOT.exec(arn) ?? [];
  if (rootOf !== undefined) return idIfAccount(store, rootOf, rootOf);
  const [, accountId, role, session] = ROLE_SESSION.exec(arn) ?? [];
  if (accountId !== undefined && role !== undefined) {
    return whenHere(findIdentity(store, "role", accountId, role), (found) => found && `${found.uniqueId}:${session}`);
  }
  const [, federatedIn, name] = FEDERATED_USER.exec(arn) ?? [];
  if (federatedIn !== undefined) return idIfAccount(store, federatedIn, `${federatedIn}:${name}`);
  const parsed = parseIdentityArn(arn);
  if (parsed?.kind !== "role" && parsed?.kind !== "user") return undefined;
  const { kind } = parsed;
  return whenHere(findIdentity(store, kind, parsed.accountId, parsed.name), (found) =>
    found !== undefined && identityArn(kind, found) === arn ? found.uniqueId : undefined,
  );
}

function idIfAccount(store: Store, accountId: string, id: string): Soon<string | undefined> {
  return whenHere(findAccount(store, { accountId }), (account) => (account === undefined ? undefined : id));
}
