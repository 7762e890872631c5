import { rm } from "node:fs/promises";

const TRIES = 5;
const WAIT_MS = 200;

/** Removes a temporary folder, if the system lets go of it: what a test that was ended has left mounted there is not worth the run that is under way. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: TRIES, retryDelay: WAIT_MS }).catch(() => undefined);
}
