import { setTimeout as sleep } from "node:timers/promises";
import { S3Error } from "../../errors/S3Error.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import type { Carried, LifecycleOrder } from "../../store/lifecycle/carryOut.ts";
import {
  abortOldUpload,
  changeClass,
  deleteNoncurrent,
  expireCurrent,
  LifecycleChangedError,
  removeLonelyMarker,
} from "../../store/lifecycle/carryOut.ts";
import type { Due, Noncurrency } from "../../store/lifecycle/due.ts";
import { dueOfCurrent, dueOfLonelyMarker } from "../../store/lifecycle/due.ts";
import type { Appointment } from "../../store/lifecycle/expirationOf.ts";
import { abortionOf } from "../../store/lifecycle/expirationOf.ts";
import type { Lifecycle } from "../../store/lifecycle/LifecycleRule.ts";
import { readLifecycle } from "../../store/lifecycle/readLifecycle.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import { bucketRow, buckets } from "../../store/records/BucketRecord.ts";
import type { LifecyclePhase } from "../../store/records/LifecycleRunRecord.ts";
import type { KeyedObject, ObjectRecord } from "../../store/records/ObjectRecord.ts";
import { keyedObjectsOf, objectRow } from "../../store/records/ObjectRecord.ts";
import type { Rows } from "../../store/records/Row.ts";
import { isReadable, perhaps } from "../../store/records/Row.ts";
import type { UnreadableRecordError } from "../../store/records/UnreadableRecordError.ts";
import type { UploadRecord } from "../../store/records/UploadRecord.ts";
import { uploadsOf, uploadRow } from "../../store/records/UploadRecord.ts";
import { keyedVersionsOf } from "../../store/records/versionRows.ts";
import type { Store } from "../../store/Store.ts";
import { readRows } from "../../store/transact.ts";
import { laterKey } from "../../store/metadata/byteOrder.ts";
import { pages } from "../pages.ts";
import type { DueNoncurrent } from "./Descent.ts";
import { Descent } from "./Descent.ts";
import { PHASES, prefixesOf } from "./prefixes.ts";

/** Rows read at once. */
const PAGE_ROWS = 256;

/** Versions of one key that one commit deletes, so that no request waits long behind it. */
const BATCH_VERSIONS = 64;

/** Keys worked on at once: the commits of that many become one. */
const KEYS_AT_ONCE = 16;

/** Of these, how many may change classes at once: their bytes may have to be copied to another disk. */
const CLASS_CHANGES_AT_ONCE = 2;

/** Rest between two pages. */
const PAGE_PAUSE_MS = 5;

/** Failures of one run that are told of. */
const MAX_TOLD_FAILURES = 100;

/** What lifecycle does. */
export type LifecycleAction = Due["action"] | "abortUpload";

/** One thing that lifecycle has done, or, in a dry run, would do. */
export interface LifecycleEvent extends Appointment {
  readonly action: LifecycleAction;
  readonly bucket: BucketRecord;
  readonly key: string;
  /** The version, or the upload, to which it happens; of the current object in a bucket without versions, `undefined`. */
  readonly record: ObjectRecord | undefined;
  readonly uploadId: string | undefined;
  /** The class it goes to. */
  readonly storageClass: string | undefined;
  /** The delete marker that came. */
  readonly marker: ObjectRecord | undefined;
}

/** What a run has come to. */
export interface LifecycleProgress {
  /** Buckets with a lifecycle. */
  readonly buckets: number;
  /** Objects, versions, delete markers and uploads looked at. */
  readonly looked: number;
  readonly actions: Readonly<Record<LifecycleAction, number>>;
  /** What could not be done, and is tried again by the next run. */
  readonly failed: number;
}

/** Nothing yet. */
export const NO_PROGRESS: LifecycleProgress = {
  buckets: 0,
  looked: 0,
  actions: { deleteObject: 0, addDeleteMarker: 0, removeDeleteMarker: 0, deleteVersion: 0, changeClass: 0, abortUpload: 0 },
  failed: 0,
};

