import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, rmdir, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Durability } from "../../durability.ts";
import { syncFolder } from "../../folder/durableFiles.ts";
import type { Clock } from "../../Store.ts";
import type { BlobId } from "../BlobEngine.ts";
import { FolderSync } from "./FolderSync.ts";
import { isMissing, systemCode } from "../../../errors/systemCode.ts";

/**
 * Where blobs lie: in folders called generations, each filled by one process alone, so that processes share `blobs/` without talking.
 *
 * `open/<generation>.<run>` marks a generation that may hold blobs no commit names yet. It goes when the run ends cleanly, or when the
 * generation is full and long at rest. What is still marked by an earlier run is all that start-up has to judge.
 */

/** Blobs of one generation; their numbers have three hexadecimal digits. */
export const BLOBS_PER_GENERATION = 4096;

/** After this long at rest, every blob of a full generation is named by a commit or was abandoned. */
export const SETTLING_TIME_MS: number = 60 * 60 * 1000;

const OPEN_FOLDER = "open";
const BLOB_ID_FORM = /^([0-9a-z]{1,16})-([0-9a-f]{3})$/;

/** A generation this process fills. */
interface Generation {
  readonly name: string;
  readonly path: string;
  readonly folder: FileHandle;
  readonly sync: FolderSync;
  next: number;
  writing: number;
  lastEndedAtMs: number;
}

/** A place for a new blob. */
export interface Place {
  readonly id: BlobId;
  readonly path: string;
  /** Puts the place's folder entry on disk; `undefined` when nothing is synced. */
  readonly syncEntry: (() => Promise<void>) | undefined;
  /** Call once, when the blob is no longer written to. */
  readonly ended: () => void;
}

/** What generations need to know. */
export interface GenerationOptions {
  readonly path: string;
  readonly durability: Durability;
  /** Names this run of the server, the same in all its processes: [0-9a-z]. */
  readonly run: string;
  readonly clock: Clock;
}

/** The generations in one folder of blobs, and those among them that this process fills. */
export class Generations {
  readonly #options: GenerationOptions;
  readonly #openPath: string;
  readonly #own = new Set<Generation>();
  #present: Generation | undefined;
  #opening: Promise<void> | undefined;

  private constructor(options: GenerationOptions) {
    this.#options = options;
    this.#openPath = join(options.path, OPEN_FOLDER);
  }

