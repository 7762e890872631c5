/** A policy as it was given, and what it is called: an ARN, or "inline NAME". */
export interface NamedDocument {
  readonly name: string;
  readonly document: string;
}

/** The policies of somebody. As long as they are the same, so is the object. */
export interface StoredPolicies {
  /** Names whose policies these are and their state: never the same for others. */
  readonly revision: string;
  readonly identity: readonly NamedDocument[];
  readonly boundary: NamedDocument | undefined;
}
