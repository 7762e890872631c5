import type { Stage } from "../RequestRecord.ts";
import type { ConsideredStatement, Explained, ExplainedAccess, ExplainedSignature, FailedCondition } from "./Explained.ts";
import { failing, nameOf } from "./explainAccess.ts";

/** Width of text where nobody says another one, in characters. */
const USUAL_WIDTH = 100;

/** Where a request stopped, in words. */
const AT: Readonly<Record<Stage, string>> = {
  head: "stopped at its head",
  authentication: "stopped at authentication",
  authorization: "stopped at authorization",
  input: "stopped at its input",
  execution: "stopped in execution",
  answer: "stopped while its answer was made",
};

/** How the story is told. */
export interface TellOptions {
  /** In characters; texts are broken there, and what programs may copy is not. Default: 100. */
  readonly width?: number;
}

/** The story of a request as text for a terminal, in lines that end with "\n". */
export function tell(explained: Explained, { width = USUAL_WIDTH }: TellOptions = {}): string {
  const { why, change, access, signature, condition, stack } = explained;
  const sections = [
    headOf(explained, width),
    section("Why", listed(why, "  ", width)),
    condition === undefined ? "" : section("Condition", conditionLines(condition)),
    access === undefined ? "" : section("Statements considered", statementLines(access, width)),
    section("Change", listed(change, "  ", width)),
    access === undefined ? "" : additionSections(access),
    signature === undefined ? "" : signatureSections(signature),
    stack === undefined ? "" : section("Stack", indented(stack)),
    section("Time", timeLine(explained, width)),
  ];
  return sections.filter((text) => text !== "").join("\n");
}

function headOf({ asked, outcome, stopped, milliseconds, requestId, hostId }: Explained, width: number): string {
  const { operation, bucket, key, versionId, uploadId, partNumber, method, target, remoteAddress, userAgent, attempt } = asked;
  const what = [
    operation ?? method,
    ...(key === undefined ? [] : [`of key ${key}`]),
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
    ...(partNumber === undefined ? [] : [`part ${partNumber}`]),
    ...(uploadId === undefined ? [] : [`of upload ${uploadId}`]),
    ...(bucket === undefined ? [] : [`in bucket ${bucket}`]),
  ].join(" ");
  const end =
    stopped === undefined
      ? `done after ${shown(milliseconds)} ms`
      : `${outcome === "unchanged" ? "not sent, for nothing changed" : outcome === "redirected" ? "sent elsewhere" : AT[stopped.stage]} (${stopped.status}${stopped.code === undefined ? "" : ` ${stopped.code}`} after ${shown(milliseconds)} ms)`;
  const first = `${what}, by ${callerOf(asked)}, at ${new Date(asked.atMs).toISOString()}: ${end}.`;
  const facts: (readonly [string, string | undefined])[] = [
    ["request", `${method} ${target}`],
    [
      "from",
      `${remoteAddress}${userAgent === undefined ? "" : `, ${userAgent}`}${attempt === undefined ? "" : `, try ${attempt}`}`,
    ],
    ["answer", stopped?.message === "" ? undefined : stopped?.message],
    ["ids", `${requestId} ${hostId}`],
  ];
  const lines = facts.flatMap(([label, text]) =>
    text === undefined ? [] : [paragraph(text, `  ${label.padEnd(LABEL_WIDTH)}`, width)],
  );
  return `${paragraph(first, "", width)}\n${lines.join("")}`;
}

/** Width of the labels in front of what is known of a request. */
const LABEL_WIDTH = 9;

function callerOf({ caller, accessKeyId }: Explained["asked"]): string {
  if (caller !== undefined) return caller;
  return accessKeyId === undefined ? "somebody who did not sign" : `whoever has access key ${accessKeyId} (not proven)`;
}

function section(title: string, body: string): string {
  return body === "" ? "" : `${title}\n${body}`;
}

function listed(sentences: readonly string[], indent: string, width: number): string {
  return sentences.map((sentence) => paragraph(sentence, `${indent}- `, width)).join("");
}

function conditionLines({ header, sent, found }: FailedCondition): string {
  return `  ${header}: ${sent}\n  ${"object".padEnd(header.length)}  ${found ?? "none"}\n`;
}

function statementLines({ statements, omittedStatements, remarks }: ExplainedAccess, width: number): string {
  const lines = statements.map((statement) => `${nameOf(statement)} (${statement.effect}): ${verdictOn(statement)}.`);
  if (omittedStatements > 0) lines.push(`and ${omittedStatements} more.`);
  if (lines.length === 0) lines.push("none: no policy bears on it.");
  return listed([...lines, ...remarks], "  ", width);
}

function verdictOn({ applies, effect, matches, failedConditions }: ConsideredStatement): string {
  if (applies) return effect === "Deny" ? "denies it" : "allows it";
  if (!matches.action) return "is about other actions";
  const reasons: string[] = [];
  if (matches.principal === false) reasons.push("is for other principals");
  if (matches.resource === false) reasons.push("is about other resources");
  reasons.push(...failedConditions.map(failing));
  return `does not apply: ${reasons.join("; ")}`;
}

function additionSections({ additions }: ExplainedAccess): string {
  return additions
    .map(({ to, statement }) => section(`To be added to ${to}`, indented(JSON.stringify(statement, undefined, 2))))
    .join("\n");
}

function signatureSections({ canonicalRequest, stringToSign, difference, compared }: ExplainedSignature): string {
  const sections: string[] = [];
  if (difference !== undefined && difference !== null) {
    const { line, part, client, server } = difference;
    const sides = `  client  ${client ?? "(ends before)"}\n  server  ${server ?? "(ends before)"}\n`;
    sections.push(section(`First difference: line ${line}, ${part}`, sides));
  } else if (difference === null)
    sections.push(section("Compared", `  equal: ${compared === "stringToSign" ? "string to sign" : "canonical request"}\n`));
  if (canonicalRequest !== undefined)
    sections.push(section("Canonical request, as the server computed it", numbered(canonicalRequest)));
  if (stringToSign !== undefined) sections.push(section("String to sign, as the server computed it", numbered(stringToSign)));
  return sections.join("\n");
}

function numbered(text: string): string {
  return text
    .split("\n")
    .map((line, index) => `${`${String(index + 1).padStart(NUMBER_WIDTH)}  ${line}`.trimEnd()}\n`)
    .join("");
}

/** Width of the numbers of lines. */
const NUMBER_WIDTH = 4;

function indented(text: string): string {
  return text
    .split("\n")
    .map((line) => `  ${line}\n`)
    .join("");
}

function timeLine({ stages, milliseconds }: Explained, width: number): string {
  const told = stages
    .filter(({ milliseconds: spent }) => spent > 0)
    .map(({ stage, milliseconds: spent }) => `${stage} ${shown(spent)}`);
  return paragraph(`${shown(milliseconds)} ms${told.length === 0 ? "" : `: ${told.join(", ")}`}`, "  ", width);
}

function shown(milliseconds: number): string {
  return milliseconds >= 100 ? String(Math.round(milliseconds)) : String(Number(milliseconds.toPrecision(2)));
}

/** Words behind a beginning, in lines no wider than that where words allow it. */
function paragraph(text: string, beginning: string, width: number): string {
  const indent = " ".repeat(beginning.length);
  let line = beginning;
  let whole = "";
  let isEmpty = true;
  for (const word of text.split(" ")) {
    if (!isEmpty && line.length + 1 + word.length > width) {
      whole += `${line}\n`;
      line = indent;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return `${whole}${line}\n`;
}
