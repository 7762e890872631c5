import { SaxesParser } from "saxes";

/** An element of a document: its name without prefix, the text right inside it, and the elements inside. */
export interface DocumentElement {
  readonly name: string;
  text: string;
  readonly children: DocumentElement[];
}

/** No error of S3's nests deeper than a SOAP fault; what lies deeper is left out. */
const MAX_DEPTH = 12;

/**
 * Reads an XML document as far as it parses: of one that is cut off, what came before the cut. `undefined` if there is not even a root.
 * Never throws; takes time in proportion to the text.
 */
export function readDocument(text: string): DocumentElement | undefined {
  let root: DocumentElement | undefined;
  const open: DocumentElement[] = [];
  let depth = 0;
  const parser = new SaxesParser({ xmlns: false, position: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name }) => {
    depth++;
    if (depth > MAX_DEPTH) return;
    const element: DocumentElement = { name: localName(name), text: "", children: [] };
    if (root === undefined) root = element;
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  const onText = (more: string): void => {
    const element = open.at(-1);
    if (element !== undefined && depth <= MAX_DEPTH) element.text += more;
  };
  parser.on("text", onText);
  parser.on("cdata", onText);
  parser.on("closetag", () => {
    if (depth <= MAX_DEPTH) open.pop();
    depth--;
  });
  try {
    // Nothing may stand before an XML declaration, and white space does where a connection was kept alive.
    parser.write(text.trimStart()).close();
  } catch {
    // What was read until here is what there is.
  }
  return root;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The first child of a name. */
export function childOf(element: DocumentElement | undefined, name: string): DocumentElement | undefined {
  return element?.children.find((child) => child.name === name);
}
