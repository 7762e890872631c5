import type { Durability } from "../store/durability.ts";

/** An access key set from outside, under the name of its owner. */
export interface ConfiguredUser {
  readonly name: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** How many requests a second the keys of one prefix take. */
export interface PrefixRates {
  /** PUT, POST and DELETE, copies among them. */
  readonly writesPerSecond: number;
  /** GET and HEAD, lists among them. */
  readonly readsPerSecond: number;
}

/** What a server on one machine is started with. Plain values: they travel to its worker processes. */
export interface ServerSettings {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** The data folder. */
  readonly data: string;
  readonly region: string;
  /** Domains below which host names begin with a bucket, beside the built-in ones. */
  readonly domains: readonly string[];
  /** Processes that answer requests; 1 answers them in this one. */
  readonly workers: number;
  readonly durability: Durability;
  /** Paths of PEM files; without them the server speaks plain HTTP. */
  readonly tlsCertificatePath: string | undefined;
  readonly tlsPrivateKeyPath: string | undefined;
  /** Requests a second of one caller, over all processes together; without it, as many as come. */
  readonly limitRequests: number | undefined;
  /** Requests a second of one prefix, over all processes together; without it, as many as come. */
  readonly limitPrefix: PrefixRates | undefined;
  readonly idleTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  /** Address space for the index. */
  readonly mapSizeBytes: number;
  /** The first user's key, when it is set from outside. */
  readonly firstUser: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly users: readonly ConfiguredUser[];
  /** A file that gets a line for every answered request. */
  readonly accessLogPath: string | undefined;
  /** A level of pino's. */
  readonly logLevel: string;
}