/** Where a run goes on: with this key. */
export interface LifecyclePlace {
  readonly bucket: string;
  readonly phase: LifecyclePhase;
  readonly key: string;
}

/** How a run is done, watched and ended. */
export interface LifecycleRunOptions {
  /** Ends the run after what is under way. */
  readonly signal: AbortSignal;
  /** Hears of what failed and will be tried again. */
  readonly onFailure: (what: string, cause: unknown) => void;
  readonly onEvent?: (event: LifecycleEvent) => void;
  /** Called after each page of rows, with where the run would go on. */
  readonly onPage?: (progress: LifecycleProgress, place: LifecyclePlace) => void | Promise<void>;
  /** Where to go on. Default: at the beginning. */
  readonly from?: LifecyclePlace | undefined;
  /** The only bucket that is looked at. Default: all. */
  readonly bucket?: string | undefined;
  /** The time that is gone by, in milliseconds since 1970. Default: the store's, as it goes on. */
  readonly clock?: () => number;
  /** True: everything is told, and nothing done. Default: false. */
  readonly isDry?: boolean;
  /** Rests for some milliseconds; by default a timer that keeps no process alive. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Does what the lifecycles of buckets have due, bucket by bucket and page by page, beside requests. Resolves with what it came to; an abort
 * ends it early.
 */
export async function runLifecycle(store: Store, options: LifecycleRunOptions): Promise<LifecycleProgress> {
  const run = new LifecycleRun(store, options);
  await run.buckets();
  return run.progress;
}

class LifecycleRun {
  readonly #store: Store;
  readonly #options: LifecycleRunOptions;
  readonly #clock: () => number;
  #from: LifecyclePlace | undefined;
  #told = 0;
  readonly progress = { ...NO_PROGRESS, actions: { ...NO_PROGRESS.actions } };

  constructor(store: Store, options: LifecycleRunOptions) {
    this.#store = store;
    this.#options = options;
    this.#clock = options.clock ?? store.clock;
    this.#from = options.from;
  }

