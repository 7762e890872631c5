/** An element of a sequence. */
interface Element {
  readonly name: string;
  /** As the schema calls it: `xsd:int` or `tns:Status`. */
  readonly type: string;
  readonly minOccurs: number;
  readonly maxOccurs: number | "unbounded";
  readonly nillable: boolean;
}

/** A name, what stands behind ":" as its type, and how often it comes. */
const ELEMENT = /^(\w+)(?::(\w+))?(?:(\?)|(\*)(\d*)|(~))?$/;

/**
 * Reads a sequence of elements in short, separated by spaces: `Name` is there once; `Name?` once or not at all; `Name*` any number of times, and
 * `Name*100` up to 100 times; `Name~` once, perhaps as xsi:nil. `Name:int` says the type, one of XML Schema's if it begins with a small
 * letter; without, it is the one of `types` that is called as the element, or a string.
 */
export function readSequence(text: string, types: ReadonlySet<string>): Element[] {
  return text
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => {
      const [, name = "", type = types.has(name) ? name : "string", isOptional, isRepeated, limit = "", nillable] =
        ELEMENT.exec(word)!;
      return {
        name,
        type: /^[a-z]/.test(type) ? `xsd:${type}` : `tns:${type}`,
        minOccurs: isOptional === undefined && isRepeated === undefined ? 1 : 0,
        maxOccurs: isRepeated === undefined ? 1 : limit === "" ? "unbounded" : Number(limit),
        nillable: nillable !== undefined,
      };
    });
}

/** A sequence of elements in XML Schema, `xsd:` being bound to that and `tns:` to S3's namespace. */
export function writeSequence(elements: readonly Element[]): string {
  return `<xsd:sequence>${elements.map(writeElement).join("")}</xsd:sequence>`;
}

function writeElement({ name, type, minOccurs, maxOccurs, nillable }: Element): string {
  const least = minOccurs === 1 ? "" : ` minOccurs="${minOccurs}"`;
  const most = maxOccurs === 1 ? "" : ` maxOccurs="${maxOccurs}"`;
  return `<xsd:element name="${name}" type="${type}"${least}${most}${nillable ? ' nillable="true"' : ""}/>`;
}
