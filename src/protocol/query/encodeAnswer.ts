import { escapeXml } from "../../errors/escapeXml.ts";
import type { TypeOfMember } from "../Shape.ts";
import { container } from "../xml/elements.ts";
import type { QueryService } from "./services.ts";

type Value = Readonly<Record<string, unknown>>;

/** The document that answers an operation: what it found, where it has an output, and the request's id. */
export function answerDocument(service: QueryService, operation: string, output: Value, requestId: string): Buffer {
  const { output: shapeName } = service.find(operation)!;
  const result = shapeName === undefined ? "" : element(`${operation}Result`, structure(service, shapeName, output));
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return Buffer.from(`<${operation}Response xmlns="${service.namespace}">${result}${metadata}</${operation}Response>`);
}

function structure(service: QueryService, shapeName: string, value: Value): string {
  let text = "";
  for (const member of service.shapeOf(shapeName).members) {
    const held = value[member.name];
    if (held !== undefined) text += element(member.name, content(service, member, held));
  }
  return text;
}

function content(service: QueryService, type: TypeOfMember, value: unknown): string {
  switch (type.type) {
    case "structure":
      return structure(service, type.shape!, value as Value);
    case "list":
      return (value as readonly unknown[]).map((item) => element(type.itemName!, content(service, type.item!, item))).join("");
    case "map":
      return Object.entries(value as Readonly<Record<string, number>>)
        .map(([key, number]) => element("entry", element("key", escapeXml(key)) + element("value", String(number))))
        .join("");
    case "timestamp":
      return secondsOf(value as Date);
    default:
      return escapeXml(String(value));
  }
}

/** A time to the second, as IAM and STS write it: 2026-11-21T07:18:00Z. */
function secondsOf(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

function element(name: string, inside: string): string {
  return container(`<${name}`, inside, `</${name}>`);
}
