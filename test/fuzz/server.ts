/** The server that is fuzzed, in a process of its own: everything in memory, and watched from within where the wire shows nothing. */
import { AsyncLocalStorage } from "node:async_hooks";
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createService } from "../../src/server/createService.ts";
import { createListener } from "../../src/server/listener.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { ReaderRegistry } from "../../src/store/ReaderRegistry.ts";
import type { Store } from "../../src/store/Store.ts";
import { deadRange } from "../../src/store/records/keys.ts";
import { addUser } from "../../src/store/users.ts";
import { Random } from "./Random.ts";
import type { MessageToFuzzer, MessageToServer, ServerReport } from "./serverMessages.ts";
import { FUZZER, KEEPER, NOW_MS, REGION } from "./world.ts";

/** Short, so that bodies that never come in full cost little. */
const IDLE_TIMEOUT_MS = 500;

/** A request being answered, and what the store committed for it. */
interface Watched {
  readonly port: number;
  commits: number;
}

const watched = new AsyncLocalStorage<Watched>();
const random = new Random(20260301);
const [DEAD_TABLE] = deadRange().start;

function say(message: MessageToFuzzer): void {
  process.send!(message);
}

/** The metadata engine, with a count of what each request commits; that a blob is dead may be noted at any time. */
function watch(engine: MemoryMetadataEngine): MetadataEngine {
  return {
    read: (readSet) => engine.read(readSet),
    page: (plan) => engine.page(plan),
    statistics: () => engine.statistics(),
    close: () => engine.close(),
    transact: (readSet, decide) =>
      engine.transact(readSet, (records) => {
        const decision = decide(records);
        const request = watched.getStore();
        if (request !== undefined && decision.changes.some(({ key }) => key[0] !== DEAD_TABLE)) request.commits += 1;
        return decision;
      }),
  };
}

interface Content {
  readonly metadata: MemoryMetadataEngine;
  readonly blobs: MemoryBlobEngine;
}

let content: Content = { metadata: new MemoryMetadataEngine(), blobs: new MemoryBlobEngine() };
let kept: Content | undefined;

function storeOn({ metadata, blobs }: Content): Store {
  return {
    metadata: watch(metadata),
    blobs,
    readers: new ReaderRegistry(),
    clock: () => NOW_MS,
    randomBytes: (sizeBytes) => random.bytes(sizeBytes),
  };
}

function serviceOn(store: Store): ReturnType<typeof createService> {
  return createService(store, {
    region: REGION,
    domains: [],
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    stopping: () => false,
    metricsText: async () => "",
    onFailure: (requestId, cause) => {
      say({
        kind: "failure",
        requestId,
        port: watched.getStore()?.port,
        text: cause instanceof Error ? cause.stack! : String(cause),
      });
    },
  });
}

const store = storeOn(content);
await addUser(store, { name: "fuzzer", ...FUZZER });
await addUser(store, { name: "keeper", ...KEEPER });
const service = serviceOn(store);
const { server } = createListener(service, undefined);

function observe(incoming: IncomingMessage, response: ServerResponse): void {
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
}
server.prependListener("request", observe);
server.prependListener("checkContinue", observe);

function connections(): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)));
  });
}

async function report(): Promise<ServerReport> {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  const { readers } = service.store;
  return {
    connections: await connections(),
    underWay: service.metrics.snapshot().underWay,
    readers: readers.oldestStartedAtMs() === undefined ? 0 : 1,
    memorySizeBytes: heapUsed + external,
  };
}

/** Goes back to the content that was kept, which this message keeps the first time it comes. */
function reset(): void {
  kept ??= content;
  content = { metadata: kept.metadata.fork(), blobs: kept.blobs.fork() };
  const { store: fresh, credentials } = serviceOn(storeOn(content));
  // Figures and journal go on as they are.
  Object.assign(service, { store: fresh, credentials });
}

process.on("message", (message: MessageToServer) => {
  switch (message.kind) {
    case "report":
      return void report().then((answer) => say({ kind: "report", report: answer }));
    case "reset":
      reset();
      return say({ kind: "reset" });
  }
});
process.on("disconnect", () => process.exit());

await once(server.listen(0, "127.0.0.1"), "listening");
say({ kind: "listening", port: (server.address() as AddressInfo).port });
