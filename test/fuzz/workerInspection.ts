/** Loaded into the worker processes of a server that is fuzzed, before their own code: sets their clock, and says what they hold. */
import cluster from "node:cluster";
import { subscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";
import { ownCpuMs, ownMemory, watchTurns } from "./processes.ts";
import { NOW_MS } from "./world.ts";

/** What a worker process holds. */
export interface WorkerInspection {
  readonly kind: "inspection";
  /** Taken of the processors so far, before this was asked. */
  readonly cpuMs: number;
  readonly connections: number;
  /** After a collection, if that was asked for. */
  readonly memorySizeBytes: number;
}

/** What a worker says unasked: one turn of its event loop took so much of a processor. */
export interface SlowTurn {
  readonly kind: "slowTurn";
  readonly cpuMs: number;
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
  let connections = 0;
  subscribe("net.server.socket", (message) => {
    connections += 1;
    (message as { readonly socket: Socket }).socket.once("close", () => void (connections -= 1));
  });
  // The process's own messages wait until the worker's code listens to them.
  cluster.worker!.on("message", ({ kind }: { readonly kind: string }) => {
    if (kind !== "inspect" && kind !== "askCpu") return;
    const cpuMs = ownCpuMs();
    const memorySizeBytes = kind === "inspect" ? ownMemory() : 0;
    process.send!({ kind: "inspection", cpuMs, connections, memorySizeBytes } satisfies WorkerInspection);
  });
  watchTurns((cpuMs) => {
    if (process.connected) process.send!({ kind: "slowTurn", cpuMs } satisfies SlowTurn);
  });
}
