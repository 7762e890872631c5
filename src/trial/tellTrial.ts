import type { Call } from "./calls.ts";
import type { FailureFigures, Verdict } from "./judge.ts";
import { SLOWING_DOWN_MS } from "./judge.ts";
import type { Difference, TrialResult } from "./Trial.ts";

/** Of a list, no more is shown; JSON has all. */
const MAX_SHOWN = 10;

/** What a trial found, for a terminal: the three answers first, then what they rest on. */
export function tellTrial(result: TrialResult): string {
  const { judgement, scenario, command, milliseconds, left, differences } = result;
  const { calls, requests, succeeded, failures, duplicates, givenUp } = judgement;
  const paragraphs = [
    [
      command.join(" "),
      `ran ${(milliseconds / 1000).toFixed(1)} s under "${scenario}" and ${endOf(result)}.`,
      `It sent ${requests} requests for ${calls} calls; ${succeeded} of the calls succeeded.`,
    ],
    [
      `Retries InternalError:              ${VERDICTS[judgement.retriesInternalError]}`,
      `Slows down on SlowDown:             ${VERDICTS[judgement.slowsDown]}${middleOf(failures)}`,
      `Reads codes instead of statuses:    ${VERDICTS[judgement.readsCodes]}`,
    ],
    requests === 0 ? NO_REQUESTS : failures.length === 0 ? ["It met no failure."] : failureTable(failures),
    told("Done more than once, because the first answer did not arrive", duplicates.map(callLine)),
    told("Given up, though another attempt could have helped", givenUp.map(callLine)),
    told(
      "Uploads left behind, neither completed nor aborted",
      left.uploads.map(({ bucket, key, parts }) => `${bucket}/${key} (${parts} parts)`),
    ),
    differences === undefined
      ? [`The store holds ${left.objects} objects, ${left.sizeBytes} bytes.`]
      : differences.length === 0
        ? [`The store holds ${left.objects} objects, ${left.sizeBytes} bytes, and each is what it was made from.`]
        : told("Other than what was to be stored", differences.map(differenceLine)),
  ];
  return `${paragraphs
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** Older clients do not look for an endpoint in the environment. */
const NO_REQUESTS = [
  "No request came to the store. A client that does not know AWS_ENDPOINT_URL is told where it is by",
  "an argument, such as --endpoint-url {endpoint}.",
];

const VERDICTS: Readonly<Record<Verdict, string>> = {
  yes: "yes",
  no: "NO",
  partly: "PARTLY",
  "not seen": "not seen in this run",
};

function endOf({ exitCode, timedOut }: TrialResult): string {
  if (timedOut) return "was ended, for its time was up";
  return exitCode === undefined ? "was ended by a signal" : `ended with exit code ${exitCode}`;
}

function middleOf(failures: readonly FailureFigures[]): string {
  const waits = failures.find(({ failure }) => failure === "SlowDown")?.waits;
  return waits === undefined ? "" : `  (waits ${inMs(waits.medianMs)} in the middle; ${SLOWING_DOWN_MS} ms are enough here)`;
}

function failureTable(failures: readonly FailureFigures[]): string[] {
  const rows = failures.map(({ failure, met, retried, givenUp, waits }) => [
    failure,
    String(met),
    String(retried),
    String(givenUp),
    waits === undefined ? "" : `${inMs(waits.minMs)} / ${inMs(waits.medianMs)} / ${inMs(waits.maxMs)}`,
  ]);
  const table = [["Failure", "met", "retried", "given up", "waits: shortest / middle / longest"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) =>
        column === 0 || column === row.length - 1 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      )
      .join("  ")
      .trimEnd(),
  );
}

function inMs(time: number): string {
  return `${Math.round(time)} ms`;
}

function callLine({ operation, bucket, key, partNumber, attempts }: Call): string {
  const part = partNumber === undefined ? "" : ` part ${partNumber}`;
  const last = attempts.at(-1)!.failure;
  return `${operation} ${[bucket, key].filter((name) => name !== undefined).join("/")}${part}: ${attempts.length} attempts${last === undefined ? "" : `, the last one ${last}`}`;
}

function differenceLine({ path, bucket, key, problem }: Difference): string {
  return problem === "extra"
    ? `${bucket}/${key} has no file`
    : `${path}: ${bucket}/${key} ${problem === "missing" ? "is missing" : "has other bytes"}`;
}

function told(title: string, lines: readonly string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MAX_SHOWN ? [`  … and ${lines.length - MAX_SHOWN} more`] : [];
  return [`${title}: ${lines.length}`, ...lines.slice(0, MAX_SHOWN).map((line) => `  ${line}`), ...more];
}
