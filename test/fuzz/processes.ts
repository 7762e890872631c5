import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { TlsMaterial } from "../../src/server/http/tlsMaterial.ts";
import { CERTIFICATE, PRIVATE_KEY_PATH } from "../server/http/testCertificate.ts";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The certificate that the tests of TLS use, and its private key. */
export const TLS_MATERIAL: TlsMaterial = {
  certificate: CERTIFICATE,
  privateKey: readFileSync(PRIVATE_KEY_PATH, "utf8"),
};

/** What this process's heap holds after a collection, and what that holds outside. */
export function ownMemory(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many files and sockets a process has open. */
export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** What this process has taken of the processors so far, all its threads together. */
export function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A turn of the event loop that takes so much of the processor has done more than two dozen requests should ask for. */
const SLOW_TURN_CPU_MS = 200;
const TURN_CHECK_INTERVAL_MS = 20;

/** Calls `onSlow` with what a turn of this process's event loop took of the processor when that was too much. Ends with the process. */
export function watchTurns(onSlow: (cpuMs: number) => void): void {
  let before = process.threadCpuUsage();
  setInterval(() => {
    // Timers come once a turn: what is beyond their interval is one turn's.
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    const cpuMs = (user + system) / 1000;
    if (cpuMs > SLOW_TURN_CPU_MS) onSlow(cpuMs);
  }, TURN_CHECK_INTERVAL_MS).unref();
}
