import { BoundedMap } from "../BoundedMap.ts";
import type { StoredPolicies } from "./StoredPolicies.ts";

/** Most users, roles and sessions of which a process remembers the policies; the one that came first makes room. */
const MAX_REMEMBERED_POLICIES = 1_000;

/** What one process has read of the policies of somebody, and of which revision of their account. `policiesOf` is how to ask. */
export class RememberedPolicies {
  readonly #kept = new BoundedMap<string, { readonly revision: string; readonly policies: StoredPolicies }>(
    MAX_REMEMBERED_POLICIES,
  );

  /** What is remembered of this very revision. */
  find(subject: string, revision: string): StoredPolicies | undefined {
    const kept = this.#kept.get(subject);
    return kept?.revision === revision ? kept.policies : undefined;
  }

  /** Remembers what was read in this revision. */
  keep(subject: string, revision: string, policies: StoredPolicies): void {
    this.#kept.set(subject, { revision, policies });
  }
}
