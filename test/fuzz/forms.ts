import { createHmac } from "node:crypto";
import { signingKeyV4 } from "../../src/auth/signingKeys.ts";
import type { Draft } from "./Draft.ts";
import { setHeader, wireText } from "./Draft.ts";
import { formPolicy, mutatedJson } from "./jsonMutations.ts";
import { MANY, manyOf } from "./longTexts.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";
import type { World } from "./world.ts";
import { FUZZER, KEYS, NOW_MS, REGION } from "./world.ts";

const BOUNDARY = "frontier";
const FILE_NAME = "b.txt";
const DAY = new Date(NOW_MS).toISOString().slice(0, 10).replaceAll("-", "");

/** A field of a form; names and values as they go over the wire. */
type Field = [name: string, value: string];

/** Makes a draft an upload by a browser's form, signed as such: with its policy, of either version of signatures, or not at all. */
export function fillForm(draft: Draft, random: Random, world: World): void {
  setHeader(draft, "Content-Type", `multipart/form-data; boundary=${BOUNDARY}`);
  const fields: Field[] = [["key", wireText(random.pick(["upload/${filename}", "${filename}", ...KEYS]))]];
  if (random.chance(0.3)) fields.push(["Content-Type", "text/plain"]);
  if (random.chance(0.3)) fields.push(["x-amz-meta-colour", "blue"]);
  if (random.chance(0.2)) fields.push(["acl", random.pick(["private", "public-read", "x"])]);
  if (random.chance(0.2)) fields.push(["success_action_status", random.pick(["200", "201", "204", "999"])]);
  if (random.chance(0.1))
    fields.push(["success_action_redirect", random.pick(["https://example.com/done", "/x", "javascript:0"])]);
  if (random.chance(0.1)) fields.push(["x-ignore-this", "x"]);
  const signing = random.below(10);
  if (signing < 6) signV4(fields, random, world);
  else if (signing < 9) signV2(fields, random, world);
  const content = "content ".repeat(random.pick([0, 1, 1, 9_000]));
  draft.body = Buffer.from(multipart(fields, content), "latin1");
}

function signV4(fields: Field[], random: Random, world: World): void {
  fields.push(
    ["x-amz-algorithm", "AWS4-HMAC-SHA256"],
    ["x-amz-credential", `${FUZZER.accessKeyId}/${DAY}/${REGION}/s3/aws4_request`],
    ["x-amz-date", `${DAY}T120000Z`],
  );
  const policy = policyOf(fields, random, world);
  const signature = signingKeyV4(FUZZER.accessKeyId, FUZZER.secretAccessKey, DAY, REGION).sign(policy);
  fields.push(["policy", policy], ["x-amz-signature", signature]);
}

function signV2(fields: Field[], random: Random, world: World): void {
  const policy = policyOf(fields, random, world);
  const signature = createHmac("sha1", FUZZER.secretAccessKey).update(policy).digest("base64");
  fields.push(["AWSAccessKeyId", FUZZER.accessKeyId], ["policy", policy], ["signature", signature]);
}

/** A third are broken before they are signed. */
function policyOf(fields: readonly Field[], random: Random, world: World): string {
  // As the server sees the values, once the file's name is in its places.
  const seen = fields.map(
    ([name, value]) => [name, Buffer.from(value, "latin1").toString().replaceAll("${filename}", FILE_NAME)] as const,
  );
  const document = formPolicy(seen, random, world);
  const bytes = random.chance(0.33) ? mutatedJson(document, random) : Buffer.from(document);
  return bytes.toString("base64");
}

function multipart(fields: readonly Field[], content: string): string {
  const parts = fields.map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="C:\\a\\${FILE_NAME}"\r\nContent-Type: text/plain\r\n\r\n`;
  return `${parts.join("")}${file}${content}\r\n--${BOUNDARY}--\r\n`;
}

const CONTENT_TYPES: readonly string[] = [
  ...["multipart/form-data", "multipart/form-data;", "multipart/form-data; boundary=", "multipart/form-data; boundary=other"],
  ...[
    `multipart/form-data; boundary="${BOUNDARY}"`,
    `multipart/form-data; boundary="${BOUNDARY}`,
    `Multipart/Form-Data;BOUNDARY=${BOUNDARY}`,
  ],
  ...[`multipart/form-data; boundary=${BOUNDARY}; boundary=x`, `multipart/form-data; boundary=${"b".repeat(300)}`],
  ...[`multipart/form-data; charset=utf-16; boundary=${BOUNDARY}`, `multipart/form-data; boundary*=utf-8''${BOUNDARY}`],
  ...[
    `multipart/mixed; boundary=${BOUNDARY}`,
    `multipart/form-datax; boundary=${BOUNDARY}`,
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
  ],
];

