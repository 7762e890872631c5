import type { BlobId } from "../store/blobs/BlobEngine.ts";
import type { Entry } from "../store/metadata/MetadataEngine.ts";
import { unpackInline } from "../store/objects/content.ts";
import { namedBlobRow } from "../store/records/blobRows.ts";
import type { BucketRecord } from "../store/records/BucketRecord.ts";
import { buckets } from "../store/records/BucketRecord.ts";
import type { ContentRecord } from "../store/records/ContentRecord.ts";
import { contentRow, inlineRow } from "../store/records/ContentRecord.ts";
import type { ContentLocation } from "../store/records/ObjectRecord.ts";
import { keyOfObject, objectCodec, objectsOf } from "../store/records/ObjectRecord.ts";
import { partCodec, partsOf } from "../store/records/PartRecord.ts";
import type { Rows } from "../store/records/Row.ts";
import { uploadsOf } from "../store/records/UploadRecord.ts";
import type { Store } from "../store/Store.ts";
import { readRow } from "../store/transact.ts";
import { pages } from "./pages.ts";

/** Records looked at together. */
const BATCH_RECORDS = 64;

/** Shared contents whose verdict is remembered, so that copies are not read again; beyond, they are. */
const REMEMBERED_CONTENTS = 100_000;

/** An object or a part of an upload whose bytes cannot be given back as they came. */
export interface Damage {
  readonly bucket: string;
  readonly key: string;
  /** Set for a part of an upload under way. */
  readonly part: { readonly uploadId: string; readonly partNumber: number } | undefined;
  /** In plain words, one for every damaged place. */
  readonly problems: readonly string[];
}

/** How far a scrub has come. */
export interface ScrubProgress {
  readonly buckets: number;
  readonly objects: number;
  readonly parts: number;
  /** Data bytes whose checksum was compared. */
  readonly sizeBytes: number;
  readonly damaged: number;
}

/** How a scrub is watched and ended. */
export interface ScrubOptions {
  readonly signal: AbortSignal;
  readonly onDamage: (damage: Damage) => void;
  /** Called often: after every blob and every batch of records. */
  readonly onProgress: (progress: ScrubProgress) => void;
}

/**
 * Reads every byte that objects and uploads under way name, and compares every checksum. Changes nothing, and may run beside a server:
 * what is overwritten or deleted while it is looked at is not damage. Resolves with the final figures; an abort ends it early.
 */
export async function scrub(store: Store, options: ScrubOptions): Promise<ScrubProgress> {
  const run = new Scrub(store, options);
  for await (const page of pages(store, buckets(BATCH_RECORDS), options.signal)) {
    for (const bucket of page) await run.bucket(bucket);
  }
  return run.progress;
}

class Scrub {
  readonly #store: Store;
  readonly #options: ScrubOptions;
  readonly #shared = new Map<string, readonly string[]>();
  readonly progress = { buckets: 0, objects: 0, parts: 0, sizeBytes: 0, damaged: 0 };

  constructor(store: Store, options: ScrubOptions) {
    this.#store = store;
    this.#options = options;
  }

