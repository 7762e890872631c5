import { hash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { checkBucket } from "../buckets/buckets.ts";
import type { CompletedObject, CompletionRequest } from "./completion.ts";
import { checkUnchangedKey, decideCompletion, objectIdentity } from "./completion.ts";
import type { WriteConditions } from "../objects/conditions.ts";
import { checkWriteConditions } from "../objects/conditions.ts";
import type { WrittenBlob } from "../objects/content.ts";
import { deadBlobChanges, newContentId, releaseChanges } from "../objects/content.ts";
import type { Change, ReadResult } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import {
  decodeCompletedUploadRecord,
  decodeObjectRecord,
  decodePartRecord,
  decodeUploadRecord,
  encodeCompletedUploadRecord,
  encodeContentRecord,
  encodeObjectRecord,
  encodePartRecord,
  encodeUploadRecord,
} from "../records/codecs.ts";
import { abandonedKey, bucketKey, completedKey, contentKey, objectKey, partKey, partRange, uploadKey } from "../records/keys.ts";
import type { ObjectRecord } from "../records/ObjectRecord.ts";
import type { CompletedUploadRecord, PartRecord, UploadRecord } from "../records/UploadRecord.ts";
import type { Store } from "../Store.ts";

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
export async function createUpload(
  store: Store,
  bucket: BucketRecord,
  upload: Omit<UploadRecord, "uploadId" | "begunOn">,
): Promise<UploadRecord> {
  const time = upload.initiatedAtMs.toString(16).padStart(UPLOAD_ID_TIME_HEX_DIGITS, "0");
  const chance = store.randomBytes(UPLOAD_ID_RANDOM_SIZE_BYTES).toString("hex");
  const uploadId = time + chance + digitsOf(bucket, upload.key);
  const key = uploadKey(bucket.id, upload.key, uploadId);
  return store.metadata.transact({ keys: [bucketKey(bucket.name), objectKey(bucket.id, upload.key)] }, ({ values }) => {
    checkBucket(values[0], bucket);
    const record = { ...upload, uploadId, begunOn: objectIdentity(currentObject(values[1])) };
    return { changes: [{ key, value: encodeUploadRecord(record) }], result: record };
  });
}

/** The upload of this key with this id; NoSuchUpload when there is none. */
export async function findUpload(store: Store, bucket: BucketRecord, key: string, uploadId: string): Promise<UploadRecord> {
  return (await findUploadUnderWay(store, bucket, key, uploadId)) ?? presentUpload(undefined, uploadId);
}

/** The upload of this key with this id, if it has not ended. */
export async function findUploadUnderWay(
  store: Store,
  bucket: BucketRecord,
  key: string,
  uploadId: string,
): Promise<UploadRecord | undefined> {
  const { values } = await store.metadata.read({ keys: [uploadKey(bucket.id, key, uploadId)] });
  return values[0] === undefined ? undefined : decodeUploadRecord(values[0]);
}

/** Stores a part whose bytes are written; one of the same number before it dies. Throws NoSuchUpload if the upload ended meanwhile. */
export async function putPart(
  store: Store,
  bucket: BucketRecord,
  upload: UploadRecord,
  part: PartRecord,
  written: WrittenBlob,
): Promise<void> {
  const key = partKey(upload.uploadId, part.partNumber);
  const keys = [bucketKey(bucket.name), uploadKey(bucket.id, upload.key, upload.uploadId), key];
  try {
    await store.metadata.transact({ keys }, ({ values }) => {
      checkBucket(values[0], bucket);
      presentUpload(values[1], upload.uploadId);
      const replaced = values[2] === undefined ? undefined : decodePartRecord(values[2]).blob;
      const dead = replaced === undefined ? [] : deadBlobChanges(replaced, part.lastModifiedMs);
      return { changes: [...dead, ...written.changes, { key, value: encodePartRecord(part) }], result: undefined };
    });
  } catch (failure) {
    await written.abandon();
    throw failure;
  }
}

/** Ends an upload without an object. Its parts are collected afterwards, so that the commit stays small. */
export async function abortUpload(store: Store, bucket: BucketRecord, key: string, uploadId: string): Promise<void> {
  const upload = uploadKey(bucket.id, key, uploadId);
  await store.metadata.transact({ keys: [upload] }, ({ values }) => {
    presentUpload(values[0], uploadId);
    const changes: Change[] = [
      { key: upload, value: undefined },
      { key: abandonedKey(uploadId), value: new Uint8Array() },
    ];
    return { changes, result: undefined };
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

/**
 * Makes an object of an upload's parts in one commit: the parts' blobs are named, no byte moves. A repeated completion of an
 * upload that has become this very object answers as the first one did.
 */
export async function completeUpload(store: Store, completion: Completion): Promise<CompletedUploadRecord> {
  const { bucket, key, uploadId } = completion;
  const contentId = newContentId(store, completion.nowMs);
  const readSet = {
    keys: [bucketKey(bucket.name), uploadKey(bucket.id, key, uploadId), completedKey(uploadId), objectKey(bucket.id, key)],
    ranges: [{ ...partRange(uploadId), limit: MAX_PART_NUMBER }],
  };
  return store.metadata.transact(readSet, (records) => {
    checkBucket(records.values[0], bucket);
    const repeated = finishedUpload(records.values[2], bucket, key);
    if (repeated !== undefined) return { changes: [], result: repeated };
    const upload = presentUpload(records.values[1], uploadId);
    const parts = storedParts(records);
    const object = decideCompletion(upload, parts, completion);
    const current = currentObject(records.values[3]);
    checkUnchangedKey(upload, completion.conditions, current);
    checkWriteConditions(completion.conditions, current, key);
    const result = { bucketId: bucket.id, key, etag: object.etag, checksum: object.checksum, completedAtMs: completion.nowMs };
    const changes = [
      ...(current === undefined ? [] : releaseChanges(store, current.content)),
      ...objectChanges(completion, upload, object, contentId),
      ...endedPartChanges(uploadId, parts, object, completion.nowMs),
      { key: uploadKey(bucket.id, key, uploadId), value: undefined },
      { key: completedKey(uploadId), value: encodeCompletedUploadRecord(result) },
    ];
    return { changes, result };
  });
}

function currentObject(bytes: Uint8Array | undefined): ObjectRecord | undefined {
  return bytes === undefined ? undefined : decodeObjectRecord(bytes);
}

function presentUpload(bytes: Uint8Array | undefined, uploadId: string): UploadRecord {
  if (bytes !== undefined) return decodeUploadRecord(bytes);
  throw new S3Error("NoSuchUpload", {
    details: [["UploadId", uploadId]],
    explanation: `No upload ${quoted(uploadId)} is under way for this key; it may have been completed or aborted, or belong to another key.`,
  });
}

function finishedUpload(bytes: Uint8Array | undefined, bucket: BucketRecord, key: string): CompletedUploadRecord | undefined {
  if (bytes === undefined) return undefined;
  const finished = decodeCompletedUploadRecord(bytes);
  return finished.bucketId === bucket.id && finished.key === key ? finished : undefined;
}

function storedParts(records: ReadResult): Map<number, PartRecord> {
  const parts = new Map<number, PartRecord>();
  for (const { value } of records.ranges[0] ?? []) {
    const part = decodePartRecord(value);
    parts.set(part.partNumber, part);
  }
  return parts;
}

function objectChanges(completion: Completion, upload: UploadRecord, object: CompletedObject, contentId: string): Change[] {
  const segments = object.parts.flatMap((part) =>
    part.blob === undefined ? [] : [{ blob: part.blob, sizeBytes: part.sizeBytes }],
  );
  const content = {
    references: 1,
    segments,
    parts: object.parts.map(({ partNumber, sizeBytes, checksum }) => ({ partNumber, sizeBytes, checksum: checksum?.value })),
  };
  const record = {
    // S3 dates a multipart object by its upload's initiation.
    lastModifiedMs: upload.initiatedAtMs,
    sizeBytes: object.sizeBytes,
    etag: object.etag,
    storageClass: upload.storageClass,
    ownerId: upload.ownerId,
    ownerName: upload.ownerName,
    content: { kind: "content", id: contentId } as const,
    checksum: object.checksum,
    system: upload.system,
    user: upload.user,
    partsCount: object.parts.length,
  };
  return [
    { key: contentKey(contentId), value: encodeContentRecord(content) },
    { key: objectKey(completion.bucket.id, completion.key), value: encodeObjectRecord(record) },
  ];
}

/** The parts of an upload end with it: those in the object live on as its blobs, the others die. */
function endedPartChanges(
  uploadId: string,
  stored: ReadonlyMap<number, PartRecord>,
  object: CompletedObject,
  nowMs: number,
): Change[] {
  const used = new Set(object.parts.map((part) => part.partNumber));
  const changes: Change[] = [];
  for (const part of stored.values()) {
    changes.push({ key: partKey(uploadId, part.partNumber), value: undefined });
    if (part.blob !== undefined && !used.has(part.partNumber)) changes.push(...deadBlobChanges(part.blob, nowMs));
  }
  return changes;
}
