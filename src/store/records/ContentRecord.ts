import type { BlobId } from "../blobs/BlobEngine.ts";

/** The blobs behind an object, in order. Shared by its copies: `references` objects name this record. */
export interface ContentRecord {
  readonly references: number;
  readonly segments: readonly { readonly blob: BlobId; readonly sizeBytes: number }[];
  /** For multipart objects: the parts as completed, in order; empty otherwise. `checksum` is base64. */
  readonly parts: readonly { readonly partNumber: number; readonly sizeBytes: number; readonly checksum: string | undefined }[];
}
