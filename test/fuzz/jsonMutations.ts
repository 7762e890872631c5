import { manyOf } from "./longTexts.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";
import type { World } from "./world.ts";
import { KEYS } from "./world.ts";

/** Deeper than any parser that recurses would like. */
const DEEP = 5_000;

/** A bucket policy as S3 takes it. */
export function policyDocument(random: Random, { bucket }: World): string {
  const statement = (): object => ({
    Sid: `s${random.below(100)}`,
    Effect: random.pick(["Allow", "Deny"]),
    Principal: random.pick(["*", { AWS: "*" }, { AWS: ["arn:aws:iam::111122223333:root"] }]),
    Action: random.pick<unknown>(["s3:*", "s3:GetObject", ["s3:PutObject", "s3:DeleteObject"]]),
    Resource: random.pick<unknown>([`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`, [`arn:aws:s3:::${bucket}/a?\${*}`]]),
    ...(random.chance(0.4) && {
      Condition: { [random.pick(["StringLike", "IpAddress", "ForAllValues:StringEquals"])]: { "aws:SourceIp": "10.0.0.0/8" } },
    }),
  });
  return JSON.stringify({
    Version: "2012-10-17",
    Id: "fuzz",
    Statement: Array.from({ length: random.pick([0, 1, 2]) }, statement),
  });
}

/** The policy of a browser's form, before it is base64. */
export function formPolicy(
  fields: readonly (readonly [name: string, value: string])[],
  random: Random,
  { bucket }: World,
): string {
  const conditions = fields.map(([name, value]) =>
    random.pick<unknown>([{ [name]: value }, ["eq", `$${name}`, value], ["starts-with", `$${name}`, ""]]),
  );
  const expiration = random.pick(["2026-03-01T13:00:00Z", "2026-03-01T13:00:00.000Z", "2026-03-01T11:00:00Z"]);
  return JSON.stringify({
    expiration,
    conditions: [...conditions, { bucket }, ["content-length-range", 0, random.pick([5, 100_000])]],
  });
}

/** What may stand in the place of a value. */
const VALUES: readonly string[] = [
  ...["null", "true", "0", "-0", "1e999", "1E+2", "01", "+1", ".5", "NaN", "Infinity", "99999999999999999999", "undefined"],
  ...['""', '"*"', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\x41"', '"\\u00"', '"\t"', '"\n"', "'x'", '"open'],
  ...[
    "[]",
    "{}",
    "[[]]",
    "[,]",
    "[1,]",
    '{"a":1,}',
    "{a:1}",
    '{"a":1,"a":2}',
    '{"__proto__":{"polluted":true}}',
    "/**/1",
    "//x\n1",
  ],
  ...[
    '{"constructor":{"prototype":{}}}',
    '{"toString":1}',
    '["eq","$key"]',
    '["starts-with","$","",""]',
    '["content-length-range",9,1]',
  ],
];

/** A string, a number or a word of a document: what a value is made of. Its names are strings as well, and break as well. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;

/** A document with one thing changed in it. */
export function mutatedJson(document: string, random: Random): Buffer {
  const tokens = [...document.matchAll(TOKEN)];
  const token = tokens.length === 0 ? undefined : random.pick(tokens);
  const text = token?.[0] ?? "1";
  const at = token?.index ?? document.length;
  const replace = (other: string): Buffer =>
    Buffer.from(document.slice(0, at) + other + document.slice(at + (token?.[0].length ?? 0)));
  switch (random.below(11)) {
    case 0:
      return replace("");
    case 1:
      return replace(random.pick(VALUES));
    case 2:
      return replace(JSON.stringify(random.pick(AWKWARD_TEXTS)));
    case 3:
      return replace(`"${random.pick(AWKWARD_TEXTS)}"`);
    case 4:
      return replace(`${'{"a":['.repeat(DEEP)}${random.chance(0.5) ? "]}".repeat(DEEP) : ""}`);
    case 5:
      return replace(`[${Array.from({ length: manyOf(text) }, () => text).join(",")}]`);
    case 6:
      return replace(JSON.stringify(random.pick(["x", "*", "é", "\\", '"']).repeat(random.pick([300, 21_000, 70_000]))));
    case 7: {
      const cut = random.below(document.length + 1);
      const inserted = random.pick(["{", "}", "[", "]", ",", ":", '"', "\\", "\0", "\u2028", random.pick(KEYS)]);
      return Buffer.from(document.slice(0, cut) + (random.chance(0.5) ? "" : inserted + document.slice(cut)));
    }
    case 8:
      return Buffer.from(
        random.pick(["\ufeff", " ", "x", "\0", "", "null "]) + document + random.pick(["", " ", "x", "\0", document]),
      );
    case 9:
      return Buffer.from(
        document.replaceAll(/[a-z]/g, (letter) => (random.chance(0.02) ? "ü" : letter)),
        "latin1",
      );
    default:
      return random.pick([Buffer.from(document, "utf16le"), Buffer.from(`\ufeff${document}`, "utf16le").swap16()]);
  }
}
