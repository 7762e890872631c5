import type { Decision, ReadResult, ReadSet, Soon } from "./metadata/MetadataEngine.ts";
import type { Row, Rows } from "./records/Row.ts";
import { whenHere } from "./soon.ts";
import type { Store } from "./Store.ts";

/**
 * Decisions by name. Who decides says which rows it must see, and gets their records under the names it gave them, each decoded once, and
 * as they are committed: what was read before a request's body came may have changed since.
 */

/** A row, several rows, or the first rows of a range; `undefined` where there is nothing to look at. */
type Wanted = Row<unknown> | readonly Row<unknown>[] | Rows<unknown> | undefined;

/** Rows by the names of their records. */
export type WantedRows = Readonly<Record<string, Wanted>>;

/** The record of a row, `undefined` for an empty one; of several rows, in their order; those of a range. */
export type Records<Names extends WantedRows> = { readonly [Name in keyof Names]: RecordsOf<Names[Name]> };

type RecordsOf<Kind> =
  Kind extends Rows<infer Each>
    ? readonly Each[]
    : Kind extends Row<infer One>
      ? One | undefined
      : Kind extends readonly Row<infer Each>[]
        ? readonly (Each | undefined)[]
        : undefined;

/** What a decision needs beside its records: given the same once more, it decides the same. */
export interface Circumstances {
  /** Milliseconds since 1970, read inside the commit. */
  readonly nowMs: number;
  /** Makes a name of 20 hexadecimal digits that was never used; the same ones, in order, when the decision runs again. */
  readonly newId: () => string;
}

/** Decides from records and circumstances, and from nothing else: pure and synchronous, run again after a lost race. */
export type Decide<Names extends WantedRows, Result> = (records: Records<Names>, at: Circumstances) => Decision<Result>;

/** Reads, decides and commits as one; see `MetadataEngine.transact`. Rejects with what `decide` throws; then nothing changes. */
export function transact<const Names extends WantedRows, Result>(
  store: Store,
  wanted: Names,
  decide: Decide<Names, Result>,
): Promise<Result> {
  const chance: Chance = { store, seed: undefined };
  return store.metadata.transact(readSetOf(wanted), (found) =>
    decide(recordsOf(wanted, found), new Attempt(store.clock(), chance)),
  );
}

/** Reads rows by name, all at one moment. */
export function readRows<const Names extends WantedRows>(store: Store, wanted: Names): Soon<Records<Names>> {
  return whenHere(store.metadata.read(readSetOf(wanted)), (found) => recordsOf(wanted, found));
}

/** Reads the record of one row. */
export function readRow<Record>(store: Store, row: Row<Record>): Soon<Record | undefined> {
  const found = store.metadata.read({ keys: [row.key] });
  // Every request reads rows: a function is made only for those that are not at hand.
  return found instanceof Promise ? found.then(({ values }) => recordIn(row, values[0])) : recordIn(row, found.values[0]);
}

function isRow(wanted: Row<unknown> | Rows<unknown>): wanted is Row<unknown> {
  return (wanted as Partial<Row<unknown>>).codec !== undefined;
}

function isList(wanted: Wanted): wanted is readonly Row<unknown>[] {
  return Array.isArray(wanted);
}

function readSetOf(names: WantedRows): ReadSet {
  const keys: Uint8Array[] = [];
  const ranges: Rows<unknown>[] = [];
  for (const name in names) {
    const wanted = names[name];
    if (wanted === undefined) continue;
    if (isList(wanted)) for (const { key } of wanted) keys.push(key);
    else if (isRow(wanted)) keys.push(wanted.key);
    else ranges.push(wanted);
  }
  return { keys, ranges };
}

function recordsOf<Names extends WantedRows>(names: Names, { values, ranges }: ReadResult): Records<Names> {
  // The same members, so that none has to be added.
  const records: Record<string, unknown> = { ...names };
  let value = 0;
  let range = 0;
  for (const name in names) {
    const wanted: Wanted = names[name];
    if (wanted === undefined) continue;
    if (isList(wanted)) records[name] = wanted.map((row) => recordIn(row, values[value++]));
    else if (isRow(wanted)) records[name] = recordIn(wanted, values[value++]);
    else records[name] = ranges[range++]!.map(wanted.decode);
  }
  return records as Records<Names>;
}

function recordIn<Record>({ codec }: Row<Record>, bytes: Uint8Array | undefined): Record | undefined {
  return bytes === undefined ? undefined : codec.decode(bytes);
}

const ID_SIZE_BYTES = 10;
/** Where in an id those of one decision differ. */
const COUNTER_OFFSET_BYTES = 6;

/** The chance of one call of `transact`. */
interface Chance {
  readonly store: Store;
  /** Drawn when the first id is asked for; all attempts share it. */
  seed: Buffer | undefined;
}

/** One run of a decision. */
class Attempt implements Circumstances {
  readonly nowMs: number;
  readonly #chance: Chance;
  #given = 0;

  constructor(nowMs: number, chance: Chance) {
    this.nowMs = nowMs;
    this.#chance = chance;
  }

  /** Made only for those who ask: most decisions need no name. */
  get newId(): () => string {
    return () => {
      const { store } = this.#chance;
      const bytes = Buffer.from((this.#chance.seed ??= Buffer.from(store.randomBytes(ID_SIZE_BYTES))));
      bytes.writeUInt32BE((bytes.readUInt32BE(COUNTER_OFFSET_BYTES) + this.#given++) >>> 0, COUNTER_OFFSET_BYTES);
      return bytes.toString("hex");
    };
  }
}
