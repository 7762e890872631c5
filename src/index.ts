/**
 * Holdfast as a library: a whole S3 server inside a test or a program.
 *
 * ```ts
 * await using holdfast = await Holdfast.start();
 * const client = new S3Client(holdfast.clientConfig());
 * ```
 */
import "./config/requireNode.ts";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { checkAccessLog } from "./config/checkAccessLog.ts";
import { checkTlsFiles } from "./config/checkTlsFiles.ts";
import { checkVaultFiles } from "./config/checkVault.ts";
import { settingsFromValues } from "./config/loadSettings.ts";
import { MEMORY_DEFAULTS } from "./config/memoryOptions.ts";
import { OptionError } from "./config/OptionError.ts";
import { readFirstUser } from "./config/readUsers.ts";
import type { ServerSettings } from "./config/ServerSettings.ts";
import type { Journal, RequestFilter } from "./journal/Journal.ts";
import type { RequestRecord } from "./journal/RequestRecord.ts";
import { Faults } from "./library/Faults.ts";
import type { ToldRequest } from "./library/requests.ts";
import { findRequests, whyRequest } from "./library/requests.ts";
import type { MemoryContent, MemorySettings } from "./server/MemoryServer.ts";
import { MemoryServer } from "./server/MemoryServer.ts";
import type { ServerClock } from "./server/ServerClock.ts";
import type { Store } from "./store/Store.ts";
import { newAccessKeyId, newSecretAccessKey } from "./store/accounts/randomNames.ts";

export type { ConfiguredUser, ServerSettings } from "./config/ServerSettings.ts";
export type { FaultAction, FaultChance, FaultMatch, FaultRule, FaultStage } from "./faults/FaultRule.ts";
export type { RequestFilter } from "./journal/Journal.ts";
export type { JournalStep, RequestRecord, RequestStory, Stage } from "./journal/RequestRecord.ts";
export type { Explained } from "./journal/why/Explained.ts";
export type { Faults, NewFault, Scenario } from "./library/Faults.ts";
export type { ToldRequest } from "./library/requests.ts";
export type { ListedFault } from "./server/faults/storedRules.ts";
export type { ServerClock } from "./server/ServerClock.ts";
export type { Durability } from "./store/durability.ts";

/** Options that only say how a command lives beside other programs, or what `data` says here. */
const COMMAND_ONLY = ["memory", "readyFilePath", "untilStdinEnds"] as const;
type CommandOnly = (typeof COMMAND_ONLY)[number];

/** How a server is started: the options of the command, under their names in the option file and with their defaults. */
export interface HoldfastOptions extends Partial<Omit<ServerSettings, "data" | "firstUser" | CommandOnly>> {
  /** A data folder, for a durable server. Without it, everything is in memory and ends with the server. */
  readonly data?: string;
  /** Default: 0, any free port. */
  readonly port?: number;
  /** Processes that answer requests, beside this one if more than one; only with `data`. Default: 1. */
  readonly workers?: number;
  /** With `data`: whether `clock` can be moved; in memory it always can. Default: false. */
  readonly testClock?: boolean;
  /** Made at the start, and in memory by `reset`, where they are missing; the user owns them. Default: none. */
  readonly buckets?: readonly string[];
  /** Default here: "s3", so that programs that wait for restores are tested as they will run; `clock` moves them on. */
  readonly restoreTimes?: ServerSettings["restoreTimes"];
  /** The user's keys. Default: made up at random. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** In memory: hears of failures that are the server's own. Default: written to standard error. */
  readonly onFailure?: (requestId: string, cause: unknown) => void;
}

/** What the AWS SDK's `S3Client` wants to know; other SDKs have the same under other names. */
export interface ClientConfig {
  readonly endpoint: string;
  /** Where it has several, the first. */
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
}

/** The content of a server in memory at one moment. */
export interface Snapshot {
  readonly takenAtMs: number;
}

