/**
 * Holdfast as a library: a whole S3 server inside a test or a program.
 *
 * ```ts
 * await using holdfast = await Holdfast.start();
 * const client = new S3Client(holdfast.clientConfig());
 * ```
 */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createListener } from "./server/listener.ts";
import { createService } from "./server/createService.ts";
import type { RunningServer } from "./server/startServer.ts";
import { MemoryBlobEngine } from "./store/blobs/memory/MemoryBlobEngine.ts";
import type { Durability } from "./store/durability.ts";
import { MemoryMetadataEngine } from "./store/metadata/memory/MemoryMetadataEngine.ts";
import { ReaderRegistry } from "./store/ReaderRegistry.ts";
import type { Store } from "./store/Store.ts";
import { addUser, newAccessKeyId, newSecretAccessKey } from "./store/users.ts";
import { collect } from "./tasks/collect.ts";

export type { Durability } from "./store/durability.ts";

const DEFAULT_REGION = "us-east-1";
const DEFAULT_HOST = "127.0.0.1";
const IDLE_TIMEOUT_MS = 20_000;
const SHUTDOWN_TIMEOUT_MS = 10_000;
const MAP_SIZE_BYTES: number = 256 * 1024 ** 3;
/** How often memory of deleted objects is given back. */
const COLLECT_INTERVAL_MS = 1_000;
const USER_NAME = "admin";

/** How a server is started; the names and defaults are those of the command line, but for the port. */
export interface HoldfastOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Default: us-east-1. */
  readonly region?: string;
  /** Domains below which host names begin with a bucket; *.localhost always does. */
  readonly domains?: readonly string[];
  /** A data folder, for a durable server. Without it, everything is in memory and ends with the server. */
  readonly data?: string;
  /** With `data`: what an acknowledged write has survived. Default: synced. */
  readonly durability?: Durability;
  /** The user's keys. Default: made up at random. */
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Hears of failures that are the server's own. Default: written to standard error. */
  readonly onFailure?: (requestId: string, cause: unknown) => void;
}

/** What the AWS SDK's `S3Client` wants to know; other SDKs have the same under other names. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly forcePathStyle: true;
}

/** The content of a server in memory at one moment. */
export interface Snapshot {
  readonly takenAtMs: number;
}

interface MemoryContent {
  readonly metadata: MemoryMetadataEngine;
  readonly blobs: MemoryBlobEngine;
}

/** Snapshots hold their content here: outside, they are only tokens. */
const contents = new WeakMap<Snapshot, MemoryContent>();

type Keys = ClientConfig["credentials"];

/** What a server in memory can do and a durable one cannot. */
interface Memory {
  reset(): Promise<void>;
  take(): MemoryContent;
  restore(content: MemoryContent): void;
}

/** A running server. */
export class Holdfast {
  readonly #options: HoldfastOptions;
  readonly #keys: Keys;
  readonly #port: number;
  readonly #stop: () => Promise<void>;
  readonly #memory: Memory | undefined;
  #stopped: Promise<void> | undefined;

  private constructor(options: HoldfastOptions, keys: Keys, port: number, stop: () => Promise<void>, memory: Memory | undefined) {
    this.#options = options;
    this.#keys = keys;
    this.#port = port;
    this.#stop = stop;
    this.#memory = memory;
  }

  /** Starts a server: in memory on a free port unless the options say otherwise. */
  static async start(options: HoldfastOptions = {}): Promise<Holdfast> {
    const keys = {
      accessKeyId: options.accessKeyId ?? newAccessKeyId(randomBytes),
      secretAccessKey: options.secretAccessKey ?? newSecretAccessKey(randomBytes),
    };
    if (options.data !== undefined) return Holdfast.#startDurable(options, options.data, keys);
    const content = { metadata: new MemoryMetadataEngine(), blobs: new MemoryBlobEngine() };
    return Holdfast.#startInMemory(options, keys, content);
  }

