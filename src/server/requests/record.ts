import { NO_JOURNAL } from "../../journal/NoJournal.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { logRequest } from "./logRequest.ts";
import { requestRecord } from "./requestRecord.ts";

/** Enters an answered request, and how many milliseconds it took, into journal, metrics, access log and the logs of its buckets. */
export function record(exchange: Exchange, outcome: Outcome, milliseconds: number): void {
  const { service, ids, incoming } = exchange;
  const operation = exchange.operation ?? "none";
  const { journal } = service;
  exchange.isRecorded = true;
  if (journal !== NO_JOURNAL) journal.enter(requestRecord(exchange, outcome, milliseconds), exchange);
  const { status, errorCode, sentSizeBytes } = outcome;
  const { receivedSizeBytes } = incoming;
  service.metrics.end({ operation, status, errorCode, durationSeconds: milliseconds / 1000, receivedSizeBytes, sentSizeBytes });
  if (service.serverAccessLogs !== undefined) logRequest(exchange, outcome, milliseconds, service.serverAccessLogs);
  service.accessLog?.write({
    time: new Date(service.store.realClock()).toISOString(),
    requestId: ids.requestId,
    remoteAddress: exchange.sender.address,
    method: incoming.method ?? "",
    // A presigned query is a key to the object: it does not belong into a log.
    target: (incoming.url ?? "").split("?", 1)[0]!,
    operation,
    status,
    errorCode,
    sentBytes: sentSizeBytes,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
  });
}
