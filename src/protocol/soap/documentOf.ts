import { escapeXml } from "../../errors/escapeXml.ts";
import { attribute } from "../xml/elements.ts";
import type { SoapElement } from "./SoapElement.ts";

/** An element of a message as a document of REST's, which calls its elements and types the same. */
export function documentOf(element: SoapElement): Buffer {
  return Buffer.from(textOf(element));
}

function textOf({ name, type, text, children }: SoapElement): string {
  const there = children.filter(({ isNil }) => !isNil);
  const inside = there.length === 0 ? escapeXml(text) : there.map(textOf).join("");
  return `<${name}${attribute("xsi:type", type)}>${inside}</${name}>`;
}
