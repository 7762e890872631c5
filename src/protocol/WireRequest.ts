import type { Readable } from "node:stream";

/**
 * Where a request points: nowhere (the service), a bucket, or an object. "website": at a page of the website that a bucket is.
 * `bucket` and `key` are percent-decoded; `key` keeps every byte the client sent.
 */
export interface Address {
  readonly style: "path" | "virtual" | "website";
  readonly bucket: string | undefined;
  readonly key: string | undefined;
}

/** Which of the server's names a request was sent to, as S3 has them below amazonaws.com. */
export interface NamedEndpoint {
  /** "plain": the domain itself, or a bucket right below it. */
  readonly kind: "plain" | "global" | "regional" | "accelerated";
  /** Of a regional one. */
  readonly region: string | undefined;
  /** What the name is below, with the port if one was sent. */
  readonly domain: string;
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
  /** `undefined` where the host is no name below the server's domains. */
  readonly endpoint: NamedEndpoint | undefined;
  /** True over TLS: of the client's own connection, where a proxy that is trusted passes the request on. */
  readonly secure: boolean;
  /** "1.3" or "1.2"; `undefined` without TLS, and where the client's connection ends at a proxy. Asked of the socket, for few want to know. */
  tlsVersion(): string | undefined;
  /** "1.1" or "1.0". */
  readonly httpVersion: string;
  /** Where it comes from; of the client, where a proxy that is trusted passes the request on. An IPv4 address is written as one. */
  readonly remoteAddress: string;
  /** The body as it comes from the socket (HTTP chunking removed, aws-chunked not). */
  readonly body: Readable;
  /** HTTP/1.1 trailer lines, lower-case names; complete only after the body's end. */
  trailers(): HeaderLines;
}
