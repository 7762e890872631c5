import { DamagedBytesError } from "../../errors/DamagedBytesError.ts";
import type { OutputBody, Piece } from "../../protocol/Payload.ts";
import type { BlobId } from "../blobs/BlobEngine.ts";
import { releasing } from "../blobs/releasing.ts";
import type { Change } from "../metadata/MetadataEngine.ts";
import { deadBlobRow, namedBlobRow } from "../records/blobRows.ts";
import { blobKeys, cipherFor, storedSize } from "../encryption/chunkCipher.ts";
import type { DataKey } from "../encryption/DataKey.ts";
import { begunWith, decrypted, storedRange } from "../encryption/decrypted.ts";
import { EncryptingWriter } from "../encryption/EncryptingWriter.ts";
import { EncryptionDamagedError } from "../encryption/EncryptionDamagedError.ts";
import { encryptInline, inlineOverhead, openInline } from "../encryption/inlineCipher.ts";
import type { Cipher, ContentRecord } from "../records/ContentRecord.ts";
import { contentRow, releaseRow } from "../records/ContentRecord.ts";
import type { InlineBytes } from "../records/inlineBytes.ts";
import { INLINE_HEADER_SIZE_BYTES, inlineRow, putGathered } from "../records/inlineBytes.ts";
import type { ContentLocation, ObjectRecord } from "../records/ObjectRecord.ts";
import type { Row } from "../records/Row.ts";
import { mark, put, remove } from "../records/Row.ts";
import type { Store } from "../Store.ts";
import type { Circumstances } from "../transact.ts";
import { readRow, readRows } from "../transact.ts";

/**
 * The bytes behind objects and parts: how they are written before a commit names them, shared, given up, and read.
 *
 * Bytes are always stored before the commit that names them, and always outlive the commit that gives them up: the collector
 * (`tasks/collect.ts`) removes them once nobody can still be reading.
 */

/** Content up to this size lives in the metadata engine, in the very commit of its record; above, in a blob. Measured: docs/durability.md. */
export const INLINE_LIMIT_BYTES: number = 64 * 1024;

/** How often a read starts again because the object was overwritten between its record and its bytes. */
const MAX_READ_ATTEMPTS = 8;

/** What bytes to be stored come as: a verified payload, or anything like one. It may end before it has `sizeBytes`, and has no more. */
export type ContentSource = AsyncIterable<Piece> & { readonly sizeBytes: number };

/** How bytes are to be stored. */
export interface StoredHow {
  /** What they are encrypted with; `undefined`: not at all. */
  readonly dataKey?: DataKey | undefined;
  /** The number of the part that they are, which binds encrypted ones to their place among the others. */
  readonly partNumber?: number | undefined;
  /** The class of the object, which may say where its blobs lie. */
  readonly storageClass?: string | undefined;
}

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
  /** Of what was given to be stored. */
  readonly sizeBytes: number;
  /** How the blob is encrypted; `undefined`: not at all. */
  readonly cipher: Cipher | undefined;
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
    super(`nothing is stored at ${inWords(location)}`);
  }
}

/** Thrown when an object's record and what is stored of its bytes say different things. The caller answers MethodNotAllowed. */
export class ContentDamagedError extends DamagedBytesError {
  override readonly name = "ContentDamagedError";
}

function inWords(location: ContentLocation): string {
  return location.kind === "empty" ? "an empty location" : `${location.kind}/${location.id}`;
}

/** What the record of an object says of its bytes: where they are, how many, and how they are encrypted. */
export type NamedBytes = Pick<ObjectRecord, "content" | "sizeBytes"> & Partial<Pick<ObjectRecord, "encryption">>;

/** Hexadecimal digits of the time at the front of a content id: enough until the year 10,889. */
const CONTENT_ID_TIME_HEX_DIGITS = 12;
const CONTENT_ID_RANDOM_SIZE_BYTES = 10;

/**
 * A fresh name for content. Time comes first, so that rows written together lie together and a B-tree grows at its end; 80 bits of
 * chance keep processes apart.
 */
export function newContentId(store: Store, nowMs: number): string {
  return timeFirst(nowMs, store.randomBytes(CONTENT_ID_RANDOM_SIZE_BYTES).toString("hex"));
}

/** A fresh name for content that a decision makes. */
export function newContentIdAt({ realNowMs, newId }: Circumstances): string {
  return timeFirst(realNowMs, newId());
}

function timeFirst(nowMs: number, chance: string): string {
  return nowMs.toString(16).padStart(CONTENT_ID_TIME_HEX_DIGITS, "0") + chance;
}

