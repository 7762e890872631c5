import { maskedTarget } from "../../journal/masked.ts";
import type { RequestRecord } from "../../journal/RequestRecord.ts";
import { claimedAccessKeyId } from "./claimedAccessKeyId.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { requestStory } from "./requestStory.ts";

/** What an SDK says of its attempts: "attempt=2; max=3". */
const ATTEMPT = /^attempt=(\d{1,4})(?:;|$)/;

/** Longer texts of what was sent are cut. */
const MAX_TEXT_LENGTH = 2_048;

/** What is kept of a request that has ended, and took so many milliseconds. */
export function requestRecord(exchange: Exchange, outcome: Outcome, milliseconds: number): RequestRecord {
  const { ids, incoming, life, request, service, stageTimes } = exchange;
  const { headers } = incoming;
  const query = request !== undefined && request.rawQuery !== "" ? request.query : undefined;
  const attempt = headers["amz-sdk-request"];
  const partNumber = query?.get("partNumber");
  return {
    requestId: ids.requestId,
    hostId: ids.hostId,
    atMs: service.store.realClock() - milliseconds,
    method: incoming.method ?? "",
    target: bounded(maskedTarget(incoming.url ?? "")),
    operation: exchange.operation,
    bucket: bounded(request?.address.bucket),
    key: request?.address.key,
    versionId: bounded(query?.get("versionId")),
    uploadId: bounded(query?.get("uploadId")),
    partNumber: partNumber === undefined ? undefined : Number(partNumber),
    objectSizeBytes: life?.objectSizeBytes,
    status: outcome.status,
    errorCode: outcome.errorCode,
    receivedSizeBytes: incoming.receivedSizeBytes,
    sentSizeBytes: outcome.sentSizeBytes,
    milliseconds,
    stages: stageTimes,
    remoteAddress: exchange.sender.address,
    userAgent: bounded(headers["user-agent"]),
    accessKeyId: request === undefined ? undefined : claimedAccessKeyId(request),
    caller: life?.provenArn,
    attempt: typeof attempt === "string" ? Number(ATTEMPT.exec(attempt)?.[1] ?? 0) || undefined : undefined,
    invocationId: bounded(headers["amz-sdk-invocation-id"] as string | undefined),
    faults: struckBy(exchange),
    story: requestStory(exchange),
  };
}

/** The ids of the rules that struck it. */
function struckBy({ faults }: Exchange): readonly string[] | undefined {
  return faults === undefined || faults.ids.length === 0 ? undefined : faults.ids;
}

function bounded<Text extends string | undefined>(text: Text): Text {
  return text !== undefined && text.length > MAX_TEXT_LENGTH ? (`${text.slice(0, MAX_TEXT_LENGTH)}…` as Text) : text;
}
