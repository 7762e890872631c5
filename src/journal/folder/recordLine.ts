import type { RequestRecord, RequestStory } from "../RequestRecord.ts";

/** A line is no longer than this, in characters: of a longer one, the story is shortened. */
export const MAX_LINE_LENGTH: number = 128 * 1024;

const MICROSECONDS = 1_000;

/** Texts that stand in JSON as they are. */
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * A record as a line of JSON, with its line break. It is written for every request: by hand, in a third of the time that JSON.stringify takes. Times
 * are whole numbers, which are written faster than others and need half the room: when the request ended, in milliseconds since 1970, and
 * microseconds for what it took.
 */
export function recordLine(record: RequestRecord): string {
  const { story } = record;
  const line = lineOf(record, story);
  if (line.length <= MAX_LINE_LENGTH || story === undefined) return line;
  const { stage, error } = story;
  const shortened = lineOf(record, { stage, headers: [], steps: [], error });
  return shortened.length <= MAX_LINE_LENGTH ? shortened : lineOf(record, undefined);
}

function lineOf(record: RequestRecord, story: RequestStory | undefined): string {
  const { milliseconds, stages, faults } = record;
  let times = "";
  for (const time of stages) times += times === "" ? Math.round(time * MICROSECONDS) : `,${Math.round(time * MICROSECONDS)}`;
  return (
    `{"requestId":${quoted(record.requestId)},"hostId":${quoted(record.hostId)},"endedAtMs":${Math.round(record.atMs + milliseconds)}` +
    `,"microseconds":${Math.round(milliseconds * MICROSECONDS)},"stages":[${times}]` +
    `,"method":${quoted(record.method)},"target":${quoted(record.target)}` +
    `${text("operation", record.operation)}${text("bucket", record.bucket)}${text("key", record.key)}` +
    `${text("versionId", record.versionId)}${text("uploadId", record.uploadId)}${number("partNumber", record.partNumber)}` +
    `${number("objectSizeBytes", record.objectSizeBytes)},"status":${record.status}${text("errorCode", record.errorCode)}` +
    `,"receivedSizeBytes":${record.receivedSizeBytes},"sentSizeBytes":${record.sentSizeBytes}` +
    `,"remoteAddress":${quoted(record.remoteAddress)}${text("userAgent", record.userAgent)}` +
    `${text("accessKeyId", record.accessKeyId)}${text("caller", record.caller)}` +
    `${number("attempt", record.attempt)}${text("invocationId", record.invocationId)}` +
    `${faults === undefined ? "" : `,"faults":${JSON.stringify(faults)}`}` +
    `${story === undefined ? "" : `,"story":${JSON.stringify(story)}`}}\n`
  );
}

function quoted(value: string): string {
  return PLAIN.test(value) ? `"${value}"` : JSON.stringify(value);
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? "" : `,"${name}":${quoted(value)}`;
}

function number(name: string, value: number | undefined): string {
  // A number that is none was sent as one; JSON has no word for it.
  return value === undefined || !Number.isFinite(value) ? "" : `,"${name}":${value}`;
}

/** How a text stands in a line where it is the value of a member, whoever wrote that. */
export function textInLine(value: string): string {
  return quoted(value);
}

/** The record that stands in a line; `undefined` where the line is torn or damaged. */
export function recordIn(line: string): RequestRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (!isLine(value)) return undefined;
  const { endedAtMs, microseconds, stages, ...rest } = value;
  const milliseconds = microseconds / MICROSECONDS;
  const { requestId, hostId, ...others } = rest;
  return {
    requestId,
    hostId,
    atMs: endedAtMs - milliseconds,
    ...others,
    milliseconds,
    stages: stages.map((time) => time / MICROSECONDS),
  };
}

/** What stands in a line. */
interface Line extends Omit<RequestRecord, "atMs" | "milliseconds"> {
  readonly endedAtMs: number;
  readonly microseconds: number;
}

const TEXTS = ["requestId", "hostId", "method", "target", "remoteAddress"];
const NUMBERS = ["endedAtMs", "microseconds", "status", "receivedSizeBytes", "sentSizeBytes"];

function isLine(value: unknown): value is Line {
  if (typeof value !== "object" || value === null) return false;
  const line = value as Readonly<Record<string, unknown>>;
  const { stages, story } = line;
  return (
    TEXTS.every((name) => typeof line[name] === "string") &&
    NUMBERS.every((name) => typeof line[name] === "number") &&
    Array.isArray(stages) &&
    stages.every((time) => typeof time === "number") &&
    (story === undefined || isStory(story))
  );
}

function isStory(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { stage, headers, steps } = value as Readonly<Record<string, unknown>>;
  return typeof stage === "string" && Array.isArray(headers) && Array.isArray(steps);
}