/** Snapshots hold their content here: outside, they are only tokens. */
const contents = new WeakMap<Snapshot, MemoryContent>();

/** A running server. */
export class Holdfast {
  /** Where the server listens, such as http://127.0.0.1:49152. */
  readonly endpoint: string;
  readonly #options: HoldfastOptions;
  readonly #settings: MemorySettings;
  readonly #memory: MemoryServer | undefined;
  readonly #running: Running;
  /** The planned faults: in memory they may strike unless `faults` is false, with `data` only where it is true. */
  readonly faults: Faults;
  #stopped: Promise<unknown> | undefined;

  private constructor(options: HoldfastOptions, settings: MemorySettings, running: Running, memory: MemoryServer | undefined) {
    this.endpoint = running.endpoint;
    this.#options = options;
    this.#settings = settings;
    this.#memory = memory;
    this.#running = running;
    this.faults = new Faults(running.store, settings.faults);
  }

  /**
   * Starts a server: in memory on a free port unless the options say otherwise. Throws `TypeError` for an option that is unknown or cannot
   * be, what listening throws (EADDRINUSE …), and with `data` also `DataFolderInUseError` and `DataFolderFormatError`.
   */
  static async start(options: HoldfastOptions = {}): Promise<Holdfast> {
    const settings = settingsOf(options);
    if (options.data === undefined) return Holdfast.#startInMemory(options, settings);
    // The durable engines are loaded only here: most tests never need them.
    if (options.onFailure !== undefined)
      throw new TypeError("onFailure is for servers in memory: with `data`, failures are logged");
    const { startServer } = await import("./server/startServer.ts");
    const server = await startServer(settings);
    const { endpoint, clock, firstUser, journal, store } = server;
    const stop = (): Promise<unknown> => server.stop();
    const running = { endpoint, clock, accountId: firstUser.accountId, journal, store: () => store, stop };
    return new Holdfast(options, settings, running, undefined);
  }

