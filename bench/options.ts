import { parseArgs } from "node:util";
import { OptionError, positive, whole } from "./command.ts";
import type { Durability } from "../src/store/durability.ts";
import { DURABILITIES } from "../src/store/durability.ts";

/** Another S3 server to measure beside Holdfast. */
export interface PeerOption {
  readonly name: string;
  readonly url: URL;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What a run is to do. */
export interface BenchOptions {
  /** Ids of rows; `undefined`: all. */
  readonly rows: readonly string[] | undefined;
  /** How long each row is measured on each server in each round. */
  readonly seconds: number;
  readonly rounds: number;
  /** Size of the wide bucket. */
  readonly keys: number;
  /** Holdfast is measured with each; the first one is the one compared. */
  readonly durabilities: readonly Durability[];
  /** `undefined`: as many as Holdfast chooses. */
  readonly workers: number | undefined;
  readonly peers: readonly PeerOption[];
  /** Another checkout of this repository, measured beside this one; `undefined`: none. */
  readonly before: string | undefined;
  /** True measures Holdfast with `--default-encryption off` beside it. */
  readonly plain: boolean;
  readonly resultsPath: string;
  readonly baselinePath: string;
  /** True writes the baseline, the tables of docs/performance.md and its chart. */
  readonly record: boolean;
  /** Results of an earlier run that are recorded in place of a new one; `undefined`: a new run. */
  readonly from: string | undefined;
}

/** What `npm run bench -- --help` prints. */
export const HELP = `npm run bench -- [options]

  --rows A,B            only these rows; "none" measures the start and memory only
  --seconds N           how long each row runs on each server in each round (default 1)
  --rounds N            rounds, interleaved (default 3)
  --keys N              size of the bucket that is listed (default 1,000,000; 20,000 with --against, --before or --plain)
  --durability A[,B]    Holdfast's setting; further ones run the writing rows beside it (default synced)
  --workers N           Holdfast's processes (default: as many as it chooses on its processor)
  --against NAME=URL,ACCESS_KEY,SECRET_KEY
                        adds a running S3 server to every round; may be given several times
  --before FOLDER       adds the Holdfast of another checkout, with its packages installed, started and filled in the same way
  --plain               adds Holdfast with --default-encryption off
  --json PATH           where the results go (default bench/results.json)
  --baseline PATH       what they are compared with (default bench/baseline.json)
  --record              makes this run the baseline, and writes the tables and the chart of docs/performance.md
  --from PATH           with --record: measures nothing, and records the results that an earlier run wrote
`;

const KEYS = 1_000_000;
/** Those that are compared are filled through S3, one request for each object. */
const KEYS_WITH_PEERS = 20_000;

/** Reads the command line; `undefined` when it asks for help. Throws `OptionError`. */
export function parseOptions(args: readonly string[]): BenchOptions | undefined {
  const values = parsed(args);
  if (values.help === true) return undefined;
  if (values.from !== undefined && values.record !== true)
    throw new OptionError("--from says what to record: it goes with --record");
  const peers = (values.against ?? []).map(peerOption);
  const isCompared = peers.length > 0 || values.before !== undefined || values.plain === true;
  return {
    rows: values.rows?.split(",").filter((row) => row !== ""),
    seconds: positive("seconds", values.seconds ?? "1"),
    rounds: whole("rounds", values.rounds ?? "3"),
    keys: values.keys === undefined ? (isCompared ? KEYS_WITH_PEERS : KEYS) : whole("keys", values.keys),
    durabilities: (values.durability ?? (values.record === true ? DURABILITIES.join(",") : "synced")).split(",").map(durability),
    workers: values.workers === undefined ? undefined : whole("workers", values.workers),
    peers,
    before: values.before,
    plain: values.plain === true,
    resultsPath: values.json ?? "bench/results.json",
    baselinePath: values.baseline ?? "bench/baseline.json",
    record: values.record === true,
    from: values.from,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: "string" } as const;
  const flag = { type: "boolean" } as const;
  try {
    return parseArgs({
      args: [...args],
      options: {
        rows: text,
        seconds: text,
        rounds: text,
        keys: text,
        durability: text,
        workers: text,
        against: { type: "string", multiple: true },
        before: text,
        plain: flag,
        json: text,
        baseline: text,
        record: flag,
        from: text,
        help: flag,
      },
    }).values;
  } catch (cause) {
    throw new OptionError(cause instanceof Error ? cause.message : String(cause));
  }
}

function peerOption(text: string): PeerOption {
  const [, name, address, accessKeyId, secretAccessKey] = /^([^=]+)=([^,]+),([^,]+),(.+)$/.exec(text) ?? [];
  if (name === undefined || !URL.canParse(address!) || !address!.startsWith("http://")) {
    throw new OptionError("--against wants NAME=http://HOST:PORT,ACCESS_KEY,SECRET_KEY");
  }
  return { name, url: new URL(address!), accessKeyId: accessKeyId!, secretAccessKey: secretAccessKey! };
}

function durability(text: string): Durability {
  const found = DURABILITIES.find((name) => name === text);
  if (found === undefined) throw new OptionError(`--durability wants ${DURABILITIES.join(" or ")}, not "${text}"`);
  return found;
}
