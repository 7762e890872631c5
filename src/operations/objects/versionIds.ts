import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";

/** The version id of every object in a bucket that never had versioning. */
export const NULL_VERSION = "null";

/** What the version ids S3 makes look like. */
const VERSION_ID_FORM = /^[A-Za-z0-9._-]{32}$/;

/**
 * Refuses the version ids that no object of a bucket without versioning has, which are all but "null": S3 does not tell those that it
 * never made from those of other buckets. `undefined` (none was sent) passes. Throws InvalidArgument.
 */
export function checkVersionId(versionId: string | undefined): void {
  if (namesNullVersion(versionId)) return;
  throw invalidVersionId("versionId", versionId!);
}

/** True when a version id can name an object of a bucket without versioning. */
export function namesNullVersion(versionId: string | undefined): boolean {
  return versionId === undefined || versionId === NULL_VERSION;
}

/** Refuses a marker that cannot be a version id with InvalidArgument; one of another bucket only says where the list goes on. */
export function checkVersionIdMarker(marker: string): void {
  if (marker === NULL_VERSION || VERSION_ID_FORM.test(marker)) return;
  throw invalidVersionId("version-id-marker", marker);
}

function invalidVersionId(argumentName: string, versionId: string): S3Error {
  return invalidArgument(argumentName, versionId, {
    message: versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    explanation: `The bucket has no versioning: its objects have only the version "null", and ${quoted(versionId)} is none of them.`,
  });
}

/** S3's answer for a version that is not there, where one answer is about many objects. */
export function noSuchVersion(key: string, versionId: string | undefined): S3Error {
  return new S3Error("NoSuchVersion", {
    details: [
      ["Key", key],
      ["VersionId", versionId],
    ],
    explanation: `The bucket has no versioning: its objects have only the version "null", not ${quoted(versionId ?? "")}.`,
  });
}
