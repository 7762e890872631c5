import { crc32 } from "node:zlib";
import type { OutputBody, Piece } from "../../protocol/Payload.ts";
import type { BlobId } from "../blobs/BlobEngine.ts";
import { BlobDamagedError } from "../blobs/BlobEngine.ts";
import { releasing } from "../blobs/releasing.ts";
import type { Change } from "../metadata/MetadataEngine.ts";
import { deadBlobRow, namedBlobRow } from "../records/blobRows.ts";
import type { ContentRecord } from "../records/ContentRecord.ts";
import { contentRow, inlineRow, releaseRow } from "../records/ContentRecord.ts";
import type { ContentLocation } from "../records/ObjectRecord.ts";
import type { Row } from "../records/Row.ts";
import { put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import type { Circumstances } from "../transact.ts";
import { readRow } from "../transact.ts";

/**
 * The bytes behind objects and parts: how they are written before a commit names them, shared, given up, and read.
 *
 * Bytes are always stored before the commit that names them, and always outlive the commit that gives them up: the collector
 * (`tasks/collect.ts`) removes them once nobody can still be reading.
 */

/** Content up to this size lives in the metadata engine, in the very commit of its record; above, in a blob. Measured: docs/durability.md. */
export const INLINE_LIMIT_BYTES: number = 64 * 1024;

/** How often a read starts again because the object was overwritten between its record and its bytes. */
export const MAX_READ_ATTEMPTS = 8;

/** What bytes to be stored come as: a verified payload, or anything like one. */
export type ContentSource = AsyncIterable<Piece> & { readonly sizeBytes: number };

/** Bytes written and waiting for the commit that names them. */
export interface WrittenContent {
  readonly location: ContentLocation;
  readonly sizeBytes: number;
  /** Belong into the very commit that names `location`. */
  readonly changes: readonly Change[];
  /** Removes what was written; call when that commit did not happen. Never throws. */
  abandon(): Promise<void>;
}

/** A blob written for a part and waiting for the commit that names it. */
export interface WrittenBlob {
  /** `undefined` when there were no bytes. */
  readonly blob: BlobId | undefined;
  readonly sizeBytes: number;
  /** Belong into the very commit that names `blob`. */
  readonly changes: readonly Change[];
  /** Removes what was written; call when that commit did not happen. Never throws. */
  abandon(): Promise<void>;
}

/**
 * Thrown by `openContent` when nothing is stored at the location any more: the object was overwritten or deleted after its record was
 * read. Read the record again; `withFreshContent` does.
 */
export class ContentGoneError extends Error {
  override readonly name = "ContentGoneError";
  constructor(location: ContentLocation) {
    super(`nothing is stored at ${location.kind === "empty" ? "an empty location" : `${location.kind}/${location.id}`}`);
  }
}

/** Thrown by reads when bytes stored beside a record do not match their checksum. The caller answers InternalError. */
export class InlineDamagedError extends Error {
  override readonly name = "InlineDamagedError";
  constructor(id: string, problem: string) {
    super(`inline/${id}: ${problem}`);
  }
}

/** Hexadecimal digits of the time at the front of a content id: enough until the year 10,889. */
const CONTENT_ID_TIME_HEX_DIGITS = 12;
const CONTENT_ID_RANDOM_SIZE_BYTES = 10;

/**
 * A fresh name for content. Time comes first, so that rows written together lie together and a B-tree grows at its end; 80 bits of
 * chance keep processes apart.
 */
function newContentId(store: Store, nowMs: number): string {
  return timeFirst(nowMs, store.randomBytes(CONTENT_ID_RANDOM_SIZE_BYTES).toString("hex"));
}

/** A fresh name for content that a decision makes. */
export function newContentIdAt({ nowMs, newId }: Circumstances): string {
  return timeFirst(nowMs, newId());
}

function timeFirst(nowMs: number, chance: string): string {
  return nowMs.toString(16).padStart(CONTENT_ID_TIME_HEX_DIGITS, "0") + chance;
}

/**
 * Stores bytes for an object: small ones gathered for the commit itself, larger ones in a blob that is durable when this resolves.
 * Throws what the source throws (then nothing is kept), and `StorageFullError`.
 */
export async function writeContent(store: Store, source: ContentSource, nowMs: number): Promise<WrittenContent> {
  if (source.sizeBytes <= INLINE_LIMIT_BYTES) return gatherInline(store, source, nowMs);
  const written = await writeBlob(store, source);
  const id = newContentId(store, nowMs);
  const segments = written.blob === undefined ? [] : [{ blob: written.blob, sizeBytes: written.sizeBytes }];
  return {
    location: { kind: "content", id },
    sizeBytes: written.sizeBytes,
    changes: [...written.changes, put(contentRow(id), { references: 1, segments, parts: [] })],
    abandon: written.abandon,
  };
}

/** Stores bytes for a part, always in a blob: completion names it without moving a byte. Throws as `writeContent` does. */
export async function writeBlob(store: Store, source: ContentSource): Promise<WrittenBlob> {
  if (source.sizeBytes === 0) {
    await expectEmpty(source);
    return { blob: undefined, sizeBytes: 0, changes: [], abandon: nothingToAbandon };
  }
  const writer = await store.blobs.create(source.sizeBytes);
  try {
    for await (const chunk of source) await writer.write(chunk);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const { id, sizeBytes } = await writer.finish();
  return {
    blob: id,
    sizeBytes,
    changes: [put(namedBlobRow(id), true)],
    // A failure leaves an orphan, which the next start-up finds: not worth failing a request that has failed already.
    abandon: () => store.blobs.remove(id).catch(() => undefined),
  };
}

/** What a commit changes when an object stops naming its content. Needs no reads: shared content is counted down by the collector. */
export function releaseChanges(location: ContentLocation, at: Circumstances): Change[] {
  if (location.kind === "empty") return [];
  if (location.kind === "inline") return [remove(inlineRow(location.id))];
  return [put(releaseRow({ contentId: location.id, unique: at.newId() }), true)];
}

/** What a commit changes when a blob dies: it leaves the named and joins the dead, for the collector. */
export function deadBlobChanges(blob: BlobId, nowMs: number): Change[] {
  return [remove(namedBlobRow(blob)), put(deadBlobRow(blob), nowMs)];
}

/** What is stored at a location, of which at most one is there to be read. */
export interface StoredContent<Inline, Content> {
  readonly inline: Inline | undefined;
  readonly content: Content | undefined;
}

/** The rows that a decision must read to share a location. */
export function rowsOf(location: ContentLocation): StoredContent<Row<Uint8Array>, Row<ContentRecord>> {
  return {
    inline: location.kind === "inline" ? inlineRow(location.id) : undefined,
    content: location.kind === "content" ? contentRow(location.id) : undefined,
  };
}

/**
 * Gives a second object the same content, decided inside the commit that reads {@link rowsOf} the location. Blobs are shared and counted;
 * inline bytes are doubled under a name of their own, because each belongs to one object alone. Throws `ContentGoneError` when the source
 * was overwritten meanwhile: read it again.
 */
export function shareContent(
  location: ContentLocation,
  stored: StoredContent<Uint8Array, ContentRecord>,
  at: Circumstances,
): { readonly location: ContentLocation; readonly changes: readonly Change[] } {
  if (location.kind === "empty") return { location, changes: [] };
  if (location.kind === "inline") {
    if (stored.inline === undefined) throw new ContentGoneError(location);
    const id = newContentIdAt(at);
    return { location: { kind: "inline", id }, changes: [put(inlineRow(id), stored.inline)] };
  }
  const { content } = stored;
  if (content === undefined) throw new ContentGoneError(location);
  return { location, changes: [put(contentRow(location.id), { ...content, references: content.references + 1 })] };
}

/**
 * Opens the bytes `start` (inclusive) to `end` (exclusive) of stored content; both lie within it. Verified before they are yielded; the
 * first chunk is verified before this resolves, so that damage can still be answered with an error.
 *
 * A stream must be read to its end or left with `return()`: until then its blobs stay, however the object changes. A piece of it is the
 * consumer's until it asks for the next one.
 * Throws `ContentGoneError`, `BlobDamagedError`, `InlineDamagedError`.
 */
export async function openContent(store: Store, location: ContentLocation, start: number, end: number): Promise<OutputBody> {
  if (location.kind === "empty" || start >= end) return { sizeBytes: 0, source: Buffer.alloc(0) };
  if (location.kind === "inline") {
    const row = await readRow(store, inlineRow(location.id));
    if (row === undefined) throw new ContentGoneError(location);
    return { sizeBytes: end - start, source: unpackInline(location.id, row).subarray(start, end) };
  }
  // Entered before the record is read: who still finds the record is known to the collector.
  const leave = store.readers.enter();
  try {
    const record = await readRow(store, contentRow(location.id));
    if (record === undefined) throw new ContentGoneError(location);
    const source = await openSegments(store, record, start, end, leave);
    return { sizeBytes: end - start, source };
  } catch (error) {
    leave();
    throw error;
  }
}

/** Runs a read again when the object was overwritten between its record and its bytes; `attempt` reads the record itself. */
export async function withFreshContent<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let left = MAX_READ_ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      // An object whose record stays and whose content stays away is damaged; the error then says which content is missing.
      if (!(error instanceof ContentGoneError) || left === 0) throw error;
    }
  }
}

