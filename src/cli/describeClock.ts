import { durationInWords } from "../config/times.ts";

/** What a test clock shows now, and how far that is from real time. */
export function describeTestClock(aheadMs: number): string {
  const time = new Date(Date.now() + aheadMs).toISOString();
  return `${time}   ${aheadMs === 0 ? "real time" : describeOffset(aheadMs)}`;
}

/** How far a clock is from real time, in words. */
export function describeOffset(aheadMs: number): string {
  return `${durationInWords(Math.abs(aheadMs))} ${aheadMs < 0 ? "behind" : "ahead of"} real time`;
}
