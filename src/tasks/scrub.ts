import type { BlobId } from "../store/blobs/BlobEngine.ts";
import { storedSize } from "../store/encryption/chunkCipher.ts";
import type { Entry } from "../store/metadata/MetadataEngine.ts";
import { readParts } from "../store/objects/objects.ts";
import { deadBlobs, namedBlobRow } from "../store/records/blobRows.ts";
import { blobFolders } from "../store/records/BlobFolderRecord.ts";
import { buckets } from "../store/records/BucketRecord.ts";
import { completedUploads } from "../store/records/CompletedUploadRecord.ts";
import { contentRow } from "../store/records/ContentRecord.ts";
import { lifecycleRuns } from "../store/records/LifecycleRunRecord.ts";
import type { ObjectRecord } from "../store/records/ObjectRecord.ts";
import { keyOfObject, objects } from "../store/records/ObjectRecord.ts";
import { mfaDevices } from "../store/records/MfaDeviceRecord.ts";
import { accounts } from "../store/records/AccountRecord.ts";
import { identityTables } from "../store/records/identityTables.ts";
import type { PartRecord } from "../store/records/PartRecord.ts";
import { partNumberInKey, partsOf } from "../store/records/PartRecord.ts";
import { readLeases } from "../store/records/ReadLeaseRecord.ts";
import type { Rows } from "../store/records/Row.ts";
import { eachPerhaps, isReadable, perhaps } from "../store/records/Row.ts";
import { settings } from "../store/records/SettingRecord.ts";
import { bucketIdInKey } from "../store/records/tables.ts";
import { testClocks } from "../store/records/TestClockRecord.ts";
import { faultTables } from "../store/records/FaultRuleRecord.ts";
import { keyRings } from "../store/records/KeyRingRecord.ts";
import { UnreadableRecordError } from "../store/records/UnreadableRecordError.ts";
import { uploadInKey } from "../store/records/uploadKeys.ts";
import { uploads } from "../store/records/UploadRecord.ts";
import { accessKeys } from "../store/records/AccessKeyRecord.ts";
import type { Store } from "../store/Store.ts";
import { readRow } from "../store/transact.ts";
import { keyOfVersion, nullVersions, versions } from "../store/records/versionRows.ts";
import { pages } from "./pages.ts";

/** Records looked at together. */
const BATCH_RECORDS = 64;

/** Shared contents whose verdict is remembered, so that copies are not read again; beyond, they are. */
const REMEMBERED_CONTENTS = 100_000;

/** Something stored that cannot be given back as it came. */
export interface Damage {
  /** An object, or a part of an upload under way; `undefined` for a record of something else, which its problem names. */
  readonly object: DamagedObject | undefined;
  /** In plain words, one for every damaged place. */
  readonly problems: readonly string[];
}

/** A place of bytes. */
export interface DamagedObject {
  /** The bucket's name, or its id where the record with its name cannot be read. */
  readonly bucket: string;
  readonly key: string;
  /** Of one of several versions; `undefined` for the null version, and where the record cannot be read. */
  readonly versionId: string | undefined;
  /** Set for a part of an upload under way. */
  readonly part: { readonly uploadId: string; readonly partNumber: number } | undefined;
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

/** Records of which nothing but themselves is looked at. */
const OTHER_RECORDS = [
  settings(BATCH_RECORDS),
  accessKeys(BATCH_RECORDS),
  accounts(BATCH_RECORDS),
  completedUploads(BATCH_RECORDS),
  deadBlobs(BATCH_RECORDS),
  readLeases(BATCH_RECORDS),
  nullVersions(BATCH_RECORDS),
  mfaDevices(BATCH_RECORDS),
  testClocks(BATCH_RECORDS),
  lifecycleRuns(BATCH_RECORDS),
  keyRings(BATCH_RECORDS),
  ...faultTables(BATCH_RECORDS),
  blobFolders(BATCH_RECORDS),
  ...identityTables(BATCH_RECORDS),
] as const;

/**
 * Reads every record, and every byte that objects and uploads under way name, and compares every checksum. Changes nothing, and may run
 * beside a server: what is overwritten or deleted while it is looked at is not damage. Resolves with the final figures; an abort ends it
 * early.
 */
export async function scrub(store: Store, options: ScrubOptions): Promise<ScrubProgress> {
  const run = new Scrub(store, options);
  await run.buckets();
  await run.objects();
  await run.uploads();
  for (const rows of OTHER_RECORDS) await run.records(rows);
  return run.progress;
}

class Scrub {
  readonly #store: Store;
  readonly #options: ScrubOptions;
  readonly #bucketNames = new Map<string, string>();
  readonly #shared = new Map<string, readonly string[]>();
  readonly progress = { buckets: 0, objects: 0, parts: 0, sizeBytes: 0, damaged: 0 };

  constructor(store: Store, options: ScrubOptions) {
    this.#store = store;
    this.#options = options;
  }

