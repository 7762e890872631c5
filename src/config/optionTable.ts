import { availableParallelism } from "node:os";
import { DURABILITIES } from "../store/durability.ts";
import type { ServerSettings } from "./ServerSettings.ts";

/** What an option holds. */
export type OptionType =
  | { readonly kind: "text" | "texts"; readonly form: RegExp; readonly description: string }
  | { readonly kind: "path" }
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
  readonly defaultValue: string | number | readonly string[] | undefined;
  /** What `--help` shows as default when it depends on the machine. */
  readonly defaultText?: string;
  readonly doc: string;
}

const GIBIBYTE: number = 1024 ** 3;

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
    name: "region",
    flag: "region",
    // It stands between slashes in every signature's scope.
    type: { kind: "text", form: /^[A-Za-z0-9-]{1,64}$/, description: "1 to 64 letters, digits and hyphens" },
    defaultValue: "us-east-1",
    doc: "Region that clients sign for and buckets are in.",
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
    doc: "Domain below which host names begin with a bucket (bucket.s3.example.com); may be given several times. *.localhost always works.",
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
    name: "tlsCertificatePath",
    flag: "tls-cert",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "Certificate chain in PEM; with --tls-key, the server speaks HTTPS.",
  },
  { name: "tlsPrivateKeyPath", flag: "tls-key", type: { kind: "path" }, defaultValue: undefined, doc: "Private key in PEM." },
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
    name: "accessLogPath",
    flag: "access-log",
    type: { kind: "path" },
    defaultValue: undefined,
    doc: "File that gets a line of JSON for every answered request.",
  },
  {
    name: "logLevel",
    flag: "log-level",
    type: { kind: "choice", values: ["trace", "debug", "info", "warn", "error", "fatal", "silent"] },
    defaultValue: "info",
    doc: "Diagnostics from this level up go to standard error, as lines of JSON.",
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
