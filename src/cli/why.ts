import { readFile } from "node:fs/promises";
import { text as readAll } from "node:stream/consumers";
import { OptionError } from "../config/OptionError.ts";
import { openFolderJournal } from "../journal/folder/FolderReader.ts";
import type { RequestSource } from "../journal/Journal.ts";
import { explainRequest } from "../journal/why/explainRequest.ts";
import { tell } from "../journal/why/tell.ts";
import { chosenAction } from "./actions.ts";
import type { Command } from "./Command.ts";
import { width } from "./columns.ts";
import { readDataArguments } from "./dataOption.ts";
import { commandNamed } from "./table/commandTable.ts";

const COMMAND = commandNamed("why");

/** Heads of requests, and so what is signed, are far shorter. */
const MAX_CANONICAL_LENGTH = 1_048_576;

/** `holdfast why ID`: the story of a request, and what to change. */
export const why: Command = async (args) => {
  const read = readDataArguments(args, COMMAND);
  const id = chosenAction(COMMAND, read).subject!;
  const path = read.flags.get("canonical") as string | undefined;
  const canonical = path === undefined ? undefined : await canonicalIn(path);
  const journal = openFolderJournal(read.settings.data);
  const record = (await journal.find({ id, limit: 1 }))[0];
  if (record === undefined) {
    process.stderr.write(`${await notFound(journal, id, read.settings.data)}\n`);
    return 1;
  }
  const explained = explainRequest(record, canonical === undefined ? {} : { canonical });
  const isJson = read.flags.get("json") === "true";
  process.stdout.write(isJson ? `${JSON.stringify(explained, undefined, 2)}\n` : tell(explained, { width: width() }));
  return 0;
};

/** What a client signed. Throws `OptionError` for a file that cannot be read, or is none that one would sign. */
async function canonicalIn(path: string): Promise<string> {
  let content: string;
  try {
    content = path === "-" ? await readAll(process.stdin) : await readFile(path, "utf8");
  } catch (cause) {
    throw new OptionError(`${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
  if (content.trim() === "")
    throw new OptionError(`${path === "-" ? "Standard input" : path} is empty; it takes what the client signed.`);
  if (content.length > MAX_CANONICAL_LENGTH)
    throw new OptionError(`${path} is longer than ${MAX_CANONICAL_LENGTH} characters, and no client signs as much.`);
  return content;
}

/** What was looked through in vain. */
async function notFound(journal: RequestSource, id: string, folder: string): Promise<string> {
  const records = await journal.find({});
  const [oldest] = records;
  if (oldest === undefined)
    return `The journal in ${folder} has no records: no request came since it was begun, the server keeps none (--journal-size-bytes 0), or it is the folder of another server.`;
  const count = records.length === 1 ? "The one record" : `None of the ${records.length} records`;
  const not = records.length === 1 ? "is not of" : "is of";
  return `${count} in the journal of ${folder} ${not} request ${id}; the oldest is of ${new Date(oldest.atMs).toISOString()}. What is older than that was forgotten (--journal-age-ms, --journal-size-bytes).`;
}