/**
 * Stores bytes for an object: small ones gathered for the commit itself, larger ones in a blob that is durable when this resolves.
 * Throws what the source throws (then nothing is kept), and `StorageFullError`.
 */
export async function writeContent(
  store: Store,
  source: ContentSource,
  nowMs: number,
  how: StoredHow = {},
): Promise<WrittenContent> {
  if (source.sizeBytes <= INLINE_LIMIT_BYTES) return gatherInline(store, source, nowMs, how.dataKey);
  const written = await writeBlob(store, source, how);
  const id = newContentId(store, nowMs);
  const segments = written.blob === undefined ? [] : [{ blob: written.blob, sizeBytes: written.sizeBytes, salt: undefined }];
  return {
    location: { kind: "content", id },
    sizeBytes: written.sizeBytes,
    changes: [...written.changes, put(contentRow(id), { references: 1, segments, parts: [], cipher: written.cipher })],
    abandon: written.abandon,
  };
}

/** Stores bytes for a part, always in a blob: completion names it without moving a byte. Throws as `writeContent` does. */
export async function writeBlob(store: Store, source: ContentSource, how: StoredHow = {}): Promise<WrittenBlob> {
  if (source.sizeBytes === 0) {
    await expectEmpty(source);
    return { blob: undefined, sizeBytes: 0, cipher: undefined, changes: [], abandon: nothingToAbandon };
  }
  const { dataKey } = how;
  const cipher = dataKey && cipherFor(dataKey);
  const blob = await store.blobs.create(storedSize(cipher, source.sizeBytes), how.storageClass);
  const writer =
    dataKey === undefined || cipher === undefined
      ? blob
      : new EncryptingWriter(blob, blobKeys(dataKey, cipher, blob.id, how.partNumber ?? WHOLE));
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
    cipher,
    changes: [mark(namedBlobRow(id))],
    // A failure leaves an orphan, which the next start-up finds: not worth failing a request that has failed already.
    abandon: () => store.blobs.remove(id).catch(() => undefined),
  };
}

/** What a commit changes when an object stops naming its content. Needs no reads: shared content is counted down by the collector. */
export function releaseChanges(location: ContentLocation, at: Circumstances): Change[] {
  if (location.kind === "empty") return [];
  if (location.kind === "inline") return [remove(inlineRow(location.id))];
  return [mark(releaseRow({ contentId: location.id, unique: at.newId() }))];
}

/**
 * What a commit changes when a blob dies: it leaves the named and joins the dead, for the collector. `contentId` is the content it dies
 * with, by which readers are known; "" for a part that nobody could read yet.
 */
export function deadBlobChanges(blob: BlobId, contentId: string, diedAtMs: number): Change[] {
  return [remove(namedBlobRow(blob)), put(deadBlobRow(blob), { diedAtMs, contentId })];
}

/** What is stored at a location, of which at most one is there to be read. */
export type StoredContent<Inline, Content> = {
  readonly inline: Inline | undefined;
  readonly content: Content | undefined;
};

/** The rows that a decision must read to share a location. */
export function rowsOf(location: ContentLocation): StoredContent<Row<InlineBytes>, Row<ContentRecord>> {
  return {
    inline: location.kind === "inline" ? inlineRow(location.id) : undefined,
    content: location.kind === "content" ? contentRow(location.id) : undefined,
  };
}

/**
 * Gives a second object the same content, decided inside the commit that reads {@link rowsOf} the location. Blobs are shared and counted;
 * inline bytes are doubled under a name of their own, because each belongs to one object alone. Throws `ContentDamagedError`, and
 * `ContentGoneError` when the source was overwritten meanwhile: read it again.
 */
export function shareContent(
  source: NamedBytes,
  stored: StoredContent<InlineBytes, ContentRecord>,
  at: Circumstances,
): { readonly location: ContentLocation; readonly changes: readonly Change[] } {
  checkContent(source, stored);
  const { content: location } = source;
  if (location.kind === "empty") return { location, changes: [] };
  if (location.kind === "inline") {
    const id = newContentIdAt(at);
    return { location: { kind: "inline", id }, changes: [put(inlineRow(id), stored.inline!)] };
  }
  const content = stored.content!;
  return { location, changes: [put(contentRow(location.id), { ...content, references: content.references + 1 })] };
}

