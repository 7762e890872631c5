import { availableParallelism } from "node:os";
import { DURABILITIES } from "../store/durability.ts";
import { RESTORE_TIMES } from "../store/restoreTimes.ts";
import { NETWORKS_FORM } from "./networks.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** What an option holds. */
export type OptionType =
  | { readonly kind: "text" | "texts" | "textOrTexts" | "secret"; readonly form: RegExp; readonly description: string }
  | { readonly kind: "path" | "switch" | "networks" }
  | { readonly kind: "choice"; readonly values: readonly string[] }
  | { readonly kind: "integer"; readonly min: number; readonly max: number }
  | { readonly kind: "rates"; readonly max: number };

/** One option: the single source of the parser, `--help` and docs/configuration.md. */
export interface OptionRow {
  /** Its name in the option file, and in the settings. */
  readonly name: Exclude<keyof ServerSettings, "firstUser" | "users">;
  /** Its flag, without "--". */
  readonly flag: string;
  readonly type: OptionType;
  /** `undefined`: not set. */
  readonly defaultValue: string | number | boolean | readonly string[] | undefined;
  /** What `--help` shows as default when it depends on the machine. */
  readonly defaultText?: string;
  readonly doc: string;
}

const GIBIBYTE: number = 1024 ** 3;
const DAY_MS: number = 24 * 60 * 60 * 1_000;

/** No machine answers more than this. */
const MAX_REQUESTS_PER_SECOND = 1_000_000;

