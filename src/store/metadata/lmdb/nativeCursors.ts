import type { RootDatabase } from "lmdb";
import * as lmdb from "lmdb";

/**
 * The cursors below lmdb-js' ranges. A range makes five closures, an iterator and three blocks of memory for each place it is sent to,
 * which is several times what LMDB needs to get there.
 *
 * What is relied on is not in lmdb-js' types, and belongs to the release that package.json names to the last digit:
 * - `position` and `iterate` move a cursor. They return the size of the key they found, 0 for none, and an error code below 0;
 * - the key that is looked for stands at the beginning of the key buffer, the key that was found at {@link FOUND_KEY_OFFSET_BYTES},
 *   and the size of its value in the first four bytes;
 * - with {@link INCLUDE_VALUES} the value stands where `getBinaryFast` puts values;
 * - the end of a walk is read where `endAddress` points to: its size in four bytes, then its bytes.
 */
interface NativePart {
  readonly Cursor: new (database: object, transactionAddress: number) => NativeCursor;
  position(cursorAddress: number, flags: number, offset: number, keySizeBytes: number, endAddress: number): number;
  iterate(cursorAddress: number): number;
  getAddress(memory: ArrayBufferLike): number;
  /** Throws what the code means. */
  lmdbError(code: number): never;
}

/** A cursor of LMDB. To be closed, or it is never freed. */
export interface NativeCursor {
  readonly address: number;
  close(): void;
}

/** What lmdb-js' databases have beyond their types. */
interface NativeDatabase {
  readonly db: object;
  ensureReadTxn(): void;
}

/** The native part of lmdb-js. */
export const native: NativePart = (lmdb as unknown as { readonly nativeAddon: NativePart }).nativeAddon;

/** A flag of `position`. */
export const INCLUDE_VALUES = 0x100;
/** Where in the key buffer a key that was found begins. */
export const FOUND_KEY_OFFSET_BYTES = 32;

const END_SIZE_BYTES = 4;
const CURRENT_TRANSACTION = 0;

/** Opens a cursor in the commit, when one runs, or in the snapshot, which lmdb-js gives back at the end of this turn of the event loop. */
export function openNativeCursor(database: RootDatabase<Uint8Array, Uint8Array>): NativeCursor {
  const { db } = database as unknown as NativeDatabase;
  (database as unknown as NativeDatabase).ensureReadTxn();
  return new native.Cursor(db, CURRENT_TRANSACTION);
}

/** The end of a walk, where LMDB can read it; must outlive the walk. */
export class NativeEnd {
  readonly address: number;
  readonly #memory: ArrayBuffer;

  constructor(end: Uint8Array) {
    this.#memory = new ArrayBuffer(END_SIZE_BYTES + end.length);
    new Uint32Array(this.#memory, 0, 1)[0] = end.length;
    new Uint8Array(this.#memory).set(end, END_SIZE_BYTES);
    this.address = native.getAddress(this.#memory);
  }
}

/**
 * lmdb-js' option `keyEncoder` for keys that are bytes: only whoever writes keys is shown the buffer by which they come to LMDB.
 * Keys that are found are read by cursors.
 */
export class ByteKeys {
  #written: Buffer | undefined;

  readonly writeKey = (key: Uint8Array, target: Buffer, start: number): number => {
    this.#written = target;
    target.set(key, start);
    return start + key.length;
  };

  /** The key buffer: one for all databases of a process. */
  keyBuffer(database: RootDatabase<Uint8Array, Uint8Array>): Buffer {
    database.getBinaryFast(Buffer.of(0));
    return this.#written!;
  }
}
