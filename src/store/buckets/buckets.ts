import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow, PLAIN_BUCKET } from "../records/BucketRecord.ts";
import { deletedBucketRow } from "../records/deletedBucketRows.ts";
import { objectsOf } from "../records/ObjectRecord.ts";
import { mark, put, remove } from "../records/Row.ts";
import { settingRow } from "../records/SettingRecord.ts";
import { uploadsOf } from "../records/UploadRecord.ts";
import { versionsOf } from "../records/versionRows.ts";
import type { Store } from "../Store.ts";
import { readRow, transact } from "../transact.ts";

/** Where S3 began: its buckets have no location constraint, and creating one's own bucket again succeeds there. */
export const CLASSIC_REGION = "us-east-1";

const BUCKET_ID_SIZE_BYTES = 8;

/** The bucket of this name, if there is one. */
export function findBucket(store: Store, name: string): Soon<BucketRecord | undefined> {
  return readRow(store, bucketRow(name));
}

/** S3's answer for a bucket that is not there. */
export function noSuchBucket(name: string): S3Error {
  return new S3Error("NoSuchBucket", {
    details: [["BucketName", name]],
    explanation: `There is no bucket called ${quoted(name)} here; create it, or check the name and the endpoint.`,
  });
}

/**
 * The bucket of a request as a commit finds it, if it is still the same one: a bucket deleted meanwhile takes no write, and neither does
 * another made under its name. Throws NoSuchBucket.
 */
export function presentBucket(committed: BucketRecord | undefined, bucket: BucketRecord): BucketRecord {
  if (committed === undefined || committed.id !== bucket.id) throw noSuchBucket(bucket.name);
  return committed;
}

/**
 * Makes sure, inside the commit of an operation on the bucket itself, that none other was committed since this one looked at it: S3 lets
 * one of two such operations win and turns the other away, rather than tell it of a state that it never asked about.
 * Throws OperationAborted.
 */
function refuseConflict(name: string, before: BucketRecord | undefined, now: BucketRecord | undefined): void {
  if (before?.id === now?.id) return;
  throw new S3Error("OperationAborted", {
    explanation: `The bucket "${name}" was ${now === undefined ? "deleted" : "created"} by another request while this one was under way; look at it and send this again if it is still wanted.`,
  });
}

/** What a bucket is made with. */
export type NewBucket = Pick<BucketRecord, "name" | "region" | "ownerId" | "ownerName" | "createdAtMs"> &
  Partial<Pick<BucketRecord, "versioning" | "objectLock" | "objectOwnership" | "acl">> & {
    /** Documents of settings that it has from the beginning, by their kinds. */
    readonly settings?: Readonly<Record<string, string>>;
  };

/**
 * Creates a bucket; creating one's own again succeeds in us-east-1 and changes nothing but the ACL, which is set anew if there can be one.
 * Throws BucketAlreadyOwnedByYou, BucketAlreadyExists or OperationAborted. The name is checked by the caller.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export async function createBucket(store: Store, { settings = {}, ...wanted }: NewBucket): Promise<BucketRecord> {
  const row = bucketRow(wanted.name);
  const kinds = Object.keys(settings);
  const bucket: BucketRecord = {
    ...PLAIN_BUCKET,
    ...wanted,
    id: store.randomBytes(BUCKET_ID_SIZE_BYTES).toString("hex"),
    configurationRevision: kinds.length,
  };
  const before = await findBucket(store, wanted.name);
  return transact(store, { existing: row }, ({ existing }) => {
    refuseConflict(wanted.name, before, existing);
    if (existing === undefined) {
      const documents = kinds.map((kind) => put(settingRow(bucket.id, kind), { document: settings[kind]! }));
      return { changes: [put(row, bucket), ...documents], result: bucket };
    }
    if (existing.ownerId !== wanted.ownerId) {
      throw new S3Error("BucketAlreadyExists", {
        details: [["BucketName", wanted.name]],
        explanation: "Bucket names are shared by everyone who uses this store, and somebody else has this one.",
      });
    }
    if (existing.region === CLASSIC_REGION && wanted.region === CLASSIC_REGION) return recreated(existing, bucket);
    throw new S3Error("BucketAlreadyOwnedByYou", {
      details: [["BucketName", wanted.name]],
      explanation: `You created this bucket at ${new Date(existing.createdAtMs).toISOString()}; nothing was changed.`,
    });
  });
}

/** The bucket that is there, with the ACL that another creation of it asks for. */
function recreated(existing: BucketRecord, { acl }: BucketRecord): { changes: readonly Change[]; result: BucketRecord } {
  const hasAcls = existing.objectOwnership !== "BucketOwnerEnforced";
  if (!hasAcls || (acl === undefined && existing.acl === undefined)) return { changes: [], result: existing };
  const result = { ...existing, acl, configurationRevision: existing.configurationRevision + 1 };
  return { changes: [put(bucketRow(existing.name), result)], result };
}

/**
 * Says something else of a bucket: `describe` makes of its record, inside the commit, what it is to be. Whoever keeps what is made of its
 * settings learns of it. Throws NoSuchBucket, and what `describe` throws.
 */
export async function describeBucket(
  store: Store,
  bucket: BucketRecord,
  describe: (committed: BucketRecord) => BucketRecord,
): Promise<BucketRecord> {
  const row = bucketRow(bucket.name);
  return transact(store, { committed: row }, ({ committed }) => {
    const described = describe(presentBucket(committed, bucket));
    const result = { ...described, configurationRevision: described.configurationRevision + 1 };
    return { changes: [put(row, result)], result };
  });
}

/**
 * Deletes a bucket without objects. Uploads under way do not keep it: they cannot be finished any more, and the collector frees their
 * parts later, as it does with settings, so that the commit stays small. Throws BucketNotEmpty or OperationAborted.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html
 */
export async function deleteBucket(store: Store, bucket: BucketRecord): Promise<void> {
  const row = bucketRow(bucket.name);
  const wanted = {
    committed: row,
    objects: objectsOf(bucket.id, 1),
    versions: versionsOf(bucket.id, 1),
    uploads: uploadsOf(bucket.id, 1),
  };
  await transact(store, wanted, ({ committed, objects, versions, uploads }) => {
    refuseConflict(bucket.name, bucket, committed);
    if (objects.length > 0) throw bucketNotEmpty(bucket, "objects; delete all of them first.");
    if (versions.length > 0) {
      throw bucketNotEmpty(bucket, "versions or delete markers; delete each of them by its version id first.");
    }
    const isLeft = uploads.length > 0 || (committed?.configurationRevision ?? 0) > 0;
    const left = isLeft ? [mark(deletedBucketRow(bucket.id))] : [];
    return { changes: [remove(row), ...left], result: undefined };
  });
}

function bucketNotEmpty({ name }: BucketRecord, what: string): S3Error {
  const explanation = `The bucket still holds ${what}`;
  return new S3Error("BucketNotEmpty", { details: [["BucketName", name]], explanation });
}
