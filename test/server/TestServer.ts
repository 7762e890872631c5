import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { presign } from "../../bench/presign.ts";
import type { Listener } from "../../src/server/http/listener.ts";
import { createListener } from "../../src/server/http/listener.ts";
import type { ServiceOptions } from "../../src/server/createService.ts";
import { createService } from "../../src/server/createService.ts";
import type { Service } from "../../src/server/Service.ts";
import type { BlobEngine } from "../../src/store/blobs/BlobEngine.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import type { MetadataEngine } from "../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { RememberingEngine } from "../../src/store/metadata/past/RememberingEngine.ts";
import { createStore } from "../../src/store/createStore.ts";
import type { Store } from "../../src/store/Store.ts";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import type { RawAnswer } from "./RawConnection.ts";
import { RawConnection } from "./RawConnection.ts";

export const REGION = "us-east-1";
/** The key pair of the one user a test server has from its start. */
export const ACCESS_KEY_ID = "HFTESTTESTTESTTEST00";
export const SECRET_ACCESS_KEY: string = "t".repeat(40);

/** What a test may set of its server. */
export interface TestServerOptions extends Partial<ServiceOptions> {
  /** Changes the service before it listens, for operations and limits that no client could bring about. */
  readonly adapt?: (service: Service) => Service;
  /** What time it is, in milliseconds since 1970; the system's clock if not given. */
  readonly clock?: () => number;
  /** Real time, where `clock` is that of a test; by default they are one. */
  readonly realClock?: () => number;
  /** Whether the store can be read as it was a while ago. */
  readonly remembersPast?: boolean;
  /** The index; one in memory if not given. */
  readonly metadata?: MetadataEngine;
  /** Where large objects lie; in memory if not given. */
  readonly blobs?: BlobEngine;
  /** Default: true. */
  readonly encryptsByDefault?: boolean;
}

/** The request room on a store in memory, without the processes around it. */
export class TestServer {
  readonly port: number;
  readonly store: Store;
  readonly service: Service;
  /** What the server reported as its own failures. */
  readonly failures: unknown[];
  readonly #listener: Listener;

  private constructor(listener: Listener, service: Service, failures: unknown[]) {
    this.port = (listener.server.address() as AddressInfo).port;
    this.store = service.store;
    this.service = service;
    this.failures = failures;
    this.#listener = listener;
  }

  /** Starts a server with one user, who has a bucket called "bucket". */
  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const { adapt, clock = Date.now, realClock = clock, metadata = new MemoryMetadataEngine(), ...others } = options;
    const { remembersPast, blobs = new MemoryBlobEngine(), encryptsByDefault, ...serviceOptions } = others;
    const past = remembersPast === true ? new RememberingEngine(metadata, clock) : undefined;
    const engines = { metadata: past ?? metadata, past, blobs };
    const store = createStore({
      ...engines,
      clock,
      realClock,
      randomBytes,
      ...(encryptsByDefault !== undefined && { encryptsByDefault }),
    });
    await addAccount(store, { name: "tester", accessKeyId: ACCESS_KEY_ID, secretAccessKey: SECRET_ACCESS_KEY });
    const failures: unknown[] = [];
    const service = createService(store, {
      region: REGION,
      domains: [],
      idleTimeoutMs: 60_000,
      stopping: () => false,
      onFailure: (_requestId, cause) => failures.push(cause),
      ...serviceOptions,
    });
    const adapted = adapt?.(service) ?? service;
    const listener = createListener(adapted, undefined);
    await once(listener.server.listen(0, "127.0.0.1"), "listening");
    const started = new TestServer(listener, adapted, failures);
    await started.request("PUT", "/bucket");
    return started;
  }

  connect(): Promise<RawConnection> {
    return RawConnection.open(this.port);
  }

  /** Serves a client whose socket is in the test's own hands. */
  serve(socket: Duplex): void {
    this.#listener.server.emit("connection", socket);
  }

  /** The target of a request, signed by its query. The path is sent as given. */
  signed(
    method: string,
    path: string,
    query: Readonly<Record<string, string>> = {},
    accessKeyId: string = ACCESS_KEY_ID,
  ): string {
    const target = {
      name: "test",
      host: "127.0.0.1",
      port: this.port,
      region: REGION,
      accessKeyId,
      secretAccessKey: SECRET_ACCESS_KEY,
    };
    return presign(target, method, path, query, new Date(this.store.clock()));
  }

  /** Sends one signed request on a connection of its own. */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<RawAnswer> {
    const { query, headers, body = "" } = options;
    using connection = await this.connect();
    const target = options.unsigned === true ? path : this.signed(method, path, query);
    const length = method === "GET" || method === "HEAD" ? {} : { "Content-Length": String(Buffer.byteLength(body)) };
    await connection.sendHead(`${method} ${target}`, { ...length, ...headers });
    await connection.send(body);
    return await connection.answer({ toHead: method === "HEAD" });
  }

  /** Ends the server as a signal does; resolves with whether everything under way could finish. */
  stop(timeoutMs: number): Promise<boolean> {
    return this.#listener.connections.close(timeoutMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop(0);
  }
}

/** What a request has beside method and path. */
export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** True to send the path as it is, without a signature. */
  readonly unsigned?: boolean;
}

/** The text of an element of an XML answer; `undefined` when it is not there. */
export function element(answer: RawAnswer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(answer.body)?.[1];
}
