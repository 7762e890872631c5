import type { Decision, ReadResult, ReadSet, Soon } from "./metadata/MetadataEngine.ts";
import type { Row, Rows } from "./records/Row.ts";
import { whenHere } from "./soon.ts";
import type { Store } from "./Store.ts";

/**
 * Decisions by name. Who decides says which rows it must see, and gets their records under the names it gave them, each decoded once, and
 * as they are committed: what was read before a request's body came may have changed since.
 */

/** A row, the first rows of a range, what is wanted under further names, or a list of any; `undefined` where there is nothing to look at. */
type Wanted = Row<unknown> | Rows<unknown> | WantedRows | readonly Wanted[] | undefined;

/** Rows by the names of their records. */
export type WantedRows = { readonly [Name in string]: Wanted };

/** The record of a row, `undefined` for an empty one; those of a range; of names and lists, what is found of each. */
export type Records<Names extends WantedRows> = { readonly [Name in keyof Names]: RecordsOf<Names[Name]> };

type RecordsOf<Kind> =
  Kind extends Rows<infer Each>
    ? readonly Each[]
    : Kind extends Row<infer One>
      ? One | undefined
      : Kind extends readonly (infer Each)[]
        ? readonly RecordsOf<Each>[]
        : Kind extends WantedRows
          ? Records<Kind>
          : undefined;

/** What a decision needs beside its records: given the same once more, it decides the same. */
export interface Circumstances {
  /** Real time in milliseconds since 1970, read inside the commit. What S3's rules ask for is the time of the request. */
  readonly realNowMs: number;
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
    decide(recordsOf(wanted, found), new Attempt(store.realClock(), chance)),
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

/** Reads rows of one kind, all at one moment, and leaves out those that are empty. */
export async function readThere<Record>(store: Store, rows: readonly Row<Record>[]): Promise<readonly Record[]> {
  const { found } = await readRows(store, { found: rows });
  return found.filter((record) => record !== undefined);
}

function isRow(wanted: Exclude<Wanted, undefined>): wanted is Row<unknown> {
  return (wanted as Partial<Row<unknown>>).codec !== undefined;
}

function isRange(wanted: Exclude<Wanted, undefined>): wanted is Rows<unknown> {
  return (wanted as Partial<Rows<unknown>>).decode !== undefined;
}

function isList(wanted: Wanted): wanted is readonly Wanted[] {
  return Array.isArray(wanted);
}

/** What is wanted, one behind the other. */
class Reading implements ReadSet {
  readonly keys: Uint8Array[] = [];
  readonly ranges: Rows<unknown>[] = [];

  constructor(names: WantedRows) {
    this.#group(names);
  }

  #group(names: WantedRows): void {
    for (const name in names) this.#one(names[name]);
  }

  #one(wanted: Wanted): void {
    if (wanted === undefined) return;
    if (isList(wanted)) for (const one of wanted) this.#one(one);
    else if (isRow(wanted)) this.keys.push(wanted.key);
    else if (isRange(wanted)) this.ranges.push(wanted);
    else this.#group(wanted);
  }
}

function readSetOf(names: WantedRows): ReadSet {
  return new Reading(names);
}

/** What was found, taken in the order in which it was wanted. */
class Found {
  readonly #result: ReadResult;
  #value = 0;
  #range = 0;

  constructor(result: ReadResult) {
    this.#result = result;
  }

  group(names: WantedRows): Record<string, unknown> {
    // The same members, so that none has to be added.
    const records: Record<string, unknown> = { ...names };
    for (const name in names) records[name] = this.#one(names[name]);
    return records;
  }

  #one(wanted: Wanted): unknown {
    if (wanted === undefined) return undefined;
    if (isList(wanted)) return wanted.map((one) => this.#one(one));
    if (isRow(wanted)) return recordIn(wanted, this.#result.values[this.#value++]);
    if (isRange(wanted)) return this.#result.ranges[this.#range++]!.map(wanted.decode);
    return this.group(wanted);
  }
}

function recordsOf<Names extends WantedRows>(names: Names, result: ReadResult): Records<Names> {
  return new Found(result).group(names) as Records<Names>;
}

function recordIn<Record>({ codec, key }: Row<Record>, bytes: Uint8Array | undefined): Record | undefined {
  return bytes === undefined ? undefined : codec.decode(bytes, key);
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
  readonly realNowMs: number;
  readonly #chance: Chance;
  #given = 0;

  constructor(realNowMs: number, chance: Chance) {
    this.realNowMs = realNowMs;
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