/** Every option of `holdfast serve`. */
export const OPTIONS: readonly OptionRow[] = [
  {
    name: "port",
    flag: "port",
    type: { kind: "integer", min: 0, max: 65_535 },
    defaultValue: 9000,
    doc: "TCP port to listen on; 0 takes any free one.",
  },
  {
    name: "host",
    flag: "host",
    type: { kind: "text", form: /^[^\s/]+$/, description: "an address or a host name" },
    defaultValue: "127.0.0.1",
    doc: "Address to listen on. The default is reached from this machine only; 0.0.0.0 or :: opens the server to the network.",
  },
  { name: "data", flag: "data", type: { kind: "path" }, defaultValue: "./holdfast-data", doc: "Data folder; made if missing." },
  {
    name: "memory",
    flag: "memory",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "Keeps everything in memory, in one process, and forgets it at the end: a server for tests, whose faults may strike. See docs/test-server.md.",
  },
  {
    name: "buckets",
    flag: "bucket",
    type: {
      kind: "texts",
      form: /^[a-z0-9.-]{3,63}$/,
      description:
        "names of buckets, 3 to 63 lower-case letters, digits, periods and hyphens (in a variable, commas between several)",
    },
    defaultValue: [],
    doc: "Bucket that is made at the start unless it is there; the first user owns it. May be given several times.",
  },
  {
    name: "readyFilePath",
    flag: "ready-file",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "File that is there, readable by its owner only, from when the server listens until it stops: endpoint, port, keys and more in JSON. See docs/test-server.md.",
  },
  {
    name: "untilStdinEnds",
    flag: "until-stdin-ends",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "Stops the server when its standard input ends: with a pipe there, it goes with the program that started it.",
  },
  {
    name: "region",
    flag: "region",
    // It stands between slashes in every signature's scope.
    type: {
      kind: "textOrTexts",
      form: /^[A-Za-z0-9-]{1,64}$/,
      description: "1 to 64 letters, digits and hyphens",
    },
    defaultValue: "us-east-1",
    doc: "Region that clients sign for and buckets are in; may be given several times (in a variable with commas, in the file as a list), and the first is the default. See docs/regions.md.",
  },
  {
    name: "domains",
    flag: "domain",
    type: {
      kind: "texts",
      form: /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/,
      description: "host names (in a variable with commas between them)",
    },
    defaultValue: [],
    doc: "Domain below which host names begin with a bucket (bucket.s3.example.com) or are one of S3's (s3.eu-west-1.…), those of websites among them (bucket.s3-website.s3.example.com); may be given several times. *.localhost always works.",
  },
  {
    name: "workers",
    flag: "workers",
    type: { kind: "integer", min: 1, max: 256 },
    defaultValue: availableParallelism(),
    defaultText: "one for each core",
    doc: "Processes that answer requests. They share one store.",
  },
  {
    name: "durability",
    flag: "durability",
    type: { kind: "choice", values: DURABILITIES },
    defaultValue: "synced",
    doc: "What an acknowledged write has survived: synced, a power cut; written, the death of the process. See docs/durability.md.",
  },
  {
    name: "storageClasses",
    flag: "storage-class",
    type: {
      kind: "texts",
      // Which names there are is told by a refusal of its own.
      form: /^[A-Z_]+=[^\0]+$/s,
      description: "a storage class and its folder, with = between (in a variable, commas between several)",
    },
    defaultValue: [],
    doc: "Folder, on another disk for instance, in which the bytes of a storage class lie: GLACIER=/mnt/archive. It has to exist. May be given several times. See docs/storage-classes.md.",
  },
  {
    name: "restoreTimes",
    flag: "restore-times",
    type: { kind: "choice", values: RESTORE_TIMES },
    defaultValue: "instant",
    doc: "How long RestoreObject takes: instant, not at all; s3, as long as S3's at most, by the clock. See docs/storage-classes.md.",
  },
  {
    name: "tlsCertificatePath",
    flag: "tls-cert",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "Certificate chain in PEM; with --tls-key, the server speaks HTTPS.",
  },
  { name: "tlsPrivateKeyPath", flag: "tls-key", type: { kind: "path" }, defaultValue: undefined, doc: "Private key in PEM." },
  {
    name: "trustProxy",
    flag: "trust-proxy",
    type: { kind: "networks" },
    defaultValue: [],
    doc: "Networks of proxies that are believed when they say where a request comes from; may be given several times. See Proxies.",
  },
  {
    name: "mfaWithoutTls",
    flag: "mfa-without-tls",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "x-amz-mfa may come over plain HTTP, behind a proxy that speaks HTTPS for instance. See docs/users.md.",
  },
  {
    name: "soapOverHttp",
    flag: "soap-over-http",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "SOAP's messages may come over plain HTTP: for tests, and on networks that nobody else listens to. See docs/soap.md.",
  },
  {
    name: "sseCOverHttp",
    flag: "sse-c-over-http",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "Customers' keys (SSE-C), and bytes under keys of KMS, may come and go over plain HTTP: for tests, and behind a proxy that speaks HTTPS. A library server in memory allows it by default. See docs/encryption.md.",
  },
  {
    name: "blockSseC",
    flag: "block-sse-c",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "Buckets take no customers' keys (SSE-C) for what is new until PutBucketEncryption allows them, as on S3 since April 2026. See docs/encryption.md.",
  },
  {
    name: "oidcIssuers",
    flag: "oidc-issuer",
    type: {
      kind: "texts",
      form: /^https?:\/\/\S+(?: \S+){2,}$/,
      description:
        "an issuer's URL, a JWKS (file or URL) and audiences, with spaces between (in a variable, commas between issuers)",
    },
    defaultValue: [],
    doc: "Issuer of OpenID Connect tokens that AssumeRoleWithWebIdentity believes, where its keys are, and the audiences its tokens may be for; may be given several times. See docs/sts.md.",
  },
  {
    name: "limitRequests",
    flag: "limit-requests",
    type: { kind: "integer", min: 1, max: MAX_REQUESTS_PER_SECOND },
    defaultValue: undefined,
    doc: "Requests a second that each caller may send; more are answered SlowDown. See Limits.",
  },
  {
    name: "limitPrefix",
    flag: "limit-prefix",
    type: { kind: "rates", max: MAX_REQUESTS_PER_SECOND },
    defaultValue: undefined,
    doc: "Writes and reads a second that each prefix of a bucket takes; more are answered SlowDown. 3500/5500 is what S3 promises. See Limits.",
  },
  {
    name: "idleTimeoutMs",
    flag: "idle-timeout-ms",
    type: { kind: "integer", min: 100, max: 3_600_000 },
    defaultValue: 20_000,
    doc: "A request body that sends nothing for this long is answered RequestTimeout; in milliseconds.",
  },
  {
    name: "shutdownTimeoutMs",
    flag: "shutdown-timeout-ms",
    type: { kind: "integer", min: 0, max: 3_600_000 },
    defaultValue: 30_000,
    doc: "After SIGTERM, running requests may take this long to finish; in milliseconds.",
  },
  {
    name: "mapSizeBytes",
    flag: "map-size-bytes",
    type: { kind: "integer", min: 16 * 1024 * 1024, max: 16 * 1024 * GIBIBYTE },
    defaultValue: 256 * GIBIBYTE,
    doc: "Address space set aside for the index; costs no memory. Beyond it, the index grows more slowly.",
  },
  {
    name: "metricsToken",
    flag: "metrics-token",
    // What an Authorization header of the kind Bearer may hold.
    type: { kind: "secret", form: /^[A-Za-z0-9._~+/=-]{16,256}$/, description: "16 to 256 letters, digits and ._~+/=-" },
    defaultValue: undefined,
    doc: "Token with which other machines may ask for /-/metrics. Every user of this machine can read flags: use the variable. See docs/metrics.md.",
  },
  {
    name: "accessLogPath",
    flag: "access-log",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "File that gets a line of JSON for every answered request.",
  },
  {
    name: "logDeliveryMs",
    flag: "log-delivery-ms",
    type: { kind: "integer", min: 100, max: 86_400_000 },
    defaultValue: 300_000,
    doc: "How often the access logs of buckets (PutBucketLogging) are delivered; in milliseconds. See docs/access-logs.md.",
  },
  {
    name: "lifecycleRunMs",
    flag: "lifecycle-run-ms",
    type: { kind: "integer", min: 1_000, max: 86_400_000 },
    defaultValue: 3_600_000,
    doc: "How often the lifecycles of buckets are looked at, beside the beginning of each day (UTC); in milliseconds. See docs/lifecycle.md.",
  },
  {
    name: "defaultEncryption",
    flag: "default-encryption",
    type: { kind: "choice", values: ["AES256", "off"] },
    defaultValue: "AES256",
    doc: "How new objects are encrypted of which neither request nor bucket says anything; off stores them as they are. See docs/encryption.md.",
  },
  {
    name: "keyRingPath",
    flag: "key-ring",
    type: { kind: "path" },
    defaultValue: undefined,
    defaultText: "keys/ring.json in the data folder",
    doc: "File with the keys that everything encrypted is sealed with; made at the first start. Back it up, apart from the data. See docs/keys.md.",
  },
  {
    name: "vaultAddress",
    flag: "vault-address",
    type: { kind: "text", form: /^https?:\/\/[^\s?#]+$/, description: "a URL that begins with https:// or http://" },
    defaultValue: undefined,
    doc: "Vault or OpenBao whose transit engine has the KMS keys, in place of the key ring; over http only on this machine. See docs/keys.md.",
  },
  {
    name: "vaultTokenPath",
    flag: "vault-token-file",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "File with a token for Vault; it may be replaced while the server runs.",
  },
  {
    name: "vaultMount",
    flag: "vault-mount",
    type: { kind: "text", form: /^[\w.-]+(?:\/[\w.-]+)*$/, description: "a path such as transit or team/transit" },
    defaultValue: "transit",
    doc: "Path that Vault's transit engine is mounted at.",
  },
  {
    name: "vaultCaPath",
    flag: "vault-ca",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "Certificates in PEM that vouch for Vault, in place of those that Node knows.",
  },
  {
    name: "logLevel",
    flag: "log-level",
    type: { kind: "choice", values: ["trace", "debug", "info", "warn", "error", "fatal", "silent"] },
    defaultValue: "info",
    doc: "Diagnostics from this level up go to standard error, as lines of JSON.",
  },
  {
    name: "testClock",
    flag: "test-clock",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "S3's time can be moved, with holdfast clock. For tests alone: see docs/clock.md.",
  },
  {
    name: "faults",
    flag: "faults",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "Planned faults strike, which holdfast fault adds. For tests alone: see docs/faults.md.",
  },
  {
    name: "faultHeader",
    flag: "fault-header",
    type: { kind: "switch" },
    defaultValue: false,
    doc: "With --faults, a request may bring a fault of its own in the header x-holdfast-fault. Whoever reaches the server may do that.",
  },
  {
    name: "journalSizeBytes",
    flag: "journal-size-bytes",
    type: { kind: "integer", min: 0, max: 1024 * GIBIBYTE },
    defaultValue: 64 * 1024 * 1024,
    doc: "What the journal of requests may take in the data folder; the oldest are forgotten first. 0 keeps none.",
  },
  {
    name: "journalAgeMs",
    flag: "journal-age-ms",
    type: { kind: "integer", min: 1_000, max: 3_650 * DAY_MS },
    defaultValue: 7 * DAY_MS,
    doc: "Requests are forgotten after this time, in milliseconds.",
  },
];

/** The environment variable of an option: HOLDFAST_ and its flag. */
export function variableOf(row: OptionRow): string {
  return `HOLDFAST_${row.flag.toUpperCase().replaceAll("-", "_")}`;
}

/** What an option's value must be, for people. */
export function describeType(type: OptionType): string {
  switch (type.kind) {
    case "choice":
      return `one of ${type.values.join(", ")}`;
    case "integer":
      return `a whole number from ${type.min} to ${type.max}`;
    case "path":
      return "a path";
    case "switch":
      return "true or false";
    case "networks":
      return NETWORKS_FORM;
    case "rates":
      return `writes/reads, two whole numbers from 1 to ${type.max}`;
    default:
      return type.description;
  }
}

/** A row's default, for people. */
export function describeDefault(row: OptionRow): string {
  if (row.defaultText !== undefined) return row.defaultText;
  if (row.defaultValue === undefined || (Array.isArray(row.defaultValue) && row.defaultValue.length === 0)) return "none";
  return String(row.defaultValue);
}
