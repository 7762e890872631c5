import { LONG_DOCUMENTS, manyOf } from "./longTexts.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";

/** Deeper than any parser that recurses would like. */
const DEEP = 5_000;
/** The largest are few: they take a thousand times as long as other requests. */
const LONG_SIZES_BYTES: readonly number[] = [1_000, 1_000, 1_000, 20_000, 20_000, 900_000];

/** Pieces that XML gives a meaning of their own. */
const MARKUP: readonly string[] = [
  ...[
    "<!-- a comment -->",
    "<!---->",
    "<!-- -- -->",
    "<![CDATA[text]]>",
    "<![CDATA[<a>]]>",
    "<?pi data?>",
    "<?xml version='1.0'?>",
    "]]>",
  ],
  ...[
    "<!DOCTYPE a>",
    '<!DOCTYPE a [<!ENTITY x "y">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    "&x;",
    "&lol;",
    "&amp",
    "&",
  ],
  ...[
    "&#0;",
    "&#1;",
    "&#xD800;",
    "&#xFFFE;",
    "&#x110000;",
    "&#-1;",
    "&#99999999999;",
    "&#x;",
    "<",
    "</",
    "<>",
    "</>",
    "< a>",
    "<a",
    "<a b>",
    '<a b="1" b="2"/>',
  ],
  ...[
    "<a:b/>",
    '<a xmlns="x"/>',
    '<a xmlns:b="x"/>',
    "<:a/>",
    "<a:/>",
    "<__proto__>1</__proto__>",
    "<constructor/>",
    "<Key/>",
    "<Object/>",
    "text",
  ],
];

/** An element of a document, found by its tags; how they nest does not matter to who wants to break them. */
const ELEMENT = /<([A-Za-z]+)[^<>]*>([^<>]*)<\/\1>/g;

/** A document with one thing changed in it. */
export function mutatedXml(document: string, random: Random): string {
  const elements = [...document.matchAll(ELEMENT)];
  const element = elements.length === 0 ? undefined : random.pick(elements);
  const replace = (text: string): string =>
    element === undefined
      ? document + text
      : document.slice(0, element.index) + text + document.slice(element.index + element[0].length);
  const [whole = "", name = "a", inside = ""] = element ?? [];
  switch (random.below(13)) {
    case 0:
      return replace("");
    case 1:
      return replace(whole.repeat(random.pick([2, 3, manyOf(whole)])));
    case 2:
      return replace(`<${name}>${escaped(random.pick(AWKWARD_TEXTS))}</${name}>`);
    case 3:
      return replace(`<${name}>${random.pick(AWKWARD_TEXTS)}</${name}>`);
    case 4:
      return replace(`<${name}>${inside}${random.pick(MARKUP)}</${name}>`);
    case 5:
      return replace(`<${random.pick(["Other", "x:" + name, name.toLowerCase(), "__proto__"])}>${inside}</${name}>`);
    case 6:
      return replace(`<${name}>${whole}</${name}>`);
    case 7:
      return replace(`${"<a>".repeat(DEEP)}${random.chance(0.5) ? "</a>".repeat(DEEP) : ""}`);
    case 8: {
      const at = random.below(document.length + 1);
      return document.slice(0, at) + random.pick(MARKUP) + document.slice(at);
    }
    case 9:
      return document.slice(0, random.below(document.length + 1));
    case 10:
      return random.pick(["\ufeff", " ", "x", "\0", ""]) + document + random.pick(["", " ", "x", document]);
    case 11:
      // Of operations other than DeleteObjects, the root is another one.
      return random
        .pick(Object.values(LONG_DOCUMENTS))(random.pick(LONG_SIZES_BYTES))
        .replace(/(?<=<\/?)Delete\b/g, rootOf(document));
    default:
      return document
        .replace("UTF-8", random.pick(["utf-16", "latin1", "UTF-7", ""]))
        .replace("2006-03-01", random.pick(["2006-03-01", "x"]));
  }
}

/** The name of a document's root element. */
function rootOf(document: string): string {
  return /<([A-Za-z]+)/.exec(document)?.[1] ?? "Delete";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
