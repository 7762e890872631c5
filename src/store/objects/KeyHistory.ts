import type { Change } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { ContentLocation, ObjectRecord } from "../records/ObjectRecord.ts";
import { DEFAULT_STORAGE_CLASS, objectCodec, objectRow, PLAIN_OBJECT } from "../records/ObjectRecord.ts";
import type { Row, Rows } from "../records/Row.ts";
import { eachPerhaps, isReadable, perhapsCodec, put, remove } from "../records/Row.ts";
import type { UnreadableRecordError } from "../records/UnreadableRecordError.ts";
import type { NullVersionRecord } from "../records/versionRows.ts";
import { nullVersionRow, versionRow, versionsOfKey } from "../records/versionRows.ts";
import type { Circumstances, Records } from "../transact.ts";
import { settledOwner } from "../buckets/ownership.ts";
import { releaseChanges } from "./content.ts";
import { newVersionId, NULL_VERSION_ID, sequenceOf } from "./versionIds.ts";
import { defaultRetention } from "./locks.ts";

/**
 * The versions of a key, and what commits make of them: pure, so that the rules of versioning stand here and nowhere else.
 *
 * The newest version, if it is no delete marker, is the current object and has a row of its own; the others have rows by their places. A
 * place is a number that grows with each version of a key: microseconds since 1970, or one more than the one before where the clock does
 * not move on. That is real time: S3's, which `nowMs` is, may be moved.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */

const MICROSECONDS_PER_MILLISECOND = 1000;

/** Thrown inside a commit when it finds what its read set was not made for: look again, and decide anew. */
export class HistoryChangedError extends Error {
  override readonly name = "HistoryChangedError";
}

/**
 * An object, or the error that says why its record cannot be read. Such a record is in nobody's way who asks nothing of it: the key can be
 * written anew, or deleted. What it named is never freed.
 */
type PerhapsObject = ObjectRecord | UnreadableRecordError;

const perhapsObjectCodec = perhapsCodec(objectCodec);

/** What of a key's history a decision wants to see. */
export interface HistoryPlan {
  /** Ids of versions that may be looked at or taken away; "null" names the null version. */
  readonly versionIds?: readonly string[];
  /** Where the null version was a moment ago, if not at the top; needed where it may be taken away or replaced. */
  readonly seenNull?: NullVersionRecord | undefined;
}

/** The rows of a key that a decision reads; nothing but the current object in a bucket that never had versioning. */
export type HistoryRows = {
  readonly object: Row<PerhapsObject>;
  readonly older?: Rows<PerhapsObject>;
  readonly nullVersion?: Row<NullVersionRecord>;
  readonly nullRecord?: Row<ObjectRecord> | undefined;
  readonly named?: readonly Row<ObjectRecord>[];
};

/** The rows that a decision about a key must see. */
export function historyRows(bucket: BucketRecord, key: string, { versionIds = [], seenNull }: HistoryPlan = {}): HistoryRows {
  const object = { key: objectRow(bucket.id, key).key, codec: perhapsObjectCodec };
  if (bucket.versioning === undefined) return { object };
  const ids = versionIds.filter((id) => id !== NULL_VERSION_ID);
  return {
    object,
    // Each version taken away from the top brings up the one below it.
    older: eachPerhaps(versionsOfKey(bucket.id, key, versionIds.length + 1)),
    nullVersion: nullVersionRow(bucket.id, key),
    nullRecord: seenNull === undefined ? undefined : versionRow(bucket.id, key, seenNull.sequence),
    named: ids.map((id) => versionRow(bucket.id, key, sequenceOf(id))),
  };
}

/** What an object is to be, beside its content; its history makes it a version, and its bucket's owner's where ACLs are disabled. */
export type NewObject = Omit<ObjectRecord, "content" | "versionId" | "sequence" | "isDeleteMarker" | "restore">;

const MARKER: Omit<NewObject, "lastModifiedMs" | "ownerId" | "ownerName"> = {
  sizeBytes: 0,
  etag: "",
  storageClass: DEFAULT_STORAGE_CLASS,
  checksum: undefined,
  system: {},
  user: [],
  partsCount: 0,
  ...PLAIN_OBJECT,
};

