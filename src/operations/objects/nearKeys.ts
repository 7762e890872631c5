import { quoted } from "../../errors/quoted.ts";
import { findObject } from "../../store/objects/objects.ts";
import type { BucketRecord } from "../../store/records/BucketRecord.ts";
import type { Store } from "../../store/Store.ts";
import { isKeyTooLong } from "./keyLength.ts";

/** A key that one may have meant, and how it became the one that was asked for. */
type NearKey = readonly [key: string, because: string];

/**
 * What to tell who asked for a key that is not there, and may list the bucket: that one is there which slips make into it. Each key that may be
 * meant is one read of a row, mostly one in all, four at most. `undefined` where none of them is there.
 */
export async function nearKey(store: Store, bucket: BucketRecord, key: string): Promise<string | undefined> {
  for (const [near, because] of nearKeys(bucket.name, key)) {
    if (near === "" || isKeyTooLong(near)) continue;
    const found = findObject(store, bucket, near);
    if ((found instanceof Promise ? await found : found) === undefined) continue;
    return `The bucket "${bucket.name}" has no object ${quoted(key)}, but there is ${quoted(near)}: ${because}`;
  }
  // As clients list a bucket whose endpoint ends in its name.
  if (key !== bucket.name) return undefined;
  return `The bucket has no object ${quoted(key)}, which is its own name: ${SENT_TWICE}`;
}

const SENT_TWICE =
  "the bucket's name was sent twice. Perhaps the endpoint that the client was given ends in it, or the bucket is in the host name too.";

function* nearKeys(bucketName: string, key: string): Generator<NearKey> {
  if (key.startsWith("/")) yield [key.slice(1), "between bucket and key stands one slash; a second one begins the key."];
  else yield [`/${key}`, "it was written with a slash at its beginning, which belongs to its key and has to be sent as well."];
  if (key.startsWith(`${bucketName}/`)) yield [key.slice(bucketName.length + 1), SENT_TWICE];
  if (key.includes("%")) {
    const decoded = percentDecoded(key);
    if (decoded !== undefined) yield [decoded, "the key was percent-encoded twice; clients do it once, by themselves."];
  }
  if (key.includes(" ")) yield [key.replaceAll(" ", "+"), "a bare + in an address means a space, so + has to be sent as %2B."];
}

function percentDecoded(key: string): string | undefined {
  try {
    return decodeURIComponent(key);
  } catch {
    return undefined;
  }
}
