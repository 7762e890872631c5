import type { LogEntry } from "../../src/accessLogs/logLine.ts";
import { NOW_MS, OWNER } from "../operations/contextFor.ts";

/** What a line of a test says; each has its own request id. */
export function entry(requestId: string, more: Partial<LogEntry> = {}): LogEntry {
  return {
    bucketOwnerId: OWNER.canonicalId,
    bucket: "bucket",
    timeMs: NOW_MS,
    remoteAddress: "192.0.2.3",
    requester: OWNER.canonicalId,
    requestId,
    operation: "REST.GET.OBJECT",
    key: "key",
    head: { method: "GET", target: "/bucket/key", httpVersion: "1.1", referer: undefined, userAgent: undefined },
    status: 200,
    errorCode: undefined,
    sentSizeBytes: 11,
    objectSizeBytes: 11,
    totalMs: 1,
    turnAroundMs: 1,
    versionId: undefined,
    hostId: "host",
    signatureVersion: "SigV4",
    cipherSuite: undefined,
    authenticationType: "AuthHeader",
    hostHeader: "localhost",
    tlsVersion: undefined,
    aclRequired: false,
    ...more,
  };
}
