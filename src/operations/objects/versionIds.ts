import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { isVersionId } from "../../store/objects/versionIds.ts";

/** Refuses what cannot be the id of a version, with InvalidArgument. `undefined` (none was sent) passes. */
export function checkVersionId(versionId: string | undefined): void {
  if (versionId === undefined || isVersionId(versionId)) return;
  throw invalidVersionId("versionId", versionId);
}

/** Refuses a marker that cannot be a version id with InvalidArgument; one of another bucket only says where the list goes on. */
export function checkVersionIdMarker(marker: string): void {
  if (!isVersionId(marker)) throw invalidVersionId("version-id-marker", marker);
}

function invalidVersionId(argumentName: string, versionId: string): S3Error {
  return invalidArgument(argumentName, versionId, {
    message: versionId === "" ? "Version id cannot be the empty string" : "Invalid version id specified",
    explanation: `A version id has 32 letters, digits, dots, dashes and underscores, or is "null"; ${quoted(versionId)} came.`,
  });
}

/** S3's answer for a version that is not there. */
export function noSuchVersion(key: string, versionId: string): S3Error {
  return new S3Error("NoSuchVersion", {
    details: [
      ["Key", key],
      ["VersionId", versionId],
    ],
    explanation: `The key has no version ${quoted(versionId)}; it may have been deleted for good, or belong to another key.`,
  });
}
