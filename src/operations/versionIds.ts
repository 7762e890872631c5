import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";

/** The version id of every object in a bucket that never had versioning. */
export const NULL_VERSION = "null";

/** What the version ids S3 makes look like. */
const VERSION_ID_FORM = /^[A-Za-z0-9._-]{32}$/;

/** Refuses what cannot be a version id with InvalidArgument. `undefined` (none was sent) passes. */
export function checkVersionIdForm(versionId: string | undefined, argumentName = "versionId"): void {
  if (versionId === undefined || versionId === NULL_VERSION || VERSION_ID_FORM.test(versionId)) return;
  throw new S3Error("InvalidArgument", {
    message: versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    details: [
      ["ArgumentName", argumentName],
      ["ArgumentValue", versionId],
    ],
    explanation: `${quoted(versionId)} cannot be a version id; objects of a bucket without versioning have the version id "null".`,
  });
}

/** True when a well-formed version id can name an object of a bucket without versioning. */
export function namesNullVersion(versionId: string | undefined): boolean {
  return versionId === undefined || versionId === NULL_VERSION;
}

/** S3's answer for a version that is not there. */
export function noSuchVersion(key: string, versionId: string | undefined): S3Error {
  return new S3Error("NoSuchVersion", {
    details: [
      ["Key", key],
      ["VersionId", versionId],
    ],
    explanation: `The bucket has no versioning: its objects have only the version "null", not ${quoted(versionId ?? "")}.`,
  });
}
