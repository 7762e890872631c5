import type { ActionSet } from "./ActionSet.ts";
import type { Condition } from "./Condition.ts";
import type { Principals } from "./Principals.ts";
import type { ResourceSet } from "./ResourceSet.ts";

/** What a policy is for, and so what it may say: a bucket's, that of an identity or a session, or of who may assume a role. */
export type PolicyUse = "bucket" | "identity" | "trust";

/** The two versions of the language; only the newer one has variables. */
export type PolicyVersion = "2012-10-17" | "2008-10-17";

/** A policy, read once and made ready to be asked often. */
export interface Policy {
  readonly use: PolicyUse;
  readonly version: PolicyVersion;
  readonly id: string | undefined;
  readonly statements: readonly Statement[];
}

/** One statement of a policy. */
export interface Statement {
  readonly sid: string | undefined;
  /** Where it stands among the policy's statements, from 1. */
  readonly place: number;
  readonly effect: "Allow" | "Deny";
  readonly actions: ActionSet;
  /** `undefined` in trust policies, which are about their role. */
  readonly resources: ResourceSet | undefined;
  /** `undefined` in identity policies, which are about whom they are attached to. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
}
