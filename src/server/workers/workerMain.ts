/** A worker process: answers requests on the store it shares with its siblings, and does as the primary process says. */
import type { Warn } from "../../accessLogs/ServerAccessLogs.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { DataFolder } from "../../store/folder/dataFolder.ts";
import { ownFigures } from "../figures/ProcessFigures.ts";
import { ProcessMemory } from "../ProcessMemory.ts";
import { createLog, failureLog } from "../log.ts";
import { openJournal } from "../openJournal.ts";
import { closeStore, openStore } from "../openStore.ts";
import { RequestProcess } from "../RequestProcess.ts";
import type { ServerSettings } from "../../config/ServerSettings.ts";
import type { TlsMaterial } from "../http/tlsMaterial.ts";
import { requestLog } from "../requests/requestLog.ts";
import type { PortHandle } from "./ListeningPort.ts";
import type { MessageToPrimary, MessageToWorker, WorkerReport } from "./workerMessages.ts";

/** A primary that does not answer for this long has other worries than metrics. */
const METRICS_TIMEOUT_MS = 5_000;
/** For so long, in milliseconds, is waited for other workers to write their records of requests. */
const SETTLE_TIMEOUT_MS = 3_000;

const waitingForMetrics = new Map<number, (text: string) => void>();
const waitingForOthers = new Map<number, () => void>();
let nextId = 0;

function say(message: MessageToPrimary): void {
  // Without a channel the primary is gone, and "disconnect" ends this process.
  if (process.connected) process.send!(message);
}

function metricsText(): Promise<string> {
  const id = nextId++;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waitingForMetrics.delete(id);
      reject(new S3Error("ServiceUnavailable", { explanation: "The figures of all processes could not be gathered in time." }));
    }, METRICS_TIMEOUT_MS);
    waitingForMetrics.set(id, (text) => {
      clearTimeout(timer);
      waitingForMetrics.delete(id);
      resolve(text);
    });
    say({ kind: "metricsWanted", id });
  });
}

/** Resolves once the other workers have written what they have answered; late ones are not waited for. */
function settleOthers(): Promise<void> {
  const id = nextId++;
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      waitingForOthers.delete(id);
      resolve();
    };
    const timer = setTimeout(end, SETTLE_TIMEOUT_MS);
    waitingForOthers.set(id, end);
    say({ kind: "othersWanted", id });
  });
}

/** What a worker does once it has started. */
interface RunningWorker {
  /** Writes the records of requests that are answered. */
  settle(): Promise<void>;
  report(): Promise<WorkerReport>;
  /** Opens the access log anew, and shows another certificate, if one is given. */
  renew(tls: TlsMaterial | undefined): Promise<void>;
  stop(timeoutMs: number): Promise<void>;
}

async function start(settings: ServerSettings, port: PortHandle, tls: TlsMaterial | undefined): Promise<RunningWorker> {
  const log = await createLog(settings.logLevel);
  const folder = await DataFolder.join(settings.data);
  const warn: Warn = (facts, what) => log.warn(facts, what);
  const store = await openStore(folder, { ...settings, ring: "open", warn });
  const journal = openJournal(folder.path, settings, { settleOthers, warn });
  const running = await RequestProcess.start(store, settings, {
    tls,
    journal,
    requestLog: requestLog(log),
    onFailure: failureLog(log),
    warn,
    metricsText,
    sharedPort: port,
  });
  ProcessMemory.keepSmall();
  say({ kind: "listening" });
  log.debug("a worker process answers requests");
  return {
    async renew(certificate) {
      try {
        await running.renew(certificate);
      } catch (cause) {
        log.error({ err: cause }, "a worker process could not take the new certificate, and shows the one before");
      }
    },
    settle: () => journal.settle(),
    report: async () => ({ figures: await ownFigures(running, store) }),
    async stop(timeoutMs) {
      const finished = await running.stop(timeoutMs);
      await closeStore(store, { finished });
    },
  };
}

let worker: RunningWorker | undefined;
/** What was to be taken over while the worker was starting. */
let renewal: { readonly tls: TlsMaterial | undefined } | undefined;

async function begin(settings: ServerSettings, port: PortHandle, tls: TlsMaterial | undefined): Promise<void> {
  try {
    worker = await start(settings, port, tls);
    if (renewal !== undefined) await worker.renew(renewal.tls);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    say({ kind: "failed", message, code });
    process.exitCode = 1;
    process.disconnect();
  }
}

async function renew(tls: TlsMaterial | undefined): Promise<void> {
  if (worker === undefined) renewal = { tls: tls ?? renewal?.tls };
  else await worker.renew(tls);
}

async function report(id: number): Promise<void> {
  say({ kind: "report", id, report: await worker?.report() });
}

async function settle(id: number): Promise<void> {
  await worker?.settle();
  say({ kind: "settled", id });
}

let stopping = false;

/** Finishes what runs, and ends; one that is still starting has nothing to finish. */
async function stop(timeoutMs: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await worker?.stop(timeoutMs);
  process.exit();
}

// A terminal sends its signals to every process of the group; only the primary decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.on("SIGHUP", () => undefined);
process.on("disconnect", () => void stop(0));
process.on("message", (message: MessageToWorker, handle: unknown) => {
  switch (message.kind) {
    case "start":
      return void begin(message.settings, handle as PortHandle, message.tls);
    case "renew":
      return void renew(message.tls);
    case "report":
      return void report(message.id);
    case "settle":
      return void settle(message.id);
    case "othersSettled":
      return waitingForOthers.get(message.id)?.();
    case "metrics":
      return waitingForMetrics.get(message.id)?.(message.text);
    case "stop":
      return void stop(message.timeoutMs);
  }
});
say({ kind: "ready" });
