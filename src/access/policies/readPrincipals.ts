import { quoted } from "../../errors/quoted.ts";
import { isList, isObject } from "./Json.ts";
import type { Json } from "./Json.ts";
import type { PolicyUse } from "./Policy.ts";
import { Principals } from "./Principals.ts";
import type { NamedPrincipal, PrincipalNames } from "./Principals.ts";
import type { StatementRefuse } from "./Fault.ts";

const ACCOUNT = /^\d{12}$/;
const ROOT_ARN = /^arn:aws:iam::(\d{12}):root$/;
/** Names and paths are of printable characters; wildcards are not for principals. */
const IDENTITY_ARN = /^arn:aws:iam::\d{12}:(?:user|role)\/[!-)+->@-~]+$/;
const SESSION_ARN = /^arn:aws:sts::\d{12}:(?:assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+)$/;
const UNIQUE_ID = /^A(?:IDA|ROA)[A-Z0-9]{12,28}$/;
const CANONICAL_ID = /^[0-9a-f]{64}$/;
const SERVICE = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const PROVIDER_ARN = /^arn:aws:iam::\d{12}:(?:oidc|saml)-provider\/[!-)+->@-~]+$/;
const PROVIDER_NAME = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;

/** The names of one type, by what they are in a policy. */
type Names = { -readonly [Field in keyof PrincipalNames]: PrincipalNames[Field] extends boolean ? boolean : string[] } & {
  named: NamedPrincipal[];
};

/**
 * Reads a `Principal` or `NotPrincipal`: "*", or an object of types, each with one name or a list of them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
 */
export function readPrincipals(
  value: Json,
  element: string,
  use: PolicyUse,
  isNegated: boolean,
  refuse: StatementRefuse,
): Principals {
  if (value === "*" && use === "bucket")
    return new Principals({ everyone: true, named: [], federated: [], services: [] }, isNegated);
  if (!isObject(value)) {
    const shown = typeof value === "string" ? value : JSON.stringify(value);
    if (shown === "") refuse({ kind: "empty", element: "Principal" }, `${element} is empty`);
    return refuse({ kind: "principal", element, value: shown }, `${element} ${quoted(shown)} is not an object of principals`);
  }
  if (value.members.size === 0) refuse({ kind: "empty", element: "Principal" }, `${element} is empty`);
  if (value.repeated !== undefined)
    refuse({ kind: "repeated", element: value.repeated }, `${element} has ${value.repeated} more than once`);
  const names: Names = { everyone: false, named: [], federated: [], services: [] };
  for (const [type, written] of value.members) {
    const list = isList(written) ? written : [written];
    if (list.length === 0) refuse({ kind: "empty", element: "Principal" }, `${element} has an empty list of ${type}`);
    for (const name of list) {
      const shown = typeof name === "string" ? name : JSON.stringify(name);
      if (typeof name !== "string" || !addName(names, type, name))
        refuse({ kind: "principal", element: type, value: shown }, `${quoted(type)} has no principal ${quoted(shown)}`);
    }
  }
  return new Principals(names, isNegated);
}

/** False for what is no name of its type. */
function addName(names: Names, type: string, written: string): boolean {
  switch (type) {
    case "AWS": {
      if (written === "*") return (names.everyone = true);
      const named = readAws(written);
      return named !== undefined && names.named.push(named) > 0;
    }
    case "CanonicalUser":
      if (!CANONICAL_ID.test(written)) return false;
      return names.named.push({ element: "CanonicalUser", kind: "canonical-id", value: written, written }) > 0;
    case "Federated":
      return (PROVIDER_ARN.test(written) || PROVIDER_NAME.test(written)) && names.federated.push(written) > 0;
    case "Service":
      return SERVICE.test(written) && names.services.push(written) > 0;
    default:
      return false;
  }
}

function readAws(written: string): NamedPrincipal | undefined {
  const account = ACCOUNT.test(written) ? written : ROOT_ARN.exec(written)?.[1];
  if (account !== undefined) return { element: "AWS", kind: "account", value: account, written };
  if (IDENTITY_ARN.test(written) || SESSION_ARN.test(written)) return { element: "AWS", kind: "arn", value: written, written };
  return UNIQUE_ID.test(written) ? { element: "AWS", kind: "unique-id", value: written, written } : undefined;
}
