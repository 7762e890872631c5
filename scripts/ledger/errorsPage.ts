import { catalogueEntry } from "../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { explanationOf } from "../../src/errors/explanationOf.ts";
import { accessFacts } from "../../src/errors/facts/access.ts";
import { bucketsFacts } from "../../src/errors/facts/buckets.ts";
import { controlFacts } from "../../src/errors/facts/control.ts";
import { objectsFacts } from "../../src/errors/facts/objects.ts";
import { requestsFacts } from "../../src/errors/facts/requests.ts";
import { selectFacts } from "../../src/errors/facts/select.ts";
import { storageLensFacts } from "../../src/errors/facts/storageLens.ts";
import type { LedgerEntry } from "./ErrorLedger.ts";

/** As many tests are named for a code; the plainest come first. */
const MAX_TESTS_PER_CODE = 3;

/** An area of the catalogue: its file in src/errors/facts, which is also the page's name. */
interface Area {
  readonly file: string;
  readonly title: string;
  readonly facts: Readonly<Partial<Record<ErrorCode, unknown>>>;
}

const AREAS: readonly Area[] = [
  { file: "access", title: "Who calls, and whether they may", facts: accessFacts },
  { file: "requests", title: "The request itself", facts: requestsFacts },
  { file: "objects", title: "Objects, versions, parts, checksums, conditions", facts: objectsFacts },
  { file: "buckets", title: "Buckets and their settings", facts: bucketsFacts },
  { file: "select", title: "Queries by SelectObjectContent", facts: selectFacts },
  { file: "storageLens", title: "Storage Lens", facts: storageLensFacts },
  { file: "control", title: "S3 Control, Object Lambda, S3 Tables, Outposts", facts: controlFacts },
];

/** Names below docs/ and texts of the ledger: errors.md tells of all codes, and a page for each area shows its own. */
export function errorsPages(ledger: readonly LedgerEntry[]): Map<string, string> {
  const pages = new Map([["errors.md", indexPage(ledger)]]);
  for (const area of AREAS) pages.set(`errors/${area.file}.md`, areaPage(area, entriesOf(area, ledger)));
  return pages;
}

function entriesOf({ facts }: Area, ledger: readonly LedgerEntry[]): LedgerEntry[] {
  return ledger.filter(({ code }) => code in facts);
}

/** Where a code stands: as a heading, and in what order. */
const STATES = ["Raised", "Waiting", "Unreachable"] as const;

function stateOf({ raisedBy, waitsFor }: LedgerEntry): (typeof STATES)[number] {
  if (raisedBy.length > 0) return "Raised";
  return waitsFor === undefined ? "Unreachable" : "Waiting";
}

function indexPage(ledger: readonly LedgerEntry[]): string {
  const [raised, waiting, unreachable] = STATES.map((state) => ledger.filter((entry) => stateOf(entry) === state)) as [
    LedgerEntry[],
    LedgerEntry[],
    LedgerEntry[],
  ];
  const tested = raised.filter(({ tests }) => tests.length > 0);
  const texts = raised.flatMap(({ messages }) => messages);
  const sent = texts.filter(({ isSent }) => isSent);
  return `# Errors

Generated from the catalogue in \`src/errors/\`, and from the sources and tests that name its codes.

The body of an error is \`Code\`, \`Message\`, the details of the code, \`Details\` (what was wrong with this very request, in plain words),
\`Resource\`, \`RequestId\` and \`HostId\`, in this order. Act on \`Code\`. \`holdfast errors CODE\` shows one in the terminal, with an example;
\`holdfast errors WORDS\` searches.

S3 has ${ledger.length} codes:

- ${raised.length} are raised by Holdfast, and ${tested.length} of these are shown by a test. These codes have ${texts.length} texts;
  Holdfast sends ${sent.length} of them, and ${sent.filter(({ isTested }) => isTested).length} of these are tested;
- ${waiting.length} wait for an operation or a feature that is not built yet;
- ${unreachable.length} are unreachable, each for a reason.

Each area has a page. Under each code: HTTP status, name as a SOAP fault, how sure it is that S3 answers so (*observed* on S3, *documented* by
it, or *inferred*), and whether the same request is worth sending again. What varies in a text stands in {braces}; of several texts, *here*
tells which ones Holdfast sends. "Any request" means that the server, the protocol or the signature checks raise the code before any operation
acts. All this is read from the sources: a code is raised by what names it, and shown by the tests that name it.

${AREAS.map((area) => areaSummary(area, entriesOf(area, ledger))).join("\n")}`;
}

function areaSummary({ file, title }: Area, entries: readonly LedgerEntry[]): string {
  const links = (state: (typeof STATES)[number]): string[] => {
    const codes = entries.filter((entry) => stateOf(entry) === state);
    return codes.length === 0
      ? []
      : [`${state}:`, "", ...codes.map(({ code }) => `- [${code}](errors/${file}.md#${anchor(code)})`), ""];
  };
  return [`## [${title}](errors/${file}.md)`, "", ...STATES.flatMap(links)].join("\n");
}

/** How a page's reader makes an anchor of a heading. */
function anchor(code: string): string {
  return code.toLowerCase().replaceAll(" ", "-").replaceAll(".", "");
}

function areaPage({ file, title }: Area, entries: readonly LedgerEntry[]): string {
  const parts = STATES.flatMap((state) => {
    const sections = entries.filter((entry) => stateOf(entry) === state).map(section);
    return sections.length === 0 ? [] : [`## ${state}\n\n${sections.join("\n")}`];
  });
  return `# Errors: ${title}\n\nGenerated from \`src/errors/facts/${file}.ts\` and others; [errors.md](../errors.md) says how to read it.\n\n${parts.join("\n")}`;
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
    ...(raisedBy.length > 0 && shown.length > 0 ? [`Shown by ${shown.map(shownBy).join("; ")}.`] : []),
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

/** Not a link: these pages are part of the package, and tests are not. */
function shownBy({ path, title }: LedgerEntry["tests"][number]): string {
  return `${plain(title)} (\`${path}\`)`;
}

/** Text as Markdown shows it letter for letter. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (character) => `\\${character}`);
}

function cell(text: string): string {
  return plain(text).replaceAll("|", "\\|");
}
