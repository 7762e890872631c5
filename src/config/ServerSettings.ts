import type { Durability } from "../store/durability.ts";
import type { RestoreTimes } from "../store/restoreTimes.ts";

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
  /** Whether everything is kept in memory, and ends with the server; then there is no data folder. */
  readonly memory: boolean;
  /** Buckets that are made at the start where they are missing; the first user owns them. */
  readonly buckets: readonly string[];
  /** A file that says, in JSON, where the server is reached and with which keys, for as long as it listens. */
  readonly readyFilePath: string | undefined;
  /** Whether the server stops when its standard input ends. */
  readonly untilStdinEnds: boolean;
  /** One region, or several, of which the first is the default. */
  readonly region: string | readonly string[];
  /** Domains below which host names begin with a bucket, beside the built-in ones. */
  readonly domains: readonly string[];
  /** Processes that answer requests; 1 answers them in this one. */
  readonly workers: number;
  readonly durability: Durability;
  /** Folders in which the blobs of storage classes lie, "NAME=FOLDER" each. */
  readonly storageClasses: readonly string[];
  /** How long restores of archived objects take. */
  readonly restoreTimes: RestoreTimes;
  /** Paths of PEM files; without them the server speaks plain HTTP. */
  readonly tlsCertificatePath: string | undefined;
  readonly tlsPrivateKeyPath: string | undefined;
  /** Networks of proxies that are believed when they say where a request comes from, as `readNetwork` reads them. */
  readonly trustProxy: readonly string[];
  /** True where codes of MFA devices are taken over plain HTTP too. */
  readonly mfaWithoutTls: boolean;
  /** True where messages of SOAP are taken over plain HTTP too. */
  readonly soapOverHttp: boolean;
  /** True where customers' keys, and bytes under keys of KMS, are taken over plain HTTP too. */
  readonly sseCOverHttp: boolean;
  /** True where buckets take no customers' keys unless they say that they do. */
  readonly blockSseC: boolean;
  /** Requests a second of one caller, over all processes together; without it, as many as come. */
  readonly limitRequests: number | undefined;
  /** Requests a second of one prefix, over all processes together; without it, as many as come. */
  readonly limitPrefix: PrefixRates | undefined;
  /** Who may vouch for web identities: issuer, place of its keys and audiences of each, with spaces between. */
  readonly oidcIssuers: readonly string[];
  readonly idleTimeoutMs: number;
  readonly shutdownTimeoutMs: number;
  /** Address space for the index. */
  readonly mapSizeBytes: number;
  /** The first user's key, when it is set from outside. */
  readonly firstUser: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  readonly users: readonly ConfiguredUser[];
  /** Who brings it may ask for the metrics from any machine. */
  readonly metricsToken: string | undefined;
  /** A file that gets a line for every answered request. */
  readonly accessLogPath: string | undefined;
  /** How often the server access logs of buckets are delivered, in milliseconds. */
  readonly logDeliveryMs: number;
  /** How often lifecycle runs, in milliseconds; besides, when a day begins. */
  readonly lifecycleRunMs: number;
  /** Whether new objects are encrypted of which neither request nor bucket says anything. */
  readonly defaultEncryption: "AES256" | "off";
  /** The file of the key ring; without it, it lies in the data folder. */
  readonly keyRingPath: string | undefined;
  /** A Vault whose transit engine keeps the keys of the key service; without it, they are in the ring. */
  readonly vaultAddress: string | undefined;
  /** A file with a token for it. */
  readonly vaultTokenPath: string | undefined;
  /** The path that the engine is mounted at. */
  readonly vaultMount: string;
  /** Certificates in PEM that vouch for it. */
  readonly vaultCaPath: string | undefined;
  /** A level of pino's. */
  readonly logLevel: string;
  /** Whether S3's time can be moved, for tests. */
  readonly testClock: boolean;
  /** Whether planned faults strike, for tests. */
  readonly faults: boolean;
  /** Whether a request may bring a fault of its own. */
  readonly faultHeader: boolean;
  /** What the journal of requests may take in the data folder; 0 keeps none. */
  readonly journalSizeBytes: number;
  /** Requests are forgotten after this time, in milliseconds. */
  readonly journalAgeMs: number;
}
