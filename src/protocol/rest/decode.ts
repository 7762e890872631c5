import { S3Error } from "../../errors/S3Error.ts";
import {
  anyBooleans,
  anyCaseEnumerations,
  emptyBodyIsMalformed,
  ignoredNumbers,
  listNumbers,
  longNumbers,
  malformedBodyCodes,
  numericTexts,
  openEnumerations,
} from "../deviations.ts";
import { enums } from "../generated/enums.ts";
import { routes } from "../generated/routes.ts";
import type { OperationInputs, OperationName } from "../generated/types.ts";
import type { ShapeMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import type { WireRequest } from "../WireRequest.ts";
import { readXml } from "../xml/readXml.ts";
import { hasBodyMembers, payloadMember } from "./bodyKind.ts";
import { decodedWords } from "./encodedWords.ts";
import { badDate, badMember, badNumber, misplacedCopySource, misplacedEncryption, missingMember } from "./memberErrors.ts";
import { parseTimestamp } from "./timestamps.ts";

/**
 * No request document is larger than this, in bytes; 10,000 parts with their checksums come to about 3 MiB. Bodies beyond it are refused
 * with MaxMessageLengthExceeded before they are read.
 */
export const MAX_XML_BODY_SIZE_BYTES: number = 8 * 1024 * 1024;

const INTEGER = /^-?\d+$/;
const MIN_INTEGER = -2_147_483_648;
const MAX_INTEGER = 2_147_483_647;

/** Made once for each operation. */
const headMembersByOperation = new Map<OperationName, ReadonlyMap<string, ShapeMember>>();

/** The members of an operation's input that travel in the head of a request, by name. */
export function headMembers(name: OperationName): ReadonlyMap<string, ShapeMember> {
  let members = headMembersByOperation.get(name);
  if (members === undefined) {
    const inHead = shapeOf(routes[name].input).members.filter(({ in: place }) => place !== "payload" && place !== "body");
    members = new Map(inHead.map((member) => [member.name, member]));
    headMembersByOperation.set(name, members);
  }
  return members;
}

/** Values of an input, by member. */
export type Members = Record<string, unknown>;

/**
 * The part of an input that the request's head says: labels, query and headers. `early` are the values of the members that were decoded
 * before. Throws S3's errors for values that cannot be.
 */
export function decodeHead(name: OperationName, request: WireRequest, early?: Members): Members {
  const input: Members = {};
  let copies = false;
  let encrypts = false;
  for (const member of headMembers(name).values()) {
    if (member.wire === COPY_SOURCE) copies = true;
    if (member.wire === ENCRYPTION) encrypts = true;
    const isDecoded = early !== undefined && Object.hasOwn(early, member.name);
    const value = isDecoded ? early[member.name] : decodeMember(member, request, name);
    if (value !== undefined) input[member.name] = value;
    else if (member.required === true) throw missingMember(member);
  }
  if (!copies && request.headers.has(COPY_SOURCE)) throw misplacedCopySource(request.headers.get(COPY_SOURCE)!, name);
  if (!encrypts && routes[name].scope === "object" && request.headers.has(ENCRYPTION)) {
    throw misplacedEncryption(request.headers.get(ENCRYPTION)!, name);
  }
  return input;
}

const COPY_SOURCE = "x-amz-copy-source";
const ENCRYPTION = "x-amz-server-side-encryption";

/** Completes an input with its body: an XML document or text. Throws MalformedXML and its kin. */
export function decodeBody<Name extends OperationName>(name: Name, head: Members, body: Buffer): OperationInputs[Name] {
  return inputOf(name, head, body) as unknown as OperationInputs[Name];
}

function inputOf(name: OperationName, head: Members, body: Buffer): Members {
  const payload = payloadMember(name);
  if (payload === undefined) {
    if (!hasBodyMembers(name)) return head;
    const shapeName = routes[name].input;
    return { ...readDocument(name, body, shapeName, shapeOf(shapeName).xmlName), ...head };
  }
  if (body.length === 0) {
    if (payload.required === true) throw missingBody(name);
    return head;
  }
  if (payload.type !== "structure") return { ...head, [payload.name]: body.toString("utf8") };
  const rootName = payload.wire ?? shapeOf(payload.shape!).xmlName;
  return { ...head, [payload.name]: readDocument(name, body, payload.shape!, rootName) };
}

function readDocument(name: OperationName, body: Buffer, shapeName: string, rootName: string): Members {
  const code = malformedBodyCodes[name];
  if (code === undefined) return readXml(body, shapeName, rootName);
  try {
    return readXml(body, shapeName, rootName);
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    throw new S3Error(code, { cause: error, explanation: error.explanation! });
  }
}

function missingBody(name: OperationName): S3Error {
  const code = emptyBodyIsMalformed.has(name) ? "MalformedXML" : "MissingRequestBodyError";
  return new S3Error(code, { explanation: `${name} needs a document in its body, and the body is empty.` });
}

/** The text of a member as the head of a request brings it; `undefined` when it was not sent, and where no one parameter or header brings it. */
export function textOf(member: ShapeMember, request: WireRequest): string | undefined {
  switch (member.in) {
    case "label":
      return member.name === "Bucket" ? request.address.bucket : request.address.key;
    case "query":
      return request.query.get(member.wire!);
    case "header":
      return request.headers.get(member.wire!);
    default:
      return undefined;
  }
}

/** The value of one member of the head; `undefined` when it was not sent. Throws S3's errors for values that cannot be. */
export function decodeMember(member: ShapeMember, request: WireRequest, operation: OperationName): unknown {
  return member.in === "prefix" ? prefixed(request, member.wire!) : convert(member, textOf(member, request), operation);
}

/** The headers that begin with a prefix, by the rest of their names: user metadata, as S3 stores it. */
function prefixed(request: WireRequest, prefix: string): Record<string, string> | undefined {
  const entries: [string, string][] = [];
  for (const name of request.headers.names()) {
    if (!name.startsWith(prefix)) continue;
    entries.push([name.slice(prefix.length), request.headers.all(name).map(metadataText).join(",")]);
  }
  // Not by assignment: a header may be called x-amz-meta-__proto__.
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const NON_ASCII = /[^\0-\x7f]/; // eslint-disable-line no-control-regex -- it asks whether a text is ASCII

/** S3 takes each raw byte of user metadata for a character of Latin-1; only encoded words bring any others. */
function metadataText(line: string): string {
  return decodedWords(NON_ASCII.test(line) ? Buffer.from(line).toString("latin1") : line);
}

function convert(member: ShapeMember, text: string | undefined, operation: OperationName): unknown {
  if (text === undefined) return undefined;
  switch (member.type) {
    case "number":
      return toNumber(member, text);
    case "boolean":
      return toBoolean(member, text, operation);
    case "timestamp":
      return toDate(member, text);
    case "list":
      return listItems(member, text, operation);
    default:
      if (numericTexts.has(member.wire!)) return toNumber(member, text)?.toString();
      return enumerated(member, text, operation);
  }
}

/** A list without items is as good as none. */
function listItems(member: ShapeMember, text: string, operation: OperationName): string[] | undefined {
  const items: string[] = [];
  for (const part of text.split(",")) {
    const item = part.trim();
    if (item !== "") items.push(enumerated(member, item, operation));
  }
  return items.length === 0 ? undefined : items;
}

/** S3's one way to read a whole number: digits, with or without a minus before them, however many zeros they begin with. */
function toNumber(member: ShapeMember, text: string): number | undefined {
  const wire = member.wire!;
  if (text === "" && listNumbers.has(wire)) return undefined;
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  const inRange = longNumbers.has(wire) ? Number.isSafeInteger(value) : value >= MIN_INTEGER && value <= MAX_INTEGER;
  // Zero has no sign on S3's wire.
  if (inRange) return value + 0;
  if (ignoredNumbers.has(wire)) return undefined;
  throw badNumber(member, text);
}

/** RFC 9110 has servers ignore conditions whose dates they cannot read. */
const CONDITIONAL_DATES: ReadonlySet<string> = new Set([
  "if-modified-since",
  "if-unmodified-since",
  "x-amz-copy-source-if-modified-since",
  "x-amz-copy-source-if-unmodified-since",
]);

function toDate(member: ShapeMember, text: string): Date | undefined {
  const date = parseTimestamp(text, member.format!);
  if (date === undefined && !CONDITIONAL_DATES.has(member.wire!)) throw badDate(member, text);
  return date;
}

function toBoolean(member: ShapeMember, text: string, operation: OperationName): boolean {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false" || anyBooleans.has(member.wire!)) return lower === "true";
  // A switch in the query without a value is off.
  if (text === "" && member.in === "query") return false;
  throw badMember(member, text, ["true", "false"], operation);
}

/** The text, spelled as its enumeration spells it if it has one. */
function enumerated(member: ShapeMember, text: string, operation: OperationName): string {
  if (member.enum === undefined) return text;
  const values = enums[member.enum]!;
  const value = anyCaseEnumerations.has(member.enum) ? text.toUpperCase() : text;
  if (values.includes(value)) return value;
  if (openEnumerations.has(member.enum)) return text;
  throw badMember(member, text, values, operation);
}
