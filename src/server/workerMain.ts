/** A worker process: answers requests on the store it shares with its siblings, and does as the primary process says. */
import { DataFolder } from "../store/dataFolder.ts";
import { createLog } from "./log.ts";
import { closeStore, openStore } from "./openStore.ts";
import { RequestProcess } from "./RequestProcess.ts";
import type { ServerSettings } from "../config/ServerSettings.ts";
import type { MessageToPrimary, MessageToWorker } from "./workerMessages.ts";

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

async function start(settings: ServerSettings): Promise<void> {
  const log = await createLog(settings.logLevel);
  const folder = await DataFolder.join(settings.data);
  const store = await openStore(folder, settings);
  const running = await RequestProcess.start(store, settings, {
    onFailure: (requestId, cause) => log.error({ requestId, err: cause }, "a request failed"),
    metricsText,
  });
  const stop = async (): Promise<void> => {
    const finished = await running.stop(settings.shutdownTimeoutMs);
    // Cut requests may still hold files: leaving them to the next start is safer than closing under them.
    if (finished) await closeStore(store);
    process.exit(0);
  };
  process.on("message", (message: MessageToWorker) => {
    if (message.kind === "report") {
      const report = { oldestReaderStartedAtMs: running.oldestReaderStartedAtMs(), metrics: running.metrics() };
      say({ kind: "report", id: message.id, report });
    } else if (message.kind === "metrics") waitingForMetrics.get(message.id)?.(message.text);
    else if (message.kind === "stop") void stop();
  });
  process.on("disconnect", () => void stop());
  say({ kind: "listening", port: running.port });
}

// A terminal sends its signals to every process of the group; only the primary decides.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => undefined);
process.once("message", (message: MessageToWorker) => {
  if (message.kind !== "start") return;
  start(message.settings).catch((cause: unknown) => {
    say({ kind: "failed", message: cause instanceof Error ? cause.message : String(cause) });
    process.exitCode = 1;
    process.disconnect();
  });
});