/** Compares what an object's record says of its bytes with what is stored. Throws `ContentGoneError` and `ContentDamagedError`. */
function checkContent(object: NamedBytes, stored: StoredContent<InlineBytes, ContentRecord>): void {
  const { content, sizeBytes, encryption } = object;
  const found =
    content.kind === "empty"
      ? 0
      : content.kind === "inline"
        ? stored.inline && stored.inline.bytes.length - inlineOverhead(encryption?.layers)
        : stored.content && sizeOf(stored.content);
  if (found === undefined) throw new ContentGoneError(content);
  if (content.kind === "content" && stored.content!.cipher?.layers !== encryption?.layers) {
    throw new ContentDamagedError(`the object's record and ${inWords(content)} disagree on how its bytes are encrypted`);
  }
  if (found !== sizeBytes) {
    throw new ContentDamagedError(`the object's record says ${sizeBytes} bytes, and ${inWords(content)} has ${found}`);
  }
}

function sizeOf({ segments }: ContentRecord): number {
  let sum = 0;
  for (const { sizeBytes } of segments) sum += sizeBytes;
  return sum;
}

/**
 * The record of an object's content, if it has one, once sizes are compared. Throws `ContentGoneError` and `ContentDamagedError`.
 */
export async function readContent(store: Store, object: NamedBytes): Promise<ContentRecord | undefined> {
  const stored = await readRows(store, { ...rowsOf(object.content) });
  checkContent(object, stored);
  return stored.content;
}

/**
 * Opens the bytes `start` (inclusive) to `end` (exclusive) of an object; both lie within it. Verified before they are yielded; sizes are
 * compared and the first chunk is verified before this resolves, so that damage can still be answered with an error.
 *
 * A stream must be read to its end or left with `return()`: until then its blobs stay, however the object changes. A piece of it is the
 * consumer's until it asks for the next one.
 * What is encrypted is opened with the data key of the object (`encryption/sealing.ts`), and for nothing else one is needed.
 * Throws `ContentGoneError`, `ContentDamagedError`, `UnreadableRecordError`, `BlobDamagedError`, `EncryptionDamagedError`.
 */
export async function openContent(
  store: Store,
  object: NamedBytes,
  start: number,
  end: number,
  dataKey?: DataKey,
): Promise<OutputBody> {
  const { content: location, encryption } = object;
  if (encryption !== undefined && dataKey === undefined) throw new TypeError("encrypted bytes are opened with their key");
  if (location.kind !== "content") {
    const inline = location.kind === "inline" ? await readRow(store, inlineRow(location.id)) : undefined;
    checkContent(object, { inline, content: undefined });
    if (inline === undefined) return { sizeBytes: end - start, source: NO_BYTES };
    const bytes = encryption === undefined ? inline.bytes : openInline(dataKey!, inline.bytes);
    return { sizeBytes: end - start, source: bytes.subarray(start, end) };
  }
  // Entered before the record is read: who still finds the record is known to the collector.
  const leave = store.readers.enter(location.id);
  try {
    const content = await readRow(store, contentRow(location.id));
    checkContent(object, { inline: undefined, content });
    const doubted = store.damage.within(location.id, start, end);
    if (doubted !== undefined) await prove(store, content!, { ...doubted, dataKey });
    const onDamage = (offset: number): void => store.damage.note(location.id, offset);
    const source = await openSegments(store, content!, { start, end, dataKey, onDamage }, leave);
    return { sizeBytes: end - start, source };
  } catch (error) {
    leave();
    throw error;
  }
}

const NO_BYTES = Buffer.alloc(0);

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

