import { refusalOfLogDelivery } from "../access/logDelivery.ts";
import { oneShot } from "../protocol/checksums/digests.ts";
import type { Piece } from "../protocol/Payload.ts";
import { findBucket } from "../store/buckets/buckets.ts";
import { bucketEncryption, defaultWish } from "../store/buckets/encryption.ts";
import { seal } from "../store/encryption/sealing.ts";
import type { BucketLogging } from "../store/buckets/logging.ts";
import type { AskedAcl } from "../store/buckets/ownership.ts";
import { LOG_SERVICE, ownedBy } from "../store/buckets/ownership.ts";
import type { ContentSource } from "../store/objects/content.ts";
import { writeContent } from "../store/objects/content.ts";
import { putObject } from "../store/objects/objects.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import { DEFAULT_STORAGE_CLASS, PLAIN_OBJECT } from "../store/records/ObjectRecord.ts";
import type { Store } from "../store/Store.ts";
import { logKey } from "./logKey.ts";

/** Random bytes in the key of a log: as many as S3's have. */
const UNIQUE_SIZE_BYTES = 8;

/** The checksum that S3 adds where none is brought. */
const CHECKSUM_ALGORITHM = "CRC64NVME";

/** Keys have at most this many bytes. */
const MAX_KEY_SIZE_BYTES = 1_024;

/** Lines of one bucket's log that are to become an object. */
export interface Log {
  readonly source: BucketRecord;
  readonly logging: BucketLogging;
  /** The beginning of the day that all of its requests are of; `undefined` where its key names the time of delivery. */
  readonly dayMs: number | undefined;
  readonly bytes: Buffer;
}

/** Why a log cannot be delivered, for the operator. */
class DeliveryRefusedError extends Error {
  override readonly name = "DeliveryRefusedError";
}

/**
 * Writes a log into its target, as S3's log delivery: what it may write is asked of the target as it is now, and the object is the target
 * owner's, or its own where others' objects stay theirs. Throws `DeliveryRefusedError`, and what the store throws.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html
 */
export async function deliverLog(store: Store, { source, logging, dayMs, bytes }: Log): Promise<void> {
  const nowMs = store.clock();
  const target = await targetOf(store, source, logging);
  const unique = store.randomBytes(UNIQUE_SIZE_BYTES).toString("hex").toUpperCase();
  const key = logKey({ source, logging, timeMs: dayMs ?? nowMs, unique });
  if (Buffer.byteLength(key) > MAX_KEY_SIZE_BYTES) throw new DeliveryRefusedError("TargetPrefix is too long for a key");
  const owned = ownedBy(target, LOG_SERVICE, aclOfLog(target, logging));
  const refusal = await refusalOfLogDelivery(store, { source, target, key, acl: owned.acl, nowMs });
  if (refusal !== undefined) throw new DeliveryRefusedError(refusal);
  const [md5, sum] = await Promise.all([oneShot("MD5"), oneShot(CHECKSUM_ALGORITHM)]);
  const value = sum(bytes).toString("base64");
  const object = {
    ...PLAIN_OBJECT,
    ...owned,
    lastModifiedMs: nowMs,
    sizeBytes: bytes.length,
    etag: md5(bytes).toString("hex"),
    storageClass: DEFAULT_STORAGE_CLASS,
    checksum: { algorithm: CHECKSUM_ALGORITHM, type: "FULL_OBJECT", value } as const,
    system: { contentType: "text/plain" },
    user: [],
    partsCount: 0,
  };
  const wish = defaultWish(store, await bucketEncryption(store, target));
  if (wish.kind !== "AES256" && wish.kind !== "none")
    throw new DeliveryRefusedError("the target's default encryption is not AES256");
  const sealed = await seal(store, wish, { bucket: target, key });
  const conditions = { ifMatch: undefined, ifNoneMatch: undefined };
  const written = await writeContent(store, contentOf(bytes), nowMs, { dataKey: sealed?.dataKey });
  await putObject(
    store,
    { bucket: target, key, conditions, existedBefore: false, nowMs },
    { ...object, encryption: sealed?.encryption },
    written,
  );
}

/** The bucket that a log is for, if it can still take logs. Throws `DeliveryRefusedError`. */
async function targetOf(store: Store, source: BucketRecord, { targetBucket }: BucketLogging): Promise<BucketRecord> {
  const target = await findBucket(store, targetBucket);
  const refuse = (reason: string): never => {
    throw new DeliveryRefusedError(reason);
  };
  if (target === undefined) return refuse("the target does not exist any more");
  if (target.ownerId !== source.ownerId) refuse("the target belongs to another account");
  if (target.region !== source.region) refuse("the target is in another region");
  if (target.requesterPays) refuse("requesters pay for the target");
  if (target.defaultRetentionMode !== undefined) refuse("the target has a default retention");
  return target;
}

/** What is asked for a log: everything for who writes it and for the owner of the bucket, and what TargetGrants say. */
function aclOfLog({ ownerId }: BucketRecord, { grants = [] }: BucketLogging): AskedAcl {
  const full = [LOG_SERVICE.canonicalId, ownerId].map((id) => {
    return { grantee: { kind: "id", id }, permission: "FULL_CONTROL" } as const;
  });
  return { kind: "grants", grants: [...full, ...grants] };
}

function contentOf(bytes: Buffer): ContentSource {
  async function* pieces(): AsyncGenerator<Piece, void, undefined> {
    yield bytes;
  }
  return Object.assign(pieces(), { sizeBytes: bytes.length });
}
