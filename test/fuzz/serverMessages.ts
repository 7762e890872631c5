/** What the server tells of itself when nobody asks it anything else. */
export interface ServerReport {
  readonly connections: number;
  /** Requests that have begun and not ended. */
  readonly underWay: number;
  /** Whether anybody still reads a blob. */
  readonly readers: number;
  /** Of the heap after a collection, and what it holds outside. */
  readonly memorySizeBytes: number;
}

/** What the fuzzer says to the server's process. */
export type MessageToServer = { readonly kind: "report" | "reset" };

/** What the server's process says to the fuzzer. `port` is the client's, of the connection a request came on. */
export type MessageToFuzzer =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "report"; readonly report: ServerReport }
  | { readonly kind: "reset" }
  /** A request failed by the server's own fault. */
  | { readonly kind: "failure"; readonly requestId: string; readonly port: number | undefined; readonly text: string }
  /** A request was refused, and the store changed all the same. */
  | { readonly kind: "changed"; readonly port: number; readonly status: number };