/** Checks the checksum of an inline row and returns its data bytes. Throws `InlineDamagedError`. */
export function unpackInline(id: string, row: Uint8Array): Buffer {
  const bytes = asBuffer(row);
  if (bytes.length < INLINE_HEADER_SIZE_BYTES) throw new InlineDamagedError(id, `the row has only ${bytes.length} bytes`);
  const version = bytes.readUInt8(0);
  if (version !== INLINE_FORMAT_VERSION) throw new InlineDamagedError(id, `unknown format version ${version}`);
  const data = bytes.subarray(INLINE_HEADER_SIZE_BYTES);
  if (crc32(data) !== bytes.readUInt32BE(1)) throw new InlineDamagedError(id, "the bytes do not match their checksum");
  return data;
}

/** An inline row is its format version (1 byte), the CRC-32 of the data (4 bytes), the data. */
const INLINE_FORMAT_VERSION = 1;
const INLINE_HEADER_SIZE_BYTES = 5;

async function gatherInline(store: Store, source: ContentSource, nowMs: number): Promise<WrittenContent> {
  if (source.sizeBytes === 0) {
    await expectEmpty(source);
    return { location: { kind: "empty" }, sizeBytes: 0, changes: [], abandon: nothingToAbandon };
  }
  const row = Buffer.allocUnsafe(INLINE_HEADER_SIZE_BYTES + source.sizeBytes);
  let filled = INLINE_HEADER_SIZE_BYTES;
  for await (const chunk of source) {
    if (filled + chunk.length > row.length) throw new RangeError("the source has more bytes than it announced");
    filled += chunk.copy(row, filled);
  }
  if (filled !== row.length) throw new RangeError("the source has fewer bytes than it announced");
  row.writeUInt8(INLINE_FORMAT_VERSION, 0);
  row.writeUInt32BE(crc32(row.subarray(INLINE_HEADER_SIZE_BYTES)), 1);
  const id = newContentId(store, nowMs);
  return {
    location: { kind: "inline", id },
    sizeBytes: source.sizeBytes,
    changes: [put(inlineRow(id), row)],
    abandon: nothingToAbandon,
  };
}

