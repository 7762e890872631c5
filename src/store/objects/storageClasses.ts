/**
 * S3's storage classes, as far as general purpose buckets have them: the one place that knows them.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */

/** What is to be known of a class. */
export interface StorageClass {
  readonly name: string;
  /** Whether its objects can be read only while they are restored. */
  readonly isArchive: boolean;
  /**
   * How far down it stands in the waterfall of transitions: an object goes to classes of a higher number, unless
   * {@link isTransitionAllowed} says otherwise.
   */
  readonly order: number;
  /** The least `Days` that a transition to it may name. */
  readonly minimumTransitionDays: number;
}

/** All classes that an object may be stored as, in the order of their transitions. */
export const STORAGE_CLASSES: readonly StorageClass[] = [
  { name: "STANDARD", isArchive: false, order: 0, minimumTransitionDays: 0 },
  { name: "REDUCED_REDUNDANCY", isArchive: false, order: 0, minimumTransitionDays: 0 },
  { name: "STANDARD_IA", isArchive: false, order: 1, minimumTransitionDays: 30 },
  { name: "INTELLIGENT_TIERING", isArchive: false, order: 2, minimumTransitionDays: 0 },
  { name: "ONEZONE_IA", isArchive: false, order: 3, minimumTransitionDays: 30 },
  { name: "GLACIER_IR", isArchive: false, order: 4, minimumTransitionDays: 0 },
  { name: "GLACIER", isArchive: true, order: 5, minimumTransitionDays: 0 },
  { name: "DEEP_ARCHIVE", isArchive: true, order: 6, minimumTransitionDays: 0 },
];

const BY_NAME: ReadonlyMap<string, StorageClass> = new Map(STORAGE_CLASSES.map((one) => [one.name, one]));

/** A class by its name; `undefined` for what no object can be stored as. */
export function storageClassNamed(name: string): StorageClass | undefined {
  return BY_NAME.get(name);
}

/** Whether objects of a class can be read only while they are restored. */
export function isArchive(storageClass: string): boolean {
  return BY_NAME.get(storageClass)?.isArchive === true;
}

/**
 * Whether a lifecycle rule may take an object from one class to another: down the waterfall, and from ONEZONE_IA not to GLACIER_IR.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
export function isTransitionAllowed(from: string, to: string): boolean {
  const source = BY_NAME.get(from);
  const target = BY_NAME.get(to);
  if (source === undefined || target === undefined || target.order <= source.order) return false;
  return !(from === "ONEZONE_IA" && to === "GLACIER_IR");
}
