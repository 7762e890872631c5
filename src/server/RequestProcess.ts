import { readFile } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Store } from "../store/Store.ts";
import { AccessLog } from "./AccessLog.ts";
import { createService } from "./createService.ts";
import type { TlsMaterial } from "./listener.ts";
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
  readonly #server: Server;
  readonly #service: Service;
  readonly #accessLog: AccessLog | undefined;
  readonly #state: { stopping: boolean };

  private constructor(server: Server, service: Service, accessLog: AccessLog | undefined, state: { stopping: boolean }) {
    this.#server = server;
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
    const server = createListener(service, await readTls(settings));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(settings.port, settings.host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    return new RequestProcess(server, service, accessLog, state);
  }

  /** The port it listens on. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
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
    let cut = false;
    const timer = setTimeout(() => {
      cut = true;
      this.#server.closeAllConnections();
    }, timeoutMs);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    // Kept-alive connections without a request would hold the server open until their time is over.
    const idle = setInterval(() => this.#server.closeIdleConnections(), 50);
    this.#server.closeIdleConnections();
    await closed;
    clearInterval(idle);
    clearTimeout(timer);
    await this.#accessLog?.close();
    return !cut;
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
