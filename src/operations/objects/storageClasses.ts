import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { RestoreStatus } from "../../protocol/generated/types.ts";
import type { Restorable } from "../../store/objects/restore.ts";
import { isAtHand, restoreStatus } from "../../store/objects/restore.ts";
import { STORAGE_CLASSES, storageClassNamed } from "../../store/objects/storageClasses.ts";
import { DEFAULT_STORAGE_CLASS } from "../../store/records/ObjectRecord.ts";

/**
 * The class an object is to be stored as; the others that S3 knows belong to Outposts, Snow, file systems, backups and directory buckets.
 * Throws InvalidStorageClass.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
export function wantedStorageClass(requested: string | undefined): string {
  if (requested === undefined || requested === "") return DEFAULT_STORAGE_CLASS;
  if (storageClassNamed(requested) !== undefined) return requested;
  throw new S3Error("InvalidStorageClass", {
    details: [["StorageClassRequested", requested]],
    explanation: `x-amz-storage-class is ${quoted(requested)}; it can be ${STORAGE_CLASSES.map(({ name }) => name).join(", ")}.`,
  });
}

/** The class as reads show it: S3 leaves the default out. */
export function shownStorageClass(storageClass: string): string | undefined {
  return storageClass === DEFAULT_STORAGE_CLASS ? undefined : storageClass;
}

/**
 * Refuses to read an object that is archived, and not restored at this time of S3's, with InvalidObjectState; `message` as S3 words it for the
 * operation.
 */
export function checkAtHand(object: Restorable, nowMs: number, message: string): void {
  if (isAtHand(object, nowMs)) return;
  const { storageClass, restore } = object;
  const isOngoing = restoreStatus(object, nowMs)?.isOngoing === true;
  throw new S3Error("InvalidObjectState", {
    message,
    details: [["StorageClass", storageClass]],
    explanation:
      `The object was stored as ${storageClass}, an archive: S3 reads such objects only after a restore` +
      (isOngoing ? `, and its restore takes until ${new Date(restore!.completesAtMs).toISOString()}.` : "."),
  });
}

/** The header x-amz-restore of an object; `undefined` where there is no restore to tell of. */
export function restoreHeader(object: Restorable, nowMs: number): string | undefined {
  const status = restoreStatus(object, nowMs);
  if (status === undefined) return undefined;
  if (status.isOngoing) return 'ongoing-request="true"';
  return `ongoing-request="false", expiry-date="${new Date(status.expiresAtMs).toUTCString()}"`;
}

/** What lists say of the restore of an object. */
export function listedRestore(object: Restorable, nowMs: number): RestoreStatus | undefined {
  const status = restoreStatus(object, nowMs);
  if (status === undefined) return undefined;
  if (status.isOngoing) return { IsRestoreInProgress: true };
  return { IsRestoreInProgress: false, RestoreExpiryDate: new Date(status.expiresAtMs) };
}
