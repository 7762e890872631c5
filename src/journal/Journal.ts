import type { RequestRecord } from "./RequestRecord.ts";
import type { RequestUnderWay } from "./RequestsUnderWay.ts";

/** Which requests are asked for; what is left out says nothing. Texts are compared whole, prefixes from the beginning. */
export interface RequestFilter {
  /** A request id, or the extended one. */
  readonly id?: string;
  /** Any of these. */
  readonly operations?: readonly string[];
  readonly bucket?: string;
  readonly key?: string;
  readonly prefix?: string;
  readonly method?: string;
  /** Access key id or ARN. */
  readonly caller?: string;
  /** A status such as 404, or a class of them, such as "4xx". */
  readonly status?: number | "2xx" | "3xx" | "4xx" | "5xx";
  readonly errorCode?: string;
  /** The id of a fault that struck it. */
  readonly fault?: string;
  /** Milliseconds since 1970, inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly untilMs?: number;
  /** The latest so many. */
  readonly limit?: number;
}

/** Where records of requests are found. */
export interface RequestSource {
  /** The records that fit, of all processes on the same store, in the order in which requests ended; those of a moment ago are among them. */
  find(filter: RequestFilter): Promise<RequestRecord[]>;
}

/** Where records of requests are kept: bounded by size and age, the oldest are forgotten first. */
export interface Journal extends RequestSource {
  /** Records of this process that are lost, because they could not be written for long; where none can be, nothing. */
  readonly dropped?: number;
  /** Has `underWay` asked for the requests under way: `find` waits for the records of those whose clients may have their answers. */
  watch(underWay: () => Iterable<RequestUnderWay>): void;
  /** Enters a request that has ended. Never throws, and nobody waits. */
  enter(record: RequestRecord, request?: RequestUnderWay): void;
  /** Resolves once all requests whose clients may have their answers are where every process finds them; after a second at the latest. */
  settle(): Promise<void>;
  /** Forgets all. */
  clear(): Promise<void>;
  /** Writes what waits, and ends. */
  close(): Promise<void>;
}