  static async #startDurable(options: HoldfastOptions, data: string, keys: Keys): Promise<Holdfast> {
    // The durable engines are loaded only here: most tests never need them.
    const { startServer } = await import("./server/startServer.ts");
    const server: RunningServer = await startServer({
      host: options.host ?? DEFAULT_HOST,
      port: options.port ?? 0,
      data,
      region: options.region ?? DEFAULT_REGION,
      domains: options.domains ?? [],
      workers: 1,
      durability: options.durability ?? "synced",
      tlsCertificatePath: undefined,
      tlsPrivateKeyPath: undefined,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
      mapSizeBytes: MAP_SIZE_BYTES,
      firstUser: keys,
      users: [],
      accessLogPath: undefined,
      logLevel: "error",
    });
    return new Holdfast(options, keys, server.port, async () => void (await server.stop()), undefined);
  }

  static async #startInMemory(options: HoldfastOptions, keys: Keys, content: MemoryContent): Promise<Holdfast> {
    const store = { ...content, readers: new ReaderRegistry(), clock: Date.now, randomBytes };
    await addUser(store, { name: USER_NAME, ...keys });
    const state = { stopping: false };
    const service = createService(store, {
      region: options.region ?? DEFAULT_REGION,
      domains: options.domains ?? [],
      idleTimeoutMs: IDLE_TIMEOUT_MS,
      stopping: () => state.stopping,
      onFailure: options.onFailure ?? reportFailure,
    });
    const { server, connections } = createListener(service, undefined);
    const port = await listen(server, options);
    const collecting = collectAtIntervals(store);
    const stop = async (): Promise<void> => {
      state.stopping = true;
      collecting.stop();
      await connections.close(SHUTDOWN_TIMEOUT_MS);
    };
    return new Holdfast(options, keys, port, stop, {
      reset: async () => {
        Object.assign(store, { metadata: new MemoryMetadataEngine(), blobs: new MemoryBlobEngine() });
        await addUser(store, { name: USER_NAME, ...keys });
      },
      take: () => ({ metadata: store.metadata.fork(), blobs: store.blobs.fork() }),
      restore: ({ metadata, blobs }) => Object.assign(store, { metadata: metadata.fork(), blobs: blobs.fork() }),
    });
  }

  /** Where the server listens, such as http://127.0.0.1:49152. */
  get endpoint(): string {
    return `http://${this.#options.host ?? DEFAULT_HOST}:${this.#port}`;
  }

  /** Configuration for the AWS SDK's `S3Client`. */
  clientConfig(): ClientConfig {
    return {
      endpoint: this.endpoint,
      region: this.#options.region ?? DEFAULT_REGION,
      credentials: this.#keys,
      forcePathStyle: true,
    };
  }

  /** Forgets every bucket and object. Only in memory. */
  async reset(): Promise<void> {
    await this.#inMemory("reset").reset();
  }

  /** The present content, to come back to with `restore`; takes constant time. Only in memory. */
  snapshot(): Snapshot {
    const snapshot: Snapshot = Object.freeze({ takenAtMs: Date.now() });
    contents.set(snapshot, this.#inMemory("snapshot").take());
    return snapshot;
  }

  /** Goes back to a snapshot, as often as you like; takes constant time. Only in memory. */
  restore(snapshot: Snapshot): void {
    const content = contents.get(snapshot);
    if (content === undefined) throw new TypeError("this is no snapshot of Holdfast's");
    this.#inMemory("restore").restore(content);
  }

  /** A second server on a port of its own, with the same content and keys; from here on they differ. Only in memory. */
  fork(): Promise<Holdfast> {
    const { port: _taken, ...options } = this.#options;
    return Holdfast.#startInMemory(options, this.#keys, this.#inMemory("fork").take());
  }

  /** Lets running requests finish, and ends. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #inMemory(method: string): Memory {
    if (this.#memory === undefined)
      throw new Error(`${method}() is for servers in memory; this one is on the data folder ${this.#options.data}`);
    return this.#memory;
  }
}

function reportFailure(requestId: string, cause: unknown): void {
  process.stderr.write(`holdfast: request ${requestId} failed: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
}

function listen(server: Server, options: HoldfastOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? DEFAULT_HOST, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Gives the memory of deleted objects back, quietly: neither the timer nor a failure is the test's concern. */
function collectAtIntervals(store: Store): { stop(): void } {
  const abort = new AbortController();
  const options = {
    signal: abort.signal,
    oldestReaderStartedAtMs: async () => store.readers.oldestStartedAtMs(),
    onFailure: () => undefined,
  };
  let under = Promise.resolve();
  const timer = setInterval(() => {
    under = under.then(() => collect(store, options)).then(ignore, ignore);
  }, COLLECT_INTERVAL_MS).unref();
  return {
    stop() {
      clearInterval(timer);
      abort.abort();
    },
  };
}

function ignore(): void {}
