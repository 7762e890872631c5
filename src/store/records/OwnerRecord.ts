/** A user: who owns buckets, whatever access keys they have at the time. Stored under the display name. */
export interface OwnerRecord {
  readonly canonicalId: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  /** The access key that was last set from `credentials.json`; only the first user has one. It is set once, and may be removed. */
  readonly keptKeyId: string | undefined;
}
