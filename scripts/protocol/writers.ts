/**
 * Writes `src/protocol/generated/writers.ts`: for every structure that stands in the XML of an answer, a function that writes its elements.
 */
import assert from "node:assert/strict";
import { elementOrder, mixedLists, unwrappedOutputs } from "../../src/protocol/deviations.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { Member, MemberType, Model, Structure } from "./model.ts";

/** Payloads that are streams of binary events, not documents. */
const EVENT_STREAMS: ReadonlySet<string> = new Set(["SelectObjectContentEventStream"]);

/** The source of the writers, without the header that generated files have. Throws for a member that has no form in XML. */
export function writersSource(model: Model): string {
  const documents = documentsOf(model);
  const reached = [...reachableFrom(documents, model)];
  return [
    'import { escapeXml } from "../../errors/escapeXml.ts";\n',
    'import { formatDateTime } from "../rest/timestamps.ts";\n',
    'import { attribute, container } from "../xml/elements.ts";\n',
    'import type * as S3 from "./types.ts";\n\n',
    "/** Of every structure that is a document in an answer, what writes the elements inside it. */\n",
    "export const writers: Readonly<Record<string, (value: never) => string>> = {\n",
    ...[...documents].map((name) => `  ${name}: write${name},\n`),
    "};\n",
    ...reached.map((name) => writer(model.structures.get(name)!, model)),
  ].join("");
}

/** The outputs, or their payloads, that are XML documents. */
function documentsOf(model: Model): Set<string> {
  const documents = new Set<string>();
  for (const { name, output } of model.operations) {
    if (output === undefined || unwrappedOutputs.has(name as OperationName)) continue;
    const { members } = model.structures.get(output)!;
    const payload = members.find(({ binding }) => binding.in === "payload");
    if (payload?.type.kind === "structure" && !EVENT_STREAMS.has(payload.type.shape)) documents.add(payload.type.shape);
    if (members.some(isElement)) documents.add(output);
  }
  for (const name of documents) {
    const { xmlNamespace, members } = model.structures.get(name)!;
    assert(
      xmlNamespace === undefined && members.every(({ binding }) => binding.in !== "attribute"),
      `${name} is a document with attributes, which nothing writes`,
    );
  }
  return documents;
}

function reachableFrom(names: Iterable<string>, model: Model): Set<string> {
  const found = new Set<string>(names);
  // A set that grows while it is walked: what is added is visited too.
  for (const name of found) {
    for (const { type } of model.structures.get(name)!.members.filter(isElement)) {
      const item = type.kind === "list" ? type.item : type;
      if (item.kind === "structure") found.add(item.shape);
    }
  }
  return found;
}

function isElement({ binding }: Member): boolean {
  return binding.in === "body";
}

function writer(structure: Structure, model: Model): string {
  const lines = orderedElements(structure).map((member) => {
    const value = `value.${member.name}`;
    const written = mixedAddition(structure, member, model) ?? addition(member.type, elementName(member), value, model);
    return `  if (${value} !== undefined) ${written}\n`;
  });
  return `\nfunction write${structure.name}(value: S3.${structure.name}): string {\n  let text = "";\n${lines.join("")}  return text;\n}\n`;
}

/** The members of a structure that are elements, in S3's order. */
function orderedElements({ name, members }: Structure): readonly Member[] {
  const order = elementOrder[name]?.split(" ") ?? [];
  const place = (member: Member): number => {
    const index = order.indexOf(elementName(member));
    return index < 0 ? order.length : index;
  };
  // Sorting is stable: members that are not listed keep the schema's order, behind the listed ones.
  return members.filter(isElement).toSorted((a, b) => place(a) - place(b));
}

function elementName({ binding }: Member): string {
  assert(binding.in === "body");
  return binding.name;
}

/** A statement that adds a value's element, or the elements of a list. */
function addition(type: MemberType, name: string, value: string, model: Model): string {
  if (type.kind !== "list") return `text += ${element(type, name, value, model)};`;
  if (type.flat) return `for (const item of ${value}) text += ${element(type.item, name, "item", model)};`;
  const items = `${value}.map((item) => ${element(type.item, type.itemName, "item", model)}).join("")`;
  return `text += container("<${name}", ${items}, "</${name}>");`;
}

/** The same for a list that holds another one's items too; `undefined` for all others. */
function mixedAddition({ name, members }: Structure, member: Member, model: Model): string | undefined {
  const mixed = mixedLists[name];
  if (mixed?.list !== member.name) return undefined;
  const others = members.find((one) => one.name === mixed.others)!;
  const item = ({ type, ...rest }: Member): string => {
    assert(type.kind === "list" && type.flat, `${name} mixes what is no flat list`);
    return element(type.item, elementName({ type, ...rest }), "item", model);
  };
  return `for (const item of value.${member.name}) text += item.${mixed.member} === undefined ? ${item(others)} : ${item(member)};`;
}

function element(type: MemberType, name: string, value: string, model: Model): string {
  const simple = (text: string): string => `"<${name}>" + ${text} + "</${name}>"`;
  switch (type.kind) {
    case "string":
      return simple(`escapeXml(${value})`);
    case "number":
    case "boolean":
      return simple(value);
    case "blob":
      return simple(`${value}.toString("base64")`);
    case "timestamp":
      assert(type.format === "date-time", `${name} is a time of a form that documents do not have`);
      return simple(`formatDateTime(${value}.getTime())`);
    case "structure":
      return structureElement(model.structures.get(type.shape)!, name, value);
    default:
      throw new Error(`${name} is a ${type.kind}, which has no form in XML`);
  }
}

/** An element that holds elements, with its namespace and attributes, where it has any. */
function structureElement({ name: shape, xmlNamespace, members }: Structure, name: string, value: string): string {
  const namespace = xmlNamespace === undefined ? "" : ` xmlns:${xmlNamespace[0]}=\\"${xmlNamespace[1]}\\"`;
  const attributes = members.flatMap((member) =>
    member.binding.in === "attribute" ? [` + attribute("${member.binding.name}", ${value}.${member.name})`] : [],
  );
  return `container("<${name}${namespace}"${attributes.join("")}, write${shape}(${value}), "</${name}>")`;
}
