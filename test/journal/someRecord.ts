import type { RequestRecord, RequestStory } from "../../src/journal/RequestRecord.ts";

/** A day long ago: when records of tests ended, if they do not say otherwise. */
export const SOME_DAY_MS: number = Date.UTC(2026, 2, 1, 12);

let count = 0;

/** A record of a GET that went well; the later it is made the later it ended, by a millisecond. */
export function someRecord(parts: Partial<RequestRecord> = {}): RequestRecord {
  count += 1;
  return {
    requestId: String(count).padStart(16, "0"),
    hostId: String(count).padStart(76, "h"),
    atMs: SOME_DAY_MS + count,
    method: "GET",
    target: "/photos/cat.jpg",
    operation: "GetObject",
    bucket: "photos",
    key: "cat.jpg",
    status: 200,
    receivedSizeBytes: 0,
    sentSizeBytes: 4096,
    milliseconds: 2,
    stages: [0.25, 0.25, 0.25, 0.25, 0.25, 0.25],
    remoteAddress: "127.0.0.1",
    ...parts,
  };
}

/** The story of a request that was refused. */
export function someStory(parts: Partial<RequestStory> = {}): RequestStory {
  return {
    stage: "execution",
    headers: [["Host", "localhost"]],
    steps: [{ atMs: SOME_DAY_MS, step: "looked", facts: { found: false } }],
    error: { code: "NoSuchKey", message: "The specified key does not exist.", details: [["Key", "cat.jpg"]] },
    ...parts,
  };
}

/** The ids of records. */
export function idsOf(records: readonly RequestRecord[]): string[] {
  return records.map(({ requestId }) => requestId);
}
