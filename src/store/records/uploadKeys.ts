import { successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyRange } from "../metadata/MetadataEngine.ts";
import { bucketIdInKey, TABLES, textInKey } from "./tables.ts";
import { keyBehind, keyUnder, shiftedKey, unshifted, wholeKeyEnd } from "./terminatedKeys.ts";

/** The keys of uploads under way: behind the S3 key stands the id of the upload. */

/** What the key of an upload says. */
export interface UploadName {
  readonly bucketId: string;
  readonly key: string;
  readonly uploadId: string;
}

/** The key of an upload. */
export function uploadKey(bucketId: string, key: string, uploadId: string): Buffer {
  return keyUnder(TABLES.uploads, bucketId, key, Buffer.from(uploadId));
}

/** What such a key says. */
export function uploadInKey(key: Uint8Array): UploadName {
  const end = wholeKeyEnd(key);
  return { bucketId: bucketIdInKey(key), key: unshifted(key, end), uploadId: textInKey(key, end + 1, key.length) };
}

/** Uploads in a bucket of which the S3 key begins with this. */
export function uploadRange(bucketId: string, prefix: string): KeyRange {
  const start = shiftedKey(TABLES.uploads, bucketId, prefix);
  return { start, end: successorOfPrefix(start)! };
}

/** The lowest key behind an upload, or, with an empty upload id, behind all uploads of the S3 key. */
export function keyBehindUpload(bucketId: string, key: string, uploadId: string): Buffer {
  if (uploadId === "") return keyBehind(TABLES.uploads, bucketId, key);
  return Buffer.concat([uploadKey(bucketId, key, uploadId), Buffer.of(0)]);
}
