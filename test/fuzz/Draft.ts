import type { Random } from "./Random.ts";

/** How a request says who sends it. */
export type Signing = "header" | "query" | "headerV2" | "queryV2" | "anonymous" | "forged";

/** How the body is protected, in the words of `x-amz-content-sha256`; "hashed" stands for its SHA-256. */
export type PayloadMode =
  | "hashed"
  | "UNSIGNED-PAYLOAD"
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
  | "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
  | "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

/**
 * A request before it is signed. Texts are as they go over the wire, one character for each byte, so that a mutation can put
 * anything anywhere.
 */
export interface Draft {
  /** What it was made as, and what was done to it since. */
  readonly title: string[];
  method: string;
  path: string;
  /** Names and values, percent-encoded; a name without "=" has no value. */
  query: [name: string, value: string | undefined][];
  headers: [name: string, value: string][];
  body: Buffer;
  signing: Signing;
  payload: PayloadMode;
  /** Whether HTTP frames the body by its length or by chunks. */
  framing: "length" | "chunked";
  version: string;
  /** Whether something in the framing of an aws-chunked body is broken. */
  breaksChunks: boolean;
}

/** What the answer to a request has to be. */
export interface ExpectedAnswer {
  readonly status: number;
  readonly etag?: string;
  /** A character for each byte. */
  readonly body?: string;
}

/** A request ready to be sent. */
export interface WireRequest {
  readonly title: string;
  readonly bytes: Buffer;
  /** Whether its answer has no body, whatever the head of the answer says. */
  readonly isHead: boolean;
  /** Whether it is of HTTP/1.0, which does not know chunks. */
  readonly isOldVersion: boolean;
  /** Whether HTTP can say where the request ends: otherwise nothing can follow it on its connection. */
  readonly isFramed: boolean;
  /** Whether it is signed with a secret that is not the user's. */
  readonly isForged: boolean;
  /** What its answer has to be, where that is known. */
  readonly expects?: ExpectedAnswer | undefined;
}

/** Text as it goes over the wire: each byte of its UTF-8 as a character. */
export function wireText(text: string): string {
  return Buffer.from(text).toString("latin1");
}

/** The value of a header, by lower-case name. */
export function headerOf(draft: Draft, name: string): string | undefined {
  return draft.headers.find(([other]) => other.toLowerCase() === name)?.[1];
}

/** Gives a header a value, in place of the one it may have. */
export function setHeader(draft: Draft, name: string, value: string): void {
  draft.headers = draft.headers.filter(([other]) => other.toLowerCase() !== name.toLowerCase());
  draft.headers.push([name, value]);
}

/** One of the header lines, or query parameters, to be changed; `undefined` when there is none. */
export function anyOf<Item>(items: Item[], random: Random): Item | undefined {
  return items.length === 0 ? undefined : random.pick(items);
}

/** Bytes as a request; what kind of answer they get stands in their first word. */
export function requestOfBytes(
  title: readonly string[],
  bytes: Buffer,
  facts: Pick<WireRequest, "isFramed" | "isForged" | "expects">,
): WireRequest {
  const line = bytes.subarray(0, bytes.indexOf("\r\n", 4)).toString("latin1").trimStart();
  return {
    title: title.join(" + "),
    bytes,
    isHead: line.startsWith("HEAD "),
    isOldVersion: line.endsWith(" HTTP/1.0"),
    ...facts,
  };
}
