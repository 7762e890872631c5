import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { findDeleteMarker, findObject, findVersion } from "../../store/objects/objects.ts";
import { NULL_VERSION_ID } from "../../store/objects/versionIds.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { RequestContext } from "../RequestContext.ts";
import { checkKeyLength } from "./keyLength.ts";
import { nearKey } from "./nearKeys.ts";
import { noSuchVersion } from "./versionIds.ts";

/** What a request names: an object, or one version of it. */
export interface NamedObject {
  readonly Key: string;
  /** Of the form of one, or "null"; see `checkVersionId`. */
  readonly VersionId?: string | undefined;
}

/**
 * The object or version that a request names, be it a delete marker. Throws KeyTooLongError, NoSuchVersion, and NoSuchKey, with the headers
 * of the delete marker that hides the key if there is one; or AccessDenied instead when the caller may not list the bucket: who may not see
 * which keys exist must not learn it here. `shownKey` is what NoSuchKey calls the key.
 */
export async function presentVersion(
  context: RequestContext,
  bucket: BucketRecord,
  { Key: key, VersionId: versionId }: NamedObject,
  shownKey: string = key,
): Promise<ObjectRecord> {
  checkKeyLength(key);
  const { store } = context;
  const found = versionId === undefined ? await findObject(store, bucket, key) : await findVersion(store, bucket, key, versionId);
  if (found !== undefined) return found;
  await context.require({
    action: versionId === undefined ? "s3:ListBucket" : "s3:ListBucketVersions",
    bucket,
    explanation: `Either there is no such object or you may not read it; without ${versionId === undefined ? "s3:ListBucket" : "s3:ListBucketVersions"} on the bucket S3 does not say which.`,
  });
  if (versionId !== undefined) throw noSuchVersion(key, versionId);
  const marker = await findDeleteMarker(store, bucket, key);
  const near = marker === undefined ? await nearKey(store, bucket, key) : undefined;
  throw new S3Error("NoSuchKey", {
    details: [["Key", shownKey]],
    ...(marker !== undefined && { headers: markerHeaders(marker) }),
    explanation:
      marker === undefined
        ? (near ?? `The bucket "${bucket.name}" has no object under exactly this key; keys are case-sensitive.`)
        : `The object was deleted at ${new Date(marker.lastModifiedMs).toISOString()}: its newest version is a delete marker. Older versions can be read by their version id.`,
  });
}

/** The same, but no delete marker: it has nothing that can be asked for. Throws MethodNotAllowed for one. */
export async function presentObject(
  context: RequestContext,
  bucket: BucketRecord,
  named: NamedObject,
  shownKey: string = named.Key,
): Promise<ObjectRecord> {
  const found = await presentVersion(context, bucket, named, shownKey);
  if (!found.isDeleteMarker) return found;
  throw new S3Error("MethodNotAllowed", {
    details: [
      ["Method", context.method],
      ["ResourceType", "DeleteMarker"],
    ],
    headers: { ...markerHeaders(found), "Last-Modified": new Date(found.lastModifiedMs).toUTCString(), Allow: "DELETE" },
    explanation: `The version ${quoted(named.VersionId ?? NULL_VERSION_ID)} is a delete marker: it has no bytes and no metadata, and can only be deleted.`,
  });
}

/** The headers that tell of a delete marker. */
function markerHeaders({ versionId }: ObjectRecord): Readonly<Record<string, string>> {
  return { "x-amz-delete-marker": "true", "x-amz-version-id": versionId ?? NULL_VERSION_ID };
}
