import type { Caller } from "../auth/Caller.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import { accountIdOf } from "../store/accounts/accountIds.ts";
import { actingAcl, actingOwnerId } from "../store/buckets/ownership.ts";
import { aclNeedOf, granted } from "./acls.ts";
import type { Grounds } from "./grounds.ts";
import { isOwnersAlone } from "./grounds.ts";
import { isAboutPresentObject } from "./objectActions.ts";
import { evaluate } from "./policies/evaluate.ts";
import type { PolicyRequest } from "./policies/PolicyRequest.ts";
import type { Policies, PolicyKind, Verdict } from "./policies/Verdict.ts";
import type { Question } from "./Question.ts";
import { resourceOf } from "./Question.ts";
import type { Obstacle, RefusalFacts } from "./RefusalFacts.ts";
import { refusalFacts } from "./RefusalFacts.ts";

/** The answer to a question. */
export type Decision = Permit | Refusal;

/** Yes. */
export interface Permit {
  readonly allowed: true;
  /** True where an ACL gives what policies do not. */
  readonly byAcl?: boolean;
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
  /**
   * What refused it, where S3 tells: the kind of policy, and whether it says no or does not say yes. `undefined` for callers of other accounts
   * and those who do not sign, and where it was no policy.
   */
  readonly lacks?: { readonly kind: PolicyKind; readonly denied: boolean } | undefined;
  /** S3's text, where it has another one for this than "Access Denied". */
  readonly message?: string;
  /** All that was weighed, statement by statement; looked up when it is asked for. For the journal, not for the caller. */
  readonly facts: () => RefusalFacts;
}

/** What S3 tells those who do not sign of what only users may do. */
const ONLY_USERS = "Anonymous users cannot invoke this API. Please authenticate.";

/**
 * Decides as S3 does: what a policy forbids nobody may; what policies do not allow, an ACL can, where Object Ownership lets ACLs mean
 * something; the public access block takes away what either of them gives the public. The owner's root needs no permission. A function of
 * its question and grounds alone.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-s3-evaluates-access-control.html
 */
export function authorize(question: Question, grounds: Grounds): Decision {
  const { bucket, caller } = question;
  if (isOwnersAlone(question, grounds.bucketPolicy)) return { allowed: true, reasons: [ownersReason(question)] };
  if (caller.kind === "anonymous" && (typeof bucket !== "object" || question.anonymousRefusal !== undefined)) {
    return refuseUnsigned(question);
  }
  return new Judgement(question, grounds).decide();
}

function ownersReason({ action, bucket }: Question): string {
  return typeof bucket === "object"
    ? `${action} on ${bucket.name}: the caller is the root of its account`
    : `${action}: open to the root of every account`;
}

function refuseUnsigned(question: Question): Refusal {
  return {
    allowed: false,
    reasons: [`${question.action} on ${resourceOf(question)} by an anonymous caller: only users may do this`],
    why: "The request is not signed, and nobody may do this without saying who they are",
    message: question.anonymousRefusal ?? ONLY_USERS,
    facts: () => refusalFacts(policyRequestOf(question), { identity: undefined, resourceAccountId: undefined }, "onlyUsers"),
  };
}

/** A question as policies are asked it. */
function policyRequestOf(question: Question): PolicyRequest {
  const { action, caller, conditions } = question;
  return { action, resource: resourceOf(question), principal: caller, values: (key) => conditions.values(key) };
}

/** One decision under way. */
class Judgement {
  readonly #question: Question;
  readonly #grounds: Grounds;
  readonly #bucket: BucketRecord | undefined;
  readonly #request: PolicyRequest;
  readonly #reasons: (string | Verdict)[];
  /** The canonical id of whoever owns what is asked about. */
  readonly #ownerId: string;
  /** Why the bucket's policy does not count, where it does not. */
  #obstacle: Obstacle | undefined;

  constructor(question: Question, grounds: Grounds) {
    this.#question = question;
    this.#grounds = grounds;
    const { caller, action } = question;
    this.#bucket = typeof question.bucket === "object" ? question.bucket : undefined;
    this.#request = policyRequestOf(question);
    const { resource } = this.#request;
    this.#reasons = [`${action} on ${resource} by ${caller.kind === "anonymous" ? "an anonymous caller" : caller.arn}`];
    this.#ownerId = this.#bucket === undefined ? caller.canonicalId : this.#objectOwnerId(this.#bucket);
  }

  /** An object may belong to somebody else than its bucket does, as long as Object Ownership lets it. */
  #objectOwnerId(bucket: BucketRecord): string {
    const { object } = this.#grounds;
    return object !== undefined && isAboutPresentObject(this.#question) ? actingOwnerId(bucket, object) : bucket.ownerId;
  }

