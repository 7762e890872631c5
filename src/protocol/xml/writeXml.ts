import { escapeXml } from "../../errors/escapeXml.ts";
import { elementOrder } from "../deviations.ts";
import { formatTimestamp } from "../rest/timestamps.ts";
import type { ShapeMember, TypeOfMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import { listedPrefixWriter } from "./listedPrefixWriter.ts";
import { writeListedObject } from "./writeListedObject.ts";

/** The namespace of S3's documents. */
export const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** S3 begins its documents with this and a line break. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

type Value = Readonly<Record<string, unknown>>;

/** Writes one value as it stands in a document; made once for each member of a structure, because a list writes thousands. */
type Writer = (value: unknown) => string;

/** A structure as a document: declaration, root element with S3's namespace, no other white space. */
export function writeXml(rootName: string, shapeName: string, value: Value): string {
  return XML_DECLARATION + container(rootName, ` xmlns="${S3_NAMESPACE}"`, content(shapeName, value));
}

/** An element that holds elements. Without any it closes itself; empty text does not, as on S3's wire. */
function container(name: string, attributeText: string, inside: string): string {
  return inside === "" ? `<${name}${attributeText}/>` : `<${name}${attributeText}>${inside}</${name}>`;
}

/** How a structure is written. */
interface StructureWriter {
  /** The declaration of a namespace, or "". */
  readonly namespace: string;
  readonly attributes: readonly ShapeMember[];
  readonly elements: readonly (readonly [member: string, write: Writer])[];
}

const writers = new Map<string, StructureWriter>();

function writerOf(shapeName: string): StructureWriter {
  let writer = writers.get(shapeName);
  if (writer === undefined) {
    const { xmlNamespace, members } = shapeOf(shapeName);
    writer = {
      namespace: xmlNamespace === undefined ? "" : ` xmlns:${xmlNamespace[0]}="${xmlNamespace[1]}"`,
      attributes: members.filter((member) => member.in === "attribute"),
      elements: orderedMembers(shapeName).map((member) => [member.name, elementsWriter(member, member.wire!)] as const),
    };
    writers.set(shapeName, writer);
  }
  return writer;
}

/** The elements inside a structure. */
function content(shapeName: string, value: Value): string {
  return (shapeName === "Object" ? writeListedObject(value) : undefined) ?? interpretedContent(shapeName, value);
}

/** The elements inside a structure as its shape has them, whether or not it could be written faster. */
export function interpretedContent(shapeName: string, value: Value): string {
  let text = "";
  for (const [name, write] of writerOf(shapeName).elements) {
    const part = value[name];
    if (part !== undefined) text += write(part);
  }
  return text;
}

function elementsWriter(type: TypeOfMember, name: string): Writer {
  if (type.type !== "list") return elementWriter(type, name);
  const write = elementWriter(type.item!, type.flat === true ? name : type.itemName!);
  const items: Writer = (value) => {
    let text = "";
    for (const item of value as readonly unknown[]) text += write(item);
    return text;
  };
  return type.flat === true ? items : (value) => container(name, "", items(value));
}

function elementWriter(type: TypeOfMember, name: string): Writer {
  const open = `<${name}>`;
  const close = `</${name}>`;
  switch (type.type) {
    case "structure": {
      const shape = type.shape!;
      const write: Writer = (value) => container(name, attributes(shape, value as Value), content(shape, value as Value));
      return shape === "CommonPrefix" ? listedPrefixWriter(name, write) : write;
    }
    case "timestamp":
      return (value) => open + formatTimestamp(value as Date, type.format!) + close;
    case "blob":
      return (value) => open + (value as Buffer).toString("base64") + close;
    default:
      return (value) => open + (typeof value === "string" ? escapeXml(value) : String(value)) + close;
  }
}

function attributes(shapeName: string, value: Value): string {
  const writer = writerOf(shapeName);
  let text = writer.namespace;
  for (const member of writer.attributes) {
    const part = value[member.name];
    if (part !== undefined) text += ` ${member.wire}="${escapeXml(String(part))}"`;
  }
  return text;
}

/** The members of a structure that are elements, in S3's order. */
function orderedMembers(shapeName: string): readonly ShapeMember[] {
  const order = elementOrder[shapeName]?.split(" ") ?? [];
  const place = (member: ShapeMember): number => {
    const index = order.indexOf(member.wire!);
    return index < 0 ? order.length : index;
  };
  // Sorting is stable: members that are not listed keep the schema's order, behind the listed ones.
  return shapeOf(shapeName)
    .members.filter((member) => member.in === "body")
    .toSorted((a, b) => place(a) - place(b));
}
