import type { Readable } from "node:stream";

/**
 * Where a request points: nowhere (the service), a bucket, or an object.
 * `bucket` and `key` are percent-decoded; `key` keeps every byte the client sent.
 */
export interface Address {
  readonly style: "path" | "virtual";
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** The header lines of a request, in the order and spelling they arrived. Look-ups take lower-case names. */
export interface HeaderLines {
  /** The value of a header; several lines of the same name are joined with ",". `undefined` when absent. */
  get(name: string): string | undefined;
  has(name: string): boolean;
  /** Lower-case names, each once, in order of arrival. */
  names(): readonly string[];
  /** Every value of a header, one entry a line. */
  all(name: string): readonly string[];
}

/** The query of a request. Names are percent-decoded; of a repeated name the first value counts, as in S3. */
export interface QueryParameters {
  /** The decoded value; "" for a name without "=". `undefined` when absent. */
  get(name: string): string | undefined;
  has(name: string): boolean;
  /** Decoded names, each once, in order of arrival. */
  names(): readonly string[];
  /** Decoded pairs as sent, repeats included; `value` is "" without "=". */
  pairs(): readonly { readonly name: string; readonly value: string }[];
}

/** One HTTP request as the rooms behind the server see it: read once from the socket's request, never written to. */
export interface WireRequest {
  readonly method: string;
  /** The path as sent: still percent-encoded, without query. */
  readonly rawPath: string;
  /** The query as sent, without "?"; "" when absent. */
  readonly rawQuery: string;
  readonly headers: HeaderLines;
  readonly query: QueryParameters;
  readonly address: Address;
  /** True over TLS. */
  readonly secure: boolean;
  /** "1.1" or "1.0". */
  readonly httpVersion: string;
  readonly remoteAddress: string;
  /** The body as it comes from the socket (HTTP chunking removed, aws-chunked not). */
  readonly body: Readable;
  /** HTTP/1.1 trailer lines, lower-case names; complete only after the body's end. */
  trailers(): HeaderLines;
}
