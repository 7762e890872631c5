import { enums } from "../../src/protocol/generated/enums.ts";
import type { ShapeMember, TypeOfMember } from "../../src/protocol/Shape.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import type { Random } from "./Random.ts";
import type { World } from "./world.ts";
import { KEPT_BUCKET, KEYS, NOW_MS } from "./world.ts";

/** Texts that programs stumble over, wherever they stand. */
export const AWKWARD_TEXTS: readonly string[] = [
  ...[
    "",
    " ",
    "\t",
    "\0",
    "\n",
    "\r\n",
    "\r\nx-forged: yes",
    "\u007f",
    "\u0080",
    "\u00a0",
    "\u2028",
    "\ufeff",
    "\ufffe",
    "\uffff",
  ],
  ...[
    "é",
    "e\u0301",
    "İ",
    "😀",
    "\u{10ffff}",
    "ÿ",
    "'",
    '"',
    "`",
    "<",
    ">",
    "&",
    "]]>",
    "<!--",
    "&amp;",
    "&#0;",
    "\\",
    "/",
    "//",
    "?",
  ],
  ...[
    "#",
    ";",
    ",",
    "=",
    "==",
    ":",
    "+",
    "%",
    "%%",
    "%00",
    "%0",
    "%zz",
    "%ff",
    "%c0%af",
    "%ed%a0%80",
    "%2F",
    "%2e%2e%2f",
    "%25",
    "*",
  ],
  ...[
    ".",
    "..",
    "../..",
    "/etc/passwd",
    "null",
    "undefined",
    "NaN",
    "Infinity",
    "true",
    "false",
    "[object Object]",
    "{}",
    "[]",
    "${1}",
  ],
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "valueOf", "then", "length"],
  ...["0", "-0", "-1", "1", "00", "+1", "1.5", "1e3", "1e309", "0x10", "2147483647", "2147483648", "-2147483649", "4294967296"],
  ...["9007199254740993", "9223372036854775808", "99999999999999999999", "5368709121", "10000", "10001", "1000", "1001"],
  ...[
    "bytes=0-0",
    "bytes=-1",
    "bytes=5-2",
    "bytes=0-,5-9",
    "Thu, 01 Jan 1970 00:00:00 GMT",
    "+275760-09-13T00:00:00Z",
    "20260230T000000Z",
  ],
  ...["a".repeat(100), "a".repeat(1024), "a".repeat(1025), "é".repeat(512), "9".repeat(400), "a,".repeat(300), "/".repeat(1030)],
];

/** An ETag that no object has. */
const OTHER_ETAG = '"0123456789abcdef0123456789abcdef"';
const DATES: readonly string[] = [
  "Sun, 01 Mar 2026 12:00:00 GMT",
  "Thu, 01 Jan 1970 00:00:00 GMT",
  "Sunday, 01-Mar-26 12:00:00 GMT",
  "2026-03-01T12:00:00Z",
  "2030-01-01T00:00:00.000Z",
  "never",
];
const RANGES: readonly string[] = [
  "bytes=0-9",
  "bytes=5-",
  "bytes=-5",
  "bytes=0-0,2-3",
  "bytes=99999999-",
  "bytes=-0",
  "lines=1-2",
  "bytes=9-1",
];

