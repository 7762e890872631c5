import type { Condition } from "./Condition.ts";
import type { Statement } from "./Policy.ts";
import type { PolicyRequest } from "./PolicyRequest.ts";
import type { NamedPolicy, Policies, PolicyKind } from "./Verdict.ts";

/** So many statements are told; those about the action come first where there are more. */
const MAX_STATEMENTS = 40;
/** Of each condition no more values are told, and of each value no more characters. */
const MAX_VALUES = 8;
const MAX_VALUE_LENGTH = 256;

/** A statement that was looked at, and what of it matched the request. Plain data, for the journal and not for the caller. */
export interface ConsideredStatement {
  readonly policyKind: PolicyKind;
  readonly policy: string;
  readonly sid?: string;
  /** From 1. */
  readonly place: number;
  readonly effect: Statement["effect"];
  readonly applies: boolean;
  /** What the statement does not name is not there. */
  readonly matches: {
    readonly action: boolean;
    readonly principal?: boolean;
    readonly resource?: boolean;
    readonly conditions?: boolean;
  };
  readonly failedConditions: readonly FailedStatementCondition[];
}

/** A condition that did not hold; `found` is `null` where the request has no such key. */
export interface FailedStatementCondition {
  readonly operator: string;
  readonly key: string;
  readonly wanted: readonly string[];
  readonly found: readonly string[] | null;
}

/** What policies say of a request, statement by statement. */
export interface Consideration {
  readonly statements: readonly ConsideredStatement[];
  /** So many more there are. */
  readonly omittedStatements: number;
  /** The kinds of policies of which some statement allows it. */
  readonly allowing: ReadonlySet<PolicyKind>;
}

/**
 * Looks at every statement again, also at those that a decision passes over: for a request that was refused, whose time matters less than why.
 */
export function considered(request: PolicyRequest, policies: Policies): Consideration {
  const action = request.action.toLowerCase();
  const hasBoundary = policies.boundary !== undefined;
  const statements = inOrder(policies).flatMap(([policyKind, { name, policy }]) =>
    policy.statements.map((statement) => consider(statement, { request, action, hasBoundary, policyKind, policy: name })),
  );
  const allowing = new Set(
    statements.filter(({ applies, effect }) => applies && effect === "Allow").map(({ policyKind }) => policyKind),
  );
  if (statements.length <= MAX_STATEMENTS) return { statements, omittedStatements: 0, allowing };
  const told = new Set([...statements.filter(isAboutAction), ...statements].slice(0, MAX_STATEMENTS));
  return {
    statements: statements.filter((statement) => told.has(statement)),
    omittedStatements: statements.length - told.size,
    allowing,
  };
}

/** As an evaluation asks them. */
function inOrder({ resource, identity, boundary, session }: Policies): (readonly [PolicyKind, NamedPolicy])[] {
  return [
    ...(resource === undefined ? [] : [["resource", resource] as const]),
    ...(identity ?? []).map((policy) => ["identity", policy] as const),
    ...(boundary === undefined ? [] : [["boundary", boundary] as const]),
    ...(session ?? []).map((policy) => ["session", policy] as const),
  ];
}

function isAboutAction({ matches }: ConsideredStatement): boolean {
  return matches.action;
}

interface Place {
  readonly request: PolicyRequest;
  /** In lower case. */
  readonly action: string;
  readonly hasBoundary: boolean;
  readonly policyKind: PolicyKind;
  readonly policy: string;
}

function consider(statement: Statement, { request, action, hasBoundary, policyKind, policy }: Place): ConsideredStatement {
  const { sid, place, effect, actions, principals, resources, conditions } = statement;
  const isAbout = actions.has(action);
  const means = principals === undefined || principals.means(request.principal, hasBoundary) !== undefined;
  const hasResource = resources === undefined || resources.has(request);
  // Conditions of what is about something else say nothing of this request.
  const asked = isAbout && means && hasResource ? conditions : [];
  const failedConditions = asked.filter((condition) => !condition.holds(request)).map((failed) => bothValues(failed, request));
  return {
    policyKind,
    policy,
    ...(sid !== undefined && sid !== "" && { sid }),
    place,
    effect,
    applies: isAbout && means && hasResource && failedConditions.length === 0,
    matches: {
      action: isAbout,
      ...(principals !== undefined && { principal: means }),
      ...(resources !== undefined && { resource: hasResource }),
      ...(asked.length > 0 && { conditions: failedConditions.length === 0 }),
    },
    failedConditions,
  };
}

function bothValues({ written, key, values }: Condition, request: PolicyRequest): FailedStatementCondition {
  const space = written.indexOf(" ");
  const found = request.values(key);
  return {
    operator: written.slice(0, space),
    key: written.slice(space + 1),
    wanted: bounded(values),
    found: found === undefined || found.length === 0 ? null : bounded(found),
  };
}

function bounded(values: readonly string[]): readonly string[] {
  return values
    .slice(0, MAX_VALUES)
    .map((value) => (value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH)}…` : value));
}
