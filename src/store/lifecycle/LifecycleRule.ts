import type { Tag } from "../records/ObjectRecord.ts";

/** When something happens to current versions: so many days after they were written, or on a day. */
export type LifecycleMoment =
  | { readonly kind: "days"; readonly days: number }
  /** A midnight UTC, in milliseconds since 1970. */
  | { readonly kind: "date"; readonly atMs: number };

/** What objects a rule is about: all that is said must hold. */
export interface LifecycleFilter {
  /** "" for all keys. */
  readonly prefix: string;
  readonly tags: readonly Tag[];
  /** Exclusive. */
  readonly sizeGreaterThan: number | undefined;
  /** Exclusive. */
  readonly sizeLessThan: number | undefined;
}

/** A rule of a bucket's lifecycle, as checked. */
export interface LifecycleRule {
  readonly id: string;
  readonly isEnabled: boolean;
  readonly filter: LifecycleFilter;
  readonly expiration: LifecycleMoment | { readonly kind: "lonelyMarkers" } | undefined;
  /** `newer`: how many noncurrent versions stay, the newest ones; 0 where none was said. */
  readonly noncurrentExpiration: { readonly days: number; readonly newer: number } | undefined;
  readonly abortUploadsAfterDays: number | undefined;
  readonly transitions: readonly { readonly at: LifecycleMoment; readonly storageClass: string }[];
  readonly noncurrentTransitions: readonly { readonly days: number; readonly newer: number; readonly storageClass: string }[];
}

/** Below which size objects stay where they are: 128 KiB for every class, or for all but the archives. */
export type TransitionMinimum = "all_storage_classes_128K" | "varies_by_storage_class";

/** A bucket's lifecycle. */
export interface Lifecycle {
  readonly rules: readonly LifecycleRule[];
  readonly transitionMinimum: TransitionMinimum;
}
