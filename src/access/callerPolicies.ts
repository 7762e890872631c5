import type { Caller, SignedCaller } from "../auth/Caller.ts";
import type { Session } from "../auth/Session.ts";
import type { NamedDocument, StoredPolicies } from "../store/accounts/StoredPolicies.ts";
import { policiesOf } from "../store/accounts/policiesOf.ts";
import type { Soon } from "../store/metadata/MetadataEngine.ts";
import { whenHere } from "../store/soon.ts";
import type { Store } from "../store/Store.ts";
import { parseIdentityPolicy } from "./policies/parseIdentityPolicy.ts";
import type { ResourceReading } from "./conditionKeys/ConditionKey.ts";
import { readingsOf } from "./readings.ts";
import type { NamedPolicy } from "./policies/Verdict.ts";

/** The policies that limit a caller. */
export interface CallerPolicies {
  /** `undefined`: none limits them, as none limits a root. */
  readonly identity: readonly NamedPolicy[] | undefined;
  readonly boundary: NamedPolicy | undefined;
  /** What their session was limited to; `undefined` where it was not. */
  readonly session: readonly NamedPolicy[] | undefined;
  /** What it takes to ask them about a resource. */
  readonly readings: ReadonlySet<ResourceReading>;
}

/** Those of a root, and of whoever does not sign. */
export const NO_POLICIES: CallerPolicies = { identity: undefined, boundary: undefined, session: undefined, readings: new Set() };

/** Somebody whose user or role is gone: nothing is allowed to them. */
const NOTHING_ALLOWED: CallerPolicies = { ...NO_POLICIES, identity: [] };

/** What stored policies were parsed into; the store hands out the same ones as long as they are what is stored. */
const parsedIdentities = new WeakMap<StoredPolicies, CallerPolicies>();
const parsedSessions = new WeakMap<Session, Pick<CallerPolicies, "session" | "readings">>();

/** The policies of a caller; read as often as they are asked for, and parsed once. */
export function findCallerPolicies(store: Store, caller: Caller): Soon<CallerPolicies> {
  if (caller.kind === "anonymous") return NO_POLICIES;
  const { kind, accountId, userId, userName, principalArn } = caller;
  if (kind === "root") return withSession(NO_POLICIES, caller);
  return whenHere(policiesOf(store, { kind, accountId, userId, userName, principalArn }), (stored) =>
    withSession(identityPolicies(stored), caller),
  );
}

function identityPolicies(stored: StoredPolicies | undefined): CallerPolicies {
  if (stored === undefined) return NOTHING_ALLOWED;
  const known = parsedIdentities.get(stored);
  if (known !== undefined) return known;
  const identity = stored.identity.map(parsed);
  const boundary = stored.boundary === undefined ? undefined : parsed(stored.boundary);
  const documents = [...stored.identity, ...(stored.boundary === undefined ? [] : [stored.boundary])];
  const policies = { identity, boundary, session: undefined, readings: allReadings(documents) };
  parsedIdentities.set(stored, policies);
  return policies;
}

function withSession(policies: CallerPolicies, { session }: SignedCaller): CallerPolicies {
  if (session?.policies === undefined) return policies;
  let limits = parsedSessions.get(session);
  if (limits === undefined) {
    const documents = session.policies.map((document) => ({ name: "the session's policy", document }));
    limits = { session: documents.map(parsed), readings: allReadings(documents) };
    parsedSessions.set(session, limits);
  }
  return { ...policies, session: limits.session, readings: new Set([...policies.readings, ...limits.readings]) };
}

function parsed({ name, document }: NamedDocument): NamedPolicy {
  return { name, policy: parseIdentityPolicy(document) };
}

function allReadings(documents: readonly NamedDocument[]): ReadonlySet<ResourceReading> {
  return new Set(documents.flatMap(({ document }) => [...readingsOf(document)]));
}
