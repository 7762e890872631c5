import { quoted } from "../../errors/quoted.ts";
import type { Fault, StatementRefuse } from "./Fault.ts";
import { checkAction, checkConditions, SID_FORM } from "./parseIdentityPolicy.ts";
import type { Policy } from "./Policy.ts";
import { PolicyFault } from "./PolicyFault.ts";
import { readPolicy } from "./readPolicy.ts";

/**
 * Reads a role's trust policy: who may assume it. It names principals, and no resource, which is the role.
 * @throws {PolicyFault} With IAM's text, where IAM would not take it.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html
 */
export function parseTrustPolicy(text: string): Policy {
  return readPolicy(text, {
    use: "trust",
    mustBeNew: false,
    refuse: (fault, plain) => {
      throw new PolicyFault(messageOf(fault), plain);
    },
    checkAction: checkStsAction,
    checkResource: () => {},
    checkStatement: checkConditions,
  });
}

/** IAM's text for a fault. */
function messageOf(fault: Fault): string {
  switch (fault.kind) {
    case "version":
      return "The policy must contain a valid version string";
    case "not-an-object":
    case "not-json":
      return "This policy contains invalid Json";
    case "unknown":
      return `Unknown field ${fault.element}`;
    case "repeated":
      return `Statement/policy already has instance of ${fault.element}`;
    case "missing":
      return `Missing required field ${fault.element}`;
    case "empty":
      return `Missing required field ${fault.element} cannot be empty!`;
    case "prohibited":
      return `Has prohibited field ${fault.element}`;
    case "sid":
      return "Statement IDs (SID) in a single policy must be unique.";
    case "sid-form":
      return SID_FORM;
    case "effect":
      return `Invalid effect: ${fault.value}`;
    case "principal":
      return `Invalid principal in policy: "${fault.element}":"${fault.value}"`;
    case "not-principal":
      return "AssumeRole policy must not contain NotPrincipal field.";
    case "operator":
      return `Invalid Condition type : ${fault.value}`;
    case "action":
    case "key":
      return fault.value;
    default:
      return "Syntax errors in policy.";
  }
}

function checkStsAction(action: string, refuse: StatementRefuse): void {
  if (action !== "*") checkAction(action, refuse);
  if (!/^sts:/i.test(action))
    refuse(
      { kind: "action", value: "AssumeRole policy may only specify STS AssumeRole actions." },
      `${quoted(action)} is not an action of STS`,
    );
}
