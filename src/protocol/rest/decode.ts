import { S3Error } from "../../errors/S3Error.ts";
import { textMembers } from "../deviations.ts";
import { enums } from "../generated/enums.ts";
import { routes } from "../generated/routes.ts";
import { shapes } from "../generated/shapes.ts";
import type { OperationInputs, OperationName } from "../generated/types.ts";
import type { ShapeMember } from "../Shape.ts";
import type { WireRequest } from "../WireRequest.ts";
import { readXml } from "../xml/readXml.ts";
import { hasBodyMembers, payloadMember } from "./bodyKind.ts";
import { badMember, badNumber, missingMember } from "./memberErrors.ts";
import { parseTimestamp } from "./timestamps.ts";

/** No request document is larger than this, in bytes; 10,000 parts with their checksums come to about 3 MiB. */
export const MAX_XML_BODY_SIZE_BYTES: number = 8 * 1024 * 1024;

const INTEGER = /^[+-]?\d{1,19}$/;
const MAX_INTEGER = 2_147_483_647;

/** The part of an input that the request's head says: labels, query and headers. Throws S3's errors for values that cannot be. */
export function decodeHead(name: OperationName, request: WireRequest): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  const shapeName = routes[name].input;
  if (shapeName === undefined) return input;
  for (const member of shapes[shapeName]!.members) {
    if (member.in === "payload" || member.in === "body") continue;
    const value = member.in === "prefix" ? prefixed(request, member.wire!) : decodeMember(member, request, name);
    if (value !== undefined) input[member.name] = value;
    else if (member.required === true) throw missingMember(member);
  }
  return input;
}

/** Completes an input with its body: an XML document or text. A body that may be left out is. */
export function decodeBody<Name extends OperationName>(
  name: Name,
  head: Record<string, unknown>,
  body: Buffer,
): OperationInputs[Name] {
  const payload = payloadMember(name);
  if (payload === undefined) {
    const shapeName = routes[name].input;
    if (!hasBodyMembers(name)) return head as unknown as OperationInputs[Name];
    return { ...readXml(body, shapeName!, shapes[shapeName!]!.xmlName), ...head } as unknown as OperationInputs[Name];
  }
  if (body.length === 0) {
    if (payload.required === true) throw missingBody(name);
    return head as unknown as OperationInputs[Name];
  }
  if (payload.type !== "structure") return { ...head, [payload.name]: body.toString("utf8") } as unknown as OperationInputs[Name];
  const document = readXml(body, payload.shape!, payload.wire ?? shapes[payload.shape!]!.xmlName);
  return { ...head, [payload.name]: document } as unknown as OperationInputs[Name];
}

function missingBody(name: OperationName): S3Error {
  // DeleteObjects is older than the error that later operations give.
  const code = name === "DeleteObjects" ? "MalformedXML" : "MissingRequestBodyError";
  return new S3Error(code, { explanation: `${name} needs an XML document in its body, and the body is empty.` });
}

function prefixed(request: WireRequest, prefix: string): Record<string, string> | undefined {
  let found: Record<string, string> | undefined;
  for (const name of request.headers.names()) {
    if (!name.startsWith(prefix)) continue;
    found ??= {};
    found[name.slice(prefix.length)] = request.headers.get(name)!;
  }
  return found;
}

function decodeMember(member: ShapeMember, request: WireRequest, operation: OperationName): unknown {
  switch (member.in) {
    case "label":
      return member.name === "Bucket" ? request.address.bucket : request.address.key;
    case "query":
      return convert(member, request.query.get(member.wire!), operation);
    default:
      return convert(member, request.headers.get(member.wire!), operation);
  }
}

function convert(member: ShapeMember, text: string | undefined, operation: OperationName): unknown {
  if (text === undefined) return undefined;
  switch (member.type) {
    case "number":
      return toNumber(member, text);
    case "boolean":
      return toBoolean(member, text);
    case "timestamp":
      // Dates that cannot be read are ignored, as S3 ignores them in conditions.
      return textMembers.has(member.name) ? text : parseTimestamp(text);
    case "list":
      return listItems(member, text, operation);
    default:
      checkEnumeration(member, text, operation);
      return text;
  }
}

function listItems(member: ShapeMember, text: string, operation: OperationName): string[] {
  const items = text.split(",").map((item) => item.trim());
  for (const item of items) checkEnumeration(member, item, operation);
  return items;
}

function toNumber(member: ShapeMember, text: string): number | undefined {
  // An empty limit is no limit.
  if (text === "" && member.in === "query") return undefined;
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  const inRange = member.in === "header" ? Number.isSafeInteger(value) : Math.abs(value) <= MAX_INTEGER;
  if (inRange) return value;
  throw badNumber(member, text);
}

function toBoolean(member: ShapeMember, text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw badMember(member, text, ["true", "false"]);
}

function checkEnumeration(member: ShapeMember, text: string, operation: OperationName): void {
  if (member.enum === undefined || enums[member.enum]!.includes(text)) return;
  // An empty encoding type or the like is as good as none.
  if (text === "" && member.in === "query") return;
  throw badMember(member, text, enums[member.enum]!, operation);
}
