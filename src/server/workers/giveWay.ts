import type { Server } from "node:net";

/** Long enough for another process to wake up and accept; the system makes it about twice as long. */
const PAUSE_MS = 0.05;

/**
 * Lets the other processes that listen on the same port have their share. The system tells all of them of new connections, and whoever is
 * up first would take all that come together, and keep them. So a process rests for a moment when it has accepted one, and the others,
 * if they have nothing else to do, accept the next: of 2 to 256 connections opened at once, two processes have a half each, give or take.
 */
export function giveWay(server: Server): void {
  const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  server.on("connection", () => void Atomics.wait(never, 0, 0, PAUSE_MS));
}
