import type { RequestRecord } from "../../src/journal/RequestRecord.ts";

let number = 0;

/** The record of a request as `changes` say; otherwise a PutObject that succeeded at once. */
export function recordOf(changes: Partial<RequestRecord>): RequestRecord {
  number += 1;
  return {
    requestId: `REQUEST${String(number).padStart(9, "0")}`,
    hostId: "host",
    atMs: 0,
    method: "PUT",
    target: "/bucket/key",
    operation: "PutObject",
    bucket: "bucket",
    key: "key",
    status: changes.errorCode === undefined ? 200 : 500,
    receivedSizeBytes: 0,
    sentSizeBytes: 0,
    milliseconds: 1,
    stages: [],
    remoteAddress: "127.0.0.1",
    ...changes,
  };
}
