import { once } from "node:events";
import { OptionError } from "../config/OptionError.ts";
import { readDuration, readTime, TIME_FORM } from "../config/times.ts";
import { openFolderJournal } from "../journal/folder/FolderReader.ts";
import type { RequestFilter } from "../journal/Journal.ts";
import type { RequestRecord } from "../journal/RequestRecord.ts";
import { loggedRecord } from "../server/requests/loggedRecord.ts";
import { DataFolder } from "../store/folder/dataFolder.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { readDataArguments } from "./dataOption.ts";
import { REQUEST_TABLE_HEAD, requestRow } from "./requestRow.ts";
import { commandNamed } from "./table/commandTable.ts";

/** The latest so many are shown where nobody says how many. */
const USUAL_LIMIT = 1_000;
/** And before what follows. */
const USUAL_LIMIT_OF_FOLLOWERS = 10;
const MAX_LIMIT = 100_000;
/** What shells give for a program that SIGINT ended. */
const INTERRUPTED_EXIT_CODE = 130;

const COMMAND = commandNamed("requests");

/** `holdfast requests`: what requests the server on a data folder has answered, from its journal. */
export const requests: Command = async (args) => {
  const read = readDataArguments(args, COMMAND);
  const isFollowing = read.flags.get("follow") === "true";
  const form = formOf(read);
  const filter = filterOf(read, isFollowing ? USUAL_LIMIT_OF_FOLLOWERS : USUAL_LIMIT, Date.now());
  if (isFollowing && filter.untilMs !== undefined) throw new OptionError("--follow has no end: leave --until out.");
  const { path } = await DataFolder.join(read.settings.data);
  const journal = openFolderJournal(path, { ageMs: read.settings.journalAgeMs });
  if (!isFollowing) {
    const found = await journal.find(filter);
    if (found.length === 0) process.stderr.write("No request fits.\n");
    await show(form, found);
    return 0;
  }
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort());
  await show(form, journal.follow(filter, abort.signal));
  return INTERRUPTED_EXIT_CODE;
};

/** How records are written. */
interface Form {
  readonly head: string;
  readonly line: (record: RequestRecord) => string;
  /** What stands in lines of access logs is bytes, as they were sent. */
  readonly encoding: BufferEncoding;
}

function formOf({ flags }: DataArguments): Form {
  const format = flags.get("format");
  if (format !== undefined && format !== "aws") throw new OptionError(`--format is "${String(format)}"; there is only "aws".`);
  const isJson = flags.get("json") === "true";
  if (format === undefined) {
    if (isJson) return { head: "", line: (record) => `${JSON.stringify(record)}\n`, encoding: "utf8" };
    return { head: REQUEST_TABLE_HEAD, line: requestRow, encoding: "utf8" };
  }
  if (isJson) throw new OptionError("--json and --format are two forms: choose one.");
  return { head: "", line: loggedRecord, encoding: "latin1" };
}

async function show(
  { head, line, encoding }: Form,
  records: Iterable<RequestRecord> | AsyncIterable<RequestRecord>,
): Promise<void> {
  const { stdout } = process;
  // Who has seen enough closes the other end.
  const closed = new AbortController();
  stdout.once("error", () => closed.abort());
  let text = head;
  for await (const record of records) {
    text += line(record);
    // Who reads slowly is waited for.
    if (!stdout.write(text, encoding)) await once(stdout, "drain", closed).catch(() => undefined);
    if (closed.signal.aborted) return;
    text = "";
  }
}

function filterOf({ flags }: DataArguments, usualLimit: number, nowMs: number): RequestFilter {
  const textOf = (name: string): string | undefined => flags.get(name) as string | undefined;
  const since = textOf("since");
  const sinceLength = since === undefined ? undefined : readDuration(since);
  const texts = {
    id: textOf("id"),
    operations: flags.get("operation") as readonly string[] | undefined,
    bucket: textOf("bucket"),
    key: textOf("key"),
    prefix: textOf("prefix"),
    method: textOf("method")?.toUpperCase(),
    caller: textOf("caller"),
    status: readStatus(textOf("status")),
    errorCode: textOf("code"),
    fault: textOf("fault"),
    fromMs: sinceLength === undefined ? readMoment("since", since) : nowMs - sinceLength,
    untilMs: readMoment("until", textOf("until")),
    limit: readLimit(textOf("limit")) ?? usualLimit,
  };
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== undefined)) as RequestFilter;
}

function readMoment(flag: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const timeMs = readTime(given);
  if (timeMs === undefined) {
    const orLength = flag === "since" ? ' or how long ago, such as "10m"' : "";
    throw new OptionError(`--${flag} is "${given}", which is not ${TIME_FORM}${orLength}.`);
  }
  return timeMs;
}

function readStatus(given: string | undefined): RequestFilter["status"] {
  if (given === undefined) return undefined;
  const status = given.toLowerCase();
  if (/^[2-5]xx$/.test(status)) return status as "2xx" | "3xx" | "4xx" | "5xx";
  if (/^[1-5]\d\d$/.test(status)) return Number(status);
  throw new OptionError(`--status is "${given}", which is neither a status such as 404 nor a class such as 4xx.`);
}

function readLimit(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const limit = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw new OptionError(`--limit is "${given}", which is no number from 1 to ${MAX_LIMIT}.`);
  return limit;
}
