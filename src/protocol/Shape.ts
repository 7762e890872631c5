import { shapeTexts } from "./generated/shapes.ts";

/** What a member of a structure holds, and how its text is written. */
export interface TypeOfMember {
  readonly type: "string" | "number" | "boolean" | "blob" | "stream" | "document" | "timestamp" | "structure" | "list" | "map";
  /** Of timestamps. */
  readonly format?: "date-time" | "http-date";
  /** Of structures: the name. */
  readonly shape?: string;
  /** Of lists: each item is an element of the member's own name, without a wrapper. */
  readonly flat?: boolean;
  /** Of wrapped lists: the name of an item's element. */
  readonly itemName?: string;
  readonly item?: TypeOfMember;
}

/** A member of a structure and where it travels. */
export interface ShapeMember extends TypeOfMember {
  readonly name: string;
  readonly in: "label" | "query" | "header" | "prefix" | "payload" | "attribute" | "body";
  /** The name on the wire: of the query parameter, the header (lower case), the header prefix, the element or attribute. */
  readonly wire?: string;
  readonly required?: boolean;
  /** The name in `enums` of the values it may have. */
  readonly enum?: string;
}

/** A structure, with how it is called as the root of an XML body. */
export interface Shape {
  readonly kind: "structure" | "union";
  readonly xmlName: string;
  readonly xmlNamespace?: readonly [prefix: string, uri: string];
  readonly members: readonly ShapeMember[];
}

/**
 * The structures of the protocol. They are generated as text, because a process needs few of the 347 and most processes are short:
 * each is read when it is first asked for.
 *
 * The first line of a text has the kind, the name as an XML root, and the prefix and URI of a namespace if there is one. Each other line is
 * a member: its name, with "!" if required; where it travels; its name there, or "-"; its type; its enumeration, if it has one. A structure
 * is written {Name}, a list whose items are elements of the member's own name []type, one in a wrapper [item]type.
 */
const shapes = new Map<string, Shape>();

/** A structure by its name in the schemas. Throws for a name that is none: only generated names are ever asked for. */
export function shapeOf(name: string): Shape {
  let shape = shapes.get(name);
  if (shape === undefined) {
    const text = shapeTexts[name];
    if (text === undefined) throw new Error(`There is no structure ${name}.`);
    shape = readShape(text);
    shapes.set(name, shape);
  }
  return shape;
}

/** Reads the text of a structure. */
export function readShape(text: string): Shape {
  const [head, ...lines] = text.trim().split("\n");
  const [kind, xmlName, prefix, uri] = head!.split(" ");
  return {
    kind: kind as Shape["kind"],
    xmlName: xmlName!,
    ...(prefix !== undefined && { xmlNamespace: [prefix, uri!] as const }),
    members: lines.map(readMember),
  };
}

function readMember(line: string): ShapeMember {
  const [name, place, wire, type, enumeration] = line.split(" ");
  const required = name!.endsWith("!");
  return {
    name: required ? name!.slice(0, -1) : name!,
    in: place as ShapeMember["in"],
    ...(wire !== "-" && { wire: wire! }),
    ...(required && { required }),
    ...(enumeration !== undefined && { enum: enumeration }),
    ...readType(type!),
  };
}

function readType(text: string): TypeOfMember {
  if (text.startsWith("{")) return { type: "structure", shape: text.slice(1, -1) };
  if (text.startsWith("[")) {
    const end = text.indexOf("]");
    const item = readType(text.slice(end + 1));
    return end === 1 ? { type: "list", flat: true, item } : { type: "list", itemName: text.slice(1, end), item };
  }
  const [type, format] = text.split(":") as [TypeOfMember["type"], TypeOfMember["format"]?];
  return { type, ...(format !== undefined && { format }) };
}
