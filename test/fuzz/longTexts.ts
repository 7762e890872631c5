import type { Random } from "./Random.ts";

/** A server reads a few megabytes of what it refuses: who sends more may find its answer lost. */
export const MAX_BODY_SIZE_BYTES: number = 1024 * 1024;

/** How often what stands once in a document is put there to see what many of it do. */
export const MANY = 1_500;

/** The same of what may be long itself, which a body has no room for so often. */
export function manyOf(text: string): number {
  return Math.min(MANY, Math.ceil(MAX_BODY_SIZE_BYTES / Math.max(text.length, 1)));
}

/** What long texts are made of that a careless parser reads again and again: separators, halves of forms, and what may be anything. */
export const REPEATED: readonly string[] = [
  ...[
    "a",
    "1",
    "0",
    "é",
    " ",
    "\t",
    ",",
    ";",
    "=",
    "/",
    "%",
    "%41",
    "%C3%A9",
    '"',
    "'",
    "-",
    ".",
    "&",
    "+",
    ":",
    "?",
    "*",
    "(",
    "<",
  ],
  ...[
    "a ",
    "a,",
    ", ",
    "a;",
    "a=b&",
    "a=b;",
    "a-1-",
    "../",
    "//",
    "?versionId=",
    'id="a",',
    'W/"a",',
    "0-0,",
    "host;",
    "chunked,",
  ],
  ...["=?", "=?a?B??= ", "=?utf-8?Q?=41?= ", "=?gb18030?B?QUJD?= "],
];

/** What is most often taken away before and behind something else. */
const BLANKS: readonly string[] = [" ", "\t", " \t"];

/** One of these again and again, up to a size; something else may stand before it, or behind it, where a search gives up. */
export function longText(random: Random, sizeBytes: number): string {
  const text = random.chance(0.3) ? random.pick(BLANKS) : random.pick(REPEATED);
  return random.pick(["", "a"]) + repeated(text, sizeBytes) + random.pick(["", "b", "b", "\0"]);
}

/** A text again and again, up to a size. */
export function repeated(text: string, sizeBytes: number): string {
  return text.repeat(Math.ceil(sizeBytes / text.length)).slice(0, sizeBytes);
}

/** XML documents, for DeleteObjects, of one thing again and again; `sizeBytes` is about how large. */
export const LONG_DOCUMENTS: Readonly<Record<string, (sizeBytes: number) => string>> = {
  attributes: (sizeBytes) =>
    `<Delete${Array.from({ length: sizeBytes / 10 }, (_, index) => ` a${index.toString(36)}="x"`).join("")}/>`,
  "one attribute": (sizeBytes) => `<Delete a="${repeated("&amp;\n", sizeBytes)}"/>`,
  "blanks in a tag": (sizeBytes) => `<Delete${repeated(" ", sizeBytes)}/>`,
  "a long name": (sizeBytes) => `<${repeated("a:", sizeBytes)}Delete/>`,
  comments: (sizeBytes) => `<Delete>${repeated("<!---->", sizeBytes - (sizeBytes % 7))}</Delete>`,
  "one comment": (sizeBytes) => `<Delete><!--${repeated("-x", sizeBytes)}--></Delete>`,
  "processing instructions": (sizeBytes) => `<Delete>${repeated("<?a?>", sizeBytes - (sizeBytes % 5))}</Delete>`,
  "one instruction": (sizeBytes) => `<Delete><?a ${repeated("? ", sizeBytes)}?></Delete>`,
  "sections of text": (sizeBytes) => `<Delete>${repeated("<![CDATA[ ]]>", sizeBytes - (sizeBytes % 13))}</Delete>`,
  "brackets in a section": (sizeBytes) => `<Delete><Object><Key><![CDATA[${repeated("]", sizeBytes)}]]></Key></Object></Delete>`,
  brackets: (sizeBytes) => `<Delete><Object><Key>${repeated("]]a", sizeBytes)}</Key></Object></Delete>`,
  "text and blanks": (sizeBytes) => `<Delete>${repeated(" <!---->", sizeBytes - (sizeBytes % 8))}</Delete>`,
  entities: (sizeBytes) => `<Delete><Object><Key>${repeated("&amp;", sizeBytes - (sizeBytes % 5))}</Key></Object></Delete>`,
  "one entity": (sizeBytes) => `<Delete><Object><Key>&${repeated("a", sizeBytes)};</Key></Object></Delete>`,
  "a long reference": (sizeBytes) => `<Delete><Object><Key>&#${repeated("0", sizeBytes)}65;</Key></Object></Delete>`,
  "carriage returns": (sizeBytes) => `<Delete><Object><Key>${repeated("\r", sizeBytes)}</Key></Object></Delete>`,
  objects: (sizeBytes) => `<Delete>${repeated("<Object><Key>a</Key></Object>", sizeBytes - (sizeBytes % 29))}</Delete>`,
  "elements that never end": (sizeBytes) => repeated("<Delete>", sizeBytes),
  "blanks behind the root": (sizeBytes) => `<Delete><Object><Key>a</Key></Object></Delete>${repeated(" ", sizeBytes)}`,
  "a long number": (sizeBytes) => `<Delete><Object><Key>a</Key><Size>${repeated("1", sizeBytes)}</Size></Object></Delete>`,
  "a long time": (sizeBytes) =>
    `<Delete><Object><Key>a</Key><LastModifiedTime>2020-01-01T00:00:00.${repeated("1", sizeBytes)}</LastModifiedTime></Object></Delete>`,
};
