import { randomBytes } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join, resolve } from "node:path";
import { makeFolder, UNFINISHED_SUFFIX, writeDurably } from "./durableFiles.ts";
import type { FileLock } from "./fileLock.ts";
import { tryLock } from "./fileLock.ts";
import { processIdentity } from "./processIdentity.ts";
import { Reserve } from "./Reserve.ts";
import { isNowhere } from "../../errors/systemCode.ts";

/**
 * The folder that holds everything a durable server keeps:
 *
 * ```
 * format             which version of this layout it has, and whether it ever held a store
 * lock               held, by the operating system, as long as a server uses the folder
 * holder.json        who that server is: process, start, endpoint, run; gone when it has ended in good order
 * credentials.json   the first user's keys
 * reserve            room for deletes and starts on a full disk
 * journal/           the requests that were answered; it may be missing
 * keys/              the key ring, unless it is kept elsewhere
 * metadata/          the metadata engine's
 * blobs/             the blob engine's
 * ```
 *
 * Nobody but the owner may read it.
 */

/**
 * The version of the layout this code writes. Records of version 1 have no checksums; version 2 has no users inside accounts, and would take
 * their keys for those of the account's root; version 3 knows nothing of encryption, and would hand out encrypted bytes as if they were the
 * object's. All are read for ever.
 */
const DATA_FOLDER_FORMAT = 4;
/** The oldest version of the layout that a server takes over. */
const OLDEST_FORMAT = 1;

const FORMAT_FILE = "format";
const LOCK_FILE = "lock";
const HOLDER_FILE = "holder.json";
const CREDENTIALS_FILE = "credentials.json";
const METADATA_FOLDER = "metadata";
const BLOBS_FOLDER = "blobs";
/** What a first start that was cut short may have left. */
const BEGINNINGS: ReadonlySet<string> = new Set([LOCK_FILE, FORMAT_FILE + UNFINISHED_SUFFIX]);
const RUN_RANDOM_SIZE_BYTES = 4;

/** The server that uses a data folder. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Once it listens. */
  readonly endpoint: string | undefined;
  /** Names this run of the server in all its processes. */
  readonly run: string;
  /** Names the process for ever, where the system does; see `processIdentity`. */
  readonly identity: string | undefined;
}

/** The first user's keys, made at the first start. */
export interface FirstUserCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Thrown when another server uses the folder; the message says which, and what to do. */
export class DataFolderInUseError extends Error {
  override readonly name = "DataFolderInUseError";
  readonly holder: Holder | undefined;
  constructor(path: string, holder: Holder | undefined) {
    const serving = holder?.endpoint === undefined ? "" : `, serving ${holder.endpoint}`;
    const who =
      holder === undefined ? "another server" : `process ${holder.pid} on ${holder.host}, started ${holder.startedAt}${serving}`;
    super(`The data folder ${path} is in use by ${who}. Stop that server, or choose another folder with --data.`);
    this.holder = holder;
  }
}

/** Thrown when a folder is not, or not yet, or no longer one this version can work with. */
export class DataFolderFormatError extends Error {
  override readonly name = "DataFolderFormatError";
}

/** An open data folder. The server's first process opens it and holds the lock; its workers and the commands beside it join. */
export class DataFolder {
  /** Absolute. */
  readonly path: string;
  readonly metadataPath: string;
  readonly blobsPath: string;
  readonly reserve: Reserve;
  #holder: Holder;
  #store: StoreKnown;
  readonly #lock: FileLock | undefined;

  private constructor(path: string, holder: Holder, store: StoreKnown, lock: FileLock | undefined) {
    this.path = path;
    this.metadataPath = join(path, METADATA_FOLDER);
    this.blobsPath = join(path, BLOBS_FOLDER);
    this.reserve = new Reserve(path, randomBytes);
    this.#holder = holder;
    this.#store = store;
    this.#lock = lock;
  }

