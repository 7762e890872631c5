import { nearest } from "../config/nearest.ts";
import { OptionError } from "../config/OptionError.ts";
import { readArguments } from "../config/readArguments.ts";
import { catalogueEntry, errorCodes } from "../errors/catalogue.ts";
import type { ErrorCode } from "../errors/ErrorCode.ts";
import { exampleError } from "../errors/exampleError.ts";
import { explanationOf, messagesOf } from "../errors/explanationOf.ts";
import { raisedBy } from "../errors/raisedBy.ts";
import { renderRestError } from "../errors/render.ts";
import { UNREACHABLE, WAITING } from "../errors/unraised.ts";
import { flagOf } from "./actions.ts";
import { argumentForm } from "./argumentForm.ts";
import type { Command } from "./Command.ts";
import { listed, wrapped } from "./columns.ts";
import { searchErrors } from "./errorSearch.ts";
import { commandNamed } from "./table/commandTable.ts";

const EXAMPLE_ANSWER = { requestId: "4442587FB7D0A2F9", hostId: "…", resource: "/example-bucket/photos/cat.jpg" };
/** More codes than this are not shown of those that words find. */
const MOST_FOUND = 20;
/** Width of the names in front of what is said of a code. */
const LABEL_WIDTH = 12;

const COMMAND = commandNamed("errors");

/** `holdfast errors [CODE | WORDS]`: the error codes of S3, what is known of one, or those that speak of something. */
export const errors: Command = async (args) => {
  const { flags, positionals } = readArguments(args, argumentForm(COMMAND));
  const searched = flagOf({ flags }, "search");
  const words = [searched ?? "", ...positionals].join(" ").trim();
  process.stdout.write(words === "" ? overview() : searched === undefined ? answerTo(words) : search(words));
  return 0;
};

/** What words name: a code, however it is written, or what is found by them. Throws `OptionError` for a code that is misspelt. */
function answerTo(words: string): string {
  const name = words.replaceAll(/\s+/g, "").toLowerCase();
  const code = errorCodes().find((known) => known.toLowerCase() === name);
  if (code !== undefined) return story(code);
  const similar = CODE_FORM.test(words) ? nearest(words, errorCodes()) : undefined;
  if (similar !== undefined) throw new OptionError(`S3 has no error "${words}"; did you mean ${similar}?`);
  return search(words);
}

/** Names of several words in one, which only codes are. */
const CODE_FORM = /^[A-Za-z]*[a-z][A-Z][A-Za-z]*$/;

/** The codes that Holdfast raises, with their first text, and how many there are besides. */
function overview(): string {
  const codes = errorCodes();
  const raised = codes.filter((code) => raisedBy[code] !== undefined);
  return (
    listed(raised.map((code) => row(code, messagesOf(code)[0]?.text))) +
    `\nThese are the ${raised.length} codes that Holdfast sends. S3 has ${codes.length}; they are all known here:\n\n` +
    "  holdfast errors CODE     what one of them means, and what to do\n" +
    "  holdfast errors WORDS    those that speak of something, such as: holdfast errors signature mismatch\n"
  );
}

/** The codes that words are about. Throws `OptionError`, with the nearest code, where there is none. */
function search(words: string): string {
  const found = searchErrors(words);
  const shown = found.slice(0, MOST_FOUND).map(({ code, message }) => row(code, message));
  const more = found.length - shown.length;
  if (found.length > 0) return listed(shown) + (more === 0 ? "" : `and ${more} more; further words find fewer\n`);
  const similar = nearest(words.replaceAll(/\s+/g, ""), errorCodes());
  throw new OptionError(
    similar === undefined
      ? `S3 has no error "${words}", and none speaks of it. "holdfast errors" lists those that Holdfast sends.`
      : `S3 has no error "${words}"; did you mean ${similar}?`,
  );
}

function row(code: ErrorCode, text: string | undefined): string[] {
  return [String(catalogueEntry(code).status), code, text ?? ""];
}

/** All that is known of a code. */
function story(code: ErrorCode): string {
  const { status, soap, details, retryable } = catalogueEntry(code);
  const { cause, remedy, confidence } = explanationOf(code);
  const lines: [label: string, text: string][] = [
    ["cause", cause],
    ["remedy", remedy],
    ["retry", retryable ? "yes, with growing pauses" : "no: the same request will be refused again"],
    ["HTTP status", String(status)],
    ["SOAP", soap === null ? "not there" : `${soap}.${code}`],
    ["details", details.length === 0 ? "none" : details.join(", ")],
    ["operations", operationsOf(code)],
    ["how sure", CONFIDENCE[confidence]],
  ];
  const told = lines.map(([label, text]) => wrapped(text, `  ${label.padEnd(LABEL_WIDTH)}`)).join("");
  return `${code}\n\n${told}\n${messages(code)}  an answer\n\n${renderRestError(exampleError(code), EXAMPLE_ANSWER).toString()}\n`;
}

const CONFIDENCE = {
  observed: "S3 was seen to answer so",
  documented: "S3's documentation lists it",
  inferred: "deduced; S3 neither documents it nor was seen to send it",
} as const;

function operationsOf(code: ErrorCode): string {
  const operations = raisedBy[code];
  if (operations !== undefined) return operations.join(", ");
  const waiting = WAITING.find(({ codes }) => codes.includes(code));
  if (waiting !== undefined) return `none yet; it waits for ${waiting.waitsFor}`;
  return `none. ${UNREACHABLE.find(({ codes }) => codes.includes(code))?.reason ?? ""}`.trimEnd();
}

function messages(code: ErrorCode): string {
  const known = messagesOf(code);
  if (known.length === 0) return "";
  if (known.length === 1) return `${wrapped(known[0]!.text, `  ${"message".padEnd(LABEL_WIDTH)}`)}\n`;
  const told = known.map(({ text, when, details }) => {
    const own = details === undefined ? "" : ` Details: ${details.length === 0 ? "none" : details.join(", ")}.`;
    return wrapped(text === "" ? "(empty)" : text, "  - ") + wrapped(when + own, "      ");
  });
  return `  messages\n\n${told.join("")}\n`;
}
