import { NO_JOURNAL } from "../../journal/NoJournal.ts";
import { accessLogEntry } from "../figures/AccessLog.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { logRequest } from "./logRequest.ts";
import { requestRecord } from "./requestRecord.ts";
import { maskedHead } from "./requestStory.ts";
import { turnAroundMs } from "./turnAround.ts";

/** Enters an answered request, and how many milliseconds it took, into journal, metrics, access log and the logs of its buckets. */
export function record(exchange: Exchange, outcome: Outcome, milliseconds: number): void {
  const { service, incoming } = exchange;
  const { accessLog, journal, requestLog } = service;
  exchange.isRecorded = true;
  if (journal !== NO_JOURNAL || accessLog !== undefined || requestLog !== undefined) {
    const kept = requestRecord(exchange, outcome, milliseconds);
    if (journal !== NO_JOURNAL) journal.enter(kept, exchange);
    accessLog?.write(accessLogEntry(kept, turnAroundMs(exchange)));
    requestLog?.(kept, () => maskedHead(exchange));
  }
  const operation = exchange.operation ?? "none";
  const { status, errorCode, sentSizeBytes } = outcome;
  const { receivedSizeBytes } = incoming;
  service.metrics.end({ operation, status, errorCode, durationSeconds: milliseconds / 1000, receivedSizeBytes, sentSizeBytes });
  if (service.serverAccessLogs !== undefined) logRequest(exchange, outcome, milliseconds, service.serverAccessLogs);
}
