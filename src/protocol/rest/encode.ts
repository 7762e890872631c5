import { escapeXml } from "../../errors/escapeXml.ts";
import { headerNames, statuses, unwrappedOutputs } from "../deviations.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName, OperationOutputs } from "../generated/types.ts";
import type { BesideOutput, EncodedOutput } from "../Dialect.ts";
import type { OutputBody } from "../Payload.ts";
import type { Shape, ShapeMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import { S3_NAMESPACE, writeXml, XML_DECLARATION } from "../xml/writeXml.ts";
import { formatTimestamp } from "./timestamps.ts";

type Value = Readonly<Record<string, unknown>>;

/** Turns what an operation answers into what goes over the wire, by the schema's bindings. */
export function encodeOutput<Name extends OperationName>(
  name: Name,
  output: OperationOutputs[Name],
  beside: BesideOutput = {},
): EncodedOutput {
  const encoded = encodeMembers(name, output as unknown as Value, beside.status);
  if (beside.headers !== undefined) for (const header of Object.entries(beside.headers)) encoded.headers.push(header);
  return encoded;
}

function encodeMembers(name: OperationName, value: Value, ownStatus: number | undefined): EncodedOutput {
  const { output: shapeName, status } = routes[name];
  const headers: (readonly [string, string])[] = [];
  const encoded = (body: EncodedOutput["body"]): EncodedOutput => ({
    status: ownStatus ?? statuses[name] ?? status,
    headers,
    body,
  });
  if (shapeName === undefined) return encoded(undefined);
  const shape = shapeOf(shapeName);
  let payload: ShapeMember | undefined;
  let document = false;
  for (const member of shape.members) {
    if (member.in === "payload") payload = member;
    else if (member.in === "body") document = true;
    else if (value[member.name] !== undefined) addHeaders(headers, member, value[member.name]);
  }
  if (payload !== undefined) return encoded(payloadBody(payload, value[payload.name], headers));
  if (!document) return encoded(undefined);
  headers.push(["Content-Type", "application/xml"]);
  if (unwrappedOutputs.has(name)) return encoded(unwrapped(shape, value));
  return encoded(Buffer.from(writeXml(shape.xmlName, shapeName, value)));
}

/** Header names as S3 spells them: lower case for its own, capitals for HTTP's. */
function headerName(member: ShapeMember): string {
  const wire = headerNames[member.wire!] ?? member.wire!;
  if (wire === "etag") return "ETag";
  return wire.startsWith("x-amz-") ? wire : wire.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
}

const spelled = new Map<ShapeMember, string>();

function spelledName(member: ShapeMember): string {
  let name = spelled.get(member);
  if (name === undefined) {
    name = headerName(member);
    spelled.set(member, name);
  }
  return name;
}

function addHeaders(headers: (readonly [string, string])[], member: ShapeMember, value: unknown): void {
  if (member.in === "prefix") {
    for (const [name, text] of Object.entries(value as Record<string, string>)) headers.push([member.wire! + name, text]);
    return;
  }
  headers.push([spelledName(member), headerText(member, value)]);
}

function headerText(member: ShapeMember, value: unknown): string {
  if (member.type === "timestamp") return formatTimestamp(value as Date, member.format!);
  return Array.isArray(value) ? value.join(", ") : String(value);
}

function payloadBody(member: ShapeMember, value: unknown, headers: (readonly [string, string])[]): EncodedOutput["body"] {
  if (value === undefined) return undefined;
  if (member.type === "stream" || member.type === "blob") return value as Buffer | OutputBody;
  if (member.type !== "structure") {
    headers.push(["Content-Type", "application/json"]);
    return Buffer.from(value as string);
  }
  headers.push(["Content-Type", "application/xml"]);
  return Buffer.from(writeXml(member.wire ?? shapeOf(member.shape!).xmlName, member.shape!, value as Value));
}

/** A document that is the text of its only member. */
function unwrapped(shape: Shape, value: Value): Buffer {
  const text = value[shape.members[0]!.name];
  const root = `${shape.xmlName} xmlns="${S3_NAMESPACE}"`;
  const element = text === undefined ? `<${root}/>` : `<${root}>${escapeXml(String(text))}</${shape.xmlName}>`;
  return Buffer.from(XML_DECLARATION + element);
}
