import type { KeyUses } from "./accounts/KeyUses.ts";
import type { RememberedPolicies } from "./accounts/RememberedPolicies.ts";
import type { Keys } from "../keys/Keys.ts";
import type { BlobEngine } from "./blobs/BlobEngine.ts";
import type { BucketSealer, OpenedKeys } from "./encryption/OpenedKeys.ts";
import type { ParsedSettings } from "./buckets/ParsedSettings.ts";
import type { KnownDamage } from "./objects/KnownDamage.ts";
import type { ReadLeases } from "./ReadLeases.ts";
import type { MetadataEngine, RememberingMetadataEngine } from "./metadata/MetadataEngine.ts";
import type { RestoreTimes } from "./restoreTimes.ts";

/** Where time comes from, in milliseconds since 1970. */
export type Clock = () => number;

/** Where unguessable bytes come from. */
export type RandomBytes = (sizeBytes: number) => Buffer;

/**
 * The engines of one store, and what their decisions need from outside. The meaning of S3's writes stands in this folder's
 * functions (`buckets.ts`, `objects.ts`, `multipart.ts`, …), each of which takes a store. Made by `createStore`.
 */
export interface Store {
  readonly metadata: MetadataEngine;
  readonly blobs: BlobEngine;
  readonly readers: ReadLeases;
  /** Where this process has found objects damaged. */
  readonly damage: KnownDamage;
  readonly settings: ParsedSettings;
  readonly policies: RememberedPolicies;
  readonly keyUses: KeyUses;
  /** What seals the keys that objects are encrypted with. */
  readonly keys: Keys;
  readonly openedKeys: OpenedKeys;
  /** Keys that buckets seal with for a while. */
  readonly bucketKeys: OpenedKeys<BucketSealer>;
  /** Whether an object is encrypted of which neither request nor bucket says anything. */
  readonly encryptsByDefault: boolean;
  /** S3's time: what clients see, and what ages by S3's rules. A test may move it. */
  readonly clock: Clock;
  /** What no test moves: for whatever waits for somebody, such as leases of readers and the grace of dead blobs. */
  readonly realClock: Clock;
  readonly randomBytes: RandomBytes;
  /** The same index, of a store that remembers how it was. */
  readonly past?: RememberingMetadataEngine | undefined;
  /** How long restores of archived objects take. */
  readonly restoreTimes: RestoreTimes;
}
