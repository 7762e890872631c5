import type { ChecksumAlgorithm, ChecksumType } from "../../protocol/checksumAlgorithms.ts";
import type { ObjectChecksum } from "../../protocol/Payload.ts";
import type { BlobId } from "../blobs/BlobEngine.ts";
import type { SystemMetadata } from "./ObjectRecord.ts";

/** A multipart upload under way, stored under (bucket, key, upload id). */
export interface UploadRecord {
  readonly uploadId: string;
  readonly key: string;
  readonly initiatedAtMs: number;
  readonly storageClass: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly initiatorId: string;
  readonly initiatorName: string;
  readonly system: SystemMetadata;
  readonly user: readonly (readonly [name: string, value: string])[];
  readonly checksumAlgorithm: ChecksumAlgorithm | undefined;
  readonly checksumType: ChecksumType | undefined;
  /**
   * The object under the key as the upload began, as `objectIdentity` names it; "" for none. `undefined` where a version of Holdfast that
   * did not look began the upload.
   */
  readonly begunOn: string | undefined;
}

/** One part of an upload under way, stored under (upload id, part number). */
export interface PartRecord {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly lastModifiedMs: number;
  /** Parts are never inline: completion names their blobs. `undefined` for a part without bytes. */
  readonly blob: BlobId | undefined;
  readonly checksum: ObjectChecksum | undefined;
}

/** What a finished upload became, kept for a while so that a repeated CompleteMultipartUpload answers as the first did. */
export interface CompletedUploadRecord {
  readonly bucketId: string;
  readonly key: string;
  readonly etag: string;
  readonly checksum: ObjectChecksum | undefined;
  readonly completedAtMs: number;
}
