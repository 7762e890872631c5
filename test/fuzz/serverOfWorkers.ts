import cluster from "node:cluster";
import type { Worker } from "node:cluster";
import { join } from "node:path";
import type { ServerSettings } from "../../src/config/ServerSettings.ts";
import { startServer } from "../../src/server/startServer.ts";
import { CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { openFilesOf, ownCpuMs, ownMemory } from "./processes.ts";
import type { FuzzedServer, MessageToFuzzer, ServerKind } from "./serverMessages.ts";
import { FUZZER, IDLE_TIMEOUT_MS, KEEPER, MAP_SIZE_BYTES, REGION } from "./world.ts";
import type { SlowTurn, WorkerInspection } from "./workerInspection.ts";
import { setFuzzedClock } from "./workerInspection.ts";

const SHUTDOWN_TIMEOUT_MS = 10_000;
/** Longer than any campaign: what is logged into buckets, and what ages there, does not change them while it runs. */
const LOG_DELIVERY_MS = 86_400_000;
const LIFECYCLE_RUN_MS: number = LOG_DELIVERY_MS;
/** A worker that is busy for longer is stuck. */
const INSPECTION_TIMEOUT_MS = 20_000;

/** What is stored is encrypted, by keys in the data folder. */
const OWN_KEYS = {
  defaultEncryption: "AES256",
  keyRingPath: undefined,
  vaultAddress: undefined,
  vaultTokenPath: undefined,
  vaultMount: "transit",
  vaultCaPath: undefined,
} as const;

/**
 * Starts a durable server with its worker processes, as `holdfast serve` does. What a request commits cannot be seen in another process:
 * that refused requests change nothing is seen by the content of the keeper's bucket after each round. What fails in a worker, and that
 * one dies, stands in its log, which is to stay empty.
 */
export async function startWorkers(
  kind: ServerKind,
  folderPath: string,
  say: (message: MessageToFuzzer) => void,
): Promise<FuzzedServer> {
  setFuzzedClock();
  cluster.on("message", (_worker, message: SlowTurn) => {
    if (message.kind === "slowTurn") say({ kind: "slow", cpuMs: message.cpuMs });
  });
  // Workers are started with this process's options.
  process.execArgv.push("--import", join(import.meta.dirname, "workerInspection.ts"));
  const running = await startServer(settingsOf(kind, folderPath));
  return {
    port: running.port,
    async report() {
      const workers = presentWorkers();
      const inspections = await Promise.all(workers.map((worker) => ask(worker, "inspect")));
      const pids = [process.pid, ...workers.map((worker) => worker.process.pid!)];
      return {
        connections: inspections.reduce((sum, { connections }) => sum + connections, 0),
        // Nobody outside a worker knows: what does not end keeps its memory, and whoever reads a blob its file.
        underWay: 0,
        readers: 0,
        memorySizeBytes: inspections.reduce((sum, { memorySizeBytes }) => sum + memorySizeBytes, ownMemory()),
        openFiles: pids.reduce((sum, pid) => sum + openFilesOf(pid), 0),
      };
    },
    async cpuMs() {
      const inspections = await Promise.all(presentWorkers().map((worker) => ask(worker, "askCpu")));
      return inspections.reduce((sum, { cpuMs }) => sum + cpuMs, ownCpuMs());
    },
    reset() {
      // The fuzzer makes the content anew.
    },
    async stop() {
      await running.stop();
    },
  };
}

function settingsOf(kind: ServerKind, folderPath: string): ServerSettings {
  return {
    host: "127.0.0.1",
    port: 0,
    data: folderPath,
    memory: false,
    buckets: [],
    readyFilePath: undefined,
    untilStdinEnds: false,
    region: REGION,
    domains: [],
    oidcIssuers: [],
    workers: kind.workers,
    durability: "synced",
    storageClasses: [],
    restoreTimes: "instant",
    tlsCertificatePath: kind.tls ? CERTIFICATE_PATH : undefined,
    tlsPrivateKeyPath: kind.tls ? PRIVATE_KEY_PATH : undefined,
    trustProxy: [],
    mfaWithoutTls: true,
    soapOverHttp: true,
    sseCOverHttp: true,
    blockSseC: false,
    limitRequests: undefined,
    limitPrefix: undefined,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
    mapSizeBytes: MAP_SIZE_BYTES,
    firstUser: FUZZER,
    users: [{ name: "keeper", ...KEEPER }],
    metricsToken: undefined,
    accessLogPath: undefined,
    logDeliveryMs: LOG_DELIVERY_MS,
    lifecycleRunMs: LIFECYCLE_RUN_MS,
    ...OWN_KEYS,
    // Warnings tell of access logs that their targets refuse, which is none of the server's failures.
    logLevel: "error",
    testClock: false,
    faults: false,
    faultHeader: false,
    journalSizeBytes: 8 * 1024 * 1024,
    journalAgeMs: 3_600_000,
  };
}

function presentWorkers(): Worker[] {
  return (Object.values(cluster.workers!) as Worker[]).filter((worker) => worker.isConnected());
}

/** What a worker holds; nothing, if it has died, of which the log tells. */
function ask(worker: Worker, kind: "inspect" | "askCpu"): Promise<WorkerInspection> {
  return new Promise((resolve, reject) => {
    const settle = (inspection: WorkerInspection): void => {
      clearTimeout(timer);
      worker.off("message", hear).off("exit", onExit);
      resolve(inspection);
    };
    const timer = setTimeout(
      () => reject(new Error(`a worker says nothing for ${INSPECTION_TIMEOUT_MS} ms`)),
      INSPECTION_TIMEOUT_MS,
    );
    const hear = (message: WorkerInspection): void => {
      if (message.kind === "inspection") settle(message);
    };
    const onExit = (): void => settle({ kind: "inspection", cpuMs: 0, connections: 0, memorySizeBytes: 0 });
    worker.on("message", hear).on("exit", onExit);
    worker.send({ kind }, () => undefined);
  });
}
