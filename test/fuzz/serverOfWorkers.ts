import cluster from "node:cluster";
import type { Worker } from "node:cluster";
import { join } from "node:path";
import { startServer } from "../../src/server/startServer.ts";
import { CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";
import { openFilesOf, ownMemory } from "./processes.ts";
import type { FuzzedServer, ServerKind } from "./serverMessages.ts";
import { FUZZER, IDLE_TIMEOUT_MS, KEEPER, MAP_SIZE_BYTES, REGION } from "./world.ts";
import type { WorkerInspection } from "./workerInspection.ts";
import { setFuzzedClock } from "./workerInspection.ts";

const SHUTDOWN_TIMEOUT_MS = 10_000;
/** A worker that is busy for longer is stuck. */
const INSPECTION_TIMEOUT_MS = 20_000;

/**
 * Starts a durable server with its worker processes, as `holdfast serve` does. What a request commits cannot be seen in another process:
 * that refused requests change nothing is seen by the content of the keeper's bucket after each round. What fails in a worker, and that
 * one dies, stands in its log, which is to stay empty.
 */
export async function startWorkers(kind: ServerKind, folderPath: string): Promise<FuzzedServer> {
  setFuzzedClock();
  // Workers are started with this process's options.
  process.execArgv.push("--import", join(import.meta.dirname, "workerInspection.ts"));
  const running = await startServer({
    host: "127.0.0.1",
    port: 0,
    data: folderPath,
    region: REGION,
    domains: [],
    workers: kind.workers,
    durability: "synced",
    tlsCertificatePath: kind.tls ? CERTIFICATE_PATH : undefined,
    tlsPrivateKeyPath: kind.tls ? PRIVATE_KEY_PATH : undefined,
    limitRequests: undefined,
    limitPrefix: undefined,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
    shutdownTimeoutMs: SHUTDOWN_TIMEOUT_MS,
    mapSizeBytes: MAP_SIZE_BYTES,
    firstUser: FUZZER,
    users: [{ name: "keeper", ...KEEPER }],
    accessLogPath: undefined,
    logLevel: "warn",
  });
  return {
    port: running.port,
    async report() {
      const workers = (Object.values(cluster.workers!) as Worker[]).filter((worker) => worker.isConnected());
      const inspections = await Promise.all(workers.map(inspect));
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
    reset() {
      // The fuzzer makes the content anew.
    },
    async stop() {
      await running.stop();
    },
  };
}

/** What a worker holds; nothing, if it has died, of which the log tells. */
function inspect(worker: Worker): Promise<WorkerInspection> {
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
    const onExit = (): void => settle({ kind: "inspection", connections: 0, memorySizeBytes: 0 });
    worker.on("message", hear).on("exit", onExit);
    worker.send({ kind: "inspect" }, () => undefined);
  });
}
