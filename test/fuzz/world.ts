/** What both sides of the fuzzer know: the server's clock, users and content, from which requests are made. */

/** The server's clock stands still, so that the same seed makes the same bytes, signatures included. */
export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);

export const REGION = "us-east-1";

/** Short, so that bodies that never come in full cost little; but even on a busy machine no client pauses for as long in one that it sends. */
export const IDLE_TIMEOUT_MS = 3_000;

/** Address space for the index of a durable server. */
export const MAP_SIZE_BYTES: number = 4 * 1024 ** 3;

/** What path-style requests call the server. */
export const HOST = "fuzz.test";

/** An access key and its secret. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Who sends the requests. */
export const FUZZER: Keys = { accessKeyId: "HFFUZZFUZZFUZZFUZZ00", secretAccessKey: "secret-of-the-fuzzer/0123456789abcdefghi" };

/** Whose bucket nobody else may touch. */
export const KEEPER: Keys = { accessKeyId: "HFKEEPKEEPKEEPKEEP00", secretAccessKey: "secret-of-the-keeper/0123456789abcdefghi" };

/** The bucket most requests are for, at first. */
export const BUCKET = "fuzz-bucket";

/** A bucket of the fuzzer's that only rewrites are for: nobody sets anything of it, so that what they find there is known. */
export const REWRITTEN_BUCKET = "rewritten-bucket";

/** A bucket of the keeper's: every request of the fuzzer's for it is refused, so that its content never changes. */
export const KEPT_BUCKET = "kept-bucket";

/** Keys that requests name; those of the first half are there at the beginning. */
export const KEYS: readonly string[] = [
  "a",
  "folder/b",
  "folder/sub/c",
  "grün & größer",
  "plus+space and%percent",
  "empty",
  "large",
  "😀/emoji",
  "missing",
  "new/1",
  "new/2",
  "folder//double",
  ".",
  "folder/../up",
  "trailing/",
  "control\u0001\u007f\r\n",
];

/** How many of `KEYS` are there at the beginning. */
export const PRESENT_KEYS = 8;

/** A key that no request names: it keeps the bucket from being emptied, and deleted. */
export const ANCHOR_KEY = "~anchor";

/** Larger than what is stored beside its record. */
export const LARGE_SIZE_BYTES = 100_000;

/** The largest part but the last may have. */
export const PART_SIZE_BYTES: number = 5 * 1024 * 1024;

/** What requests are about. */
export interface World {
  /** The bucket most requests are for. */
  readonly bucket: string;
  /** The uploads under way at the beginning; which ids they have, the server chose. */
  readonly uploads: readonly { readonly key: string; readonly uploadId: string; readonly etags: readonly string[] }[];
}
