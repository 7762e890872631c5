import type { RequestRecord, RequestStory } from "../RequestRecord.ts";

/** A line is no longer than this, in characters: of a longer one, the story is shortened. */
export const MAX_LINE_LENGTH: number = 128 * 1024;

const MICROSECONDS = 1_000;

/** What JSON does not have as it is within a text. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

/**
 * A record as a line of JSON, with its line break. It is made for every request, and so by hand: most of the texts need no look at each of their
 * characters, and what comes again with the next request is not made again. Times are whole numbers: when the request ended, in milliseconds since
 * 1970, and microseconds for what it took.
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
  const { milliseconds, stages, operation, errorCode, objectSizeBytes, faults } = record;
  // Our own words stand between quotation marks as they are, and so does what HTTP takes for a method.
  return (
    `{"requestId":"${record.requestId}","hostId":"${record.hostId}","endedAtMs":${endText(record.atMs + milliseconds)}` +
    `"microseconds":${Math.round(milliseconds * MICROSECONDS)},"stages":[${timesText(stages)}],"method":"${record.method}"` +
    (operation === undefined ? "" : `,"operation":"${operation}"`) +
    `,"target":${quoted(record.target)}${text("bucket", record.bucket)}${text("key", record.key)}${rareText(record)}` +
    `,"status":${record.status}${errorCode === undefined ? "" : `,"errorCode":"${errorCode}"`}` +
    (objectSizeBytes === undefined ? "" : `,"objectSizeBytes":${objectSizeBytes}`) +
    `,"receivedSizeBytes":${record.receivedSizeBytes},"sentSizeBytes":${record.sentSizeBytes}` +
    senderText(record) +
    text("userAgent", record.userAgent) +
    text("invocationId", record.invocationId) +
    (faults === undefined ? "" : `,"faults":${JSON.stringify(faults)}`) +
    (story === undefined ? "}\n" : `,"story":${JSON.stringify(story)}}\n`)
  );
}

/** The latest end, and its text: many requests end in one millisecond. */
let latestEndMs = Number.NaN;
let latestEndText = "";

function endText(endMs: number): string {
  const rounded = Math.round(endMs);
  if (rounded !== latestEndMs) {
    latestEndMs = rounded;
    latestEndText = `${rounded},`;
  }
  return latestEndText;
}

function timesText(stages: readonly number[]): string {
  let texts = "";
  for (const time of stages) texts += texts === "" ? Math.round(time * MICROSECONDS) : `,${Math.round(time * MICROSECONDS)}`;
  return texts;
}

/** What few requests have. */
function rareText({ versionId, uploadId, partNumber, referer, httpVersion, loggedAs, usedAcl }: RequestRecord): string {
  const isRare =
    versionId !== undefined ||
    uploadId !== undefined ||
    referer !== undefined ||
    httpVersion !== undefined ||
    loggedAs !== undefined ||
    partNumber !== undefined ||
    usedAcl !== undefined;
  return isRare
    ? text("versionId", versionId) +
        text("uploadId", uploadId) +
        member("partNumber", partNumber) +
        text("referer", referer) +
        text("httpVersion", httpVersion) +
        text("loggedAs", loggedAs) +
        member("usedAcl", usedAcl)
    : "";
}

/** The latest that was sent, and what a line says of who sent it: whoever sends one request mostly sends more. */
let latest: RequestRecord | undefined;
let latestSenderText = "";

function senderText(record: RequestRecord): string {
  if (latest === undefined || !hasSameSender(record, latest)) {
    latest = { ...record, story: undefined };
    latestSenderText =
      text("remoteAddress", record.remoteAddress) +
      text("host", record.host) +
      text("tls", record.tls) +
      text("signature", record.signature) +
      text("accessKeyId", record.accessKeyId) +
      text("caller", record.caller) +
      text("canonicalId", record.canonicalId) +
      text("bucketOwnerId", record.bucketOwnerId) +
      member("attempt", record.attempt);
  }
  return latestSenderText;
}

function hasSameSender(one: RequestRecord, other: RequestRecord): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.caller === other.caller &&
    one.remoteAddress === other.remoteAddress &&
    one.host === other.host &&
    one.tls === other.tls &&
    one.signature === other.signature &&
    one.canonicalId === other.canonicalId &&
    one.bucketOwnerId === other.bucketOwnerId &&
    one.attempt === other.attempt
  );
}

function quoted(value: string): string {
  return NOT_PLAIN.test(value) ? JSON.stringify(value) : `"${value}"`;
}

function text(name: string, value: string | undefined): string {
  return value === undefined ? "" : `,"${name}":${quoted(value)}`;
}

function member(name: string, value: number | true | undefined): string {
  return value === undefined ? "" : `,"${name}":${value}`;
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
