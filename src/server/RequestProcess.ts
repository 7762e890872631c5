import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Warn } from "../accessLogs/ServerAccessLogs.ts";
import { ServerAccessLogs } from "../accessLogs/ServerAccessLogs.ts";
import type { Journal } from "../journal/Journal.ts";
import { MemoryJournal } from "../journal/MemoryJournal.ts";
import { NO_JOURNAL } from "../journal/NoJournal.ts";
import type { Store } from "../store/Store.ts";
import { AccessLog } from "./figures/AccessLog.ts";
import type { ServiceOptions } from "./createService.ts";
import { createService } from "./createService.ts";
import { connectionLimit } from "./limits/connectionLimit.ts";
import { StoredFaults } from "./faults/StoredFaults.ts";
import { limiterFor } from "./limits/RequestLimiter.ts";
import { SYSTEM_TIME } from "./limits/systemTime.ts";
import type { Listener } from "./http/listener.ts";
import { createListener } from "./http/listener.ts";
import type { TlsMaterial } from "./http/tlsMaterial.ts";
import { readTlsMaterial } from "./http/tlsMaterial.ts";
import type { MetricsSnapshot } from "./figures/RequestMetrics.ts";
import { readIssuers } from "../config/issuers.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import { identityProviders } from "./identityProviders/identityProviders.ts";
import { giveWay } from "./workers/giveWay.ts";
import type { PortHandle } from "./workers/ListeningPort.ts";
import type { OnFailure, RequestLog, Service } from "./Service.ts";

/** What a process that answers requests needs beside its settings. */
export interface RequestProcessOptions {
  readonly onFailure: OnFailure;
  /** Certificate and private key. Default: read where the settings say; where they do not, it speaks HTTP. */
  readonly tls?: TlsMaterial | undefined;
  /** Hears of every request that has ended. */
  readonly requestLog?: RequestLog | undefined;
  /** Hears of what the operator may want to do something about. */
  readonly warn?: Warn;
  /** Answers /-/metrics, if that is to be there. */
  readonly metricsText?: () => Promise<string>;
  /** Where requests are remembered; it is closed with the process. Default: in its memory, as far as the settings say. */
  readonly journal?: Journal;
  /** The port to listen on together with other processes; without it, this process has one of its own, where the settings say. */
  readonly sharedPort?: PortHandle;
}

/** The part of a server that answers requests: one in a small server, one in each worker of a larger one. */
export class RequestProcess {
  readonly #service: Service;
  readonly #serviceOptions: ServiceOptions;
  readonly #listener: Listener;
  readonly #accessLog: AccessLog | undefined;
  readonly #warn: Warn;
  #serverAccessLogs: ServerAccessLogs;
  #delivery: NodeJS.Timeout | undefined;
  #stopping = false;

  private constructor(store: Store, settings: ServerSettings, { tls, ...options }: RequestProcessOptions) {
    this.#accessLog = settings.accessLogPath === undefined ? undefined : new AccessLog(settings.accessLogPath);
    this.#serviceOptions = {
      region: settings.region,
      domains: settings.domains,
      identityProviders: identityProviders(readIssuers(settings.oidcIssuers, "--oidc-issuer")),
      idleTimeoutMs: settings.idleTimeoutMs,
      trustProxy: settings.trustProxy,
      mfaWithoutTls: settings.mfaWithoutTls,
      soapOverHttp: settings.soapOverHttp,
      sseCOverHttp: settings.sseCOverHttp,
      blocksCustomerKeys: settings.blockSseC,
      stopping: () => this.#stopping,
      accessLog: this.#accessLog,
      faultHeader: settings.faultHeader,
      limiter: limiterFor(settings, SYSTEM_TIME),
      metricsToken: settings.metricsToken,
      journal: memoryJournal(settings),
      faults: settings.faults ? new StoredFaults() : undefined,
      ...options,
    };
    this.#warn = options.warn ?? (() => undefined);
    this.#serverAccessLogs = new ServerAccessLogs(store, this.#warn);
    this.#service = this.#newService(store);
    this.#listener = createListener(this.#service, tls, { limit: connectionLimit(), ...options });
  }

  /** Listens where the settings say. */
  static async start(store: Store, settings: ServerSettings, options: RequestProcessOptions): Promise<RequestProcess> {
    const { onFailure, sharedPort } = options;
    const tls = options.tls ?? (await readTlsMaterial(settings));
    const started = new RequestProcess(store, settings, { ...options, tls });
    const { server } = started.#listener;
    if (sharedPort !== undefined) giveWay(server);
    const { port, host } = settings;
    const listening = sharedPort === undefined ? server.listen(port, host) : server.listen(sharedPort);
    await once(listening, "listening");
    // A connection that cannot be accepted is no reason to end.
    server.on("error", (cause) => onFailure("none", cause));
    const deliver = (): void => void started.#serverAccessLogs.deliver();
    started.#delivery = setInterval(deliver, settings.logDeliveryMs).unref();
    return started;
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#listener.server.address() as AddressInfo).port;
  }

  /** Answers from now on with another store; requests under way end on the one they began with. */
  replaceStore(store: Store): void {
    // What counts requests counts on: those under way end in it.
    const { places, metrics, journal } = this.#service;
    // The logs of requests to what is gone go with it.
    this.#serverAccessLogs = new ServerAccessLogs(store, this.#warn);
    Object.assign(this.#service, this.#newService(store), { places, metrics, journal });
  }

  /**
   * Opens the access log anew, by its name, and shows those who connect from now on another certificate, if one is given. Throws what OpenSSL has
   * against that.
   */
  async renew(tls: TlsMaterial | undefined): Promise<void> {
    await this.#accessLog?.reopen();
    if (tls !== undefined) this.#listener.replaceTls(tls);
  }

  #newService(store: Store): Service {
    return createService(store, { ...this.#serviceOptions, serverAccessLogs: this.#serverAccessLogs });
  }

  /** The requests that this process has answered, and those of others that keep them in the same place. */
  get journal(): Journal {
    return this.#service.journal;
  }

  /** The figures of this process. */
  metrics(): MetricsSnapshot {
    return this.#service.metrics.snapshot(this.#serverAccessLogs.counts);
  }

  /**
   * Stops accepting, lets what runs finish for at most `timeoutMs`, then cuts it, and delivers the server access logs that wait. Resolves with
   * whether everything could finish.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopping = true;
    const finished = await this.#listener.connections.close(timeoutMs);
    clearInterval(this.#delivery);
    await this.#serverAccessLogs.close();
    await this.#accessLog?.close();
    await this.#service.journal.close();
    return finished;
  }
}

/** A journal that ends with its process. */
function memoryJournal({ journalSizeBytes: sizeBytes, journalAgeMs: ageMs }: ServerSettings): Journal {
  return sizeBytes === 0 ? NO_JOURNAL : new MemoryJournal({ sizeBytes, ageMs });
}
