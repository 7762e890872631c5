import type { ObjectChecksum } from "../../protocol/Payload.ts";
import { checksum } from "./checksumField.ts";
import type { Encryption } from "./Encryption.ts";
import { encryptionFields } from "./Encryption.ts";
import { id, integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** What a finished upload became, kept for a while so that a repeated CompleteMultipartUpload answers as the first did. */
export interface CompletedUploadRecord {
  readonly bucketId: string;
  readonly key: string;
  readonly etag: string;
  readonly checksum: ObjectChecksum | undefined;
  readonly completedAtMs: number;
  /** Of the object, as the answer showed it. */
  readonly versionId: string | undefined;
  readonly encryption: Encryption | undefined;
}

/** Completed uploads as bytes. */
export const completedUploadCodec: Codec<CompletedUploadRecord, Buffer> = recordCodec<CompletedUploadRecord>(
  () => ({ bucketId: "", key: "", etag: "", checksum: undefined, completedAtMs: 0, versionId: undefined, encryption: undefined }),
  [
    id(1, "bucketId"),
    text(2, "key"),
    id(3, "etag"),
    integer(4, "completedAtMs"),
    checksum(6, 7, 8),
    text(9, "versionId"),
    ...encryptionFields<CompletedUploadRecord>(),
  ],
);

/** What a finished upload became. */
export function completedUploadRow(uploadId: string): Row<CompletedUploadRecord> {
  return { key: namedKey(TABLES.completedUploads, uploadId), codec: completedUploadCodec };
}

/** Finished uploads that are still remembered, with their ids. */
export function completedUploads(limit: number): Rows<{ readonly uploadId: string; readonly record: CompletedUploadRecord }> {
  return {
    ...tableRange(TABLES.completedUploads),
    limit,
    decode: ({ key, value }) => ({ uploadId: nameInKey(key), record: completedUploadCodec.decode(value, key) }),
  };
}
