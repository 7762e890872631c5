import { S3Error } from "../../errors/S3Error.ts";
import { describeVersion } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";
import type { NamedObject } from "../objects/presentVersion.ts";
import { presentObject } from "../objects/presentVersion.ts";
import type { BucketContext } from "../RequestContext.ts";

/** Makes of a version, and of its bucket as the commit finds it, what the version is to be. */
export type Describe = (version: ObjectRecord, bucket: BucketRecord) => ObjectRecord;

/**
 * Says something else of the object or version that a request names, and resolves with it. Throws as `presentObject`, and what `describe`
 * throws. `shownKey` is what NoSuchKey calls the key.
 */
export async function describeObject(
  context: BucketContext,
  named: NamedObject,
  describe: Describe,
  shownKey: string = named.Key,
): Promise<ObjectRecord> {
  const { store, bucket } = context;
  await presentObject(context, bucket, named, shownKey);
  const target = { key: named.Key, versionId: named.VersionId };
  return describeVersion(store, bucket, target, (version, committed) => {
    if (version !== undefined && !version.isDeleteMarker) return describe(version, committed);
    throw new S3Error("NoSuchKey", {
      details: [["Key", shownKey]],
      explanation: "The object was deleted by another request while this one was under way.",
    });
  });
}
