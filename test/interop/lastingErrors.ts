import { once } from "node:events";
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { RequestLimiter } from "../../src/server/limits/RequestLimiter.ts";
import type { Service } from "../../src/server/Service.ts";
import { createBucket, deleteBucket, findBucket } from "../../src/store/buckets/buckets.ts";
import { deleteObject } from "../../src/store/objects/objects.ts";
import type { Store } from "../../src/store/Store.ts";
import { ManualTime } from "../server/ManualTime.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { TestServer } from "../server/TestServer.ts";

/** A server that answers a call with one error for as long as nobody removes its cause. */
export interface LastingError {
  readonly endpoint: string;
  readonly server: TestServer;
  /** Removes the cause, for the next request at least. */
  cure(): Promise<void>;
}

/** Where what goes at the end is left, such as a test's context. */
export interface CleanUps {
  after(cleanUp: () => unknown): void;
}

/** The bucket that two requests want at the same time. */
export const CONTESTED_BUCKET = "contested";
/** The key of an object that somebody deletes whenever it is about to be replaced, and its content. */
export const CONTESTED_KEY = "contested";
export const CONTESTED_CONTENT = "there before";

const OTHER_OWNER = { region: "us-east-1", ownerId: "0".repeat(64), ownerName: "somebody else", createdAtMs: 0 };
const IDLE_TIMEOUT_MS = 100;
/** How long a place stays taken if nobody cures it: longer than anybody looks. */
const PLACE_TAKEN_MS = 3_600_000;

/** Servers with the causes of the errors that clients may try again after, each by its code. They go when the test ends. */
export async function lastingErrors(t: CleanUps): Promise<Readonly<Record<string, LastingError>>> {
  const start = async (options: TestServerOptions = {}): Promise<TestServer> => {
    const server = await TestServer.start(options);
    t.after(() => server[Symbol.asyncDispose]());
    return server;
  };
  return {
    InternalError: await meeting(start, () => Promise.reject(new Error("the disk is gone"))),
    ServiceUnavailable: await full(t, start),
    SlowDown: await exhausted(start),
    RequestTimeout: await stalled(t, start),
    OperationAborted: await meeting(start, toggleBucket),
    ConditionalRequestConflict: await meeting(start, async (store) => {
      const bucket = await findBucket(store, "bucket");
      await deleteObject(
        store,
        bucket!,
        {
          key: CONTESTED_KEY,
          versionId: undefined,
          ifMatch: undefined,
          bypassesGovernance: false,
          hasSecondFactor: false,
        },
        store.clock(),
      );
    }),
  };
}

type Start = (options?: TestServerOptions) => Promise<TestServer>;

/** A server to whose every commit something happens first: a failure, or the commit of somebody else. */
async function meeting(start: Start, beforeCommit: (store: Store) => Promise<void>): Promise<LastingError> {
  let armed = false;
  const adapt = (service: Service): Service => {
    const { store } = service;
    const metadata = new Proxy(store.metadata, {
      get(engine, name) {
        const value = Reflect.get(engine, name) as unknown;
        if (typeof value !== "function") return value;
        const method = (value as (...args: unknown[]) => unknown).bind(engine);
        if (name !== "transact" || !armed) return method;
        return async (...args: unknown[]) => {
          await beforeCommit(store);
          return method(...args);
        };
      },
    });
    return { ...service, store: { ...store, metadata } };
  };
  const server = await start({ adapt });
  await server.request("PUT", `/bucket/${CONTESTED_KEY}`, { body: CONTESTED_CONTENT });
  armed = true;
  return { endpoint: endpointOf(server.port), server, cure: async () => void (armed = false) };
}

/** Creates the contested bucket, or deletes it if it is there. */
async function toggleBucket(store: Store): Promise<void> {
  const bucket = await findBucket(store, CONTESTED_BUCKET);
  if (bucket === undefined) await createBucket(store, { name: CONTESTED_BUCKET, ...OTHER_OWNER });
  else await deleteBucket(store, bucket);
}

/** A server whose only place is taken by an upload that does not go on. */
async function full(t: CleanUps, start: Start): Promise<LastingError> {
  const server = await start({ maxRequestsUnderWay: 1, idleTimeoutMs: PLACE_TAKEN_MS });
  const upload = await server.connect();
  t.after(() => upload.destroy());
  await upload.sendHead(`PUT ${server.signed("PUT", "/bucket/slow")}`, { Expect: "100-continue", "Content-Length": "5" });
  await upload.answer();
  let finished: Promise<void> | undefined;
  const finish = async (): Promise<void> => {
    await upload.send("bytes");
    await upload.answer();
  };
  return { endpoint: endpointOf(server.port), server, cure: () => (finished ??= finish()) };
}

/** A server whose caller has sent all it may, at a time that does not pass. */
async function exhausted(start: Start): Promise<LastingError> {
  const time = new ManualTime();
  const limiter = new RequestLimiter({ limitRequests: 1, limitPrefix: undefined, workers: 1 }, time);
  const server = await start({ limiter });
  return { endpoint: endpointOf(server.port), server, cure: async () => time.pass(1_000) };
}

/** A server behind a network that lets heads pass and loses what comes after them. */
async function stalled(t: CleanUps, start: Start): Promise<LastingError> {
  const server = await start({ idleTimeoutMs: IDLE_TIMEOUT_MS });
  let stalls = true;
  const sockets = new Set<Socket>();
  const network = createServer((client) => {
    const onward = connect(server.port, "127.0.0.1");
    for (const socket of [client, onward]) sockets.add(socket.on("error", () => undefined));
    client.on("close", () => onward.destroy());
    onward.pipe(client);
    if (stalls) passHead(client, onward);
    else client.pipe(onward);
  });
  await once(network.listen(0, "127.0.0.1"), "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    network.close();
  });
  return { endpoint: endpointOf((network.address() as AddressInfo).port), server, cure: async () => void (stalls = false) };
}

function passHead(client: Socket, onward: Socket): void {
  let head = "";
  let passed = false;
  client.on("data", (bytes: Buffer) => {
    if (passed) return;
    head += bytes.toString("latin1");
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    passed = true;
    onward.write(Buffer.from(head.slice(0, end + 4), "latin1"));
  });
}

function endpointOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
