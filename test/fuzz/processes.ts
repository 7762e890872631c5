import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TlsMaterial } from "../../src/server/http/listener.ts";

const SERVER_TESTS = join(import.meta.dirname, "..", "server", "http");

/** Where the certificate that the tests of TLS use stands: signed by itself, for 127.0.0.1. */
export const CERTIFICATE_PATH: string = join(SERVER_TESTS, "testCertificate.pem");
/** Where its private key stands. */
export const PRIVATE_KEY_PATH: string = join(SERVER_TESTS, "testPrivateKey.pem");

/** Both. */
export const TLS_MATERIAL: TlsMaterial = {
  certificate: readFileSync(CERTIFICATE_PATH, "utf8"),
  privateKey: readFileSync(PRIVATE_KEY_PATH, "utf8"),
};

/** What this process's heap holds after a collection, and what that holds outside. */
export function ownMemory(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** How many files and sockets a process has open. */
export function openFilesOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
