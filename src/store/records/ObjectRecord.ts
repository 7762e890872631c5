import type { ObjectChecksum } from "../../protocol/Payload.ts";

/** Where the bytes of an object or part are. */
export type ContentLocation =
  /** Small: one record `inline/<id>` holds the bytes; it belongs to this object alone. */
  | { readonly kind: "inline"; readonly id: string }
  /** Larger: one record `content/<id>` names the blobs; copies of an object share it. */
  | { readonly kind: "content"; readonly id: string }
  | { readonly kind: "empty" };

/** Headers that S3 keeps beside an object and returns as they were sent. */
export interface SystemMetadata {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly contentDisposition?: string;
  readonly contentEncoding?: string;
  readonly contentLanguage?: string;
  readonly expires?: string;
  readonly websiteRedirectLocation?: string;
}

/** An object as stored: the current entry of its key. */
export interface ObjectRecord {
  readonly lastModifiedMs: number;
  readonly sizeBytes: number;
  /** Without quotes; "-N" at its end for multipart objects. */
  readonly etag: string;
  readonly storageClass: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly content: ContentLocation;
  readonly checksum: ObjectChecksum | undefined;
  readonly system: SystemMetadata;
  /** Pairs in order of arrival, names without "x-amz-meta-", lower case. */
  readonly user: readonly (readonly [name: string, value: string])[];
  /** Parts of a multipart object; 0 for an object put as one. */
  readonly partsCount: number;
}