/** Values of parameters and headers, by their names on the wire. What is not here is made by its type. */
const BY_NAME: Readonly<Record<string, (random: Random, world: World) => string>> = {
  uploadId: (random, world) => (random.chance(0.9) ? random.pick(world.uploads).uploadId : "no-upload"),
  partNumber: (random) => random.pick(["1", "2", "3", "10000", "0", "10001"]),
  "part-number-marker": (random) => random.pick(["0", "1", "10000"]),
  versionId: (random) => random.pick(["null", "null", "3HL4kqtJlcpXroDTDmJ.rmSpXd3dIbrHY", "x"]),
  "max-keys": (random) => random.pick(["0", "1", "2", "1000", "5000", "-1", ""]),
  "max-uploads": (random) => random.pick(["0", "1", "1000"]),
  "max-parts": (random) => random.pick(["0", "1", "1000"]),
  "max-buckets": (random) => random.pick(["1", "10000", "0"]),
  delimiter: (random) => random.pick(["/", "", "b", "sub", "ü", "%"]),
  prefix: (random) => random.pick(["", "folder/", "f", "grün", "zzz", "\u{10ffff}"]),
  marker: (random) => random.pick(KEYS),
  "key-marker": (random) => random.pick(KEYS),
  "start-after": (random) => random.pick(KEYS),
  "upload-id-marker": (random, world) => random.pick(world.uploads).uploadId,
  "version-id-marker": () => "null",
  "continuation-token": (random) => random.pick(["", "abc", "MTIz", "1".repeat(60)]),
  range: (random) => random.pick(RANGES),
  "x-amz-copy-source-range": (random) => random.pick(["bytes=0-9", "bytes=0-99999", "bytes=5-1", "bytes=1-"]),
  "x-amz-copy-source": copySource,
  "if-match": (random) => random.pick(["*", OTHER_ETAG, '"', ""]),
  "if-none-match": (random) => random.pick(["*", OTHER_ETAG, "W/*"]),
  "content-md5": (random) => random.pick(["1B2M2Y8AsgTpgAmY7PhCfg==", "AAAA", ""]),
  "content-length": (random) => random.pick(["0", "3"]),
  "content-type": (random) => random.pick(["text/plain", "application/xml", "", "multipart/form-data; boundary=x"]),
  "content-encoding": (random) => random.pick(["gzip", "aws-chunked", "aws-chunked,gzip", ""]),
  "x-amz-expected-bucket-owner": (random) => random.pick(["111122223333", "x"]),
  "x-amz-object-attributes": (random) => random.pick(["ETag,ObjectSize", "ETag, ObjectParts,Checksum,StorageClass", "Nothing"]),
  "x-amz-website-redirect-location": (random) => random.pick(["/other", "https://example.com/", "x"]),
  "x-amz-mp-object-size": (random) => random.pick(["0", "10485760", "-1"]),
  "x-amz-decoded-content-length": (random) => random.pick(["0", "5", "99999"]),
};

function copySource(random: Random, world: World): string {
  const bucket = random.pick([world.bucket, world.bucket, world.bucket, KEPT_BUCKET, "no-bucket-here"]);
  const version = random.chance(0.1) ? `?versionId=${random.pick(["null", "x", ""])}` : "";
  return `${random.pick(["", "/"])}${bucket}/${encodeURIComponent(random.pick(KEYS))}${version}`;
}

/** A text for a parameter, a header, or an element: mostly one its name allows. */
export function textFor(member: ShapeMember, random: Random, world: World): string {
  const make = BY_NAME[member.wire!];
  if (make !== undefined) return make(random, world);
  if (member.enum !== undefined && random.chance(0.95)) return random.pick(enums[member.enum]!);
  switch (member.type) {
    case "number":
      return String(random.pick([0, 1, 2, 7, 1000]));
    case "boolean":
      return random.pick(["true", "false", "True"]);
    case "timestamp":
      return random.pick(DATES);
    default:
      return random.chance(0.2) ? random.pick(AWKWARD_TEXTS) : random.pick(["x", "some text", ...KEYS]);
  }
}

/** How deep a document may nest before only what must be there is written. */
const FULL_DEPTH = 4;

/** A value for a structure of a body: what must be there, and some of what may be. */
export function structureFor(shapeName: string, random: Random, world: World, depth = 0): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  const { kind, members } = shapeOf(shapeName);
  const bodyMembers = members.filter((member) => member.in === "body" || member.in === "attribute");
  const chosen = kind === "union" && bodyMembers.length > 0 ? [random.pick(bodyMembers)] : bodyMembers;
  for (const member of chosen) {
    const isWanted = member.required === true || kind === "union" || (depth < FULL_DEPTH && random.chance(0.5));
    if (isWanted) value[member.name] = valueFor(member, member, random, world, depth);
  }
  return value;
}

function valueFor(type: TypeOfMember, member: ShapeMember, random: Random, world: World, depth: number): unknown {
  switch (type.type) {
    case "number":
      return random.pick([0, 1, 2, 3, 100, -1]);
    case "boolean":
      return random.chance(0.5);
    case "timestamp":
      return new Date(NOW_MS);
    case "blob":
      return random.bytes(8);
    case "structure":
      return structureFor(type.shape!, random, world, depth + 1);
    case "list":
      return Array.from({ length: random.pick([0, 1, 1, 2, 3]) }, () => valueFor(type.item!, member, random, world, depth + 1));
    default:
      return elementText(member, random, world);
  }
}

function elementText(member: ShapeMember, random: Random, world: World): string {
  if (member.wire === "Key") return random.pick(KEYS);
  if (member.wire === "ETag") return random.pick([...random.pick(world.uploads).etags, OTHER_ETAG]);
  return textFor(member, random, world);
}
