import { readFile, stat } from "node:fs/promises";
import type { JSONWebKeySet } from "jose";

/** A file of keys that may be replaced while the server runs. */
export class KeyFile {
  readonly #path: string;
  #state: string | undefined;
  #keys: JSONWebKeySet | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The keys as they are now. Rejects for a file that cannot be read, or is no JSON. */
  async read(): Promise<JSONWebKeySet> {
    const { mtimeMs, size, ino } = await stat(this.#path);
    const state = `${mtimeMs} ${size} ${ino}`;
    if (this.#keys === undefined || this.#state !== state) {
      this.#keys = JSON.parse(await readFile(this.#path, "utf8")) as JSONWebKeySet;
      this.#state = state;
    }
    return this.#keys;
  }
}