  /**
   * Opens the folder for a server, making it when it is missing or empty, and locks it until `close` or the end of the process.
   * Throws `DataFolderInUseError`, `DataFolderFormatError`, and `StorageFullError` where the disk is full and the reserve used up; a folder
   * with foreign files in it is left as it is.
   */
  static async open(path: string, nowMs: number = Date.now()): Promise<DataFolder> {
    const absolute = resolve(path);
    await makeFolder(absolute);
    const isNew = await checkContents(absolute);
    const lock = await takeLock(absolute);
    try {
      const before = await readHolder(absolute);
      if (await isRunning(before)) throw new DataFolderInUseError(absolute, before);
      if (isNew) await writeFormat(absolute, false);
      const { store, format } = await readFormat(absolute, before);
      const holder = { ...newHolder(nowMs), identity: await processIdentity(process.pid) };
      const folder = new DataFolder(absolute, holder, store, lock);
      // Before anything that an older version would not understand.
      if (format < DATA_FOLDER_FORMAT) await folder.reserve.help(() => writeFormat(absolute, store === "noted"));
      folder.reserve.refill();
      await folder.#writeHolder();
      return folder;
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /**
   * Opens a folder that exists already, without the lock: for the server's workers, and for commands that work beside a server or
   * without one. Throws `DataFolderFormatError`.
   */
  static async join(path: string, nowMs: number = Date.now()): Promise<DataFolder> {
    const absolute = resolve(path);
    const holder = await readHolder(absolute);
    const { store, format } = await readFormat(absolute, holder);
    if (format < DATA_FOLDER_FORMAT) {
      throw new DataFolderFormatError(
        `${absolute} has layout ${format}, and this version writes layout ${DATA_FOLDER_FORMAT}. Start a server of this version on it once; older versions cannot read it then.`,
      );
    }
    return new DataFolder(absolute, holder ?? newHolder(nowMs), store, undefined);
  }

  /** Whether a store was ever in this folder: then it has to be there. */
  get heldStore(): boolean {
    return this.#store !== "none";
  }

  /** Remembers that the folder holds a store from now on: after its first commit, and before anything in it is acknowledged. */
  async noteStore(): Promise<void> {
    if (this.#store === "noted") return;
    await this.reserve.help(() => writeFormat(this.path, true));
    this.#store = "noted";
  }

  /** Names this run of the server, the same in every process that joined while it runs; [0-9a-z]. The blob engine wants it. */
  get run(): string {
    return this.#holder.run;
  }

  /** Lets the next server that asks for this folder say where this one is. */
  async announce(endpoint: string): Promise<void> {
    this.#holder = { ...this.#holder, endpoint };
    await this.#writeHolder();
  }

  /** The first user's keys, if the folder keeps some. Throws `DataFolderFormatError`. */
  async credentials(): Promise<FirstUserCredentials | undefined> {
    const path = join(this.path, CREDENTIALS_FILE);
    const kept = await readIfThere(path);
    if (kept === undefined) return undefined;
    const value: unknown = parseJson(kept);
    if (isRecord(value) && typeof value["accessKeyId"] === "string" && typeof value["secretAccessKey"] === "string") {
      return { accessKeyId: value["accessKeyId"], secretAccessKey: value["secretAccessKey"] };
    }
    throw new DataFolderFormatError(
      `${path} does not hold an accessKeyId and a secretAccessKey; mend it, or remove it for new keys.`,
    );
  }

  /** Keeps the first user's keys, for the owner's eyes only. Before, the store knows them: what is kept has been set. */
  async keepCredentials(credentials: FirstUserCredentials): Promise<void> {
    const text = `${JSON.stringify(credentials, undefined, 2)}\n`;
    await this.reserve.help(() => writeDurably(join(this.path, CREDENTIALS_FILE), text));
  }

  /** Gives the lock back. */
  close(): void {
    if (this.#lock === undefined) return;
    this.#removeHolder();
    this.#lock.close();
  }

  /** A process that has let go of the folder and runs on must not seem to hold it. Another folder in its place is left alone. */
  #removeHolder(): void {
    const path = join(this.path, HOLDER_FILE);
    try {
      if (holderIn(readFileSync(path, "utf8"))?.run === this.run) rmSync(path);
    } catch {
      // The folder is gone, or cannot be written: then nobody else has it either.
    }
  }

  async #writeHolder(): Promise<void> {
    // Whole or not at all: a worker that could not read its run would take its siblings' blobs for leftovers.
    await this.reserve.help(() => writeDurably(join(this.path, HOLDER_FILE), JSON.stringify(this.#holder)));
  }
}

/** Whether the folder is new; a folder with somebody else's files in it is refused before anything is written. */
async function checkContents(path: string): Promise<boolean> {
  const names = await readdir(path);
  if (names.includes(FORMAT_FILE)) return false;
  const foreign = names.find((name) => !BEGINNINGS.has(name));
  if (foreign === undefined) return true;
  throw new DataFolderFormatError(
    `${path} is not a Holdfast data folder: it has no "${FORMAT_FILE}" file but holds "${foreign}". Choose an empty or new folder with --data.`,
  );
}

async function writeFormat(path: string, heldStore: boolean): Promise<void> {
  await writeDurably(join(path, FORMAT_FILE), JSON.stringify({ format: DATA_FOLDER_FORMAT, heldStore }));
}

/** What the folder says of a store in it: that there was one, traces of one, or nothing. */
type StoreKnown = "noted" | "traced" | "none";

/** Whether the folder ever held a store, and its layout. Throws `DataFolderFormatError` for one this version does not read. */
async function readFormat(
  path: string,
  holder: Holder | undefined,
): Promise<{ readonly store: StoreKnown; readonly format: number }> {
  const text = await readIfThere(join(path, FORMAT_FILE));
  if (text === undefined)
    throw new DataFolderFormatError(`${path} is not a Holdfast data folder: it has no "${FORMAT_FILE}" file.`);
  const value: unknown = parseJson(text);
  const { format, heldStore }: Record<string, unknown> = isRecord(value) ? value : {};
  if (typeof format === "number" && format >= OLDEST_FORMAT && format <= DATA_FOLDER_FORMAT) {
    if (heldStore === true) return { store: "noted", format };
    // Versions that did not say so made the keys, and told where they serve, once they had a store.
    const isTraced = holder?.endpoint !== undefined || (await readIfThere(join(path, CREDENTIALS_FILE))) !== undefined;
    return { store: isTraced ? "traced" : "none", format };
  }
  const remedy =
    typeof format === "number" ? "Use the version of Holdfast that wrote it, or a newer one." : "Its format file is damaged.";
  throw new DataFolderFormatError(
    `${path} has layout ${String(format)}; this version reads layouts up to ${DATA_FOLDER_FORMAT}. ${remedy}`,
  );
}

async function takeLock(path: string): Promise<FileLock> {
  const lock = await tryLock(join(path, LOCK_FILE));
  if (lock === undefined) throw new DataFolderInUseError(path, await readHolder(path));
  return lock;
}

function newHolder(nowMs: number): Holder {
  // Time first, so that runs sort; chance, because two runs may begin in one millisecond and clocks are set back.
  const run = nowMs.toString(36) + randomBytes(RUN_RANDOM_SIZE_BYTES).readUInt32BE().toString(36);
  const startedAt = new Date(nowMs).toISOString();
  return { pid: process.pid, host: hostname(), startedAt, endpoint: undefined, run, identity: undefined };
}

/** Who holds the folder, as far as they got to write it down. */
async function readHolder(path: string): Promise<Holder | undefined> {
  return holderIn((await readIfThere(join(path, HOLDER_FILE))) ?? "");
}

function holderIn(text: string): Holder | undefined {
  const value: unknown = parseJson(text);
  if (!isRecord(value)) return undefined;
  const { pid, host, startedAt, endpoint, run, identity } = value;
  if (typeof pid !== "number" || typeof host !== "string" || typeof startedAt !== "string" || typeof run !== "string")
    return undefined;
  return { pid, host, startedAt, endpoint: textOrNone(endpoint), run, identity: textOrNone(identity) };
}

/** Whether a holder still runs. The lock says so, too, unless somebody has removed its file. */
async function isRunning(holder: Holder | undefined): Promise<boolean> {
  return holder?.identity !== undefined && holder.identity === (await processIdentity(holder.pid));
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isNowhere(error)) return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
