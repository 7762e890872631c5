import { hash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { presentBucket } from "../buckets/buckets.ts";
import type { CompletedObject, CompletionRequest } from "./completion.ts";
import { checkUnchangedKey, decideCompletion, objectIdentity } from "./completion.ts";
import { settledOwner } from "../buckets/ownership.ts";
import type { WriteConditions } from "../objects/conditions.ts";
import { asksOfObject, checkWriteConditions } from "../objects/conditions.ts";
import type { WrittenBlob } from "../objects/content.ts";
import { deadBlobChanges, newContentIdAt } from "../objects/content.ts";
import type { Change, Soon } from "../metadata/MetadataEngine.ts";
import type { NewObject } from "../objects/KeyHistory.ts";
import { KeyHistory } from "../objects/KeyHistory.ts";
import { rowsOfHistory, withHistory } from "../objects/objects.ts";
import { shownVersionId } from "../objects/versionIds.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { bucketRow } from "../records/BucketRecord.ts";
import type { CompletedUploadRecord } from "../records/CompletedUploadRecord.ts";
import { completedUploadRow } from "../records/CompletedUploadRecord.ts";
import type { ContentRecord } from "../records/ContentRecord.ts";
import { contentRow } from "../records/ContentRecord.ts";
import { objectRow } from "../records/ObjectRecord.ts";
import type { PartRecord } from "../records/PartRecord.ts";
import { partRow, partsOf } from "../records/PartRecord.ts";
import { isReadable, mark, perhaps, put, remove } from "../records/Row.ts";
import type { UploadRecord } from "../records/UploadRecord.ts";
import { abandonedUploadRow, uploadRow } from "../records/UploadRecord.ts";
import type { Store } from "../Store.ts";
import { readRow, transact } from "../transact.ts";

/** Parts of one upload are numbered from 1 to this. */
export const MAX_PART_NUMBER = 10_000;

const UPLOAD_ID_TIME_HEX_DIGITS = 12;
const UPLOAD_ID_RANDOM_SIZE_BYTES = 24;
const UPLOAD_ID_KEY_HEX_DIGITS = 8;

/** What an upload id looks like: 12 hexadecimal digits of time, 48 of chance, 8 of the key. The oldest ids have none of the key. */
const UPLOAD_ID_FORM = /^[0-9a-f]{60}(?<ofKey>[0-9a-f]{8})?$/;

/** Whether this is the id of an upload of this key, be it under way, ended or made up. */
export function isUploadIdOf(bucket: BucketRecord, key: string, uploadId: string): boolean {
  const form = UPLOAD_ID_FORM.exec(uploadId);
  const ofKey = form?.groups?.["ofKey"];
  return form !== null && (ofKey === undefined || ofKey === digitsOf(bucket, key));
}

function digitsOf(bucket: BucketRecord, key: string): string {
  return hash("sha256", `${bucket.id}/${key}`).slice(0, UPLOAD_ID_KEY_HEX_DIGITS);
}

/**
 * Begins an upload, and remembers which object was under its key then. Its id cannot be guessed, and sorts by time of initiation among the
 * uploads of a key.
 */
export async function createUpload(store: Store, bucket: BucketRecord, upload: NewUpload): Promise<UploadRecord> {
  const time = upload.initiatedAtMs.toString(16).padStart(UPLOAD_ID_TIME_HEX_DIGITS, "0");
  const chance = store.randomBytes(UPLOAD_ID_RANDOM_SIZE_BYTES).toString("hex");
  const uploadId = time + chance + digitsOf(bucket, upload.key);
  const wanted = { committed: bucketRow(bucket.name), object: perhaps(objectRow(bucket.id, upload.key)) };
  return transact(store, wanted, ({ committed, object }) => {
    const present = presentBucket(committed, bucket);
    const begunOn = objectIdentity(isReadable(object) ? object : undefined);
    const record = { ...upload, ...settledOwner(present, upload), uploadId, begunOn };
    return { changes: [put(uploadRow(present.id, upload.key, uploadId), record)], result: record };
  });
}

/** What an upload is begun with; where ACLs are disabled, it is its bucket's owner's. */
export type NewUpload = Omit<UploadRecord, "uploadId" | "begunOn">;

/** The upload of this key with this id; NoSuchUpload when there is none. */
export async function findUpload(store: Store, bucket: BucketRecord, key: string, uploadId: string): Promise<UploadRecord> {
  return presentUpload(await findUploadUnderWay(store, bucket, key, uploadId), uploadId);
}

/** The upload of this key with this id, if it has not ended. */
export function findUploadUnderWay(
  store: Store,
  bucket: BucketRecord,
  key: string,
  uploadId: string,
): Soon<UploadRecord | undefined> {
  return readRow(store, uploadRow(bucket.id, key, uploadId));
}

/** Stores a part whose bytes are written; one of the same number before it dies. Throws NoSuchUpload if the upload ended meanwhile. */
export async function putPart(
  store: Store,
  bucket: BucketRecord,
  upload: UploadRecord,
  part: PartRecord,
  written: WrittenBlob,
): Promise<void> {
  const row = partRow(upload.uploadId, part.partNumber);
  const wanted = {
    committed: bucketRow(bucket.name),
    underWay: uploadRow(bucket.id, upload.key, upload.uploadId),
    replaced: row,
  };
  try {
    await transact(store, wanted, ({ committed, underWay, replaced }, { realNowMs }) => {
      presentBucket(committed, bucket);
      presentUpload(underWay, upload.uploadId);
      const dead = replaced?.blob === undefined ? [] : deadBlobChanges(replaced.blob, "", realNowMs);
      return { changes: [...dead, ...written.changes, put(row, part)], result: undefined };
    });
  } catch (failure) {
    await written.abandon();
    throw failure;
  }
}

/** Ends an upload without an object. Its parts are collected afterwards, so that the commit stays small. */
export async function abortUpload(store: Store, bucket: BucketRecord, key: string, uploadId: string): Promise<void> {
  const row = uploadRow(bucket.id, key, uploadId);
  await transact(store, { upload: row }, ({ upload }) => {
    presentUpload(upload, uploadId);
    return { changes: [remove(row), mark(abandonedUploadRow(uploadId))], result: undefined };
  });
}

/** What a completion needs beyond the client's list. */
export interface Completion extends CompletionRequest {
  readonly bucket: BucketRecord;
  readonly key: string;
  readonly uploadId: string;
  readonly conditions: WriteConditions;
  readonly nowMs: number;
}

/** What an upload has become. */
export interface CompletedUpload extends CompletedUploadRecord {
  /** Of the object; `undefined` for an upload that had become one before. */
  readonly sizeBytes?: number;
}

/**
 * Makes an object of an upload's parts in one commit: the parts' blobs are named, no byte moves. A repeated completion of an
 * upload that has become this very object answers as the first one did.
 */
export async function completeUpload(store: Store, completion: Completion): Promise<CompletedUpload> {
  return withHistory(store, completion.bucket, (planned) => completeOnHistory(store, planned, completion));
}

async function completeOnHistory(store: Store, planned: BucketRecord, completion: Completion): Promise<CompletedUpload> {
  const { bucket, key, uploadId, conditions } = completion;
  const wanted = {
    committed: bucketRow(bucket.name),
    underWay: uploadRow(bucket.id, key, uploadId),
    completed: completedUploadRow(uploadId),
    history: await rowsOfHistory(store, planned, key),
    parts: partsOf(uploadId, MAX_PART_NUMBER),
  };
  return transact(store, wanted, ({ committed, underWay, completed, history: found, parts }, at) => {
    const present = presentBucket(committed, bucket);
    if (completed !== undefined && completed.bucketId === bucket.id && completed.key === key) {
      return { changes: [], result: completed };
    }
    const history = new KeyHistory(planned, present, key, found, at);
    const upload = presentUpload(underWay, uploadId);
    const whole = decideCompletion(upload, new Map(parts.map((part) => [part.partNumber, part])), completion);
    if (asksOfObject(conditions)) {
      checkUnchangedKey(upload, conditions, history.current);
      checkWriteConditions(conditions, history.current, key);
    }
    const { etag, checksum } = whole;
    const contentId = newContentIdAt(at);
    const object = history.add(objectOf(upload, whole), { kind: "content", id: contentId }, completion.nowMs);
    const versionId = shownVersionId(present, object);
    const record = {
      bucketId: bucket.id,
      key,
      etag,
      checksum,
      completedAtMs: completion.nowMs,
      versionId,
      encryption: object.encryption,
    };
    const changes = [
      put(contentRow(contentId), contentOf(whole)),
      ...history.changes,
      ...endedPartChanges(uploadId, parts, whole, at.realNowMs),
      remove(wanted.underWay),
      put(wanted.completed, record),
    ];
    return { changes, result: { ...record, sizeBytes: whole.sizeBytes } };
  });
}

function presentUpload(upload: UploadRecord | undefined, uploadId: string): UploadRecord {
  if (upload !== undefined) return upload;
  throw new S3Error("NoSuchUpload", {
    details: [["UploadId", uploadId]],
    explanation: `No upload ${quoted(uploadId)} is under way for this key; it may have been completed or aborted, or belong to another key.`,
  });
}

function contentOf({ parts }: CompletedObject): ContentRecord {
  return {
    references: 1,
    segments: parts.flatMap(({ blob, sizeBytes }) => (blob === undefined ? [] : [{ blob, sizeBytes, salt: undefined }])),
    parts: parts.map(({ partNumber, sizeBytes, checksum }) => ({ partNumber, sizeBytes, checksum: checksum?.value })),
    // All parts of an upload are encrypted alike.
    cipher: parts.find(({ blob }) => blob !== undefined)?.cipher,
  };
}

function objectOf(upload: UploadRecord, whole: CompletedObject): NewObject {
  return {
    // S3 dates a multipart object by its upload's initiation.
    lastModifiedMs: upload.initiatedAtMs,
    ownerId: upload.ownerId,
    ownerName: upload.ownerName,
    acl: upload.acl,
    sizeBytes: whole.sizeBytes,
    etag: whole.etag,
    storageClass: upload.storageClass,
    checksum: whole.checksum,
    system: upload.system,
    user: upload.user,
    partsCount: whole.parts.length,
    tags: upload.tags,
    retentionMode: upload.retentionMode,
    retainUntilMs: upload.retainUntilMs,
    legalHold: upload.legalHold,
    encryption: upload.encryption,
  };
}

/** The parts of an upload end with it: those in the object live on as its blobs, the others die. */
function endedPartChanges(
  uploadId: string,
  stored: readonly PartRecord[],
  { parts }: CompletedObject,
  diedAtMs: number,
): Change[] {
  const used = new Set(parts.map(({ partNumber }) => partNumber));
  return stored.flatMap(({ partNumber, blob }) => [
    remove(partRow(uploadId, partNumber)),
    ...(blob === undefined || used.has(partNumber) ? [] : deadBlobChanges(blob, "", diedAtMs)),
  ]);
}