  /** Makes the folders where they are missing; looks at nothing else, so that it takes the same time whatever is stored. */
  static async open(options: GenerationOptions): Promise<Generations> {
    const generations = new Generations(options);
    await mkdir(generations.#openPath, { recursive: true, mode: 0o700 });
    return generations;
  }

  /** A place of its own for a new blob, in a generation of this process. */
  async allocate(): Promise<Place> {
    while (this.#present === undefined || this.#present.next === BLOBS_PER_GENERATION) {
      this.#opening ??= this.#openNext().finally(() => (this.#opening = undefined));
      await this.#opening;
    }
    const generation = this.#present;
    const number = (generation.next++).toString(16).padStart(3, "0");
    generation.writing++;
    return {
      id: `${generation.name}-${number}`,
      path: join(generation.path, number),
      syncEntry: this.#options.durability === "synced" ? () => generation.sync.synced() : undefined,
      ended: () => {
        generation.writing--;
        generation.lastEndedAtMs = this.#options.clock();
      },
    };
  }

  /** The file of a blob; `undefined` for an id these folders never gave out. */
  locate(id: BlobId): string | undefined {
    const match = BLOB_ID_FORM.exec(id);
    return match === null ? undefined : join(this.#options.path, match[1]!, match[2]!);
  }

  /** The names of all generations, of those that earlier runs left marked, or of all but those that this run has marked. */
  async names(which: "all" | "suspect" | "earlier"): Promise<string[]> {
    if (which === "suspect") return (await this.#earlierMarkers()).map(({ generation }) => generation);
    const entries = await readdir(this.#options.path, { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory() && entry.name !== OPEN_FOLDER).map((entry) => entry.name);
    if (which === "all") return names;
    // In this order: the mark of a generation is made before its folder.
    const own = new Set(await readdir(this.#openPath));
    return names.filter((name) => !own.has(`${name}.${this.#options.run}`));
  }

  /** The names of generations that some process may still fill. */
  async openNames(): Promise<Set<string>> {
    return new Set((await readdir(this.#openPath)).map((marker) => marker.split(".", 1)[0]!));
  }

  /** The blobs of a generation; none when it is gone. */
  async *blobs(generation: string): AsyncGenerator<BlobId> {
    for (const number of await readdir(this.folder(generation)).catch(ignoreMissing)) {
      const id = `${generation}-${number}`;
      if (BLOB_ID_FORM.test(id)) yield id;
    }
  }

  /** The path of a generation. */
  folder(generation: string): string {
    return join(this.#options.path, generation);
  }

  /** Takes the marks of earlier runs away, and every folder that is empty: what emptied it may have ended before it came to that. */
  async forgetEarlierRuns(): Promise<void> {
    for (const { marker } of await this.#earlierMarkers()) await unlink(join(this.#openPath, marker));
    await this.sweep(await this.names("all"));
  }

  /** Removes those of the generations that are empty and that nobody fills any more. Their names were read before this is called. */
  async sweep(generations: Iterable<string>): Promise<void> {
    const filling = await this.openNames();
    for (const generation of generations) if (!filling.has(generation)) await this.#removeEmpty(generation);
  }

  /** Ends this process's generations. What is still being written stays marked, for the next start to judge. */
  async close(): Promise<void> {
    await this.#opening;
    this.#present = undefined;
    for (const generation of this.#own) if (generation.writing === 0) await this.#settle(generation);
  }

  async #openNext(): Promise<void> {
    const { clock, durability, path, run } = this.#options;
    await this.#settleFull();
    for (let number = clock(); ; number++) {
      const name = number.toString(36);
      const marker = join(this.#openPath, `${name}.${run}`);
      // The mark comes first: no blob may ever lie in a generation that is not marked.
      if (!(await made(writeFile(marker, "", { flag: "wx", mode: 0o600 })))) continue;
      let isNew = false;
      try {
        isNew = await made(mkdir(join(path, name), { mode: 0o700 }));
      } finally {
        // Nor may a mark stay for every generation that a full disk refused.
        if (!isNew) await unlink(marker);
      }
      if (!isNew) continue;
      const folder = await open(join(path, name), "r");
      if (durability === "synced") await Promise.all([syncFolder(this.#openPath), syncFolder(path)]);
      const sync = new FolderSync(() => folder.sync());
      this.#present = { name, path: join(path, name), folder, sync, next: 0, writing: 0, lastEndedAtMs: clock() };
      this.#own.add(this.#present);
      return;
    }
  }

  async #settleFull(): Promise<void> {
    const restingSinceMs = this.#options.clock() - SETTLING_TIME_MS;
    for (const generation of this.#own) {
      const full = generation.next === BLOBS_PER_GENERATION && generation.writing === 0;
      if (full && generation.lastEndedAtMs < restingSinceMs) await this.#settle(generation);
    }
  }

  async #settle(generation: Generation): Promise<void> {
    this.#own.delete(generation);
    await generation.folder.close();
    await unlink(join(this.#openPath, `${generation.name}.${this.#options.run}`)).catch(ignoreMissing);
    await this.#removeEmpty(generation.name);
  }

  async #earlierMarkers(): Promise<{ readonly marker: string; readonly generation: string }[]> {
    const markers = (await readdir(this.#openPath)).map((marker) => ({ marker, parts: marker.split(".") }));
    return markers
      .filter(({ parts }) => parts.length === 2 && parts[1] !== this.#options.run)
      .map(({ marker, parts }) => ({ marker, generation: parts[0]! }));
  }

  async #removeEmpty(generation: string): Promise<void> {
    await rmdir(this.folder(generation)).catch((error: unknown) => {
      if (!KEEPING_FOLDER.has(systemCode(error))) throw error;
    });
  }
}

/** Resolves with whether something was made; false when it was there already. */
async function made(making: Promise<unknown>): Promise<boolean> {
  try {
    await making;
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

function ignoreMissing(error: unknown): never[] {
  if (isMissing(error)) return [];
  throw error;
}

/** Why a folder cannot be removed where that is no failure: it is not empty, or somebody else has removed it. */
const KEEPING_FOLDER: ReadonlySet<unknown> = new Set(["ENOTEMPTY", "EEXIST", "ENOENT"]);
