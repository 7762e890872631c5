import { BoundedMap } from "../BoundedMap.ts";
import type { Codec, Row } from "./Row.ts";
import { namedKey } from "./tables.ts";

/** Most rows of a table that a process remembers; the one remembered first makes room. */
export const MAX_REMEMBERED_ROWS = 1_000;

/**
 * The rows of a table that nearly every request reads, by name. Of each, a process remembers its key and the record that its bytes were
 * decoded into, which is right as long as they are the same: comparing takes a tenth of the time of verifying and decoding. Only names that
 * are there are remembered.
 */
export function rememberedRows<Record>(table: number, codec: Codec<Record, Buffer>): (name: string) => Row<Record> {
  const remembered = new BoundedMap<string, RememberedRow<Record>>(MAX_REMEMBERED_ROWS);
  const remember = (row: RememberedRow<Record>): void => remembered.set(row.name, row);
  return (name) => remembered.get(name) ?? new RememberedRow(name, namedKey(table, name), codec, remember);
}

/** A row, and its codec, which knows the bytes it has seen last. */
class RememberedRow<Record> implements Row<Record>, Codec<Record> {
  readonly name: string;
  readonly key: Buffer;
  readonly codec: Codec<Record> = this;
  readonly encode: Codec<Record>["encode"];
  readonly #plain: Codec<Record>;
  readonly #remember: (row: RememberedRow<Record>) => void;
  #seen: { readonly bytes: Buffer; readonly record: Record } | undefined;

  constructor(name: string, key: Buffer, plain: Codec<Record>, remember: (row: RememberedRow<Record>) => void) {
    this.name = name;
    this.key = key;
    this.encode = plain.encode;
    this.#plain = plain;
    this.#remember = remember;
  }

  readonly decode = (bytes: Uint8Array, key: Uint8Array): Record => {
    if (this.#seen?.bytes.equals(bytes) === true) return this.#seen.record;
    const record = this.#plain.decode(bytes, key);
    // A copy of its own: a part of Node's pool would keep the whole block.
    const copy = Buffer.allocUnsafeSlow(bytes.length);
    copy.set(bytes);
    this.#seen = { bytes: copy, record };
    this.#remember(this);
    return record;
  };
}