  decide(): Decision {
    const { caller } = this.#question;
    const verdict = this.#ask(this.#grounds.bucketPolicy);
    if (verdict.effect === "deny") return this.#refuse(verdict);
    let without = verdict;
    if (this.#grounds.bucketPolicy !== undefined && !this.#policyCounts(this.#bucket!)) without = this.#ask(undefined);
    if (without.effect === "allow") return this.#permit("policies allow it");
    return this.#byAcl(without) ?? this.#refuse(caller.kind === "anonymous" ? NOTHING_PUBLIC : without);
  }

  /** What policies say, with this one of the bucket. */
  #ask(resource: Policies["resource"]): Verdict {
    const verdict = evaluate(this.#request, this.#policies(resource));
    this.#reasons.push(verdict);
    return verdict;
  }

  #policies(resource: Policies["resource"]): Policies {
    const { identity, boundary, session } = this.#grounds.caller;
    return { identity, boundary, session, resource, resourceAccountId: accountIdOf(this.#ownerId) };
  }

  /** Whether what the bucket's policy allows is allowed. What it forbids is forbidden in any case. */
  #policyCounts(bucket: BucketRecord): boolean {
    const { bucketPolicy, block } = this.#grounds;
    const { caller } = this.#question;
    if (this.#ownerId !== bucket.ownerId) {
      this.#obstacle = "objectOfOther";
      this.#reasons.push("the object belongs to another account than the bucket, whose policy cannot give it to others");
      return false;
    }
    if (!bucketPolicy!.isPublic || caller.canonicalId === bucket.ownerId) return true;
    if (block?.restrictPublicBuckets !== true) return true;
    this.#obstacle = "restrictPublicBuckets";
    this.#reasons.push("RestrictPublicBuckets: the bucket policy is public, and so lets in nobody of other accounts");
    return false;
  }

  /** What an ACL allows, where ACLs mean something; `undefined` where it does not allow it. */
  #byAcl(verdict: Verdict): Permit | undefined {
    const bucket = this.#bucket;
    const { caller } = this.#question;
    const need = aclNeedOf(this.#question);
    if (bucket === undefined || bucket.objectOwnership === "BucketOwnerEnforced" || need === undefined) return undefined;
    const { object, block } = this.#grounds;
    if (need.on === "object" && object === undefined) return undefined;
    const { ownerId } = bucket;
    if (need.ofOwners === true && caller.canonicalId !== ownerId && caller.canonicalId !== object?.ownerId) return undefined;
    const listed = need.on === "bucket" ? bucket : object!;
    const isOfOwner = caller.canonicalId === listed.ownerId;
    if (!this.#mayBeGranted(verdict, isOfOwner)) return undefined;
    // What an account is granted is its root's to give: users of that account get it by policies.
    const canonicalId = isOfOwner && caller.kind !== "root" ? "" : caller.canonicalId;
    const grantee = { canonicalId, isSigned: caller.kind !== "anonymous" };
    const reason = granted(actingAcl(bucket, listed), grantee, need.permission, block?.ignorePublicAcls === true);
    return reason === undefined ? undefined : this.#permit(`${need.on}: ${reason}`, true);
  }

  /**
   * Whether the caller's own policies leave room for a grant. Who comes from another account needs their own account's permission as well; no
   * boundary and no session policy is widened by an ACL.
   */
  #mayBeGranted({ by }: Verdict, isOfOwner: boolean): boolean {
    const { caller } = this.#question;
    if (caller.kind === "anonymous") return true;
    if (isOfOwner) return by === "identity" || by === "resource" || by === undefined;
    const { identity, boundary, session } = this.#grounds.caller;
    const own = { identity, boundary, session, resourceAccountId: caller.accountId };
    return evaluate(this.#request, own).effect === "allow";
  }

  #permit(reason: string, byAcl = false): Permit {
    this.#reasons.push(reason);
    return new Permitted(this.#reasons, byAcl);
  }

  #refuse({ effect, by }: Pick<Verdict, "effect" | "by">): Refusal {
    const { caller } = this.#question;
    const reasons = inWords(this.#reasons);
    const facts = (): RefusalFacts => refusalFacts(this.#request, this.#policies(this.#grounds.bucketPolicy), this.#obstacle);
    if (caller.kind === "anonymous") {
      return { allowed: false, reasons, facts, why: "The request is not signed, and the bucket is not public" };
    }
    const isOfAccount = this.#bucket === undefined || caller.canonicalId === this.#bucket.ownerId;
    const isOwn = caller.canonicalId === this.#ownerId;
    if (!isOfAccount || !isOwn || by === undefined) {
      const whose = isOfAccount ? "object" : "bucket";
      const why = `The ${whose} belongs to another account than ${nameOf(caller)}, to whom this is not allowed`;
      return { allowed: false, reasons, facts, why };
    }
    const denied = effect === "deny";
    const why = denied
      ? `${WORDS[by].one} forbids this to ${nameOf(caller)}`
      : `No ${WORDS[by].none} allows this to ${nameOf(caller)}`;
    return { allowed: false, reasons, facts, why, lacks: { kind: by, denied } };
  }
}

/** A permit whose reasons are put into words when somebody asks: for most, nobody does. */
class Permitted implements Permit {
  readonly allowed = true;
  readonly byAcl: boolean;
  readonly #reasons: readonly (string | Verdict)[];

  constructor(reasons: readonly (string | Verdict)[], byAcl: boolean) {
    this.#reasons = reasons;
    this.byAcl = byAcl;
  }

  get reasons(): readonly string[] {
    return inWords(this.#reasons);
  }
}

function inWords(reasons: readonly (string | Verdict)[]): readonly string[] {
  return reasons.flatMap((reason) => (typeof reason === "string" ? reason : reason.reasons));
}

const NOTHING_PUBLIC: Pick<Verdict, "effect" | "by"> = { effect: "none", by: undefined };

const WORDS: Readonly<Record<PolicyKind, { readonly one: string; readonly none: string }>> = {
  identity: { one: "An identity-based policy", none: "identity-based policy" },
  resource: { one: "A resource-based policy", none: "resource-based policy" },
  boundary: { one: "A permissions boundary", none: "permissions boundary" },
  session: { one: "A session policy", none: "session policy" },
};

/** Who the caller is, in the words of their operator. */
function nameOf(caller: Caller): string {
  return caller.kind === "anonymous" || caller.kind === "root" ? caller.displayName : caller.arn;
}