  async buckets(): Promise<void> {
    await this.#each(buckets(BATCH_RECORDS), async (_, bucket) => {
      if (!isReadable(bucket)) return { object: undefined, problems: [bucket.message] };
      this.#bucketNames.set(bucket.id, bucket.name);
      this.progress.buckets++;
      return undefined;
    });
  }

  /** Current objects, and the versions below them. */
  async objects(): Promise<void> {
    await this.#versions(objects(BATCH_RECORDS), keyOfObject);
    await this.#versions(versions(BATCH_RECORDS), keyOfVersion);
  }

  async #versions(rows: Rows<ObjectRecord>, keyIn: (key: Uint8Array) => string): Promise<void> {
    await this.#each(rows, async ({ key }, record) => {
      const problems = isReadable(record) ? await this.#object(record) : [record.message];
      const versionId = isReadable(record) ? record.versionId : undefined;
      this.progress.objects++;
      return { object: { bucket: this.#bucketOf(key), key: keyIn(key), versionId, part: undefined }, problems };
    });
  }

  /** Uploads under way and their parts, which are found by the keys of uploads, whether these can be read or not. */
  async uploads(): Promise<void> {
    await this.#each(uploads(BATCH_RECORDS), async (entry, upload) => {
      const { key, uploadId } = uploadInKey(entry.key);
      const bucket = this.#bucketOf(entry.key);
      await this.#each(partsOf(uploadId, BATCH_RECORDS), async (of, record) => {
        const problems = isReadable(record) ? await this.#part(record) : [record.message];
        this.progress.parts++;
        return {
          object: { bucket, key, versionId: undefined, part: { uploadId, partNumber: partNumberInKey(of.key) } },
          problems,
        };
      });
      return isReadable(upload) ? undefined : { object: undefined, problems: [upload.message] };
    });
  }

  async records(rows: Rows<unknown>): Promise<void> {
    await this.#each(rows, async (_, record) =>
      record instanceof UnreadableRecordError ? { object: undefined, problems: [record.message] } : undefined,
    );
  }

  /** Looks at rows one by one, and tells of what is found of each. */
  async #each<Record>(
    rows: Rows<Record>,
    look: (entry: Entry, record: Record | UnreadableRecordError) => Promise<Damage | undefined>,
  ): Promise<void> {
    const { signal, onProgress } = this.#options;
    const { decode } = eachPerhaps(rows);
    const entries: Rows<Entry> = { ...rows, decode: (entry) => entry };
    for await (const page of pages(this.#store, entries, { signal, onUnreadable: unexpected })) {
      for (const entry of page) {
        if (signal.aborted) return;
        const damage = await look(entry, decode(entry));
        if (damage !== undefined) await this.#report(entry, damage);
      }
      onProgress({ ...this.progress });
    }
  }

  #bucketOf(key: Uint8Array): string {
    const id = bucketIdInKey(key);
    return this.#bucketNames.get(id) ?? id;
  }

  /** Tells of damage, unless the record has changed since: then its old bytes were free to go. */
  async #report(entry: Entry, damage: Damage): Promise<void> {
    if (damage.problems.length === 0) return;
    const { values } = await this.#store.metadata.read({ keys: [entry.key] });
    if (values[0] === undefined || Buffer.compare(values[0], entry.value) !== 0) return;
    this.progress.damaged++;
    this.#options.onDamage(damage);
  }

  async #part({ blob, sizeBytes, cipher }: PartRecord): Promise<readonly string[]> {
    if (blob !== undefined) return this.#blob(blob, storedSize(cipher, sizeBytes));
    return sizeBytes === 0 ? [] : [`the record has no bytes for a size of ${sizeBytes}`];
  }

  async #object(object: ObjectRecord): Promise<readonly string[]> {
    const problems: string[] = [];
    try {
      // As every request reads it: what is missing, unreadable or of another size is told in the same words.
      await readParts(this.#store, object);
      if (object.content.kind === "inline") this.progress.sizeBytes += object.sizeBytes;
    } catch (error) {
      problems.push(inWords(error));
    }
    if (object.content.kind === "content") problems.push(...(await this.#content(object.content.id)));
    return problems;
  }

  async #content(id: string): Promise<readonly string[]> {
    const content = await readRow(this.#store, perhaps(contentRow(id)));
    if (content === undefined || !isReadable(content)) return [];
    const known = this.#shared.get(id);
    if (known !== undefined) return known;
    const problems: string[] = [];
    for (const { blob, sizeBytes } of content.segments) {
      if (this.#options.signal.aborted) break;
      problems.push(...(await this.#blob(blob, storedSize(content.cipher, sizeBytes))));
    }
    if (content.references > 1 && this.#shared.size < REMEMBERED_CONTENTS) this.#shared.set(id, problems);
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

/** Entries are decoded here: to tell whether a record has changed since, its bytes are needed. */
function unexpected(error: Error): never {
  throw error;
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
