import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { Store } from "../store/Store.ts";
import { AccessLog } from "./figures/AccessLog.ts";
import type { ServiceOptions } from "./createService.ts";
import { createService } from "./createService.ts";
import { limiterFor } from "./limits/RequestLimiter.ts";
import { SYSTEM_TIME } from "./limits/systemTime.ts";
import type { Listener, TlsMaterial } from "./http/listener.ts";
import { createListener } from "./http/listener.ts";
import type { MetricsSnapshot } from "./figures/RequestMetrics.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { OnFailure, Service } from "./Service.ts";

/** What a process that answers requests needs beside its settings. */
export interface RequestProcessOptions {
  readonly onFailure: OnFailure;
  /** Answers /-/metrics, if that is to be there. */
  readonly metricsText?: () => Promise<string>;
}

/** The part of a server that answers requests: one in a small server, one in each worker of a larger one. */
export class RequestProcess {
  readonly #service: Service;
  readonly #serviceOptions: ServiceOptions;
  readonly #listener: Listener;
  readonly #accessLog: AccessLog | undefined;
  #stopping = false;

  private constructor(store: Store, settings: ServerSettings, options: RequestProcessOptions, tls: TlsMaterial | undefined) {
    this.#accessLog = settings.accessLogPath === undefined ? undefined : new AccessLog(settings.accessLogPath);
    this.#serviceOptions = {
      region: settings.region,
      domains: settings.domains,
      idleTimeoutMs: settings.idleTimeoutMs,
      stopping: () => this.#stopping,
      accessLog: this.#accessLog,
      limiter: limiterFor(settings, SYSTEM_TIME),
      ...options,
    };
    this.#service = createService(store, this.#serviceOptions);
    this.#listener = createListener(this.#service, tls);
  }

  /** Listens where the settings say. */
  static async start(store: Store, settings: ServerSettings, options: RequestProcessOptions): Promise<RequestProcess> {
    const started = new RequestProcess(store, settings, options, await readTls(settings));
    const { server } = started.#listener;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(settings.port, settings.host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    // A connection that cannot be accepted, for want of file handles for instance, is no reason to end.
    server.on("error", (cause) => options.onFailure("none", cause));
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
    Object.assign(this.#service, createService(store, this.#serviceOptions), { places, metrics, journal });
  }

  /** The figures of this process. */
  metrics(): MetricsSnapshot {
    return this.#service.metrics.snapshot();
  }

  /**
   * Stops accepting, lets what runs finish for at most `timeoutMs`, then cuts it. Resolves with whether everything could finish.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#stopping = true;
    const finished = await this.#listener.connections.close(timeoutMs);
    await this.#accessLog?.close();
    return finished;
  }
}

async function readTls(settings: ServerSettings): Promise<TlsMaterial | undefined> {
  const { tlsCertificatePath, tlsPrivateKeyPath } = settings;
  if (tlsCertificatePath === undefined || tlsPrivateKeyPath === undefined) return undefined;
  const [certificate, privateKey] = await Promise.all([
    readFile(tlsCertificatePath, "utf8"),
    readFile(tlsPrivateKeyPath, "utf8"),
  ]);
  return { certificate, privateKey };
}
