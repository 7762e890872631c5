import { isArchive, isTransitionAllowed } from "../objects/storageClasses.ts";
import type { Appointment } from "./expirationOf.ts";
import type { Lifecycle, LifecycleFilter } from "./LifecycleRule.ts";

/**
 * Which class lifecycle takes an object to.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */

/** Smaller objects stay where they are, unless their rule says sizes of its own. */
const MINIMUM_SIZE_BYTES: number = 128 * 1024;

/**
 * Of transitions of the same day, the one further in front: the cheaper class wins, and INTELLIGENT_TIERING over all that are no archives.
 */
const FAVOURED: readonly string[] = ["DEEP_ARCHIVE", "GLACIER", "INTELLIGENT_TIERING", "GLACIER_IR", "ONEZONE_IA", "STANDARD_IA"];

/** A class that a rule takes an object to, and when. */
export interface Transition extends Appointment {
  readonly storageClass: string;
}

/** Whether objects of a size may go to a class by a rule with this filter. */
export function isLargeEnough(
  { transitionMinimum }: Lifecycle,
  { sizeGreaterThan, sizeLessThan }: LifecycleFilter,
  storageClass: string,
  sizeBytes: number,
): boolean {
  if (sizeBytes >= MINIMUM_SIZE_BYTES || sizeGreaterThan !== undefined || sizeLessThan !== undefined) return true;
  return transitionMinimum === "varies_by_storage_class" && isArchive(storageClass);
}

/**
 * Where an object of a class is to be, if these transitions have come: as if each had happened in its time. `undefined` where it is there
 * already. Asked again with the result it says `undefined`.
 */
export function transitionFrom(storageClass: string, come: readonly Transition[]): Transition | undefined {
  const byTime = Map.groupBy(come, ({ atMs }) => atMs);
  let present = storageClass;
  let last: Transition | undefined;
  for (const atMs of [...byTime.keys()].toSorted((a, b) => a - b)) {
    const possible = byTime
      .get(atMs)!
      .filter((one) => one.storageClass === present || isTransitionAllowed(present, one.storageClass));
    const favoured = possible.toSorted((a, b) => FAVOURED.indexOf(a.storageClass) - FAVOURED.indexOf(b.storageClass))[0];
    if (favoured === undefined || favoured.storageClass === present) continue;
    present = favoured.storageClass;
    last = favoured;
  }
  return last;
}
