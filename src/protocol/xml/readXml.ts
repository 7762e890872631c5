import { SaxesParser } from "saxes";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { openEnumerations } from "../deviations.ts";
import { enums } from "../generated/enums.ts";
import type { ShapeMember, TypeOfMember } from "../Shape.ts";
import { shapeOf } from "../Shape.ts";
import { parseTimestamp } from "../rest/timestamps.ts";

/** No number of S3's has more digits. */
const NUMBER = /^[+-]?\d{1,19}$/;

/** An element being read: what it may hold and where its value goes. */
interface Frame {
  readonly element: string;
  readonly type: TypeOfMember;
  readonly enumeration: string | undefined;
  /** Of structures: the members read so far. */
  readonly structure: Record<string, unknown> | undefined;
  /** Of wrapped lists: the items read so far. */
  readonly items: unknown[] | undefined;
  text: string;
  readonly deliver: (value: unknown) => void;
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads an XML document as the structure `shapeName` under a root element `rootName`, with or without S3's namespace. Elements may come in any
 * order; unknown ones, repeated single ones, text where none belongs and values outside the schema are MalformedXML, as are DOCTYPEs. So is
 * what nests deeper than the schema, of which no structure holds itself.
 */
export function readXml(document: Buffer, shapeName: string, rootName: string): Record<string, unknown> {
  let result: Record<string, unknown> | undefined;
  const root: ShapeMember = { name: rootName, in: "body", type: "structure", shape: shapeName };
  const stack: Frame[] = [];
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on("error", (error) => {
    throw malformed(`The XML does not parse: ${shortened(error.message)}.`);
  });
  parser.on("doctype", () => {
    throw malformed("The XML has a DOCTYPE, which S3 does not accept.");
  });
  parser.on("opentag", (tag) => {
    const element = localName(tag.name);
    const parent = stack.at(-1);
    const frame =
      parent === undefined
        ? rootFrame(root, element, (value) => (result = value as Record<string, unknown>))
        : childFrame(parent, element);
    if (frame.structure !== undefined) readAttributes(frame, tag.attributes);
    stack.push(frame);
  });
  const onText = (text: string): void => {
    const frame = stack.at(-1);
    if (frame !== undefined) frame.text += text;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    const frame = stack.pop()!;
    frame.deliver(finish(frame));
  });
  parser.write(decode(document)).close();
  // The parser refuses what has no root.
  return result!;
}

/** What the parser says, which repeats the document's text, without its full stop. */
function shortened(message: string): string {
  return message.slice(0, MAX_PARSER_MESSAGE_CHARACTERS).replace(/\.$/, "");
}

const MAX_PARSER_MESSAGE_CHARACTERS = 200;

function decode(document: Buffer): string {
  try {
    return decoder.decode(document);
  } catch {
    throw malformed("The XML is not UTF-8.");
  }
}

/** The error of a document that does not parse or does not fit its schema. */
function malformed(explanation: string): S3Error {
  return new S3Error("MalformedXML", { explanation });
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function rootFrame(root: ShapeMember, element: string, deliver: (value: unknown) => void): Frame {
  if (element !== root.name) throw malformed(`The root element is ${quoted(element)}; this operation expects ${root.name}.`);
  return frameOf(root, element, undefined, deliver);
}

function frameOf(type: TypeOfMember, element: string, enumeration: string | undefined, deliver: (value: unknown) => void): Frame {
  const structure = type.type === "structure" ? {} : undefined;
  const items = type.type === "list" ? [] : undefined;
  return { element, type, enumeration, structure, items, text: "", deliver };
}

function childFrame(parent: Frame, element: string): Frame {
  if (parent.items !== undefined) {
    const { itemName, item } = parent.type;
    if (element !== itemName) throw malformed(`${parent.element} holds ${itemName} elements, not ${quoted(element)}.`);
    return frameOf(item!, element, parent.enumeration, (value) => parent.items!.push(value));
  }
  if (parent.structure === undefined) throw malformed(`${parent.element} holds text, not an element ${quoted(element)}.`);
  const member = bodyMembers(parent.type.shape!).get(element);
  if (member === undefined) throw malformed(`${parent.element} does not have an element ${quoted(element)}.`);
  const target = parent.structure;
  if (member.flat === true) {
    const items = (target[member.name] ??= []) as unknown[];
    return frameOf(member.item!, element, member.enum, (value) => items.push(value));
  }
  return frameOf(member, element, member.enum, (value) => {
    if (member.name in target) throw malformed(`${parent.element} has more than one element ${element}.`);
    target[member.name] = value;
  });
}

function readAttributes(frame: Frame, attributes: Readonly<Record<string, string>>): void {
  for (const member of shapeOf(frame.type.shape!).members) {
    if (member.in !== "attribute") continue;
    const wanted = localName(member.wire!);
    const found = Object.entries(attributes).find(([name]) => localName(name) === wanted);
    if (found !== undefined) frame.structure![member.name] = scalar(member, member.enum, found[1], wanted);
  }
}

function finish(frame: Frame): unknown {
  const { structure, items } = frame;
  if (structure === undefined && items === undefined) return scalar(frame.type, frame.enumeration, frame.text, frame.element);
  if (frame.text.trim() !== "") throw malformed(`${frame.element} holds elements, not text.`);
  if (items !== undefined) return items;
  for (const member of shapeOf(frame.type.shape!).members) {
    const isHere = member.in === "body" || member.in === "attribute";
    if (isHere && member.required === true && !(member.name in structure!)) {
      throw malformed(`${frame.element} lacks its ${member.in === "body" ? "element" : "attribute"} ${member.wire}.`);
    }
  }
  return structure;
}

function scalar(type: TypeOfMember, enumeration: string | undefined, text: string, element: string): unknown {
  switch (type.type) {
    case "number": {
      if (!NUMBER.test(text.trim())) throw malformed(`${element} is ${quoted(text)}, which is not a number.`);
      return Number(text);
    }
    case "boolean": {
      const value = text.trim().toLowerCase();
      if (value !== "true" && value !== "false") throw malformed(`${element} is ${quoted(text)}, not true or false.`);
      return value === "true";
    }
    case "timestamp": {
      const value = parseTimestamp(text.trim(), type.format!);
      if (value === undefined) throw malformed(`${element} is ${quoted(text)}, which is not a date.`);
      return value;
    }
    default:
      checkEnumeration(enumeration, text, element);
      return text;
  }
}

function checkEnumeration(enumeration: string | undefined, text: string, element: string): void {
  if (enumeration === undefined || openEnumerations.has(enumeration) || enums[enumeration]!.includes(text)) return;
  throw malformed(`${element} is ${quoted(text)}; it can be ${enums[enumeration]!.join(", ")}.`);
}

const membersByElement = new Map<string, ReadonlyMap<string, ShapeMember>>();

/** The members of a structure that are elements, by element name; made once for each structure. */
function bodyMembers(shapeName: string): ReadonlyMap<string, ShapeMember> {
  let members = membersByElement.get(shapeName);
  if (members === undefined) {
    members = new Map(
      shapeOf(shapeName)
        .members.filter((member) => member.in === "body")
        .map((member) => [member.wire!, member]),
    );
    membersByElement.set(shapeName, members);
  }
  return members;
}
