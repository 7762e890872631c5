import type { RequestRecord } from "../journal/RequestRecord.ts";

/** The widths of all columns but the last one, in characters; longer texts push the others to the right. */
const COLUMNS: readonly (readonly [name: string, width: number])[] = [
  ["time", 24],
  ["request id", 16],
  ["request", 26],
  ["status", 6],
  ["code", 22],
  ["ms", 9],
  ["received", 10],
  ["sent", 10],
  ["what", 32],
];
const NUMBERS: ReadonlySet<string> = new Set(["ms", "received", "sent"]);

/** The names of the columns, as a line. */
export const REQUEST_TABLE_HEAD: string = row([...COLUMNS.map(([name]) => name), "who"]);

/** A request as a line for people. */
export function requestRow(record: RequestRecord): string {
  const { atMs, requestId, method, operation, status, errorCode, milliseconds, receivedSizeBytes, sentSizeBytes } = record;
  return row([
    new Date(atMs).toISOString(),
    requestId,
    operation === undefined ? method : `${method} ${operation}`,
    String(status),
    errorCode ?? "",
    milliseconds.toFixed(1),
    String(receivedSizeBytes),
    String(sentSizeBytes),
    what(record),
    who(record),
  ]);
}

/** What it is about: a bucket and a key, or the target where it is about none. */
function what({ bucket, key, target }: RequestRecord): string {
  if (bucket === undefined) return target;
  return key === undefined ? bucket : `${bucket}/${key}`;
}

/** Who asks; whoever has not proven that is called by the access key that they name. */
function who({ caller, accessKeyId }: RequestRecord): string {
  return caller ?? (accessKeyId === undefined ? "-" : `${accessKeyId} (unproven)`);
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, index) => {
    const [name, width] = COLUMNS[index] ?? ["who", 0];
    const shown = printable(cell);
    return NUMBERS.has(name) ? shown.padStart(width) : shown.padEnd(width);
  });
  return `${padded.join("  ").trimEnd()}\n`;
}

/** A text of a client's without what a terminal would obey. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
