/** What a key ring holds: the store's own keys, and those of the local key management service. Values are never changed in place. */
export interface RingContent {
  /** Names the ring for ever, in 32 hexadecimal characters; the index of a store that used it keeps this. */
  readonly ringId: string;
  /** The store's own keys, oldest first: the last one seals, all of them open. Never empty. */
  readonly masters: readonly RingMaster[];
  readonly kmsKeys: readonly KmsKey[];
}

/** A key of the store's own. */
export interface RingMaster {
  /** See `MasterKey`. */
  readonly name: string;
  readonly createdAtMs: number;
  /** 32 bytes, in base64. */
  readonly secret: string;
}

/** A key of the local key management service. */
export interface KmsKey {
  /** A UUID. */
  readonly keyId: string;
  /** arn:aws:kms:REGION:ACCOUNT:key/KEY-ID. */
  readonly arn: string;
  /** Each begins with "alias/"; one name is one key's in an account and region. */
  readonly aliases: readonly string[];
  readonly description: string;
  readonly createdAtMs: number;
  readonly isEnabled: boolean;
  /** When the key is gone, if its deletion is scheduled. */
  readonly deletionAtMs: number | undefined;
  /** Oldest first: the last one seals, all of them open. Never empty. */
  readonly backingKeys: readonly BackingKey[];
}

/** What a key of the service seals with, until it is rotated. */
export interface BackingKey {
  /** 16 hexadecimal characters. */
  readonly id: string;
  readonly createdAtMs: number;
  /** 32 bytes, in base64. */
  readonly secret: string;
}

/** What a key of the service can be; "Gone" when the day of its deletion is over. */
export type KmsKeyState = "Enabled" | "Disabled" | "PendingDeletion" | "Gone";

/** The state of a key of the service at a moment. */
export function stateOf({ deletionAtMs, isEnabled }: KmsKey, nowMs: number): KmsKeyState {
  if (deletionAtMs !== undefined) return deletionAtMs <= nowMs ? "Gone" : "PendingDeletion";
  return isEnabled ? "Enabled" : "Disabled";
}