/** One key inside a commit. What is done to it shows at once, and is in {@link changes} for the commit. */
export class KeyHistory {
  readonly changes: Change[] = [];
  readonly #bucket: BucketRecord;
  readonly #key: string;
  readonly #at: Circumstances;
  readonly #named: readonly (ObjectRecord | undefined)[];
  readonly #nullRecord: ObjectRecord | undefined;
  /** Versions below the current object, newest first, as far as they were asked for. */
  #older: readonly ObjectRecord[];
  #nullSequence: number | undefined;
  #current: ObjectRecord | undefined;
  #unreadable: UnreadableRecordError | undefined;
  /** Places of versions that were taken away. */
  readonly #gone: number[] = [];

  /**
   * `planned` is the bucket for which the rows were chosen, `bucket` the one that the commit finds. Throws `HistoryChangedError` when
   * versioning was enabled in between.
   */
  constructor(planned: BucketRecord, bucket: BucketRecord, key: string, found: Records<HistoryRows>, at: Circumstances) {
    if (planned.versioning === undefined && bucket.versioning !== undefined) throw new HistoryChangedError();
    this.#bucket = bucket;
    this.#key = key;
    this.#at = at;
    this.#current = isReadable(found.object) ? found.object : undefined;
    this.#unreadable = isReadable(found.object) ? undefined : found.object;
    this.#older = found.older?.filter(isReadable) ?? [];
    this.#nullSequence = found.nullVersion?.sequence;
    this.#nullRecord = found.nullRecord;
    this.#named = found.named ?? [];
  }