  static async #startInMemory(options: HoldfastOptions, settings: MemorySettings, content?: MemoryContent): Promise<Holdfast> {
    if (settings.keyRingPath !== undefined)
      throw new TypeError("keyRingPath is for durable servers: give `data` as well, or leave it out");
    if (settings.storageClasses.length > 0)
      throw new TypeError("storageClasses have folders only beside a data folder: give `data` as well");
    if (settings.workers > 1) throw new TypeError("workers share a data folder: give `data` as well, or leave workers out");
    const memory = await MemoryServer.start(settings, { onFailure: options.onFailure ?? reportFailure }, content);
    return new Holdfast(options, settings, memory, memory);
  }

  /** Configuration for the AWS SDK's `S3Client`. */
  clientConfig(): ClientConfig {
    const { region, firstUser } = this.#settings;
    return { endpoint: this.endpoint, region: [region].flat()[0]!, credentials: { ...firstUser }, forcePathStyle: true };
  }

  /**
   * The account of the user's buckets, twelve digits: what `ExpectedBucketOwner` is compared with. `reset` makes a new user, and `restore`
   * brings one back.
   */
  get accountId(): string {
    return this.#running.accountId;
  }

  /**
   * The time that the server goes by: retention, the end of presigned URLs and whatever else ages. It is part of the content: `reset` sets it
   * back to real time, `restore` to how far it was ahead at the snapshot, and a fork begins with that of its origin.
   */
  get clock(): ServerClock {
    return this.#running.clock;
  }

  /**
   * What was asked of this server, in the order in which it ended: every request whose answer a client has, that of a moment ago among them.
   * With `data`, also of runs before. How many are kept, and for how long, `journalSizeBytes` and `journalAgeMs` say. Throws `TypeError` for a
   * filter that cannot be, `Error` where no journal is kept.
   */
  async requests(filter: RequestFilter = {}): Promise<RequestRecord[]> {
    return findRequests(this.#journal("requests"), filter);
  }

  /**
   * Why a request went as it did: where it stopped, why, what to change. `id` is its `x-amz-request-id` or `x-amz-id-2`; `canonical` is what
   * the client signed (its canonical request or its string to sign), to be compared. Throws `Error` for a request that the journal does not have.
   */
  async why(id: string, { canonical }: { readonly canonical?: string } = {}): Promise<ToldRequest> {
    return whyRequest(this.#journal("why"), id, canonical);
  }

  /** Forgets every bucket and object but the buckets of the options, which are new, every planned fault, and what was asked. Only in memory. */
  async reset(): Promise<void> {
    await this.#inMemory("reset").reset();
  }

  /** The present content, to come back to with `restore`; takes constant time. Only in memory. */
  snapshot(): Snapshot {
    const snapshot: Snapshot = Object.freeze({ takenAtMs: Date.now() });
    contents.set(snapshot, this.#inMemory("snapshot").fork());
    return snapshot;
  }

  /** Goes back to a snapshot, as often as you like, also to one of another server; takes constant time. Only in memory. */
  async restore(snapshot: Snapshot): Promise<void> {
    const content = contents.get(snapshot);
    if (content === undefined) throw new TypeError("this is no snapshot of Holdfast's");
    await this.#inMemory("restore").restore(content);
  }

  /** A second server on a port of its own, with the same content and keys; from here on they differ. Only in memory. */
  async fork(): Promise<Holdfast> {
    const content = this.#inMemory("fork").fork();
    return Holdfast.#startInMemory(this.#options, { ...this.#settings, port: 0 }, content);
  }

  /** Lets running requests finish, and ends. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#running.stop();
    await this.#stopped;
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #journal(method: string): Running["journal"] {
    if (this.#settings.journalSizeBytes > 0) return this.#running.journal;
    throw new Error(`${method}() needs a journal, and journalSizeBytes is 0`);
  }

  #inMemory(method: string): MemoryServer {
    if (this.#memory !== undefined) return this.#memory;
    throw new Error(`${method}() is for servers in memory; this one is on the data folder ${this.#settings.data}`);
  }
}

/** What answers requests, in this process or in workers. */
interface Running {
  readonly endpoint: string;
  readonly accountId: string;
  readonly clock: ServerClock;
  readonly journal: Pick<Journal, "find" | "clear">;
  /** The present one. */
  readonly store: () => Store;
  stop(): Promise<unknown>;
}

/** Where the library's defaults differ from the command's. */
const LIBRARY_DEFAULTS = { port: 0, workers: 1, logLevel: "error", restoreTimes: "s3" };

function settingsOf({ accessKeyId, secretAccessKey, onFailure: _, ...options }: HoldfastOptions): MemorySettings {
  const foreign = COMMAND_ONLY.find((name) => (options as Readonly<Record<string, unknown>>)[name] !== undefined);
  if (foreign !== undefined) throw new TypeError(`${foreign} is for the command: the library has no such option`);
  const keys = {
    accessKeyId: accessKeyId ?? newAccessKeyId(randomBytes),
    secretAccessKey: secretAccessKey ?? newSecretAccessKey(randomBytes),
  };
  try {
    const settings = settingsFromValues(
      options,
      options.data === undefined ? { ...LIBRARY_DEFAULTS, ...MEMORY_DEFAULTS } : LIBRARY_DEFAULTS,
    );
    checkTlsFiles(settings, (path) => readFileSync(path, "utf8"));
    checkVaultFiles(settings, (path) => readFileSync(path, "utf8"));
    checkAccessLog(settings);
    return { ...settings, firstUser: readFirstUser(keys, settings.users, "accessKeyId and secretAccessKey") };
  } catch (cause) {
    throw cause instanceof OptionError ? new TypeError(cause.message) : cause;
  }
}

function reportFailure(requestId: string, cause: unknown): void {
  process.stderr.write(`holdfast: request ${requestId} failed: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
}
