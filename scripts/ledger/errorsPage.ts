import { catalogueEntry } from "../../src/errors/catalogue.ts";
import { explanationOf } from "../../src/errors/explanationOf.ts";
import type { LedgerEntry } from "./ErrorLedger.ts";

/** As many tests are named for a code; the plainest come first. */
const MAX_TESTS_PER_CODE = 3;

/** The text of docs/errors.md. */
export function errorsPage(ledger: readonly LedgerEntry[]): string {
  const raised = ledger.filter(({ raisedBy }) => raisedBy.length > 0);
  const waiting = ledger.filter((entry) => !raised.includes(entry) && entry.waitsFor !== undefined);
  const unreachable = ledger.filter((entry) => !raised.includes(entry) && entry.reason !== undefined);
  const tested = raised.filter(({ tests }) => tests.length > 0);
  const texts = raised.flatMap(({ messages }) => messages);
  const sent = texts.filter(({ isSent }) => isSent);
  return `# Errors

Generated from the catalogue in \`src/errors/\`, and from the sources and tests that name its codes.

The body of an error is \`Code\`, \`Message\`, the details of the code, \`Details\` (what was wrong with this very request, in plain words),
\`Resource\`, \`RequestId\` and \`HostId\`, in this order. Act on \`Code\`. \`holdfast errors CODE\` shows one in the terminal, with an example;
\`holdfast errors WORDS\` searches.

S3 has ${ledger.length} codes:

- ${raised.length} are [raised](#raised) by Holdfast, and ${tested.length} of these are shown by a test. These codes have ${texts.length} texts;
  Holdfast sends ${sent.length} of them, and ${sent.filter(({ isTested }) => isTested).length} of these are tested;
- ${waiting.length} [wait](#waiting) for an operation or a feature that is not built yet;
- ${unreachable.length} are [unreachable](#unreachable), each for a reason.

Under each code: HTTP status, name as a SOAP fault, how sure it is that S3 answers so (*observed* on S3, *documented* by it, or
*inferred*), and whether the same request is worth sending again. What varies in a text stands in {braces}; of several texts, *here* tells
which ones Holdfast sends. "Any request" means that the server, the protocol or the signature checks raise the code before any operation
acts. All this is read from the sources: a code is raised by what names it, and shown by the tests that name it.

## Raised

${raised.map(section).join("\n")}
## Waiting

${waiting.map(section).join("\n")}
## Unreachable

${unreachable.map(section).join("\n")}`;
}

function section({ code, raisedBy, tests, messages, waitsFor, reason }: LedgerEntry): string {
  const { status, soap, details, retryable } = catalogueEntry(code);
  const { cause, remedy, confidence } = explanationOf(code);
  const facts = [
    String(status),
    soap === null ? "not in SOAP" : `SOAP \`${soap}.${code}\``,
    confidence,
    retryable ? "worth a retry" : "no retry",
    ...(details.length === 0 ? [] : [`details ${names(details)}`]),
  ];
  const shown = tests.slice(0, MAX_TESTS_PER_CODE);
  const lines = [
    `### ${code}`,
    "",
    facts.join(" · "),
    "",
    ...messageLines(messages),
    `${plain(cause)} *Remedy:* ${plain(remedy)}`,
    "",
    ...(raisedBy.length > 0 ? [`Raised by ${raisedBy.join(", ")}.`] : []),
    ...(raisedBy.length === 0 && waitsFor !== undefined ? [`Waits for ${waitsFor}.`] : []),
    ...(raisedBy.length === 0 && reason !== undefined ? [`Unreachable: ${plain(reason)}`] : []),
    ...(raisedBy.length > 0 && shown.length > 0 ? [`Shown by ${shown.map(testLink).join("; ")}.`] : []),
    "",
  ];
  return lines.join("\n");
}

function messageLines(messages: LedgerEntry["messages"]): string[] {
  if (messages.length === 0) return ["No text of S3's is known.", ""];
  if (messages.length === 1) return [`> ${plain(messages[0]!.text)}`, ""];
  const rows = messages.map(({ text, when, details, confidence, isSent, isTested }) => {
    const notes = [
      ...(details === undefined ? [] : [`details ${names(details)}`]),
      ...(confidence === undefined ? [] : [confidence]),
    ];
    const whole = `${cell(when)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
    return `| ${cell(text === "" ? "(empty)" : text)} | ${whole} | ${isTested ? "tested" : isSent ? "sent" : ""} |`;
  });
  return ["| message | when | here |", "| --- | --- | --- |", ...rows, ""];
}

function names(details: readonly string[]): string {
  return details.length === 0 ? "none" : details.map((name) => `\`${name}\``).join(", ");
}

function testLink({ path, title }: LedgerEntry["tests"][number]): string {
  return `[${plain(title)}](../${path})`;
}

/** Text as Markdown shows it letter for letter. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (character) => `\\${character}`);
}

function cell(text: string): string {
  return plain(text).replaceAll("|", "\\|");
}
