import type { Logger } from "pino";
import type { OnFailure } from "./Service.ts";

/**
 * The server's diagnostics: lines of JSON on standard error. Each has `level`, `time` (ISO 8601 with milliseconds, as in the access log), `pid`
 * and `msg`; what else it says must have other names. pino is loaded when the first log is made.
 */
export async function createLog(level: string): Promise<Logger> {
  const { pino } = await import("pino");
  return pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** Logs the failures of requests, with what each was about. */
export function failureLog(log: Logger): OnFailure {
  return (requestId, cause, request) => log.error({ requestId, ...request, err: cause }, "a request failed");
}