  async bucket(bucket: BucketRecord): Promise<void> {
    const { signal } = this.#options;
    for await (const objects of pages(this.#store, entriesOf(objectsOf(bucket.id, BATCH_RECORDS)), signal)) {
      await this.#objects(bucket, objects);
    }
    for await (const uploads of pages(this.#store, uploadsOf(bucket.id, BATCH_RECORDS), signal)) {
      for (const { key, uploadId } of uploads) {
        for await (const parts of pages(this.#store, entriesOf(partsOf(uploadId, BATCH_RECORDS)), signal)) {
          for (const part of parts) await this.#part(bucket.name, key, uploadId, part);
        }
      }
    }
    this.progress.buckets++;
    this.#options.onProgress({ ...this.progress });
  }

  async #objects(bucket: BucketRecord, entries: readonly Entry[]): Promise<void> {
    for (const entry of entries) {
      if (this.#options.signal.aborted) return;
      const { content, sizeBytes } = objectCodec.decode(entry.value);
      const problems = await this.#content(content, sizeBytes);
      await this.#report(entry, { bucket: bucket.name, key: keyOfObject(entry.key), part: undefined, problems });
      this.progress.objects++;
    }
    this.#options.onProgress({ ...this.progress });
  }

  async #part(bucket: string, key: string, uploadId: string, entry: Entry): Promise<void> {
    if (this.#options.signal.aborted) return;
    const { blob, partNumber, sizeBytes } = partCodec.decode(entry.value);
    const problems = blob === undefined ? [] : await this.#blob(blob, sizeBytes);
    await this.#report(entry, { bucket, key, part: { uploadId, partNumber }, problems });
    this.progress.parts++;
  }

  /** Tells of damage, unless the record has changed since: then its old bytes were free to go. */
  async #report(entry: Entry, damage: Damage): Promise<void> {
    if (damage.problems.length === 0) return;
    const { values } = await this.#store.metadata.read({ keys: [entry.key] });
    if (values[0] === undefined || Buffer.compare(values[0], entry.value) !== 0) return;
    this.progress.damaged++;
    this.#options.onDamage(damage);
  }

  async #content(location: ContentLocation, sizeBytes: number): Promise<readonly string[]> {
    if (location.kind === "empty") return sizeBytes === 0 ? [] : [`the record has no bytes for a size of ${sizeBytes}`];
    const missing = [`${location.kind}/${location.id} is missing`];
    if (location.kind === "inline") {
      const row = await readRow(this.#store, inlineRow(location.id));
      return row === undefined ? missing : this.#inline(location.id, row, sizeBytes);
    }
    const record = await readRow(this.#store, contentRow(location.id));
    if (record === undefined) return missing;
    const known = this.#shared.get(location.id);
    if (known !== undefined) return known;
    const problems = await this.#segments(location.id, record, sizeBytes);
    if (record.references > 1 && this.#shared.size < REMEMBERED_CONTENTS) this.#shared.set(location.id, problems);
    return problems;
  }

  #inline(id: string, row: Uint8Array, sizeBytes: number): string[] {
    try {
      const { length } = unpackInline(id, row);
      this.progress.sizeBytes += length;
      return length === sizeBytes ? [] : [`inline/${id} has ${length} bytes, not ${sizeBytes}`];
    } catch (error) {
      return [inWords(error)];
    }
  }

  async #segments(id: string, record: ContentRecord, sizeBytes: number): Promise<string[]> {
    const totalBytes = record.segments.reduce((sum, segment) => sum + segment.sizeBytes, 0);
    const problems = totalBytes === sizeBytes ? [] : [`content/${id} has ${totalBytes} bytes, not ${sizeBytes}`];
    for (const segment of record.segments) {
      if (this.#options.signal.aborted) break;
      problems.push(...(await this.#blob(segment.blob, segment.sizeBytes)));
    }
    return problems;
  }

  async #blob(id: BlobId, sizeBytes: number): Promise<string[]> {
    const problems: string[] = [];
    try {
      const found = await this.#store.blobs.verify(id);
      this.progress.sizeBytes += found;
      if (found !== sizeBytes) problems.push(`blob ${id} has ${found} bytes, not ${sizeBytes}`);
    } catch (error) {
      problems.push(inWords(error));
    }
    if ((await readRow(this.#store, namedBlobRow(id))) === undefined)
      problems.push(`blob ${id} is not entered as named: a start after a crash would remove it`);
    this.#options.onProgress({ ...this.progress });
    return problems;
  }
}

/** The entries behind rows, by which a record that has changed since is known. */
function entriesOf(rows: Rows<unknown>): Rows<Entry> {
  return { ...rows, decode: (entry) => entry };
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
