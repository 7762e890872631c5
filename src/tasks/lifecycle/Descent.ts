import type { Due, Noncurrency } from "../../store/lifecycle/due.ts";
import { dueOfNoncurrent, noncurrentSince } from "../../store/lifecycle/due.ts";
import type { JudgedNoncurrent, LifecycleOrder, Witnesses } from "../../store/lifecycle/carryOut.ts";
import type { Lifecycle } from "../../store/lifecycle/LifecycleRule.ts";
import type { ObjectRecord } from "../../store/records/ObjectRecord.ts";

/** A noncurrent version for which something is due. */
export interface DueNoncurrent extends JudgedNoncurrent {
  readonly due: Due;
  readonly witnesses: Witnesses;
}

/** Goes down the versions of one key, newest first, and judges each by those above it. Keeps no more of them than rules can ask for. */
export class Descent {
  readonly key: string;
  /** The delete marker on top, where that hides the others. */
  top: ObjectRecord | undefined;
  readonly #current: ObjectRecord | undefined;
  readonly #mostNewer: number;
  #above: ObjectRecord | undefined;
  /** The place of the nearest newer version that stays. */
  #witness = 0;
  #newer = 0;
  #counted: readonly number[] = [];
  /** False where the rows do not fit together, because they were read while somebody wrote. */
  #isSound = true;
  #stay = 0;

  /** `current` is the key's current object, read after or with the first of the others. */
  constructor(key: string, current: ObjectRecord | undefined, { rules }: Lifecycle) {
    this.key = key;
    this.#current = current;
    this.#above = current;
    this.#witness = current?.sequence ?? 0;
    this.#mostNewer = Math.max(0, ...rules.map(({ noncurrentExpiration }) => noncurrentExpiration?.newer ?? 0));
  }

  /** Whether nothing stays below the delete marker on top. */
  get isLonely(): boolean {
    return this.#isSound && this.top !== undefined && this.#stay === 0;
  }

  /** Judges the next version. */
  step(record: ObjectRecord, { lifecycle, nowMs }: LifecycleOrder): DueNoncurrent | undefined {
    // It has come up since.
    if (this.#current !== undefined && record.sequence >= this.#current.sequence) return undefined;
    if (this.#above === undefined) return this.#begin(record);
    if (!this.#isSound) return undefined;
    const noncurrency: Noncurrency = { sinceMs: noncurrentSince(record, this.#above), newer: this.#newer };
    const due = dueOfNoncurrent(lifecycle, this.key, record, noncurrency, nowMs);
    const witnesses = { newer: [this.#witness], noncurrent: this.#counted };
    this.#above = record;
    if (!record.isDeleteMarker) this.#newer += 1;
    if (due?.action !== "deleteVersion") this.#stays(record);
    return due === undefined ? undefined : { record, noncurrency, due, witnesses };
  }

  #begin(record: ObjectRecord): undefined {
    this.#above = record;
    this.#witness = record.sequence;
    // What is on top and no marker would be the current object.
    this.#isSound = record.isDeleteMarker;
    if (record.isDeleteMarker) this.top = record;
  }

  #stays(record: ObjectRecord): void {
    this.#witness = record.sequence;
    this.#stay += 1;
    if (!record.isDeleteMarker && this.#counted.length < this.#mostNewer) this.#counted = [...this.#counted, record.sequence];
  }
}
