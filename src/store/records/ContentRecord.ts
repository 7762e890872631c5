import type { BlobId } from "../blobs/BlobEngine.ts";
import type { Field } from "./recordCodec.ts";
import { id, integer, list, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { presence } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** The blobs behind an object, in order. Shared by its copies: `references` objects name this record. */
export interface ContentRecord {
  readonly references: number;
  readonly segments: readonly ContentSegment[];
  /** For multipart objects: the parts as completed, in order; empty otherwise. */
  readonly parts: readonly ContentPart[];
  /** How every segment is encrypted; `undefined`: not at all. */
  readonly cipher: Cipher | undefined;
}

/** A blob of a content, all of it. */
export interface ContentSegment {
  readonly blob: BlobId;
  /** Of what is read; encrypted, it is larger. */
  readonly sizeBytes: number;
  /** The id that the blob was encrypted under, where it lies under another one now. */
  readonly salt: string | undefined;
}

/** What of an encryption is seen in its bytes: enough to tell, without any key, how many there have to be. */
export interface Cipher {
  /** Bytes encrypted together, before they are. */
  readonly chunkSizeBytes: number;
  readonly layers: 1 | 2;
}

/** A part of a multipart object; `checksum` is base64. */
export interface ContentPart {
  readonly partNumber: number;
  readonly sizeBytes: number;
  readonly checksum: string | undefined;
}

/** Contents as bytes. */
export const contentCodec: Codec<ContentRecord, Buffer> = recordCodec<ContentRecord>(
  () => ({ references: 0, segments: [], parts: [], cipher: undefined }),
  [
    integer(1, "references"),
    list("segments", (): ContentSegment => ({ blob: "", sizeBytes: 0, salt: undefined }), [
      id(2, "blob"),
      integer(3, "sizeBytes"),
      text(10, "salt"),
    ]),
    list("parts", (): ContentPart => ({ partNumber: 0, sizeBytes: 0, checksum: undefined }), [
      integer(4, "partNumber"),
      integer(5, "sizeBytes"),
      text(6, "checksum"),
    ]),
    cipherFields(),
  ],
);

/** The member `cipher`, which contents and parts hold under the same tags. */
export function cipherFields<Record extends { readonly cipher: Cipher | undefined }>(): Field<Record>[] {
  const table: Field<{ readonly cipher: Cipher | undefined }>[] = [
    {
      tag: 11,
      write: ({ cipher }, out) => out.integer(11, cipher?.chunkSizeBytes),
      read: (fields, draft) => void (draft.cipher = { chunkSizeBytes: fields.integer, layers: 1 }),
    },
    {
      tag: 12,
      write: ({ cipher }, out) => out.integer(12, cipher?.layers === 2 ? 2 : undefined),
      read(fields, draft) {
        if (draft.cipher !== undefined) draft.cipher = { ...draft.cipher, layers: fields.integer as 1 | 2 };
      },
    },
  ];
  return table;
}

/** The record of the blobs behind an object. */
export function contentRow(contentId: string): Row<ContentRecord> {
  return { key: namedKey(TABLES.contents, contentId), codec: contentCodec };
}

/** Queue: one reference to this content ended; `unique` keeps several endings of one content apart. */
export function releaseRow({ contentId, unique }: Release): Row<true> {
  return { key: namedKey(TABLES.releases, `${contentId}\x00${unique}`), codec: presence };
}

/** An ended reference. */
export interface Release {
  readonly contentId: string;
  readonly unique: string;
}

/** Queue: ended references, by content. */
export function releases(limit: number): Rows<Release> {
  return { ...tableRange(TABLES.releases), limit, decode: ({ key }) => releaseIn(nameInKey(key)) };
}

function releaseIn(name: string): Release {
  const end = name.indexOf("\x00");
  return { contentId: name.slice(0, end), unique: name.slice(end + 1) };
}
