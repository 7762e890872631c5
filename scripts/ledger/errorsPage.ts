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

/** Where a code stands: as a heading of an area's page, and in what order. */
const STATES = ["Sent", "Not built yet", "Never sent"] as const;

function stateOf({ raisedBy, waitsFor }: LedgerEntry): (typeof STATES)[number] {
  if (raisedBy.length > 0) return "Sent";
  return waitsFor === undefined ? "Never sent" : "Not built yet";
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

Look up a code here, or in the terminal: \`holdfast errors NoSuchKey\` shows one with an example, \`holdfast errors WORDS\` searches, and
\`holdfast why REQUEST-ID\` says why one request was refused ([why.md](why.md)).

The body of an error is \`Code\`, \`Message\`, the details of the code, \`Details\` (what was wrong with this very request, in plain words),
\`Resource\`, \`RequestId\` and \`HostId\`, in this order. Act on \`Code\`. [client-errors.md](client-errors.md) says which to send again.

| area | sent | not built yet | never |
| --- | ---: | ---: | ---: |
${AREAS.map((area) => contentsRow(area, entriesOf(area, ledger))).join("\n")}

S3 has ${ledger.length} codes:

- ${raised.length} are sent by Holdfast, and ${tested.length} of these are shown by a test. These codes have ${texts.length} texts;
  Holdfast sends ${sent.length} of them, and ${sent.filter(({ isTested }) => isTested).length} of these are tested;
- ${waiting.length} wait for an operation or a feature that is not built yet;
- ${unreachable.length} are never sent, each for a reason, which stands under the code.

${AREAS.map((area) => areaSummary(area, entriesOf(area, ledger))).join("\n")}
## How this page is made

It is generated from the catalogue in \`src/errors/\`, and from the sources and tests that name its codes: a code is raised by what names it,
and shown by the tests that name it.
`;
}

/** A line of the table of contents: how many codes of an area are in each state. */
function contentsRow({ title }: Area, entries: readonly LedgerEntry[]): string {
  const counts = STATES.map((state) => entries.filter((entry) => stateOf(entry) === state).length);
  return `| [${title}](#${anchor(title)}) | ${counts.join(" | ")} |`;
}

function areaSummary(area: Area, entries: readonly LedgerEntry[]): string {
  const [raised, waiting, unreachable] = STATES.map((state) => entries.filter((entry) => stateOf(entry) === state));
  const table = [
    "| code | status | what happened |",
    "| --- | --- | --- |",
    ...raised!.map(
      ({ code }) =>
        `| ${link(area, code)} | ${catalogueEntry(code).status} | ${cell(firstSentence(explanationOf(code).cause))} |`,
    ),
    "",
  ];
  return [
    `## ${area.title}`,
    "",
    ...(raised!.length === 0 ? [] : table),
    ...[...linkedBy(area, waiting!, ({ waitsFor }) => waitsFor!)].flatMap(([waitsFor, links]) => [
      `Waiting for ${plain(waitsFor)}:`,
      ...links,
      "",
    ]),
    ...[...linkedBy(area, unreachable!, () => "Never sent")].flatMap(([heading, links]) => [`${heading}:`, ...links, ""]),
  ].join("\n");
}

/** Lines of links to codes, by what `reasonOf` says of each. */
function linkedBy(area: Area, entries: readonly LedgerEntry[], reasonOf: (entry: LedgerEntry) => string): Map<string, string[]> {
  const groups = Map.groupBy(entries, reasonOf);
  return new Map(
    [...groups].map(([reason, group]) => [
      reason,
      group.map(({ code }, index) => `${link(area, code)}${index < group.length - 1 ? "," : "."}`),
    ]),
  );
}

function link({ file }: Area, code: ErrorCode): string {
  return `[${code}](errors/${file}.md#${anchor(code)})`;
}

/** Up to the first full stop that ends a sentence, or a colon that explains it. */
function firstSentence(text: string): string {
  return /^.*?\.(?= [A-Z]|$)/.exec(text)?.[0] ?? text;
}

/** How a page's reader makes an anchor of a heading. */
function anchor(code: string): string {
  return code.toLowerCase().replaceAll(" ", "-").replaceAll(/[.,]/g, "");
}

function areaPage({ file, title }: Area, entries: readonly LedgerEntry[]): string {
  const parts = STATES.flatMap((state) => {
    const sections = entries.filter((entry) => stateOf(entry) === state).map(section);
    return sections.length === 0 ? [] : [`## ${state}\n\n${sections.join("\n")}`];
  });
  return `# Errors: ${title}

Part of [errors.md](../errors.md); generated from \`src/errors/facts/${file}.ts\` and others.

Under each code stand its HTTP status, its name as a SOAP fault, how sure it is that S3 answers so (*observed* on S3, *documented* by it, or
*inferred*), and whether the same request is worth sending again. What varies in a text stands in {braces}; of several texts, *here* tells
which ones Holdfast sends. "Any request" means that the server, the protocol or the signature checks raise the code before any operation acts.

${parts.join("\n")}`;
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
    ...(raisedBy.length === 0 && reason !== undefined ? [`Never sent: ${plain(reason)}`] : []),
    ...(raisedBy.length > 0 && shown.length > 0 ? ["", "Shown by these tests:", "", ...shown.map(testLine)] : []),
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

/** No link: packages bring these pages, and not the tests. */
function testLine({ path, title }: LedgerEntry["tests"][number]): string {
  return `- ${plain(title)} (\`${path}\`)`;
}

/** Text as Markdown shows it letter for letter. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>]/g, (character) => `\\${character}`);
}

function cell(text: string): string {
  return plain(text).replaceAll("|", "\\|");
}
