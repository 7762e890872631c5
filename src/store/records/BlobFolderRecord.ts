import { folderPrefix } from "../blobs/folderIds.ts";
import { successorOfPrefix } from "../metadata/byteOrder.ts";
import type { KeyRange } from "../metadata/MetadataEngine.ts";
import { recordCodec, text, texts } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { nameInKey, namedKey, tableRange, TABLES } from "./tables.ts";

/** A folder, beside the data folder, in which the blobs of some storage classes lie. */
export interface BlobFolderRecord {
  /** Absolute; where it was when a server opened it last. */
  readonly path: string;
  /** Classes whose new blobs go there; none where old ones are all there is to it. */
  readonly classes: readonly string[];
}

/** Folders of blobs as bytes. */
const blobFolderCodec: Codec<BlobFolderRecord, Buffer> = recordCodec<BlobFolderRecord>(
  () => ({ path: "", classes: [] }),
  [text(1, "path"), texts(2, "classes")],
);

/** A folder of blobs, by its tag. */
export function blobFolderRow(tag: string): Row<BlobFolderRecord> {
  return { key: namedKey(TABLES.blobFolders, tag), codec: blobFolderCodec };
}

/** Every such folder, with its tag. */
export function blobFolders(limit: number): Rows<BlobFolderRecord & { readonly tag: string }> {
  return {
    ...tableRange(TABLES.blobFolders),
    limit,
    decode: ({ key, value }) => ({ tag: nameInKey(key), ...blobFolderCodec.decode(value, key) }),
  };
}

/** The ids of blobs in a folder that records name, or that are dead and not removed yet. */
export function blobsInFolder(tag: string, state: "named" | "dead", limit: number): Rows<string> {
  const start = namedKey(state === "named" ? TABLES.namedBlobs : TABLES.deadBlobs, folderPrefix(tag));
  const range: KeyRange = { start, end: successorOfPrefix(start)! };
  return { ...range, limit, decode: ({ key }) => nameInKey(key) };
}
