import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** What objects are stored as unless they say otherwise. */
const DEFAULT_STORAGE_CLASS = "STANDARD";

/** The classes a write may ask for; the others S3 knows belong to Outposts, Snow and directory buckets. */
const WRITABLE_CLASSES: ReadonlySet<string> = new Set([
  DEFAULT_STORAGE_CLASS,
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
]);

/** Objects of these cannot be read until they are restored. */
const ARCHIVE_CLASSES: ReadonlySet<string> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/**
 * The class an object is to be stored as. Throws InvalidStorageClass.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
export function wantedStorageClass(requested: string | undefined): string {
  if (requested === undefined || requested === "") return DEFAULT_STORAGE_CLASS;
  if (WRITABLE_CLASSES.has(requested)) return requested;
  throw new S3Error("InvalidStorageClass", {
    details: [["StorageClassRequested", requested]],
    explanation: `x-amz-storage-class is ${quoted(requested)}; it can be ${[...WRITABLE_CLASSES].join(", ")}.`,
  });
}

/** The class as reads show it: S3 leaves the default out. */
export function shownStorageClass(storageClass: string): string | undefined {
  return storageClass === DEFAULT_STORAGE_CLASS ? undefined : storageClass;
}

/** Refuses to read an archived object with InvalidObjectState; `message` as S3 words it for the operation. */
export function checkNotArchived(storageClass: string, message: string): void {
  if (!ARCHIVE_CLASSES.has(storageClass)) return;
  throw new S3Error("InvalidObjectState", {
    message,
    details: [["StorageClass", storageClass]],
    explanation: `The object was stored as ${storageClass}, an archive: S3 reads such objects only after a restore.`,
  });
}
