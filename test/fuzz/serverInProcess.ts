import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createService } from "../../src/server/createService.ts";
import { createListener } from "../../src/server/http/listener.ts";
import { closeStore, openStore } from "../../src/server/openStore.ts";
import type { Service } from "../../src/server/Service.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { DataFolder } from "../../src/store/folder/dataFolder.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { memoryKeys } from "../../src/keys/memoryKeys.ts";
import { createStore } from "../../src/store/createStore.ts";
import { deadBlobs } from "../../src/store/records/blobRows.ts";
import type { Store } from "../../src/store/Store.ts";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import { runCollector } from "../../src/tasks/collect.ts";
import { openFilesOf, ownCpuMs, ownMemory, TLS_MATERIAL } from "./processes.ts";
import { Random } from "./Random.ts";
import type { FuzzedServer, MessageToFuzzer, ServerKind } from "./serverMessages.ts";
import { FUZZER, IDLE_TIMEOUT_MS, KEEPER, MAP_SIZE_BYTES, NOW_MS, REGION } from "./world.ts";

/** Everything that is under way has ended by then, or does not end. */
const STOP_LIMIT_MS = 10_000;

/** A request being answered, and what the store committed for it. */
interface Watched {
  readonly port: number;
  commits: number;
}

const watched = new AsyncLocalStorage<Watched>();
const randomBytes = (sizeBytes: number): Buffer => random.bytes(sizeBytes);
const random = new Random(20260301);
const [DEAD_TABLE] = deadBlobs(1).start;

type Say = (message: MessageToFuzzer) => void;

/** Starts the server in this process, where it can be watched from within for what the wire does not show. */
export async function startInProcess(kind: ServerKind, folderPath: string, say: Say): Promise<FuzzedServer> {
  const content = kind.durable ? await DurableContent.open(folderPath) : new MemoryContent();
  const store = content.store();
  await addAccount(store, { name: "fuzzer", ...FUZZER });
  await addAccount(store, { name: "keeper", ...KEEPER });
  const service = serviceOn(store, say);
  const { server, connections } = createListener(service, kind.tls ? TLS_MATERIAL : undefined);
  watchRequests(server, say);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    report: async () => ({
      connections: await countConnections(server),
      underWay: service.metrics.snapshot().underWay,
      readers: service.store.readers.count,
      memorySizeBytes: ownMemory(),
      openFiles: openFilesOf(process.pid),
    }),
    cpuMs: async () => ownCpuMs(),
    reset() {
      content.reset();
      const { store: fresh, credentials } = serviceOn(content.store(), say);
      // Figures and journal go on as they are.
      Object.assign(service, { store: fresh, credentials });
    },
    async stop() {
      if (!(await connections.close(STOP_LIMIT_MS))) throw new Error("not everything under way has ended");
      await content.close();
    },
  };
}

/** What the server stores. */
interface Content {
  store(): Store;
  reset(): void;
  close(): Promise<void>;
}

/** Goes back to what it held when it was reset first. */
class MemoryContent implements Content {
  #metadata = new MemoryMetadataEngine();
  #blobs = new MemoryBlobEngine();
  /** Of all stores on this content: one opens what another has sealed. */
  readonly #keys = memoryKeys({ realClock: () => NOW_MS, randomBytes });
  #kept: { readonly metadata: MemoryMetadataEngine; readonly blobs: MemoryBlobEngine } | undefined;

  store(): Store {
    return createStore({
      metadata: watch(this.#metadata),
      blobs: this.#blobs,
      clock: () => NOW_MS,
      randomBytes,
      keys: this.#keys,
    });
  }

  reset(): void {
    this.#kept ??= { metadata: this.#metadata, blobs: this.#blobs };
    this.#metadata = this.#kept.metadata.fork();
    this.#blobs = this.#kept.blobs.fork();
  }

  async close(): Promise<void> {
    await this.#blobs.close();
    await this.#metadata.close();
  }
}

/** The engines of a server on disk, and its collector. */
class DurableContent implements Content {
  readonly #folder: DataFolder;
  readonly #opened: Store;
  readonly #store: Store;
  readonly #abort = new AbortController();
  readonly #collecting: Promise<void>;

  private constructor(folder: DataFolder, opened: Store) {
    this.#folder = folder;
    this.#opened = opened;
    const { metadata } = opened;
    this.#store = { ...opened, metadata: watch(metadata), clock: () => NOW_MS };
    // On a clock of its own, so that what is dead goes away while requests go on.
    this.#collecting = runCollector(opened, {
      signal: this.#abort.signal,
      onFailure: (what, cause) => console.error(what, cause),
    });
  }

  static async open(path: string): Promise<DurableContent> {
    const folder = await DataFolder.open(path);
    return new DurableContent(folder, await openStore(folder, { durability: "synced", mapSizeBytes: MAP_SIZE_BYTES }));
  }

  store(): Store {
    return this.#store;
  }

  reset(): void {
    // The fuzzer makes the content anew.
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#collecting;
    await closeStore(this.#opened);
    this.#folder.close();
  }
}

/** The metadata engine, with a count of what each request commits; that a blob is dead may be noted at any time. */
function watch(engine: MetadataEngine): MetadataEngine {
  return {
    read: (readSet) => engine.read(readSet),
    pages: (plans) => engine.pages(plans),
    statistics: () => engine.statistics(),
    close: () => engine.close(),
    transact: (readSet, decide) => {
      // Asked here: an engine may decide for many requests at once, in the context of one of them.
      const request = watched.getStore();
      if (request === undefined) return engine.transact(readSet, decide);
      let isChange = false;
      const committed = engine.transact(readSet, (records) => {
        const decision = decide(records);
        isChange = decision.changes.some(({ key }) => key[0] !== DEAD_TABLE);
        return decision;
      });
      return committed.then((result) => {
        request.commits += Number(isChange);
        return result;
      });
    },
  };
}

function serviceOn(store: Store, say: Say): Service {
  return createService(store, {
    soapOverHttp: true,
    region: REGION,
    domains: [],
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    stopping: () => false,
    metricsText: async () => "",
    onFailure: (requestId, cause) => {
      const text = cause instanceof Error ? cause.stack! : String(cause);
      say({ kind: "failure", requestId, port: watched.getStore()?.port, text });
    },
  });
}

/** Says which requests were refused though something was committed for them. */
function watchRequests(server: Server, say: Say): void {
  const observe = (incoming: IncomingMessage, response: ServerResponse): void => {
    const request: Watched = { port: incoming.socket.remotePort ?? 0, commits: 0 };
    // Requests of one turn are handled together, in a context that is none's; each begins with its own by looking at its address.
    const { url } = incoming;
    Object.defineProperty(incoming, "url", {
      get: () => {
        watched.enterWith(request);
        return url;
      },
    });
    response.once("close", () => {
      const refused = response.headersSent && response.statusCode >= 400;
      if (refused && request.commits > 0) say({ kind: "changed", port: request.port, status: response.statusCode });
    });
  };
  server.prependListener("request", observe);
  server.prependListener("checkContinue", observe);
  server.prependListener("checkExpectation", observe);
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}
