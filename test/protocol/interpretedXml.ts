import { escapeXml } from "../../src/errors/escapeXml.ts";
import { elementOrder, mixedLists } from "../../src/protocol/deviations.ts";
import { formatTimestamp } from "../../src/protocol/rest/timestamps.ts";
import type { ShapeMember, TypeOfMember } from "../../src/protocol/Shape.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";

type Value = Readonly<Record<string, unknown>>;

/**
 * A structure as an XML document, read off its shape member by member: inputs too, which the product never writes, and outputs as the generated
 * writers must write them.
 */
export function interpretedXml(rootName: string, shapeName: string, value: Value): string {
  const namespace = ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n${container(rootName, namespace, content(shapeName, value))}`;
}

function container(name: string, attributeText: string, inside: string): string {
  return inside === "" ? `<${name}${attributeText}/>` : `<${name}${attributeText}>${inside}</${name}>`;
}

function content(shapeName: string, value: Value): string {
  const order = elementOrder[shapeName]?.split(" ") ?? [];
  const place = ({ wire }: ShapeMember): number => (order.includes(wire!) ? order.indexOf(wire!) : order.length);
  return shapeOf(shapeName)
    .members.filter((member) => member.in === "body" && value[member.name] !== undefined)
    .toSorted((a, b) => place(a) - place(b))
    .map((member) => mixedElements(shapeName, member, value) ?? elements(member, member.wire!, value[member.name]))
    .join("");
}

/** The elements of a list in which another one's items stand too; `undefined` for all others. */
function mixedElements(shapeName: string, member: ShapeMember, value: Value): string | undefined {
  const mixed = mixedLists[shapeName];
  if (mixed?.list !== member.name) return undefined;
  const others = shapeOf(shapeName).members.find(({ name }) => name === mixed.others)!;
  return (value[member.name] as readonly Value[])
    .map((item) => (item[mixed.member] === undefined ? others : member))
    .map(({ item, wire }, index) => element(item!, wire!, (value[member.name] as readonly Value[])[index]))
    .join("");
}

function elements(type: TypeOfMember, name: string, value: unknown): string {
  if (type.type !== "list") return element(type, name, value);
  const itemName = type.flat === true ? name : type.itemName!;
  const items = (value as readonly unknown[]).map((item) => element(type.item!, itemName, item)).join("");
  return type.flat === true ? items : container(name, "", items);
}

function element(type: TypeOfMember, name: string, value: unknown): string {
  if (type.type === "structure") {
    return container(name, attributes(type.shape!, value as Value), content(type.shape!, value as Value));
  }
  return `<${name}>${text(type, value)}</${name}>`;
}

function text(type: TypeOfMember, value: unknown): string {
  if (type.type === "timestamp") return formatTimestamp(value as Date, type.format!);
  return type.type === "blob" ? (value as Buffer).toString("base64") : escapeXml(String(value));
}

function attributes(shapeName: string, value: Value): string {
  const { xmlNamespace, members } = shapeOf(shapeName);
  const namespace = xmlNamespace === undefined ? "" : ` xmlns:${xmlNamespace[0]}="${xmlNamespace[1]}"`;
  const written = members
    .filter((member) => member.in === "attribute" && value[member.name] !== undefined)
    .map((member) => ` ${member.wire}="${escapeXml(String(value[member.name]))}"`);
  return namespace + written.join("");
}
