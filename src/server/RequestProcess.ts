import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import type { Store } from "../store/Store.ts";
import { AccessLog } from "./AccessLog.ts";
import { createService } from "./createService.ts";
import type { Listener, TlsMaterial } from "./listener.ts";
import { createListener } from "./listener.ts";
import type { MetricsSnapshot } from "./RequestMetrics.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { Service } from "./Service.ts";

/** What a process that answers requests needs beside its settings. */
export interface RequestProcessOptions {
  readonly onFailure: (requestId: string, cause: unknown) => void;
  readonly metricsText: () => Promise<string>;
}

/** The part of a server that answers requests: one in a small server, one in each worker of a larger one. */
export class RequestProcess {
  readonly #listener: Listener;
  readonly #service: Service;
  readonly #accessLog: AccessLog | undefined;
  readonly #state: { stopping: boolean };

  private constructor(listener: Listener, service: Service, accessLog: AccessLog | undefined, state: { stopping: boolean }) {
    this.#listener = listener;
    this.#service = service;
    this.#accessLog = accessLog;
    this.#state = state;
  }

  /** Listens where the settings say. */
  static async start(store: Store, settings: ServerSettings, options: RequestProcessOptions): Promise<RequestProcess> {
    const state = { stopping: false };
    const accessLog = settings.accessLogPath === undefined ? undefined : new AccessLog(settings.accessLogPath);
    const service = createService(store, {
      region: settings.region,
      domains: settings.domains,
      idleTimeoutMs: settings.idleTimeoutMs,
      stopping: () => state.stopping,
      accessLog,
      ...options,
    });
    const listener = createListener(service, await readTls(settings));
    const { server } = listener;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(settings.port, settings.host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    return new RequestProcess(listener, service, accessLog, state);
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#listener.server.address() as AddressInfo).port;
  }

  /** When the oldest reader still at work began. */
  oldestReaderStartedAtMs(): number | undefined {
    return this.#service.store.readers.oldestStartedAtMs();
  }

  /** The figures of this process. */
  metrics(): MetricsSnapshot {
    return this.#service.metrics.snapshot();
  }

  /**
   * Stops accepting, lets what runs finish for at most `timeoutMs`, then cuts it. Resolves with whether everything could finish.
   */
  async stop(timeoutMs: number): Promise<boolean> {
    this.#state.stopping = true;
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
