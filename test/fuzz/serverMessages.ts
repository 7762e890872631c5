/** What is fuzzed. */
export interface ServerKind {
  /** LMDB and files in a temporary folder, instead of memory. */
  readonly durable: boolean;
  /** Whether requests travel over TLS. */
  readonly tls: boolean;
  /** With more than one, real worker processes answer, which share one durable store. */
  readonly workers: number;
}

/** What the server tells of itself when nobody asks it anything else. */
export interface ServerReport {
  readonly connections: number;
  /** Requests that have begun and not ended. */
  readonly underWay: number;
  /** Whether anybody still reads a blob. */
  readonly readers: number;
  /** Of the heap of every process after a collection, and what it holds outside. */
  readonly memorySizeBytes: number;
  /** Files and sockets that the server's processes have open. */
  readonly openFiles: number;
}

/** What the fuzzer says to the server's process. */
export type MessageToServer = { readonly kind: "report" | "cpu" | "reset" | "stop" };

/** What the server's process says to the fuzzer. `port` is the client's, of the connection a request came on. */
export type MessageToFuzzer =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "report"; readonly report: ServerReport }
  /** What all processes of the server have taken of the processors so far. */
  | { readonly kind: "cpu"; readonly cpuMs: number }
  | { readonly kind: "reset" }
  /** A request failed by the server's own fault. */
  | { readonly kind: "failure"; readonly requestId: string; readonly port: number | undefined; readonly text: string }
  /** A request was refused, and the store changed all the same. */
  | { readonly kind: "changed"; readonly port: number; readonly status: number }
  /** A turn of the event loop took so much of a processor that nobody else was served meanwhile; who is to blame is not known. */
  | { readonly kind: "slow"; readonly cpuMs: number };

/** A server that is fuzzed, as its process sees it. */
export interface FuzzedServer {
  readonly port: number;
  report(): Promise<ServerReport>;
  /** What all its processes have taken of the processors so far. */
  cpuMs(): Promise<number>;
  /** Goes back to the content there was the first time. A durable store cannot: its content is made anew by requests. */
  reset(): void;
  /** Ends like a server that is told to: throws when something does not end. */
  stop(): Promise<void>;
}
