import { escapeXml } from "../../errors/escapeXml.ts";
import type { CommonPrefix } from "../generated/types.ts";

/**
 * Writes a list's element of one common prefix. A page can have a thousand of these and nothing else, so they are written from as few
 * pieces as can be: joining pieces is what takes the time. One without a prefix is left to the writer of any structure.
 */
export function listedPrefixWriter(name: string, writeAny: (value: unknown) => string): (value: unknown) => string {
  const open = `<${name}><Prefix>`;
  const close = `</Prefix></${name}>`;
  return (value) => {
    const { Prefix: prefix } = value as CommonPrefix;
    return prefix === undefined ? writeAny(value) : open + escapeXml(prefix) + close;
  };
}
