import type { Principal } from "./PolicyRequest.ts";

/** A principal that a policy names and that has to exist. */
export interface NamedPrincipal {
  /** As the policy has it. */
  readonly element: "AWS" | "CanonicalUser";
  /** What `value` is: the ARN of a user, role or session; an account (twelve digits); a unique id (AIDA…); a canonical id. */
  readonly kind: "arn" | "account" | "unique-id" | "canonical-id";
  /** An account number also where the policy has the ARN of the account's root. */
  readonly value: string;
  /** As the policy has it. */
  readonly written: string;
}

/** The ways that a `Principal` can say whom it means. */
export interface PrincipalNames {
  readonly everyone: boolean;
  readonly named: readonly NamedPrincipal[];
  /** The ARNs or names of identity providers. */
  readonly federated: readonly string[];
  /** Services of AWS; of these, only the delivery of access logs ever asks. */
  readonly services: readonly string[];
}

/**
 * How a policy means a caller: by itself (its own ARN, or everyone); by the role or the user that its session is of; or only by its account,
 * whose own policies then have to allow it too.
 */
export type Directness = "itself" | "origin" | "account";

/** Whom a statement means, or whom it does not mean. */
export class Principals {
  readonly names: PrincipalNames;
  /** True for `NotPrincipal`. */
  readonly isNegated: boolean;
  readonly #accounts: ReadonlySet<string>;
  readonly #canonicalIds: ReadonlySet<string>;
  /** ARNs, and the unique ids that stand for them. */
  readonly #identities: ReadonlySet<string>;
  readonly #federated: ReadonlySet<string>;
  readonly #services: ReadonlySet<string>;

  constructor(names: PrincipalNames, isNegated: boolean) {
    this.names = names;
    this.isNegated = isNegated;
    const valuesOf = (...kinds: readonly NamedPrincipal["kind"][]): ReadonlySet<string> =>
      new Set(names.named.filter(({ kind }) => kinds.includes(kind)).map(({ value }) => value));
    this.#accounts = valuesOf("account");
    this.#canonicalIds = valuesOf("canonical-id");
    this.#identities = valuesOf("arn", "unique-id");
    this.#federated = new Set(names.federated);
    this.#services = new Set(names.services);
  }

  /**
   * How a caller is meant, if they are.
   * @param hasBoundary - Whether a permissions boundary is attached to them: `NotPrincipal` excepts nobody who has one.
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
   */
  means(principal: Principal, hasBoundary: boolean): Directness | undefined {
    if (!this.isNegated) return this.#names(principal);
    return this.names.everyone || (!hasBoundary && this.#excepts(principal)) ? undefined : "itself";
  }

  #names(principal: Principal): Directness | undefined {
    if (this.names.everyone) return "itself";
    const { federatedProvider } = principal;
    if (federatedProvider !== undefined && this.#federated.has(federatedProvider)) return "itself";
    if (principal.kind === "service") return this.#lists(this.#services, principal.service) ? "itself" : undefined;
    if (principal.kind === "anonymous") return undefined;
    if (principal.kind === "root") return this.#namesAccount(principal) ? "itself" : undefined;
    if (this.#namesItself(principal)) return "itself";
    if (this.#namesOrigin(principal)) return "origin";
    return this.#namesAccount(principal) ? "account" : undefined;
  }

  /** AWS looks for the account first, then for the user, or for the role and the session: all of them have to be listed. */
  #excepts(principal: Principal): boolean {
    if (principal.kind === "service") return this.#lists(this.#services, principal.service);
    if (principal.kind === "anonymous" || !this.#namesAccount(principal)) return false;
    if (principal.kind === "root") return true;
    return this.#namesItself(principal) && (principal.kind !== "assumed-role" || this.#namesOrigin(principal));
  }

  #namesAccount({ accountId, canonicalId }: Principal): boolean {
    return this.#lists(this.#accounts, accountId) || this.#lists(this.#canonicalIds, canonicalId);
  }

  #namesItself({ arn, userId }: Principal): boolean {
    return this.#lists(this.#identities, arn) || this.#lists(this.#identities, userId);
  }

  /** The role of a session, or the user who asked for a federated user's. */
  #namesOrigin({ kind, principalArn, userId, federatedBy }: Principal): boolean {
    if (kind === "federated-user") return this.#lists(this.#identities, federatedBy);
    if (kind !== "assumed-role") return false;
    return this.#lists(this.#identities, principalArn) || this.#lists(this.#identities, userId?.split(":")[0]);
  }

  #lists(set: ReadonlySet<string>, value: string | undefined): boolean {
    return value !== undefined && set.has(value);
  }
}
