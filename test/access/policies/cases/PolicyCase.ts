import type { Principal } from "../../../../src/access/policies/PolicyRequest.ts";
import type { PolicyKind } from "../../../../src/access/policies/Verdict.ts";

/** A policy as somebody writes it. */
export interface Document {
  readonly Version?: string;
  readonly Id?: string;
  readonly Statement: StatementDocument | readonly StatementDocument[];
}

/** A statement as somebody writes it. */
export type StatementDocument = Elements & { readonly Effect: "Allow" | "Deny" };

type OneOrMore<T = string> = T | readonly T[];

/** A condition block: operator, key, values. */
export type ConditionBlock = Readonly<Record<string, Readonly<Record<string, OneOrMore<string | number | boolean>>>>>;

type PrincipalElement = "*" | Readonly<Record<string, OneOrMore>>;

/** What a statement says beside its effect. */
export interface Elements {
  readonly Sid?: string;
  readonly Principal?: PrincipalElement;
  readonly NotPrincipal?: PrincipalElement;
  readonly Action?: OneOrMore;
  readonly NotAction?: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly NotResource?: OneOrMore;
  readonly Condition?: ConditionBlock;
}

/** What AWS answers, by which kind of policy, and what the reasons have to name. */
export interface Expectation {
  readonly effect: "allow" | "deny" | "none";
  /** `undefined` where AWS's documentation leaves open which of several is named. */
  readonly by: PolicyKind | undefined;
  /** Each stands in one of the reasons: a Sid, a condition key, an element. */
  readonly because: readonly string[];
}

/** The values of condition keys, spelled as AWS spells them. */
export type Keys = Readonly<Record<string, OneOrMore>>;

/** Policies, a request, and what comes of it. */
export interface PolicyCase {
  readonly name: string;
  /** The bucket's policy. */
  readonly bucket?: Document;
  /** The trust policy of the role that is asked for. */
  readonly trust?: Document;
  /** Those of a user and their groups, or of a role. "unlimited" is a federated root, who has none and may everything. */
  readonly identity?: OneOrMore<Document> | "unlimited";
  readonly boundary?: Document;
  readonly session?: OneOrMore<Document> | undefined;
  /** Alice where nothing is said. */
  readonly asks?: Principal;
  /** The account that owns the resource: Alice's where nothing is said; "nobody" where it is yet to be made. */
  readonly owner?: string;
  readonly action: string;
  readonly resource: string;
  readonly keys?: Keys;
  readonly expect: Expectation;
}

/** Cases of one theme, with the page they are worked out from. */
export interface Theme {
  readonly title: string;
  readonly page: string;
  readonly cases: readonly PolicyCase[];
}

export const policy = (...Statement: readonly StatementDocument[]): Document => ({ Version: "2012-10-17", Statement });
export const allow = (elements: Elements): StatementDocument => ({ Effect: "Allow", ...elements });
export const deny = (elements: Elements): StatementDocument => ({ Effect: "Deny", ...elements });

export const allowed = (by: PolicyKind | undefined, ...because: readonly string[]): Expectation => ({
  effect: "allow",
  by,
  because,
});
export const denied = (by: PolicyKind, ...because: readonly string[]): Expectation => ({ effect: "deny", by, because });
/** Nothing denies it by name, and not all that have to allow it do; `by` is the kind of policy that lacks an allow. */
export const lacking = (by: PolicyKind | undefined, ...because: readonly string[]): Expectation => ({
  effect: "none",
  by,
  because,
});

/** The account that owns the bucket. */
export const OURS = "111122223333";
/** Another account. */
export const THEIRS = "444455556666";
/** A third one. */
export const THIRD = "777788889999";

export const BUCKET = "arn:aws:s3:::photos";
export const OBJECTS = "arn:aws:s3:::photos/*";
export const OBJECT = "arn:aws:s3:::photos/2026/cat.jpg";
export const WHOLE_BUCKET: readonly string[] = [BUCKET, OBJECTS];

type Request = Pick<PolicyCase, "action" | "resource">;
export const GET: Request = { action: "s3:GetObject", resource: OBJECT };
export const PUT: Request = { action: "s3:PutObject", resource: OBJECT };
export const LIST: Request = { action: "s3:ListBucket", resource: BUCKET };

/** 64 hexadecimal characters. */
export const canonicalIdOf = (accountId: string): string => accountId.padEnd(64, "a");

/** What IAM calls a user or a role for ever: its kind, and letters and digits. */
export const uniqueId = (kind: "AIDA" | "AROA", name: string): string => kind + name.toUpperCase().padEnd(17, "7");

export const root = (accountId: string): Principal => of("root", accountId, `arn:aws:iam::${accountId}:root`, accountId);
export const user = (name: string, accountId: string = OURS): Principal =>
  of("user", accountId, `arn:aws:iam::${accountId}:user/${name}`, uniqueId("AIDA", name));
export const session = (role: string, name: string, accountId: string = OURS): Principal => ({
  ...of("assumed-role", accountId, `arn:aws:sts::${accountId}:assumed-role/${role}/${name}`, `${uniqueId("AROA", role)}:${name}`),
  principalArn: `arn:aws:iam::${accountId}:role/${role}`,
});
export const federated = (name: string, accountId: string = OURS): Principal =>
  of("federated-user", accountId, `arn:aws:sts::${accountId}:federated-user/${name}`, `${accountId}:${name}`);

function of(kind: Principal["kind"], accountId: string, arn: string, userId: string): Principal {
  return { kind, accountId, canonicalId: canonicalIdOf(accountId), arn, principalArn: arn, userId };
}

export const ALICE: Principal = user("Alice");
export const BOB: Principal = user("Bob", THEIRS);
export const ROOT: Principal = root(OURS);
export const ANALYST: Principal = session("analyst", "alice");
export const ANONYMOUS: Principal = { kind: "anonymous", accountId: undefined };

/** An allow of Alice's that depends on a condition: where it holds she may, where not nothing else lets her. */
export function condition(name: string, Condition: ConditionBlock, keys: Keys, holds: boolean): PolicyCase {
  const key = Object.keys(Object.values(Condition)[0]!)[0]!;
  return {
    name,
    identity: policy(allow({ Sid: "When", Action: "s3:*", Resource: "*", Condition })),
    action: "s3:GetObject",
    resource: OBJECT,
    keys,
    expect: holds ? allowed("identity", "When") : lacking("identity", "When", key),
  };
}
export const holds = (name: string, block: ConditionBlock, keys: Keys = {}): PolicyCase => condition(name, block, keys, true);
export const fails = (name: string, block: ConditionBlock, keys: Keys = {}): PolicyCase => condition(name, block, keys, false);
