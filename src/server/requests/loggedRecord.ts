import type { LogEntry } from "../../accessLogs/logLine.ts";
import { logLine } from "../../accessLogs/logLine.ts";
import type { RequestRecord, Signature } from "../../journal/RequestRecord.ts";
import { routes } from "../../protocol/generated/routes.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { loggedOperation } from "../../protocol/rest/loggedOperation.ts";

/** Of the stages of a request, those before its answer. */
const STAGES_BEFORE_ANSWER = 5;

/**
 * A request of the journal as a line of S3's server access logs, with its line break. It differs from that of a bucket's log in what the journal does
 * not keep: the turn-around time of requests with a body, and that one sets an ACL; and where S3's time was moved, the journal's is real.
 */
export function loggedRecord(record: RequestRecord): string {
  const { method, operation, key, status, errorCode, stages, receivedSizeBytes } = record;
  const [tlsVersion, cipherSuite] = record.tls?.split(" ") ?? [];
  return logLine({
    bucketOwnerId: record.bucketOwnerId ?? "-",
    bucket: record.bucket ?? "-",
    timeMs: record.atMs,
    remoteAddress: record.remoteAddress,
    requester: requesterOf(record),
    requestId: record.requestId,
    // S3's logs have no names for what IAM and STS are asked.
    operation: record.loggedAs ?? loggedOperation(method, isOfS3(operation) ? operation : undefined, key),
    key,
    head: {
      method,
      target: record.target,
      httpVersion: record.httpVersion ?? "1.1",
      referer: record.referer,
      userAgent: record.userAgent,
    },
    status,
    errorCode: status === 304 ? undefined : errorCode,
    sentSizeBytes: record.sentSizeBytes,
    objectSizeBytes: record.objectSizeBytes,
    totalMs: record.milliseconds,
    turnAroundMs: receivedSizeBytes > 0 ? undefined : sum(stages.slice(0, STAGES_BEFORE_ANSWER)),
    versionId: record.versionId,
    hostId: record.hostId,
    ...signatureFields(record.signature),
    cipherSuite,
    hostHeader: record.host,
    tlsVersion,
    aclRequired: record.usedAcl === true,
  });
}

/** What the fields of a line say of a signature. */
export function signatureFields(signature: Signature | undefined): Pick<LogEntry, "signatureVersion" | "authenticationType"> {
  const [version, type] = (signature?.split(" ") ?? []) as [LogEntry["signatureVersion"]?, LogEntry["authenticationType"]?];
  return { signatureVersion: version, authenticationType: type };
}

function isOfS3(operation: string | undefined): operation is OperationName {
  return operation !== undefined && Object.hasOwn(routes, operation);
}

const ROOT_ARN = /:root$/;

/** The canonical id of an account's root, and the ARN of whoever else signs. */
function requesterOf({ caller, canonicalId, bucketOwnerId }: RequestRecord): string | undefined {
  return caller !== undefined && ROOT_ARN.test(caller) ? (canonicalId ?? bucketOwnerId) : caller;
}

function sum(times: readonly number[]): number {
  return times.reduce((whole, time) => whole + time, 0);
}
