import { randomBytes } from "node:crypto";
import type { Warn } from "../accessLogs/ServerAccessLogs.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { Journal } from "../journal/Journal.ts";
import { MemoryRing } from "../keys/Ring.ts";
import { newRing } from "../keys/ringChanges.ts";
import { FIRST_USER_NAME } from "../store/accounts/accountForms.ts";
import { accountIdOf } from "../store/accounts/accountIds.ts";
import { addAccount } from "../store/accounts/accounts.ts";
import { MemoryBlobEngine } from "../store/blobs/memory/MemoryBlobEngine.ts";
import { createStore } from "../store/createStore.ts";
import { MemoryMetadataEngine } from "../store/metadata/memory/MemoryMetadataEngine.ts";
import { RememberingEngine } from "../store/metadata/past/RememberingEngine.ts";
import { pooledRandomBytes } from "../store/randomPool.ts";
import type { Store } from "../store/Store.ts";
import { testClock } from "../store/testClock.ts";
import { COLLECT_INTERVAL_MS, collect } from "../tasks/collect.ts";
import { endpointOf } from "./endpointOf.ts";
import type { TlsMaterial } from "./http/tlsMaterial.ts";
import { makeBuckets } from "./makeBuckets.ts";
import { keysFor } from "./openKeys.ts";
import { RequestProcess } from "./RequestProcess.ts";
import { ServerClock } from "./ServerClock.ts";
import { ServerLifecycle } from "./ServerLifecycle.ts";
import type { OnFailure, RequestLog } from "./Service.ts";

/** What a server in memory is started with. */
export type MemorySettings = ServerSettings & { readonly firstUser: NonNullable<ServerSettings["firstUser"]> };

/** Who hears of what goes wrong. */
export interface MemoryServerOptions {
  readonly onFailure: OnFailure;
  /** Hears of what the operator may want to do something about. */
  readonly warn?: Warn;
  /** Hears of every request that has ended. */
  readonly requestLog?: RequestLog | undefined;
}

/** What a server in memory holds. */
export interface MemoryContent {
  readonly metadata: MemoryMetadataEngine;
  readonly blobs: MemoryBlobEngine;
  readonly ring: MemoryRing;
}

function newContent(): MemoryContent {
  const ring = new MemoryRing(newRing({ nowMs: Date.now(), randomBytes }));
  return { metadata: new MemoryMetadataEngine(), blobs: new MemoryBlobEngine(), ring };
}

function forkContent({ metadata, blobs, ring }: MemoryContent): MemoryContent {
  return { metadata: metadata.fork(), blobs: blobs.fork(), ring: new MemoryRing(ring.content) };
}

