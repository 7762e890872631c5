import type { RootDatabase } from "lmdb";
import type { IndexCursor } from "../local/pageOf.ts";
import { pooledCopy } from "../local/pooledCopy.ts";
import type { NativeCursor } from "./nativeCursors.ts";
import { FOUND_KEY_OFFSET_BYTES, INCLUDE_VALUES, native, NativeEnd, openNativeCursor } from "./nativeCursors.ts";

/** The longest key LMDB holds with pages of 4 KiB, in bytes. */
export const MAX_KEY_SIZE_BYTES = 1978;

/**
 * A walk through the index; sees the snapshot, or, inside a commit, the commit. Must be disposed, and in the turn of the event loop in
 * which it was made: then lmdb-js gives the snapshot back.
 */
export class LmdbCursor implements IndexCursor, Disposable {
  readonly #database: RootDatabase<Uint8Array, Uint8Array>;
  readonly #keyBuffer: Buffer;
  readonly #valueSize: Uint32Array;
  readonly #cursor: NativeCursor;
  readonly #address: number;
  #wantedEnd: Uint8Array | undefined;
  #end: NativeEnd | undefined;
  /** Of the entry the cursor stands on; 0 when it stands on none. */
  #keySizeBytes = 0;
  #valueSizeBytes = 0;
  #key: Buffer | undefined;
  /** Where lmdb-js puts values. */
  #valueBuffer: Buffer | undefined;

  /** `keyBuffer` is that of lmdb-js. */
  constructor(database: RootDatabase<Uint8Array, Uint8Array>, keyBuffer: Buffer) {
    this.#database = database;
    this.#keyBuffer = keyBuffer;
    this.#valueSize = new Uint32Array(keyBuffer.buffer, keyBuffer.byteOffset, 1);
    this.#cursor = openNativeCursor(database);
    this.#address = this.#cursor.address;
  }

  get memory(): Buffer {
    return this.#key ?? this.#keyBuffer;
  }

  get keyStart(): number {
    return this.#key === undefined ? FOUND_KEY_OFFSET_BYTES : 0;
  }

  get keyEnd(): number {
    return this.keyStart + this.#keySizeBytes;
  }

  get key(): Buffer {
    this.#key ??= pooledCopy(this.#keyBuffer, FOUND_KEY_OFFSET_BYTES, FOUND_KEY_OFFSET_BYTES + this.#keySizeBytes);
    return this.#key;
  }

  get value(): Uint8Array {
    const sizeBytes = this.#valueSizeBytes;
    if (this.#valueBuffer !== undefined && sizeBytes <= this.#valueBuffer.length)
      return pooledCopy(this.#valueBuffer, 0, sizeBytes);
    // Overwrites the key buffer, of which the key is a copy from now on.
    const found = this.#database.getBinaryFast(this.key)!;
    const memory = Buffer.from(found.buffer, found.byteOffset, found.byteLength);
    // With room for more it is the buffer for all values, else one made for a value that found no room there.
    this.#valueBuffer = memory.length > sizeBytes ? memory : undefined;
    return pooledCopy(memory, 0, sizeBytes);
  }

  seek(key: Uint8Array, end?: Uint8Array): boolean {
    // No stored key is longer, so what lies at or above a longer one lies above its beginning.
    const start = key.length > MAX_KEY_SIZE_BYTES ? key.subarray(0, MAX_KEY_SIZE_BYTES) : key;
    if (end !== this.#wantedEnd) {
      this.#wantedEnd = end;
      this.#end = end === undefined ? undefined : new NativeEnd(end);
    }
    this.#keyBuffer.set(start);
    const found = this.#position(start.length);
    return found && start.length < key.length && this.key.equals(start) ? this.next() : found;
  }

  skip(sizeBytes: number): boolean {
    const { memory, keyStart } = this;
    let last = sizeBytes - 1;
    while (last >= 0 && memory[keyStart + last] === 0xff) last--;
    if (last < 0) return false;
    for (let index = 0; index < last; index++) this.#keyBuffer[index] = memory[keyStart + index]!;
    this.#keyBuffer[last] = memory[keyStart + last]! + 1;
    return this.#position(last + 1);
  }

  next(): boolean {
    return this.#keySizeBytes > 0 && this.#standOn(native.iterate(this.#address));
  }

  [Symbol.dispose](): void {
    this.#cursor.close();
  }

  /** Moves to the first entry at or above the key at the beginning of the key buffer. */
  #position(keySizeBytes: number): boolean {
    return this.#standOn(native.position(this.#address, INCLUDE_VALUES, 0, keySizeBytes, this.#end?.address ?? 0));
  }

  #standOn(keySizeBytes: number): boolean {
    if (keySizeBytes < 0) native.lmdbError(keySizeBytes);
    this.#keySizeBytes = keySizeBytes;
    this.#valueSizeBytes = this.#valueSize[0]!;
    this.#key = undefined;
    return keySizeBytes > 0;
  }
}
