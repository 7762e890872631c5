import type { KeyObject } from "node:crypto";

/**
 * The keys that a store seals with: its own, for what S3 manages, and a key service's, for what customers manage there.
 */
export interface Keys {
  readonly masters: MasterKeys;
  readonly service: KeyService;
  /** Ends what looks after them, such as the watch on a file; not there where nothing does. */
  close?(): void;
}

/** The store's own keys, of 32 bytes each. Every one that ever sealed anything stays. */
export interface MasterKeys {
  /** What is sealed from now on is sealed with this. */
  readonly current: MasterKey;
  /** The key of this name; `undefined` for one that is not there, which is damage. */
  find(name: string): KeyObject | undefined;
}

/** One of the store's own keys. */
export interface MasterKey {
  /** 1 to 32 characters of [a-z0-9-]; never used for another key. */
  readonly name: string;
  readonly key: KeyObject;
}

/** What has to be said again to open what was sealed: names and values, as S3's encryption context has them. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** A data key of a key service: the key itself, and what the service makes the same key of again. */
export interface ServiceDataKey {
  /** 32 bytes. */
  readonly plaintext: Buffer;
  /** At most 6,144 bytes. */
  readonly ciphertext: Buffer;
}

/**
 * The port of what AWS KMS is to S3. Every method may throw an `S3Error` of KMS's: `KMS.NotFoundException`, `KMS.DisabledException`,
 * `KMS.KMSInvalidStateException` and their like; and where the service cannot be reached, `KMS.DependencyTimeoutException` or the like.
 */
export interface KeyService {
  /** The ARN of the key that an id, an alias or an ARN names; `undefined` names the service's default key for S3, made when first needed. `region` is the bucket's (default: the server's first): a key of another one is not found. */
  resolve(keyId: string | undefined, region?: string): Promise<string>;
  generateDataKey(keyArn: string, context: EncryptionContext): Promise<ServiceDataKey>;
  /** The plaintext of a data key. Throws also when the context is another one, or the ciphertext is none of this key's. */
  decrypt(keyArn: string, ciphertext: Buffer, context: EncryptionContext): Promise<Buffer>;
}