/** A server without a data folder, whose whole content can be exchanged while it runs. */
export class MemoryServer {
  /** Where it listens, such as http://127.0.0.1:49152. */
  readonly endpoint: string;
  readonly port: number;
  /** The time that it goes by. */
  readonly clock: ServerClock = new ServerClock(() => this.#store, "");
  readonly #settings: MemorySettings;
  readonly #process: RequestProcess;
  readonly #collecting = new AbortController();
  readonly #lifecycle: ServerLifecycle;
  #content: MemoryContent;
  #store: Store;
  #accountId: string;

  private constructor(settings: MemorySettings, running: RequestProcess, { content, store, accountId }: OwnedStore) {
    this.port = running.port;
    this.endpoint = endpointOf(settings, running.port);
    this.#settings = settings;
    this.#process = running;
    this.#content = content;
    this.#store = store;
    this.#accountId = accountId;
    this.#collectAtIntervals();
    const { lifecycleRunMs: intervalMs, logDeliveryMs } = settings;
    // What fails here is tried again, and is no concern of the test's.
    const quiet = (): void => undefined;
    this.#lifecycle = new ServerLifecycle(store, { intervalMs, logDeliveryMs, onFailure: quiet, warn: quiet });
  }

  /**
   * Starts a server on content, or on new content with the buckets that the settings name, and resolves when it listens. Throws what
   * listening throws (EADDRINUSE …).
   */
  static async start(settings: MemorySettings, options: MemoryServerOptions, content?: MemoryContent): Promise<MemoryServer> {
    const owned = await (content === undefined ? newStore(settings) : storeOn(content, settings));
    return new MemoryServer(settings, await RequestProcess.start(owned.store, settings, options), owned);
  }

  /** The account of the first user, twelve digits. */
  get accountId(): string {
    return this.#accountId;
  }

  /** The requests it has answered. */
  get journal(): Journal {
    return this.#process.journal;
  }

  /** The present one. */
  readonly store = (): Store => this.#store;

  /** The present content, to differ from here on; takes constant time. */
  fork(): MemoryContent {
    return forkContent(this.#content);
  }

  /** Begins again, as a new server. */
  async reset(): Promise<void> {
    this.#replace(await newStore(this.#settings));
    await this.journal.clear();
  }

  /** Goes on with a fork of content. */
  async restore(content: MemoryContent): Promise<void> {
    this.#replace(await storeOn(forkContent(content), this.#settings));
  }

  #replace({ store, accountId, content }: OwnedStore): void {
    this.#store = store;
    this.#accountId = accountId;
    this.#content = content;
    this.#process.replaceStore(this.#store);
    this.#lifecycle.replaceStore(this.#store);
  }

  /** As that of `RequestProcess`. */
  renew(tls: TlsMaterial | undefined): Promise<void> {
    return this.#process.renew(tls);
  }

  /** Lets running requests finish, and ends. */
  async stop(): Promise<void> {
    this.#collecting.abort();
    await this.#lifecycle.stop();
    await this.#process.stop(this.#settings.shutdownTimeoutMs);
    this.#store.keys.close?.();
  }

  /** Gives the memory of deleted objects back, quietly: neither the timer nor a failure is the test's concern. */
  #collectAtIntervals(): void {
    const { signal } = this.#collecting;
    let round: Promise<unknown> | undefined;
    const timer = setInterval(() => {
      const store = this.#store;
      const end = (): void => void (round = undefined);
      round ??= collect(store, { signal, onFailure: () => undefined }).then(end, end);
    }, COLLECT_INTERVAL_MS).unref();
    signal.addEventListener("abort", () => clearInterval(timer));
  }
}

/** A store on content, and its first user. */
interface OwnedStore {
  readonly content: MemoryContent;
  readonly store: Store;
  readonly accountId: string;
  readonly canonicalId: string;
}

/** A store on new content, with the users and the buckets that the settings name. */
async function newStore(settings: MemorySettings): Promise<OwnedStore> {
  const owned = await storeOn(newContent(), settings);
  await makeBuckets(owned.store, settings, owned.canonicalId);
  return owned;
}

/** A store on content, with the users that the settings name. */
async function storeOn(content: MemoryContent, settings: MemorySettings): Promise<OwnedStore> {
  const { metadata, blobs, ring } = content;
  const keys = keysFor(ring, settings, () => store);
  const encryptsByDefault = settings.defaultEncryption !== "off";
  const clock = testClock(metadata, Date.now);
  const randomness = pooledRandomBytes(randomBytes);
  // What planned faults may show again.
  const past = settings.faults ? new RememberingEngine(metadata, clock) : undefined;
  const store = createStore({
    metadata: past ?? metadata,
    past,
    blobs,
    clock,
    realClock: Date.now,
    randomBytes: randomness,
    keys,
    encryptsByDefault,
    restoreTimes: settings.restoreTimes,
  });
  const { canonicalId } = await addAccount(store, { name: FIRST_USER_NAME, ...settings.firstUser });
  for (const user of settings.users) await addAccount(store, user);
  return { content, store, accountId: accountIdOf(canonicalId), canonicalId };
}
