/** Loaded into the worker processes of a server that is fuzzed, before their own code: sets their clock, and says what they hold. */
import cluster from "node:cluster";
import { ownMemory } from "./processes.ts";
import { NOW_MS } from "./world.ts";

/** What a worker process holds. */
export interface WorkerInspection {
  readonly kind: "inspection";
  readonly connections: number;
  readonly memorySizeBytes: number;
}

/** Time runs slowly, so that what is dead is collected, and signatures of the beginning hold for hours. */
const CLOCK_SPEED = 0.05;

/** Has the clock of this process go on from the fuzzer's time. All processes of a server begin at the first one's. */
export function setFuzzedClock(): void {
  const realNow = Date.now;
  const startedAtMs = Number((process.env["HOLDFAST_FUZZ_STARTED_AT_MS"] ??= String(realNow())));
  Date.now = () => NOW_MS + Math.floor((realNow() - startedAtMs) * CLOCK_SPEED);
}

if (cluster.isWorker) {
  setFuzzedClock();
  // The process's own messages wait until the worker's code listens to them.
  cluster.worker!.on("message", ({ kind }: { readonly kind: string }) => {
    if (kind !== "inspect") return;
    const connections = process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;
    process.send!({ kind: "inspection", connections, memorySizeBytes: ownMemory() } satisfies WorkerInspection);
  });
}
