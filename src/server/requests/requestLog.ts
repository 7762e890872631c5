import type { Logger } from "pino";
import type { RequestRecord } from "../../journal/RequestRecord.ts";
import { STAGES } from "../../journal/RequestRecord.ts";
import type { RequestLog } from "../Service.ts";

/**
 * A line for each request at level debug; at trace another one with its head, without what is secret in that, and where its time went.
 * `undefined` where neither would be shown.
 */
export function requestLog(log: Logger): RequestLog | undefined {
  if (!log.isLevelEnabled("debug")) return undefined;
  const tellsHead = log.isLevelEnabled("trace");
  return (record, headers) => {
    if (tellsHead) log.trace(headFacts(record, headers()), "the head of a request, and its stages");
    log.debug(requestFacts(record), "a request was answered");
  };
}

function requestFacts(record: RequestRecord): Readonly<Record<string, unknown>> {
  return {
    requestId: record.requestId,
    remoteAddress: record.remoteAddress,
    caller: record.caller,
    accessKeyId: record.accessKeyId,
    method: record.method,
    operation: record.operation,
    bucket: record.bucket,
    key: record.key,
    versionId: record.versionId,
    status: record.status,
    errorCode: record.errorCode,
    explanation: record.story?.error?.explanation,
    milliseconds: rounded(record.milliseconds),
  };
}

function headFacts(record: RequestRecord, headers: ReturnType<Parameters<RequestLog>[1]>): Readonly<Record<string, unknown>> {
  const { requestId, method, target, signature, receivedSizeBytes, sentSizeBytes, stages } = record;
  return {
    requestId,
    method,
    target,
    headers,
    signature,
    receivedSizeBytes,
    sentSizeBytes,
    stagesMs: Object.fromEntries(stages.map((milliseconds, index) => [STAGES[index]!, rounded(milliseconds)])),
    stoppedAt: record.story?.error === undefined ? undefined : record.story.stage,
    faults: record.faults,
  };
}

/** Microseconds are enough. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
