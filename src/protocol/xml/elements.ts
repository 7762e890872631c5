import { escapeXml } from "../../errors/escapeXml.ts";

/**
 * An element that holds elements: `open` is its tag without the last ">", with attributes if it has any. Without anything inside it closes
 * itself; empty text does not, as on S3's wire.
 */
export function container(open: string, inside: string, close: string): string {
  return inside === "" ? `${open}/>` : `${open}>${inside}${close}`;
}

/** An attribute with the white space before it; nothing for a value that is not there. */
export function attribute(name: string, value: string | undefined): string {
  return value === undefined ? "" : ` ${name}="${escapeXml(value)}"`;
}
