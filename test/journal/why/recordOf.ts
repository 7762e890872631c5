import type { RequestRecord, RequestStory } from "../../../src/journal/RequestRecord.ts";

/** A record of a GetObject that succeeded, with what a test says otherwise. */
export function recordOf(more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    requestId: "X2P3MQQBQW919J3V",
    hostId: "09vZwkwqZ87hJQ",
    atMs: Date.UTC(2026, 2, 1, 12),
    method: "GET",
    target: "/bucket/photos/cat.jpg",
    operation: "GetObject",
    bucket: "bucket",
    key: "photos/cat.jpg",
    status: 200,
    receivedSizeBytes: 0,
    sentSizeBytes: 11,
    milliseconds: 1.25,
    stages: [0.1, 0.2, 0.1, 0.05, 0.7, 0.1],
    remoteAddress: "127.0.0.1",
    accessKeyId: "HFTESTTESTTESTTEST00",
    caller: "arn:aws:iam::111122223333:root",
    ...more,
  };
}

/** A record of a request that was refused with a code. */
export function refusedRecord(
  code: string,
  status: number,
  { story, ...more }: Partial<Omit<RequestRecord, "story">> & { readonly story?: Partial<RequestStory> } = {},
): RequestRecord {
  const error = { code, message: "", details: [] };
  return recordOf({ status, errorCode: code, story: { stage: "execution", headers: [], steps: [], error, ...story }, ...more });
}

/** A record of a SignatureDoesNotMatch over these texts. */
export function mismatchRecord(story: Pick<RequestStory, "canonicalRequest" | "stringToSign" | "headers">): RequestRecord {
  return refusedRecord("SignatureDoesNotMatch", 403, { story: { stage: "authentication", ...story } });
}