const PART_HEADS: readonly string[] = [
  ...["", "Content-Disposition: form-data", "Content-Disposition: form-data; name=", "Content-Disposition: form-data; name=key"],
  ...[
    'Content-Disposition: form-data; name="open',
    'Content-Disposition: form-data; name="a"; name="b"',
    'Content-Disposition: x; name="key"',
  ],
  ...[
    'Content-Disposition: form-data; name="__proto__"',
    'Content-Disposition: form-data; name="key\\""',
    "Content-Disposition: form-data; name*=UTF-8''%e2%82",
  ],
  ...[
    'Content-Disposition: form-data;\r\n name="key"',
    'content-disposition:form-data;name="KEY"',
    "no colon",
    ": no name",
    "\0: x",
  ],
  ...[
    'Content-Disposition: form-data; name="file"; filename="../../etc/passwd"',
    'Content-Disposition: form-data; name="file"; filename=""',
  ],
  ...[`Content-Disposition: form-data; name="${"n".repeat(9_000)}"`, `X: ${"v".repeat(70_000)}`, "X: y\r\n".repeat(MANY)],
  ...[
    'Content-Disposition: form-data; name="key"\r\nContent-Transfer-Encoding: base64',
    'Content-Disposition: form-data; name="file"\r\nContent-Type: multipart/mixed; boundary=inner',
  ],
];

/** Changes one thing about a form. */
export function breakForm(draft: Draft, random: Random): void {
  const parts = draft.body.toString("latin1").split(`--${BOUNDARY}`);
  const at = random.below(parts.length);
  const part = parts[at]!;
  const awkward = (): string => wireText(random.pick(AWKWARD_TEXTS));
  switch (random.below(11)) {
    case 0:
      return setHeader(draft, "Content-Type", random.pick(CONTENT_TYPES));
    case 1:
      parts.splice(at, 1);
      break;
    case 2:
      parts.splice(random.below(parts.length + 1), 0, ...Array.from({ length: random.pick([1, 1, manyOf(part)]) }, () => part));
      break;
    case 3:
      parts.push(parts.splice(at, 1)[0]!);
      break;
    case 4:
      parts[at] = `\r\n${random.pick(PART_HEADS)}${part.slice(Math.max(part.indexOf("\r\n\r\n"), 0))}`;
      break;
    case 5:
      parts[at] = `${part.slice(0, part.indexOf("\r\n\r\n") + 4)}${awkward()}\r\n`;
      break;
    case 6:
      parts[at] = part.replace(
        "\r\n\r\n",
        `\r\n\r\n${random.pick(["x", "\r\n", "\0", "-"]).repeat(random.pick([1_100, 21_000, 200_000]))}`,
      );
      break;
    case 7:
      parts[at] = part.replace(/name="[^"]*/, () => `name="${awkward()}`);
      break;
    case 8:
      parts[at] = part.replaceAll("\r\n", random.pick(["\n", "\r", "", "\r\n\r\n", " \r\n"]));
      break;
    case 9:
      return urlEncode(draft, random);
    default:
      draft.body = draft.body.subarray(0, random.below(draft.body.length + 1));
      return undefined;
  }
  draft.body = Buffer.from(parts.join(`--${random.chance(0.95) ? BOUNDARY : awkward()}`), "latin1");
}

/** The form as browsers send one without a file, which S3 does not take. */
function urlEncode(draft: Draft, random: Random): void {
  if (random.chance(0.9)) setHeader(draft, "Content-Type", "application/x-www-form-urlencoded");
  const pairs = [
    ["key", random.pick(KEYS)],
    ["policy", "e30="],
    ["file", random.pick(AWKWARD_TEXTS)],
    ["a[b][c]", "1"],
  ] as const;
  const text = pairs.map(([name, value]) => `${name}=${random.chance(0.8) ? encodeURIComponent(value) : value}`).join("&");
  draft.body = Buffer.from(
    random.pick([text, `${text}&`.repeat(MANY), text.replaceAll("=", ""), text.replaceAll("%", "%%"), "&&&==="]),
  );
}
