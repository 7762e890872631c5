import { readdirSync, readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { TlsMaterial } from "../../src/server/http/listener.ts";
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
