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

/** Turns what an operation answers into what goes over the wire, by the schema's bindings. Only the first document comes with a promise. */
export function encodeOutput<Name extends OperationName>(
  name: Name,
  output: OperationOutputs[Name],
  beside: BesideOutput = {},
): EncodedOutput | Promise<EncodedOutput> {
  const head: EncodedOutput = { status: beside.status ?? statuses[name] ?? routes[name].status, headers: [], body: undefined };
  const encoded = encodeMembers(name, output as unknown as Value, head);
  if (beside.headers !== undefined) for (const header of Object.entries(beside.headers)) head.headers.push(header);
  return encoded;
}

/** Adds the members' headers to those of `head`, and the body, which may come later. */
function encodeMembers(name: OperationName, value: Value, head: EncodedOutput): EncodedOutput | Promise<EncodedOutput> {
  const { output: shapeName } = routes[name];
  if (shapeName === undefined) return head;
  const shape = shapeOf(shapeName);
  let payload: ShapeMember | undefined;
  let document = false;
  for (const member of shape.members) {
    if (member.in === "payload") payload = member;
    else if (member.in === "body") document = true;
    else if (value[member.name] !== undefined) addHeaders(head.headers, member, value[member.name]);
  }
  if (payload !== undefined) return withPayload(head, payload, value[payload.name]);
  if (unwrappedOutputs.has(name)) return withXml(head, unwrapped(shape, value));
  return document ? withXml(head, writeXml(shape.xmlName, shapeName, value)) : head;
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
  return String(value);
}

function withPayload(head: EncodedOutput, member: ShapeMember, value: unknown): EncodedOutput | Promise<EncodedOutput> {
  if (value === undefined) return head;
  if (member.type === "stream") return { ...head, body: value as Buffer | OutputBody };
  if (member.type === "structure") {
    return withXml(head, writeXml(member.wire ?? shapeOf(member.shape!).xmlName, member.shape!, value as Value));
  }
  head.headers.push(["Content-Type", "application/json"]);
  return { ...head, body: Buffer.from(value as string) };
}

function withXml(head: EncodedOutput, xml: string | Promise<string>): EncodedOutput | Promise<EncodedOutput> {
  head.headers.push(["Content-Type", "application/xml"]);
  if (xml instanceof Promise) return xml.then((written) => ({ ...head, body: Buffer.from(written) }));
  return { ...head, body: Buffer.from(xml) };
}

/** A document that is the text of its only member. */
function unwrapped(shape: Shape, value: Value): string {
  const text = value[shape.members[0]!.name];
  const root = `${shape.xmlName} xmlns="${S3_NAMESPACE}"`;
  return XML_DECLARATION + (text === undefined ? `<${root}/>` : `<${root}>${escapeXml(String(text))}</${shape.xmlName}>`);
}
