import { quoted } from "../../errors/quoted.ts";
import { partsOf } from "./arnPatterns.ts";
import type { Fault, StatementRefuse } from "./Fault.ts";
import type { Policy } from "./Policy.ts";
import { PolicyFault } from "./PolicyFault.ts";
import { readPolicy } from "./readPolicy.ts";
import type { StatementTexts } from "./StatementTexts.ts";

const SYNTAX = "Syntax errors in policy.";
const LEGACY = "The policy failed legacy parsing";
/** IAM's text for a Sid of other characters. */
export const SID_FORM =
  "Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*";
const NO_VENDOR = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";

/** What the resources of IAM begin with. */
const IAM_RESOURCES: readonly string[] = [
  "user/",
  "federated-user/",
  "role/",
  "group/",
  "instance-profile/",
  "mfa/",
  "server-certificate/",
  "policy/",
  "sms-mfa/",
  "saml-provider/",
  "oidc-provider/",
  "report/",
  "access-report/",
];

/**
 * Reads a policy of a user, group or role, a boundary, or a session policy.
 * @throws {PolicyFault} With IAM's text, where IAM would not take it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parseIdentityPolicy(text: string): Policy {
  return readPolicy(text, {
    use: "identity",
    mustBeNew: true,
    refuse: (fault, plain) => {
      throw new PolicyFault(messageOf(fault), plain);
    },
    checkAction,
    checkResource,
    checkStatement: checkConditions,
  });
}

/** IAM's text for a fault. Of most it says no more than that there is one. */
function messageOf(fault: Fault): string {
  switch (fault.kind) {
    case "old-version":
      return "Policy document must be version 2012-10-17 or greater.";
    case "sid":
      return "Statement IDs (SID) in a single policy must be unique.";
    case "sid-form":
      return SID_FORM;
    case "effect":
      return /^(?:allow|deny)$/i.test(fault.value) ? LEGACY : SYNTAX;
    case "prohibited":
      return "Policy document should not specify a principal.";
    case "missing":
    case "empty":
      if (fault.element === "Action") return "Policy statement must contain actions.";
      return fault.element === "Resource" ? "Policy statement must contain resources." : SYNTAX;
    case "action":
    case "resource":
    case "key":
      return fault.value;
    case "value":
      return LEGACY;
    default:
      return SYNTAX;
  }
}

/** An action is "*", or a service, a colon, and a name. Which names there are is not looked at. */
export function checkAction(action: string, refuse: StatementRefuse): void {
  if (action === "*") return;
  const [vendor, name, ...more] = action.split(":");
  const clause = `${quoted(action)} is not of the form "service:Action"`;
  if (name === undefined) refuse({ kind: "action", value: NO_VENDOR }, clause);
  if (more.length > 0) refuse({ kind: "action", value: "Actions/Condition can contain only one colon." }, clause);
  if (!/^[A-Za-z0-9.-]+$/.test(vendor!)) refuse({ kind: "action", value: `Vendor ${vendor} is not valid` }, clause);
}

/** Condition keys are of a service, too. */
export function checkConditions({ conditions }: StatementTexts, refuse: StatementRefuse): void {
  const stranger = conditions.find(({ key }) => !key.includes(":"));
  if (stranger !== undefined)
    refuse({ kind: "key", value: NO_VENDOR }, `the key of ${quoted(stranger.written)} is not of the form "service:Key"`);
}

function checkResource(resource: string, refuse: StatementRefuse): void {
  if (resource === "*") return;
  const message = resourceFault(resource);
  if (message !== undefined)
    refuse({ kind: "resource", value: message }, `the resource ${quoted(resource)} is not "*", and not an ARN that can be`);
}

/** IAM's text for a resource that it does not take. */
function resourceFault(resource: string): string | undefined {
  const [arn, partition, service, region, account, path] = partsOf(resource);
  if (partition === undefined) return `Resource ${resource} must be in ARN format or "*".`;
  if (arn !== "arn" || !/^(?:aws[a-z-]*|\*)$/.test(partition)) {
    const shown = [service, region, account, path].map((part) => part || "*");
    return `Partition "${partition}" is not valid for resource "arn:${partition}:${shown.join(":")}".`;
  }
  if (service === undefined || service === "") return "Resource vendor must be fully qualified and cannot contain regexes.";
  if (service === "iam" && region) return `IAM resource ${resource} cannot contain region information.`;
  if (service === "s3" && region && region !== "*") return `Resource ${resource} can not contain region information.`;
  if (service !== "iam" || path === undefined) return undefined;
  if (path === "*" || path === "root" || IAM_RESOURCES.some((start) => path.startsWith(start))) return undefined;
  return `IAM resource path must either be "*" or start with ${IAM_RESOURCES.join(", ")}.`;
}