  /**
   * The current object; `undefined` where the newest version is a delete marker, or there is none. Throws `UnreadableRecordError`: ask only
   * if it matters.
   */
  get current(): ObjectRecord | undefined {
    if (this.#unreadable !== undefined) throw this.#unreadable;
    return this.#current;
  }

  /** A version by its id, be it an object or a marker; one of those that the plan named. */
  version(versionId: string): ObjectRecord | undefined {
    const { current } = this;
    if (versionId !== NULL_VERSION_ID) {
      if (current?.versionId === versionId) return current;
      const isWanted = (record: ObjectRecord | undefined): boolean => record?.versionId === versionId && !this.#isGone(record);
      return this.#older.find(isWanted) ?? this.#named.find(isWanted);
    }
    return current !== undefined && current.versionId === undefined ? current : this.#olderNull();
  }

  /** Puts an object on top: a version of an id in a bucket with versioning, else the null version, in place of the one there was. */
  add(object: NewObject, content: ContentLocation, nowMs: number): ObjectRecord {
    const record = this.#newVersion(this.#retained(object, nowMs), content, false);
    this.changes.push(put(objectRow(this.#bucket.id, this.#key), record));
    this.#current = record;
    this.#unreadable = undefined;
    return record;
  }

  /** The same with a delete marker, in a bucket that has or had versioning. */
  addMarker(nowMs: number): ObjectRecord {
    const { ownerId, ownerName } = this.#bucket;
    const covered = this.#current ?? this.#unreadable;
    const record = this.#newVersion({ ...MARKER, lastModifiedMs: nowMs, ownerId, ownerName }, { kind: "empty" }, true);
    if (covered !== undefined) this.changes.push(remove(objectRow(this.#bucket.id, this.#key)));
    this.#unreadable = undefined;
    this.#lay(record);
    return record;
  }

  /** Takes the current object away where the bucket keeps no versions: nothing tells of it any more. Returns it, if it could be read. */
  clear(): ObjectRecord | undefined {
    const gone = this.#current;
    if (gone === undefined && this.#unreadable === undefined) return undefined;
    if (gone !== undefined) {
      this.#release(gone);
      this.#gone.push(gone.sequence);
    }
    this.changes.push(remove(objectRow(this.#bucket.id, this.#key)));
    this.#current = undefined;
    this.#unreadable = undefined;
    return gone;
  }

  /** Takes a version away for good; the one below it comes up if it was the newest. */
  take(record: ObjectRecord): void {
    if (record === this.#current) this.clear();
    else this.#end(record);
    const next = this.#older[0];
    if (this.#current !== undefined || next === undefined || next.isDeleteMarker) return;
    this.#unlay(next);
    this.changes.push(put(objectRow(this.#bucket.id, this.#key), next));
    this.#current = next;
  }

  /** Says something else of a version, such as its tags, and leaves it where it is. */
  rewrite(record: ObjectRecord, described: ObjectRecord): void {
    const { id } = this.#bucket;
    const row = record === this.#current ? objectRow(id, this.#key) : versionRow(id, this.#key, record.sequence);
    this.changes.push(put(row, described));
  }

  #isGone({ sequence }: ObjectRecord): boolean {
    return this.#gone.includes(sequence);
  }

  /** An object with the retention that its bucket gives those that ask for none. */
  #retained(object: NewObject, nowMs: number): NewObject {
    if (this.#bucket.defaultRetentionMode === undefined || object.retentionMode !== undefined) return object;
    return { ...object, ...defaultRetention(this.#bucket, nowMs) };
  }

  /** A version that is about to be the newest; what has to make room for it has done so. */
  #newVersion(object: NewObject, content: ContentLocation, isDeleteMarker: boolean): ObjectRecord {
    const { versioning } = this.#bucket;
    const sequence = versioning === undefined ? 0 : this.#nextSequence();
    const versionId = versioning === "Enabled" ? newVersionId(sequence, this.#at) : undefined;
    if (versionId === undefined) this.#endNull();
    this.#setCurrentAside();
    return { ...object, ...settledOwner(this.#bucket, object), content, versionId, sequence, isDeleteMarker, restore: undefined };
  }

  #nextSequence(): number {
    const newest = this.#current ?? this.#older[0];
    return Math.max(this.#at.realNowMs * MICROSECONDS_PER_MILLISECOND, (newest?.sequence ?? 0) + 1);
  }

  /** The null version among the older ones. Throws `HistoryChangedError` when it is not where it was looked for. */
  #olderNull(): ObjectRecord | undefined {
    if (this.#nullSequence === undefined) return undefined;
    const laid = this.#older.find(({ versionId }) => versionId === undefined);
    const record = laid ?? this.#nullRecord;
    if (record?.sequence !== this.#nullSequence || record.versionId !== undefined) throw new HistoryChangedError();
    return record;
  }

  /** Ends the null version, whose place a new one takes. The row of the current object is the new one's to write, or to remove. */
  #endNull(): void {
    const current = this.#current;
    if (current !== undefined && current.versionId === undefined) {
      this.#release(current);
      this.#current = undefined;
      return;
    }
    const record = this.#olderNull();
    if (record !== undefined) this.#end(record);
  }

  /** The current object becomes an older version, whose row is not where it was. */
  #setCurrentAside(): void {
    if (this.#current === undefined) return;
    this.#lay(this.#current);
    this.#current = undefined;
  }

  /** Removes an older version with its bytes. */
  #end(record: ObjectRecord): void {
    this.#release(record);
    this.#unlay(record);
    this.#gone.push(record.sequence);
  }

  /** Writes an older version's row. */
  #lay(record: ObjectRecord): void {
    const { id } = this.#bucket;
    this.changes.push(put(versionRow(id, this.#key, record.sequence), record));
    this.#older = [record, ...this.#older];
    if (record.versionId !== undefined) return;
    this.changes.push(put(nullVersionRow(id, this.#key), { sequence: record.sequence }));
    this.#nullSequence = record.sequence;
  }

  /** Removes an older version's row. */
  #unlay(record: ObjectRecord): void {
    const { id } = this.#bucket;
    this.changes.push(remove(versionRow(id, this.#key, record.sequence)));
    this.#older = this.#older.filter(({ sequence }) => sequence !== record.sequence);
    if (record.versionId !== undefined) return;
    this.changes.push(remove(nullVersionRow(id, this.#key)));
    this.#nullSequence = undefined;
  }

  #release({ content }: ObjectRecord): void {
    this.changes.push(...releaseChanges(content, this.#at));
  }
}
