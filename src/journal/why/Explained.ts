import type { Stage } from "../RequestRecord.ts";

/**
 * The story of a request in parts: what was asked, where it stopped, why, what to change. Sentences are for people and may be reworded; the
 * other members are for programs. Made by `explainRequest`, told by `tell`; plain data, which JSON holds whole.
 */
export interface Explained {
  readonly requestId: string;
  readonly hostId: string;
  readonly asked: AskedRequest;
  /**
   * "refused": by a rule, and answered so; "failed": by the server, a planned fault or the connection; "redirected": to ask elsewhere;
   * "unchanged": a condition of a read said not to send what the client has.
   */
  readonly outcome: "done" | "unchanged" | "redirected" | "refused" | "failed";
  /** Where it stopped; `undefined` for what was done. */
  readonly stopped?: Stop;
  /** One sentence or more, each on its own. */
  readonly why: readonly string[];
  /** What to do, in the order in which one would try it. Never empty for a request that stopped. */
  readonly change: readonly string[];
  /** Where it was about permission. */
  readonly access?: ExplainedAccess;
  /** Where it was about the signature, or a client's text was given to compare with. */
  readonly signature?: ExplainedSignature;
  /** The condition that did not hold. */
  readonly condition?: FailedCondition;
  /** The planned faults that struck it, in their order. */
  readonly faults?: readonly ExplainedFault[];
  /** Of what was thrown, causes included, where the server failed. */
  readonly stack?: string;
  /** Where its time went. */
  readonly stages: readonly StageTime[];
  readonly milliseconds: number;
}

/** What was asked, by whom, when. */
export interface AskedRequest {
  /** Milliseconds since 1970. */
  readonly atMs: number;
  readonly method: string;
  /** Path and query, secrets masked. */
  readonly target: string;
  readonly operation?: string;
  readonly bucket?: string;
  readonly key?: string;
  readonly versionId?: string;
  readonly uploadId?: string;
  readonly partNumber?: number;
  /** The ARN of who asked, once proven. */
  readonly caller?: string;
  /** As it was claimed. */
  readonly accessKeyId?: string;
  readonly remoteAddress: string;
  readonly userAgent?: string;
  /** 1 for the first try of an SDK. */
  readonly attempt?: number;
}

/** Where a request stopped, and what it was answered. */
export interface Stop {
  readonly stage: Stage;
  readonly status: number;
  readonly code?: string;
  readonly message?: string;
}

/** Milliseconds in a stage. */
export interface StageTime {
  readonly stage: Stage;
  readonly milliseconds: number;
}

/** A decision about permission. */
export interface ExplainedAccess {
  /** The permission that was missing. */
  readonly action: string;
  readonly resource: string;
  /** An ARN, or "*" for those who do not sign. */
  readonly principal: string;
  /** In the order in which they are looked at; those about the action first where there are many. */
  readonly statements: readonly ConsideredStatement[];
  /** So many more were looked at and are not listed. */
  readonly omittedStatements: number;
  /** What else was weighed: Block Public Access, ownership, ACLs. */
  readonly remarks: readonly string[];
  /** The statements that would have to be added, each to its policy; all of them are needed. None where a statement or a setting forbids it. */
  readonly additions: readonly PolicyAddition[];
}

/** The kinds of policies, as access decisions know them: a bucket's is a resource's. */
export type PolicyKind = "identity" | "resource" | "boundary" | "session";

/** A statement of a policy, and what it came to. */
export interface ConsideredStatement {
  readonly policyKind: PolicyKind;
  /** Its name or ARN, or "the bucket policy". */
  readonly policy: string;
  readonly sid?: string;
  /** Where it stands among the policy's statements, from 1. */
  readonly place: number;
  readonly effect: "Allow" | "Deny";
  /** Whether it applies: all that it names matched. */
  readonly applies: boolean;
  readonly matches: {
    readonly action: boolean;
    /** `undefined` where the statement names none, as in identity policies. */
    readonly principal?: boolean;
    readonly resource?: boolean;
    /** `undefined` where the statement has none. */
    readonly conditions?: boolean;
  };
  readonly failedConditions: readonly StatementCondition[];
}

/** A condition that did not hold, with both values. */
export interface StatementCondition {
  /** As the policy has it, such as "StringEquals". */
  readonly operator: string;
  readonly key: string;
  /** What the policy wants. */
  readonly wanted: readonly string[];
  /** What the request had; `null` where it had nothing. */
  readonly found: readonly string[] | null;
}

/** A statement to be added, as JSON of the policy language. */
export interface PolicyAddition {
  readonly policyKind: PolicyKind;
  /** Where it belongs, in words: "the bucket policy of photos". */
  readonly to: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

/** What was signed, as the server computed it, and where the client's text departs from it. */
export interface ExplainedSignature {
  /** Not there for version 2, which has none. */
  readonly canonicalRequest?: string;
  readonly stringToSign?: string;
  /** What the client's text was taken for; `undefined` where none was given. */
  readonly compared?: "canonicalRequest" | "stringToSign";
  /** `null`: the texts are equal. `undefined`: nothing was compared. */
  readonly difference?: SignatureDifference | null;
}

/** The first line in which the texts differ. */
export interface SignatureDifference {
  /** From 1. */
  readonly line: number;
  /** What stands in this line, such as "the path" or "the header host". */
  readonly part: string;
  /** `null` where that text ends before. */
  readonly client: string | null;
  readonly server: string | null;
  /** Its likely cause, in a sentence. */
  readonly cause: string;
  readonly remedy: string;
}

/** A condition of a request that did not hold. */
export interface FailedCondition {
  /** The header, such as "If-Match". */
  readonly header: string;
  /** Its value. */
  readonly sent: string;
  /** The object's: its ETag in quotes, or its time of last modification; `null` where there was no object. */
  readonly found: string | null;
}

/** A planned fault that struck. */
export interface ExplainedFault {
  readonly id: string;
  /** What it did, in a few words, where the record tells. */
  readonly did?: string;
  readonly scenario?: string;
}