/** Reads a source without bytes to its end all the same: only then has it verified what was declared about it. */
async function expectEmpty(source: ContentSource): Promise<void> {
  for await (const chunk of source) {
    if (chunk.length > 0) throw new RangeError("the source has more bytes than it announced");
  }
}

async function nothingToAbandon(): Promise<void> {}

/** A stretch of one blob. */
interface Stretch {
  readonly blob: BlobId;
  readonly start: number;
  readonly end: number;
}

/** The stretches of a content's blobs that make up the bytes `start` to `end`. */
export function stretches(record: ContentRecord, start: number, end: number): Stretch[] {
  const found: Stretch[] = [];
  let offset = 0;
  for (const { blob, sizeBytes } of record.segments) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, sizeBytes);
    if (from < to) found.push({ blob, start: from, end: to });
    offset += sizeBytes;
    if (offset >= end) break;
  }
  return found;
}

async function openSegments(
  store: Store,
  record: ContentRecord,
  start: number,
  end: number,
  leave: () => void,
): Promise<AsyncIterable<Piece>> {
  const [first, ...rest] = stretches(record, start, end);
  const found = first === undefined ? 0 : [first, ...rest].reduce((sum, stretch) => sum + stretch.end - stretch.start, 0);
  if (first === undefined || found !== end - start) {
    const last = record.segments.at(-1);
    throw new BlobDamagedError(last?.blob ?? "none", `the content ends before byte ${end}`);
  }
  // Opened now and not at the first read: an early error still becomes a status.
  let current: AsyncIterator<Piece> | undefined = (await store.blobs.open(first.blob, first.start, first.end))[
    Symbol.asyncIterator
  ]();
  async function* bytes(): AsyncGenerator<Piece, void, undefined> {
    for (let index = 0; current !== undefined; index++) {
      for (let item = await current.next(); item.done !== true; item = await current.next()) yield item.value;
      const next: Stretch | undefined = rest[index];
      current =
        next === undefined ? undefined : (await store.blobs.open(next.blob, next.start, next.end))[Symbol.asyncIterator]();
    }
  }
  return releasing(bytes(), async () => {
    leave();
    await current?.return?.();
  });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
