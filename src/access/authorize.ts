import type { Question } from "./Question.ts";
import { resourceOf } from "./Question.ts";

/** The answer to a question. */
export type Decision = Permit | Refusal;

/** Yes. */
export interface Permit {
  readonly allowed: true;
  /** What led to it, in the order it was looked at; for the journal, not for the caller. */
  readonly reasons: readonly string[];
}

/** No. */
export interface Refusal {
  readonly allowed: false;
  /** What led to it, in the order it was looked at; for the journal, not for the caller. */
  readonly reasons: readonly string[];
  /** Why not, for the caller: a clause that tells nothing they must not know. */
  readonly why: string;
  /** S3's text, where it has another one for this than "Access Denied". */
  readonly message?: string;
}

/** What S3 tells those who do not sign of what only users may do. */
const ONLY_USERS = "Anonymous users cannot invoke this API. Please authenticate.";

/**
 * Decides by ownership: whoever owns a bucket may do everything to it and its objects, others nothing; every user may use the service.
 *
 * Every other rule belongs here, each adding its reason: what an explicit deny forbids, in the bucket's policy or in one of the caller's; what
 * the public access block takes away from those a policy or an ACL lets in as everybody; what the caller's own policies allow, where they
 * are of the owner's account; what the bucket's policy allows; what ACLs grant, unless Object Ownership disables them; last, ownership. It
 * stays a function of its question: who asks (`require`, which may wait) reads the statements, grants and block of the bucket first, parsed
 * once for each bucket id and revision of its configuration, and puts them into the question beside `conditions`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
 */
export function authorize(question: Question): Decision {
  const { caller, action, bucket } = question;
  if (caller.kind === "anonymous") return refuseAnonymous(question);
  if (typeof bucket !== "object") return { allowed: true, reasons: [`${action}: open to every user`] };
  if (bucket.ownerId === caller.canonicalId)
    return { allowed: true, reasons: [`${action} on ${bucket.name}: the caller is its owner`] };
  return {
    allowed: false,
    reasons: [`${action} on ${resourceOf(question)}: the caller is not the owner of ${bucket.name}`],
    why: `${caller.displayName} does not own the bucket`,
  };
}

function refuseAnonymous(question: Question): Refusal {
  const { bucket, anonymousRefusal = typeof bucket === "object" ? undefined : ONLY_USERS } = question;
  const asked = `${question.action} on ${resourceOf(question)} by an anonymous caller`;
  if (anonymousRefusal === undefined) {
    return {
      allowed: false,
      reasons: [`${asked}: nothing is public`],
      why: "The request is not signed, and the bucket is not public",
    };
  }
  return {
    allowed: false,
    reasons: [`${asked}: only users may do this`],
    why: "The request is not signed, and nobody may do this without saying who they are",
    message: anonymousRefusal,
  };
}