async function gatherInline(
  store: Store,
  source: ContentSource,
  nowMs: number,
  dataKey: DataKey | undefined,
): Promise<WrittenContent> {
  if (source.sizeBytes === 0) {
    await expectEmpty(source);
    return NO_CONTENT;
  }
  const behind = INLINE_HEADER_SIZE_BYTES + source.sizeBytes;
  const row = Buffer.allocUnsafe(behind + inlineOverhead(dataKey?.layers));
  let filled = INLINE_HEADER_SIZE_BYTES;
  for await (const chunk of source) {
    if (filled + chunk.length > behind) throw new RangeError("the source has more bytes than it announced");
    filled += chunk.copy(row, filled);
  }
  if (filled === INLINE_HEADER_SIZE_BYTES) return NO_CONTENT;
  const id = newContentId(store, nowMs);
  const stored = dataKey === undefined ? filled : encryptInline(dataKey, row, INLINE_HEADER_SIZE_BYTES, filled);
  return {
    location: { kind: "inline", id },
    sizeBytes: filled - INLINE_HEADER_SIZE_BYTES,
    changes: [putGathered(id, row.subarray(0, stored))],
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

const NO_CONTENT: WrittenContent = { location: { kind: "empty" }, sizeBytes: 0, changes: [], abandon: nothingToAbandon };

/** A stretch of one blob, of which all has `blobSizeBytes`. */
interface Stretch {
  readonly blob: BlobId;
  /** The id that it was encrypted under. */
  readonly salt: BlobId;
  /** The place of the blob among those of its content. */
  readonly index: number;
  readonly blobSizeBytes: number;
  readonly start: number;
  readonly end: number;
}

/** The stretches of a content's blobs that make up the bytes `start` to `end`. */
export function stretches(record: ContentRecord, start: number, end: number): Stretch[] {
  const found: Stretch[] = [];
  let offset = 0;
  for (const [index, { blob, sizeBytes, salt = blob }] of record.segments.entries()) {
    const from = Math.max(start - offset, 0);
    const to = Math.min(end - offset, sizeBytes);
    if (from < to) found.push({ blob, salt, index, blobSizeBytes: sizeBytes, start: from, end: to });
    offset += sizeBytes;
    if (offset >= end) break;
  }
  return found;
}

/** Which bytes of a content are wanted, and what opens them. */
interface WantedBytes {
  readonly start: number;
  readonly end: number;
  readonly dataKey: DataKey | undefined;
  /** Hears behind which byte of the content the next ones are damaged, once the reading of them has begun. */
  readonly onDamage?: (offset: number) => void;
}

/** Reads bytes for nothing but to see whether they are whole. Throws what is wrong with them. */
async function prove(store: Store, record: ContentRecord, wanted: WantedBytes): Promise<void> {
  const source = await openSegments(store, record, wanted, () => undefined);
  if (Buffer.isBuffer(source)) return;
  const pieces = source[Symbol.asyncIterator]();
  while ((await pieces.next()).done !== true);
}

async function openSegments(
  store: Store,
  record: ContentRecord,
  { start, end, dataKey, onDamage }: WantedBytes,
  leave: () => void,
): Promise<AsyncIterable<Piece> | Buffer> {
  const [first, ...rest] = stretches(record, start, end);
  if (first === undefined) {
    leave();
    return NO_BYTES;
  }
  const open =
    record.cipher === undefined
      ? (stretch: Stretch) => openStretch(store, stretch)
      : openEncrypted(store, record, record.cipher, dataKey!);
  // Opened now and not at the first read: an early error still becomes a status.
  let current: AsyncIterator<Piece> | undefined = await open(first);
  async function* bytes(): AsyncGenerator<Piece, void, undefined> {
    let offset = start;
    try {
      for (let index = 0; current !== undefined; index++) {
        for (let item = await current.next(); item.done !== true; item = await current.next()) {
          yield item.value;
          offset += item.value.length;
        }
        const next: Stretch | undefined = rest[index];
        current = next === undefined ? undefined : await open(next);
      }
    } catch (error) {
      if (error instanceof DamagedBytesError && error.isLost) onDamage?.(offset);
      throw error;
    }
  }
  return releasing(bytes(), async () => {
    leave();
    await current?.return?.();
  });
}

async function openStretch(store: Store, { blob, blobSizeBytes, start, end }: Stretch): Promise<AsyncIterator<Piece>> {
  const opened = await store.blobs.open(blob, start, end, blobSizeBytes);
  return opened[Symbol.asyncIterator]();
}

/** Opens stretches of encrypted blobs. Throws `EncryptionDamagedError`, at once where the parts are not in order. */
function openEncrypted(
  store: Store,
  record: ContentRecord,
  cipher: Cipher,
  dataKey: DataKey,
): (stretch: Stretch) => Promise<AsyncIterator<Piece>> {
  const numbers = partNumbers(record);
  return async ({ blob, salt, index, blobSizeBytes: sizeBytes, start, end }) => {
    const wanted = { start, end, sizeBytes };
    const range = storedRange(cipher, wanted);
    const keys = blobKeys(dataKey, cipher, salt, numbers[index]!);
    const stored = await store.blobs.open(blob, range.start, range.end, storedSize(cipher, sizeBytes), true);
    return begunWith(decrypted(stored, keys, wanted));
  };
}

/** The number of a blob that is no part of several. */
const WHOLE = 0;

/** The numbers of the parts that a content's blobs are. Each blob is encrypted under its own, and they ascend: so none can change places. */
function partNumbers({ segments, parts }: ContentRecord): readonly number[] {
  if (parts.length === 0 && segments.length <= 1) return [WHOLE];
  const numbers = parts.filter(({ sizeBytes }) => sizeBytes > 0).map(({ partNumber }) => partNumber);
  if (numbers.length === segments.length && numbers.every((number, index) => number > (numbers[index - 1] ?? WHOLE))) {
    return numbers;
  }
  throw new EncryptionDamagedError(`the content's ${segments.length} blobs are not its ${numbers.length} parts in order`);
}
