import type { BlobId } from "../blobs/BlobEngine.ts";
import { storedSize } from "../encryption/chunkCipher.ts";
import type { Change } from "../metadata/MetadataEngine.ts";
import { namedBlobRow } from "../records/blobRows.ts";
import type { ContentRecord, ContentSegment } from "../records/ContentRecord.ts";
import { contentRow } from "../records/ContentRecord.ts";
import type { ContentLocation } from "../records/ObjectRecord.ts";
import { mark, put } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import type { NamedBytes } from "./content.ts";
import { newContentId, readContent } from "./content.ts";

/**
 * Where the bytes of a storage class lie. Those that are to lie elsewhere are copied, blob by blob and as they are stored, encrypted ones too:
 * what was encrypted under one id keeps it as its salt. The copies are on disk before a commit names them, and what they are copies of lives on
 * for whoever shares it, or goes by that commit. A process that dies in between leaves blobs without a name, which the next start collects.
 */

/** Copies of a content's blobs, waiting for the commit that names them. */
export interface PlacedContent {
  readonly location: ContentLocation;
  /** Belong into the very commit that names `location`. */
  readonly changes: readonly Change[];
  /** Removes what was copied; call when that commit did not happen. Never throws. */
  abandon(): Promise<void>;
}

/**
 * Copies the bytes of an object to where those of a class go. Resolves with `undefined` where they lie there: bytes inside the index always do.
 * An abort of `signal` ends it with the signal's reason. Throws `ContentGoneError` when the object was overwritten meanwhile, and as
 * `openContent` and `writeContent`.
 */
export async function placeContent(
  store: Store,
  object: NamedBytes,
  storageClass: string,
  signal?: AbortSignal,
): Promise<PlacedContent | undefined> {
  if (object.content.kind !== "content") return undefined;
  // Entered before the record is read, as by every reader.
  const leave = store.readers.enter(object.content.id);
  try {
    const content = (await readContent(store, object))!;
    if (content.segments.every(({ blob }) => store.blobs.isPlacedFor(blob, storageClass))) return undefined;
    return await copyBlobs(store, content, storageClass, signal);
  } finally {
    leave();
  }
}

async function copyBlobs(
  store: Store,
  content: ContentRecord,
  storageClass: string,
  signal: AbortSignal | undefined,
): Promise<PlacedContent> {
  const segments: ContentSegment[] = [];
  const abandon = async (): Promise<void> => {
    // A failure leaves an orphan, which the next start-up finds.
    for (const { blob } of segments) await store.blobs.remove(blob).catch(() => undefined);
  };
  try {
    // All of them: a blob belongs to one content, with which it dies.
    for (const segment of content.segments) {
      const blob = await copyBlob(store, segment.blob, storedSize(content.cipher, segment.sizeBytes), storageClass, signal);
      // What is not encrypted needs no salt.
      segments.push({ ...segment, blob, salt: content.cipher && (segment.salt ?? segment.blob) });
    }
  } catch (error) {
    await abandon();
    throw error;
  }
  const id = newContentId(store, store.realClock());
  return {
    location: { kind: "content", id },
    changes: [
      ...segments.map(({ blob }) => mark(namedBlobRow(blob))),
      put(contentRow(id), { ...content, references: 1, segments }),
    ],
    abandon,
  };
}

async function copyBlob(
  store: Store,
  blob: BlobId,
  storedSizeBytes: number,
  storageClass: string,
  signal: AbortSignal | undefined,
): Promise<BlobId> {
  const writer = await store.blobs.create(storedSizeBytes, storageClass);
  try {
    // Opened last: where there is no room, nothing is held.
    for await (const piece of await store.blobs.open(blob, 0, storedSizeBytes, storedSizeBytes)) {
      signal?.throwIfAborted();
      await writer.write(piece);
    }
  } catch (error) {
    await writer.abort();
    throw error;
  }
  await writer.finish();
  return writer.id;
}
