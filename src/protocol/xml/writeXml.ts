import { escapeXml } from "../../errors/escapeXml.ts";
import { elementOrder } from "../deviations.ts";
import { formatTimestamp } from "../rest/timestamps.ts";
import type { ShapeMember, TypeOfMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";

/** The namespace of S3's documents. */
export const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** S3 begins its documents with this and a line break. */
export const XML_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

type Value = Readonly<Record<string, unknown>>;

/** A structure as a document: declaration, root element with S3's namespace, no other white space. */
export function writeXml(rootName: string, shapeName: string, value: Value): string {
  return XML_DECLARATION + container(rootName, ` xmlns="${S3_NAMESPACE}"`, content(shapeName, value));
}

/** An element that holds elements. Without any it closes itself; empty text does not, as on S3's wire. */
function container(name: string, attributeText: string, inside: string): string {
  return inside === "" ? `<${name}${attributeText}/>` : `<${name}${attributeText}>${inside}</${name}>`;
}

/** The elements inside a structure. */
function content(shapeName: string, value: Value): string {
  let text = "";
  for (const member of orderedMembers(shapeName)) {
    const part = value[member.name];
    if (part !== undefined) text += elements(member, member.wire!, part);
  }
  return text;
}

function elements(type: TypeOfMember, name: string, value: unknown): string {
  if (type.type !== "list") return element(type, name, value);
  const items = value as readonly unknown[];
  const itemName = type.flat === true ? name : type.itemName!;
  let text = "";
  for (const item of items) text += element(type.item!, itemName, item);
  return type.flat === true ? text : container(name, "", text);
}

function element(type: TypeOfMember, name: string, value: unknown): string {
  if (type.type === "structure") {
    return container(name, attributes(type.shape!, value as Value), content(type.shape!, value as Value));
  }
  return `<${name}>${scalar(type, value)}</${name}>`;
}

function attributes(shapeName: string, value: Value): string {
  const { xmlNamespace, members } = shapeOf(shapeName);
  let text = xmlNamespace === undefined ? "" : ` xmlns:${xmlNamespace[0]}="${xmlNamespace[1]}"`;
  for (const member of members) {
    const part = value[member.name];
    if (member.in === "attribute" && part !== undefined) text += ` ${member.wire}="${escapeXml(String(part))}"`;
  }
  return text;
}

function scalar(type: TypeOfMember, value: unknown): string {
  if (type.type === "timestamp") return formatTimestamp(value as Date, type.format!);
  if (type.type === "blob") return (value as Buffer).toString("base64");
  return typeof value === "string" ? escapeXml(value) : String(value);
}

const ordered = new Map<string, readonly ShapeMember[]>();

/** The members of a structure that are elements, in S3's order; sorted once for each structure. */
function orderedMembers(shapeName: string): readonly ShapeMember[] {
  let members = ordered.get(shapeName);
  if (members === undefined) {
    const order = elementOrder[shapeName]?.split(" ") ?? [];
    const place = (member: ShapeMember): number => {
      const index = order.indexOf(member.wire!);
      return index < 0 ? order.length : index;
    };
    // Sorting is stable: members that are not listed keep the schema's order, behind the listed ones.
    members = shapeOf(shapeName)
      .members.filter((member) => member.in === "body")
      .toSorted((a, b) => place(a) - place(b));
    ordered.set(shapeName, members);
  }
  return members;
}
