/** A worker process: answers requests on the store it shares with its siblings, and does as the primary process says. */
import { DataFolder } from "../../store/folder/dataFolder.ts";
import { createLog, failureLog } from "../log.ts";
import { closeStore, openStore } from "../openStore.ts";
import { RequestProcess } from "../RequestProcess.ts";
import type { ServerSettings } from "../../config/ServerSettings.ts";
import type { MessageToPrimary, MessageToWorker, WorkerReport } from "./workerMessages.ts";

/** A primary that does not answer for this long has other worries than metrics. */
const METRICS_TIMEOUT_MS = 5_000;

const waitingForMetrics = new Map<number, (text: string) => void>();
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
      reject(new Error("the primary process did not answer"));
    }, METRICS_TIMEOUT_MS);
    waitingForMetrics.set(id, (text) => {
      clearTimeout(timer);
      waitingForMetrics.delete(id);
      resolve(text);
    });
    say({ kind: "metricsWanted", id });
  });
}

/** What a worker does once it has started. */
interface RunningWorker {
  report(): WorkerReport;
  stop(timeoutMs: number): Promise<void>;
}

async function start(settings: ServerSettings): Promise<RunningWorker> {
  const log = await createLog(settings.logLevel);
  const folder = await DataFolder.join(settings.data);
  const store = await openStore(folder, settings);
  const running = await RequestProcess.start(store, settings, {
    onFailure: failureLog(log),
    metricsText,
  });
  say({ kind: "listening", port: running.port });
  return {
    report: () => ({ metrics: running.metrics() }),
    async stop(timeoutMs) {
      const finished = await running.stop(timeoutMs);
      await closeStore(store, { finished });
    },
  };
}

let worker: RunningWorker | undefined;

async function begin(settings: ServerSettings): Promise<void> {
  try {
    worker = await start(settings);
  } catch (cause) {
    const { message, code } = cause as NodeJS.ErrnoException;
    say({ kind: "failed", message, code });
    process.exitCode = 1;
    process.disconnect();
  }
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
process.on("message", (message: MessageToWorker) => {
  switch (message.kind) {
    case "start":
      return void begin(message.settings);
    case "report":
      return say({ kind: "report", id: message.id, report: worker?.report() });
    case "metrics":
      return waitingForMetrics.get(message.id)?.(message.text);
    case "stop":
      return void stop(message.timeoutMs);
  }
});
say({ kind: "ready" });