  async buckets(): Promise<void> {
    const only = this.#options.bucket;
    if (only !== undefined) {
      const bucket = await findBucket(this.#store, only);
      if (bucket !== undefined) await this.#bucket(bucket);
      return;
    }
    const all = buckets(PAGE_ROWS);
    const start = this.#from === undefined ? all.start : bucketRow(this.#from.bucket).key;
    for await (const page of pages(this.#store, { ...all, start }, this.#walking)) {
      for (const bucket of page) {
        if (this.#options.signal.aborted) return;
        await this.#bucket(bucket);
      }
    }
  }

  get #walking(): Parameters<typeof pages>[2] {
    const onUnreadable = (error: unknown): void => this.#fail("Lifecycle passes over a record that cannot be read", error);
    return { signal: this.#options.signal, onUnreadable };
  }

  /** All phases of a bucket; from where it is, again, whenever its settings change. */
  async #bucket(found: BucketRecord): Promise<void> {
    let from = this.#from?.bucket === found.name ? this.#from : undefined;
    this.#from = undefined;
    let bucket: BucketRecord | undefined = found;
    for (let isFirst = true; bucket !== undefined; isFirst = false) {
      const lifecycle: Lifecycle | undefined = await readLifecycle(this.#store, bucket);
      // S3 has no lifecycle where deleting for good needs a second factor.
      if (lifecycle === undefined || bucket.mfaDelete === "Enabled") return;
      if (isFirst) this.progress.buckets += 1;
      const walk = new BucketWalk(bucket, lifecycle, from);
      try {
        return await this.#phases(walk);
      } catch (cause) {
        if (isGone(cause)) return;
        if (!(cause instanceof LifecycleChangedError)) throw cause;
      }
      from = walk.place;
      bucket = await findBucket(this.#store, bucket.name);
      if (bucket?.id !== found.id) return;
    }
  }

  async #phases(walk: BucketWalk): Promise<void> {
    for (const phase of PHASES.slice(PHASES.indexOf(walk.place.phase))) {
      if (phase !== walk.place.phase) walk.place = { ...walk.place, phase, key: "" };
      const from = walk.place.key;
      for (const prefix of prefixesOf(walk.lifecycle, phase)) {
        if (this.#options.signal.aborted) return;
        if (phase === "current") await this.#currentObjects(walk, prefix, from);
        else if (phase === "noncurrent") await this.#noncurrentVersions(walk, prefix, from);
        else await this.#uploads(walk, prefix, from);
      }
    }
  }

  async #currentObjects(walk: BucketWalk, prefix: string, from: string): Promise<void> {
    for await (const page of pages(this.#store, keyedObjectsOf(walk.bucket.id, PAGE_ROWS, prefix, from), this.#walking)) {
      const order = this.#orderOf(walk);
      const jobs = page.flatMap(({ key, record }): Job[] => {
        const due = dueOfCurrent(order.lifecycle, order.bucket.versioning, key, record, order.nowMs);
        return due === undefined
          ? []
          : [{ key, isHeavy: due.action === "changeClass", work: () => this.#current(order, key, record, due) }];
      });
      await this.#work(order, jobs);
      await this.#paged(walk, page.length, page.at(-1)?.key);
    }
  }

  async #current(order: LifecycleOrder, key: string, record: ObjectRecord, due: Due): Promise<void> {
    if (due.action !== "changeClass") {
      await this.#expire(order, key, record, due);
      return;
    }
    const changed = await this.#changeClass(order, key, record, due, undefined);
    // A delete marker that was due as well comes behind it.
    const next = changed && dueOfCurrent(order.lifecycle, order.bucket.versioning, key, changed, order.nowMs);
    if (next?.action === "addDeleteMarker") await this.#expire(order, key, changed!, next);
  }

  async #expire(order: LifecycleOrder, key: string, record: ObjectRecord, due: Due): Promise<void> {
    if (this.#options.isDry) this.#tell(order, key, { due, record, marker: undefined });
    else this.#tell(order, key, await expireCurrent(this.#store, order, key));
  }

  /** Resolves with the version as it is then, if it was changed. */
  async #changeClass(
    order: LifecycleOrder,
    key: string,
    record: ObjectRecord,
    due: Extract<Due, { readonly action: "changeClass" }>,
    noncurrency: Noncurrency | undefined,
  ): Promise<ObjectRecord | undefined> {
    const carried = this.#options.isDry
      ? { due, record: { ...record, storageClass: due.storageClass }, marker: undefined }
      : await changeClass(this.#store, order, key, record, due, noncurrency, this.#options.signal);
    this.#tell(order, key, carried);
    return carried?.record;
  }

  async #noncurrentVersions(walk: BucketWalk, prefix: string, from: string): Promise<void> {
    if (walk.bucket.versioning === undefined) return;
    let descent: Descent | undefined;
    const rows = keyedVersionsOf(walk.bucket.id, PAGE_ROWS, prefix, from);
    for await (const page of pages(this.#store, rows, this.#walking)) {
      const order = this.#orderOf(walk);
      const byKey = [...Map.groupBy(page, ({ key }) => key)];
      const currents = await this.#currentsOf(walk.bucket, byKey);
      const jobs: Job[] = [];
      const lonely: Job[] = [];
      for (const [key, versions] of byKey) {
        if (descent !== undefined && descent.key !== key) lonely.push(...this.#lonely(order, descent));
        if (descent?.key !== key) {
          const current = currents.get(key);
          if (!isReadable(current)) {
            this.#fail(`Lifecycle passes over ${walk.bucket.name}/${key}`, current);
            descent = undefined;
            continue;
          }
          descent = new Descent(key, current, walk.lifecycle);
        }
        const due = versions.flatMap(({ record }) => descent!.step(record, order) ?? []);
        const isHeavy = due.some((one) => one.due.action === "changeClass");
        if (due.length > 0) jobs.push({ key, isHeavy, work: () => this.#noncurrent(order, key, due) });
      }
      await this.#work(order, jobs);
      // What lay below them has gone by now.
      await this.#work(order, lonely);
      await this.#paged(walk, page.length, page.at(-1)?.key);
    }
    if (descent !== undefined) {
      const order = this.#orderOf(walk);
      await this.#work(order, this.#lonely(order, descent));
    }
  }

  async #currentsOf(
    bucket: BucketRecord,
    byKey: readonly (readonly [string, readonly KeyedObject[]])[],
  ): Promise<Map<string, Perhaps>> {
    const { found } = await readRows(this.#store, { found: byKey.map(([key]) => perhaps(objectRow(bucket.id, key))) });
    return new Map(byKey.map(([key], index) => [key, found[index]]));
  }

  /** What is due below the top of a key: of one page, newest first. */
  async #noncurrent(order: LifecycleOrder, key: string, due: readonly DueNoncurrent[]): Promise<void> {
    const toGo = due.filter((one) => one.due.action === "deleteVersion");
    for (let index = 0; index < toGo.length; index += BATCH_VERSIONS) {
      const batch = toGo.slice(index, index + BATCH_VERSIONS);
      if (this.#options.isDry) {
        for (const one of batch) this.#tell(order, key, { due: one.due, record: one.record, marker: undefined });
        continue;
      }
      const witnesses = {
        newer: [...new Set(batch.flatMap((one) => one.witnesses.newer))],
        noncurrent: [...new Set(batch.flatMap((one) => one.witnesses.noncurrent))],
      };
      for (const carried of await deleteNoncurrent(this.#store, order, key, batch, witnesses)) this.#tell(order, key, carried);
    }
    for (const one of due) {
      if (one.due.action === "changeClass") await this.#changeClass(order, key, one.record, one.due, one.noncurrency);
    }
  }

  #lonely(order: LifecycleOrder, { key, top, isLonely }: Descent): Job[] {
    const due = isLonely ? dueOfLonelyMarker(order.lifecycle, key, top!, order.nowMs) : undefined;
    if (due === undefined) return [];
    const work = async (): Promise<void> => {
      const carried = this.#options.isDry
        ? { due, record: top!, marker: undefined }
        : await removeLonelyMarker(this.#store, order, key, top!);
      this.#tell(order, key, carried);
    };
    return [{ key, isHeavy: false, work }];
  }

  async #uploads(walk: BucketWalk, prefix: string, from: string): Promise<void> {
    const rows = uploadsOf(walk.bucket.id, PAGE_ROWS, prefix);
    const start = laterKey(rows.start, uploadRow(walk.bucket.id, from, "").key);
    for await (const page of pages(this.#store, { ...rows, start } satisfies Rows<UploadRecord>, this.#walking)) {
      const order = this.#orderOf(walk);
      const jobs = page.flatMap((upload): Job[] => {
        const due = abortionOf(order.lifecycle, upload);
        return due === undefined || due.atMs > order.nowMs
          ? []
          : [{ key: upload.key, isHeavy: false, work: () => this.#abort(order, upload, due) }];
      });
      await this.#work(order, jobs);
      await this.#paged(walk, page.length, page.at(-1)?.key);
    }
  }

  async #abort(order: LifecycleOrder, upload: UploadRecord, due: Appointment): Promise<void> {
    if (!this.#options.isDry && !(await abortOldUpload(this.#store, order, upload))) return;
    const { key, uploadId } = upload;
    this.#note({ ...NO_DETAILS, ...due, action: "abortUpload", bucket: order.bucket, key, uploadId });
  }

  #orderOf({ bucket, lifecycle }: BucketWalk): LifecycleOrder {
    return { bucket, lifecycle, nowMs: this.#clock() };
  }

  /** Does the work of a page, several keys at once. Throws what ends the walk of a bucket, when all that was begun has ended. */
  async #work(order: LifecycleOrder, jobs: readonly Job[]): Promise<void> {
    const heavy = jobs.filter(({ isHeavy }) => isHeavy);
    const light = jobs.filter(({ isHeavy }) => !isHeavy);
    await this.#workAtOnce(order, light, KEYS_AT_ONCE);
    await this.#workAtOnce(order, heavy, CLASS_CHANGES_AT_ONCE);
  }

  async #workAtOnce(order: LifecycleOrder, jobs: readonly Job[], atOnce: number): Promise<void> {
    const { signal } = this.#options;
    for (let index = 0; index < jobs.length && !signal.aborted; index += atOnce) {
      const some = jobs.slice(index, index + atOnce);
      const results = await Promise.allSettled(some.map(({ work }) => work()));
      let end: unknown;
      for (const [at, result] of results.entries()) {
        // What was cut short is no failure: the next run does it.
        if (result.status === "fulfilled" || signal.aborted) continue;
        if (isGone(result.reason) || result.reason instanceof LifecycleChangedError) end = result.reason;
        else this.#fail(`Lifecycle could not do what is due for ${order.bucket.name}/${some[at]!.key}`, result.reason);
      }
      if (end !== undefined) throw end;
    }
  }

  #tell(order: LifecycleOrder, key: string, carried: Carried | undefined): void {
    if (carried === undefined) return;
    const { due, record, marker } = carried;
    const storageClass = due.action === "changeClass" ? due.storageClass : undefined;
    const { action, atMs, ruleId } = due;
    this.#note({ action, atMs, ruleId, bucket: order.bucket, key, record, uploadId: undefined, storageClass, marker });
  }

  #note(event: LifecycleEvent): void {
    this.progress.actions[event.action] += 1;
    this.#options.onEvent?.(event);
  }

  #fail(what: string, cause: unknown): void {
    this.progress.failed += 1;
    if (this.#told < MAX_TOLD_FAILURES) this.#options.onFailure(what, cause);
    this.#told += 1;
  }

  async #paged(walk: BucketWalk, rows: number, key: string | undefined): Promise<void> {
    this.progress.looked += rows;
    // Of this page something may be left.
    if (this.#options.signal.aborted) return;
    if (key !== undefined) walk.place = { ...walk.place, key };
    await this.#options.onPage?.({ ...this.progress, actions: { ...this.progress.actions } }, walk.place);
    await (this.#options.pause ?? pauseQuietly)(PAGE_PAUSE_MS, this.#options.signal);
  }
}

const NO_DETAILS = { record: undefined, uploadId: undefined, storageClass: undefined, marker: undefined };

type Perhaps = ObjectRecord | undefined | UnreadableRecordError;

/** What is to be done for a key. */
interface Job {
  readonly key: string;
  /** Whether bytes may have to be copied. */
  readonly isHeavy: boolean;
  readonly work: () => Promise<void>;
}

/** A bucket under way, and how far it is. */
class BucketWalk {
  readonly bucket: BucketRecord;
  readonly lifecycle: Lifecycle;
  place: LifecyclePlace;

  constructor(bucket: BucketRecord, lifecycle: Lifecycle, from: LifecyclePlace | undefined) {
    this.bucket = bucket;
    this.lifecycle = lifecycle;
    this.place = from ?? { bucket: bucket.name, phase: PHASES[0]!, key: "" };
  }
}

function isGone(cause: unknown): boolean {
  return cause instanceof S3Error && cause.code === "NoSuchBucket";
}

async function pauseQuietly(ms: number, signal: AbortSignal): Promise<void> {
  // An abort ends the pause; whoever paused looks at the signal next.
  await sleep(ms, undefined, { signal, ref: false }).catch(() => undefined);
}
