import { S3Error } from "../errors/S3Error.ts";
import type { Refusal } from "./authorize.ts";
import type { PolicyKind } from "./policies/Verdict.ts";
import type { Asked } from "./Question.ts";
import { resourceOf } from "./Question.ts";

/** How S3's text goes on, by the kind of policy that says no, or that does not say yes. */
const DENIED_BY: Readonly<Record<PolicyKind, string>> = {
  identity: "with an explicit deny in an identity-based policy",
  resource: "with an explicit deny in a resource-based policy",
  boundary: "with an explicit deny in a permissions boundary",
  session: "with an explicit deny in a session policy",
};
const NOT_ALLOWED_BY: Readonly<Record<PolicyKind, string>> = {
  identity: "because no identity-based policy allows the",
  resource: "because no resource-based policy allows the",
  boundary: "because no permissions boundary allows the",
  session: "because no session policy allows the",
};

/**
 * S3's error for a caller who may not. Who is of the owner's account is told what kind of policy stands in the way; everybody else, that
 * access is denied. Nobody is told what a policy says.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-403-errors.html
 */
export function accessDenied(question: Asked, { why, message, lacks }: Pick<Refusal, "why" | "message" | "lacks">): S3Error {
  const { action, explanation } = question;
  // Where S3 has a text of its own, no permission would help.
  if (message !== undefined) return new S3Error("AccessDenied", { message, explanation: `${why}.` });
  const told = explanation ?? `${why}; this needs ${action}.`;
  if (lacks === undefined) return new S3Error("AccessDenied", { explanation: told });
  const ending = lacks.denied ? DENIED_BY[lacks.kind] : `${NOT_ALLOWED_BY[lacks.kind]} ${action} action`;
  return new S3Error("AccessDenied", { message: notAuthorized(question, ending), explanation: told });
}

/** The long text of AccessDenied. `ending` begins with "because" or "with". Only S3 has the resource between quotes. */
export function notAuthorized(question: Asked, ending: string): string {
  const { caller, action } = question;
  const user = caller.kind === "anonymous" ? "anonymous" : caller.arn;
  const resource = question.arn === undefined ? `"${resourceOf(question)}"` : question.arn;
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${ending}`;
}
