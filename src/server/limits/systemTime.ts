import { setTimeout as sleep } from "node:timers/promises";
import type { LimiterTime } from "./RequestLimiter.ts";

/** The process's own clock and timers. */
export const SYSTEM_TIME: LimiterTime = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
};
