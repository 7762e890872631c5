/** What a member of a structure holds, and how its text is written. */
export interface TypeOfMember {
  readonly type: "string" | "number" | "boolean" | "blob" | "stream" | "document" | "timestamp" | "structure" | "list" | "map";
  /** Of timestamps. */
  readonly format?: "date-time" | "http-date" | "epoch-seconds";
  /** Of structures: the name in `shapes`. */
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
