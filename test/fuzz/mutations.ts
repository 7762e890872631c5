import { gzipSync } from "node:zlib";
import { routes } from "../../src/protocol/generated/routes.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import type { Draft, PayloadMode } from "./Draft.ts";
import { anyOf, setHeader, wireText } from "./Draft.ts";
import { breakForm } from "./forms.ts";
import { longText } from "./longTexts.ts";
import { mutatedJson } from "./jsonMutations.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";
import { mutatedXml } from "./xmlMutations.ts";

/** Changes one thing about a draft. */
export type Mutation = (draft: Draft, random: Random) => void;

const METHODS: readonly string[] = [
  "GET",
  "HEAD",
  "PUT",
  "POST",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "PROPFIND",
  "LOCK",
  "get",
];

/** Every parameter and header that some operation knows: elsewhere they mean something else, or nothing. */
const KNOWN_PARAMETERS = new Set<string>([
  "X-Amz-Algorithm",
  "X-Amz-Signature",
  "Signature",
  "AWSAccessKeyId",
  "Expires",
  "X-Amz-Expires",
]);
const KNOWN_HEADERS = new Set<string>([
  "date",
  "expect",
  "origin",
  "x-amz-security-token",
  "x-amz-decoded-content-length",
  "x-amz-trailer",
]);
for (const { input, query } of Object.values(routes)) {
  for (const [name] of query) KNOWN_PARAMETERS.add(name);
  for (const { in: place, wire } of input === undefined ? [] : shapeOf(input).members) {
    if (place === "query") KNOWN_PARAMETERS.add(wire!);
    else if (place === "header" && wire !== "content-length") KNOWN_HEADERS.add(wire!);
    else if (place === "prefix") KNOWN_HEADERS.add(`${wire!}x`);
  }
}
const PARAMETERS: readonly string[] = [...KNOWN_PARAMETERS];
const HEADERS: readonly string[] = [...KNOWN_HEADERS];

/** Headers of HTTP that say how a message travels, but not where it ends. */
const HTTP_HEADERS: readonly (readonly [string, string])[] = [
  ["Expect", "100-continue"],
  ["Expect", "200-ok"],
  ["Connection", "close"],
  ["Connection", "keep-alive, x"],
  ["Connection", "Upgrade"],
  ["Upgrade", "websocket"],
  ["TE", "trailers"],
  ["Trailer", "x-amz-checksum-crc32"],
  ["Accept-Encoding", "gzip"],
  ["Range", "bytes=0-0"],
  ["Range", `bytes=${"0-0,".repeat(500)}0-0`],
  ["If-Modified-Since", "never"],
  ["Origin", "https://example.com"],
];

/** Headers of HTTP that may hold anything: none that says where a message ends, for then another request would follow. */
const HTTP_HEADER_NAMES: readonly string[] = [
  ...["Host", "Connection", "Expect", "Upgrade", "TE", "Accept", "Cookie", "Range", "Content-Type"],
  "Access-Control-Request-Headers",
];

/** A long text as a header may hold it. */
function longHeaderText(random: Random, sizeBytes: number): string {
  return longText(random, sizeBytes).replaceAll("\0", "");
}

/** A text as it can stand in a target; what is not encoded there is encoded. */
function targetText(text: string): string {
  return text.replace(/[\0-\u0020#?<"]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

function awkward(random: Random): string {
  const text = wireText(random.pick(AWKWARD_TEXTS));
  return random.chance(0.5) ? encodeURIComponent(text).replace(/%C2%([89AB].)/g, "%$1") : text.replace(/[\0-\u0020#\u007f]/g, "");
}

/** A header may hold tabs and bytes beyond ASCII; with other controls HTTP refuses the whole request, which need not be tried often. */
function awkwardHeader(random: Random): string {
  const text = wireText(random.pick(AWKWARD_TEXTS));
  // eslint-disable-next-line no-control-regex -- controls are what this is about
  return random.chance(0.02) ? text.replace(/[\r\n]/g, "") : text.replace(/[\0-\u0008\u000a-\u001f\u007f]/g, "");
}

/** What can be done to a request that is then signed: each of these gets past authentication. */
export const DRAFT_MUTATIONS: Readonly<Record<string, Mutation>> = {
  changeParameter(draft, random) {
    const parameter = anyOf(draft.query, random);
    if (parameter !== undefined) parameter[1] = awkward(random);
  },
  dropParameter(draft, random) {
    if (draft.query.length > 0) draft.query.splice(random.below(draft.query.length), 1);
  },
  repeatParameter(draft, random) {
    const parameter = anyOf(draft.query, random);
    if (parameter !== undefined) draft.query.push([parameter[0], random.chance(0.5) ? parameter[1] : awkward(random)]);
  },
  addParameter(draft, random) {
    const name = random.chance(0.8) ? random.pick(PARAMETERS) : awkward(random);
    draft.query.push([name, random.chance(0.2) ? undefined : awkward(random)]);
  },
  hoistHeader(draft, random) {
    const name = random.chance(0.5) ? random.pick(HEADERS) : `x-amz-meta-${awkward(random)}`;
    draft.signing = "query";
    draft.query.push([name, awkward(random)]);
  },
  manyParameters(draft, random) {
    const count = random.pick([50, 500]);
    for (let index = 0; index < count; index += 1) draft.query.push([`p${index}`, "1"]);
  },
  changeHeader(draft, random) {
    const line = anyOf(draft.headers, random);
    if (line !== undefined) line[1] = awkwardHeader(random);
  },
  dropHeader(draft, random) {
    if (draft.headers.length > 0) draft.headers.splice(random.below(draft.headers.length), 1);
  },
  repeatHeader(draft, random) {
    const line = anyOf(draft.headers, random);
    if (line !== undefined) draft.headers.push([line[0].toUpperCase(), random.chance(0.5) ? line[1] : awkwardHeader(random)]);
  },
  addHeader(draft, random) {
    draft.headers.push([random.pick(HEADERS), awkwardHeader(random)]);
  },
  addHttpHeader(draft, random) {
    draft.headers.push([...random.pick(HTTP_HEADERS)]);
  },
  hugeHeaders(draft, random) {
    const [count, sizeBytes] = random.pick([
      [1, 7_000],
      [1, 9_000],
      [1, 40_000],
      [200, 10],
      [100, 80],
      [3_000, 4],
    ] as const);
    for (let index = 0; index < count; index += 1) draft.headers.push([`x-amz-meta-${index}`, "v".repeat(sizeBytes)]);
  },
  longHeader(draft, random) {
    const name = random.pick(random.chance(0.3) ? HTTP_HEADER_NAMES : HEADERS);
    const text = longHeaderText(random, random.pick([300, 2_000, 7_000]));
    if (random.chance(0.3)) setHeader(draft, name, text);
    else draft.headers.push([name, text]);
  },
  longParameter(draft, random) {
    const text = targetText(longText(random, random.pick([300, 5_000, 25_000])));
    const parameter = anyOf(draft.query, random);
    if (parameter !== undefined && random.chance(0.5)) parameter[1] = text;
    else draft.query.push([random.chance(0.8) ? random.pick(PARAMETERS) : text, random.pick([undefined, "", text])]);
  },
  changePath(draft, random) {
    const parts = draft.path.split("/");
    parts[random.below(parts.length)] = awkward(random);
    draft.path = parts.join("/");
  },
  longPath(draft, random) {
    draft.path += random.pick(["/", "x", "%41", "é", "%F0%9F%98%80"].map(wireText)).repeat(random.pick([10, 400, 1_100]));
  },
  longTextInPath(draft, random) {
    draft.path += targetText(longText(random, random.pick([300, 5_000, 30_000])));
  },
  oddTarget(draft, random) {
    draft.path = random.pick([
      "*",
      "",
      "//",
      "/?",
      "///",
      "http://fuzz.test/fuzz-bucket/a",
      "http://",
      "fuzz-bucket",
      "/%2F",
      "/..",
      "/fuzz-bucket/../a",
      "/fuzz-bucket/plus+space",
      "/./a",
      "/#x",
      "https://x?y",
    ]);
  },
  changeMethod(draft, random) {
    draft.method = random.pick(METHODS);
  },
  changeHost(draft, random) {
    const host = random.pick([
      "",
      "localhost",
      ".localhost",
      "a..localhost",
      "-.localhost",
      "[::1]:9",
      "x:y:z",
      "fuzz-bucket.localhost:99999",
      awkwardHeader(random),
    ]);
    setHeader(draft, "Host", host);
  },
  changeXml(draft, random) {
    draft.body = Buffer.from(mutatedXml(draft.body.toString(), random));
  },
  changeJson(draft, random) {
    draft.body = mutatedJson(draft.body.toString(), random);
  },
  changeForm: breakForm,
  changeBody(draft, random) {
    const at = random.below(draft.body.length + 1);
    const rest = draft.body.subarray(at);
    const bodies = [
      Buffer.alloc(0),
      draft.body.subarray(0, at),
      Buffer.concat([draft.body, draft.body]),
      random.bytes(random.below(300)),
    ];
    const inserted = Buffer.concat([draft.body.subarray(0, at), Buffer.from(random.pick(AWKWARD_TEXTS)), rest]);
    const encoded = [Buffer.from(draft.body.toString(), "utf16le"), gzipSync(draft.body, { level: 1 })];
    draft.body = random.pick([...bodies, inserted, ...encoded]);
  },
  changePayload(draft, random) {
    const modes: readonly PayloadMode[] = [
      "hashed",
      "UNSIGNED-PAYLOAD",
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    ];
    draft.payload = random.pick(modes);
  },
  changeFraming(draft) {
    draft.framing = draft.framing === "length" ? "chunked" : "length";
  },
  breakChunks(draft) {
    draft.breaksChunks = true;
    if (!draft.payload.startsWith("STREAMING")) draft.payload = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
  },
  changeSigning(draft, random) {
    draft.signing = random.pick(["header", "query", "headerV2", "queryV2", "anonymous"]);
  },
  oldVersion(draft) {
    draft.version = "1.0";
  },
};

const TIMES: readonly string[] = [
  "",
  "20260301T120000Z",
  "20250101T000000Z",
  "20270101T000000Z",
  "20260301T250000Z",
  "0",
  "Sun, 01 Mar 2026 12:00:00 GMT",
];

/** What can be done to a signed request: most of these make its signature wrong, and all try how it is read. */
export const SIGNED_MUTATIONS: Readonly<Record<string, Mutation>> = {
  changeAuthorization(draft, random) {
    const line = draft.headers.find(([name]) => name === "Authorization");
    if (line === undefined) return;
    const at = random.below(line[1].length + 1);
    const edits = [
      line[1].slice(0, at),
      line[1].slice(0, at) + awkwardHeader(random) + line[1].slice(at),
      line[1].slice(0, at) + line[1].slice(at + random.between(1, 5)),
      line[1].replace(/=[^,]*/, `=${awkwardHeader(random)}`),
      line[1].replace(/(Signature|SignedHeaders)=[^,]*/, `$1=${awkwardHeader(random)}`),
      line[1].replace(/^\S+/, random.pick(["AWS", "AWS4-ECDSA-P256-SHA256", "Basic", "Bearer", ""])),
      line[1].replaceAll(",", random.pick([";", " ", ",,", ""])),
      `AWS ${awkwardHeader(random)}:${awkwardHeader(random)}`,
    ];
    line[1] = random.pick(edits);
  },
  longAuthorization(draft, random) {
    const line = draft.headers.find(([name]) => name === "Authorization");
    const text = longHeaderText(random, random.pick([300, 6_000]));
    if (line === undefined)
      draft.headers.push(["Authorization", random.pick(["AWS ", "AWS4-HMAC-SHA256 Credential=", ""]) + text]);
    else line[1] = line[1].replace(/(Credential=|SignedHeaders=|Signature=|AWS )/, (field) => field + text);
  },
  longSignatureParameter(draft, random) {
    const names = /^(?:X-Amz-|AWSAccessKeyId|Expires|Signature)/;
    const parameter = anyOf(
      draft.query.filter(([name]) => names.test(name)),
      random,
    );
    if (parameter !== undefined) parameter[1] = (parameter[1] ?? "") + targetText(longText(random, random.pick([300, 20_000])));
  },
  /** One header is to be signed as often as its name fits. */
  repeatSignedHeader(draft, random) {
    const value = "v".repeat(random.pick([10, 4_000]));
    const names = ";x-fuzz".repeat(random.pick([10, 400, 3_000]));
    draft.headers.push(["x-fuzz", value]);
    const line = draft.headers.find(([name]) => name === "Authorization");
    const parameter = draft.query.find(([name]) => name === "X-Amz-SignedHeaders");
    if (parameter !== undefined) parameter[1] += names;
    else if (line !== undefined) line[1] = line[1].replace(/SignedHeaders=[^,]*/, (field) => field + names.slice(0, 3_500));
  },
  repeatAuthorization(draft, random) {
    const line = draft.headers.find(([name]) => name === "Authorization");
    draft.headers.push(["Authorization", line?.[1] ?? random.pick(["AWS a:b", "AWS4-HMAC-SHA256 x", "x"])]);
  },
  changeSignatureParameter(draft, random) {
    const parameters = draft.query.filter(([name]) => /^(X-Amz-|AWSAccessKeyId|Expires|Signature)/.test(name));
    const parameter = anyOf(parameters, random);
    if (parameter !== undefined) parameter[1] = random.chance(0.3) ? random.pick(TIMES) : awkward(random);
  },
  dropSignatureParameter(draft, random) {
    const parameter = anyOf(draft.query, random);
    if (parameter !== undefined) draft.query = draft.query.filter((other) => other !== parameter);
  },
  changeDate(draft, random) {
    setHeader(draft, random.pick(["x-amz-date", "Date"]), random.pick(TIMES));
  },
  changeContentSha256(draft, random) {
    setHeader(
      draft,
      "x-amz-content-sha256",
      random.pick(["", "0".repeat(64), "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD", awkwardHeader(random)]),
    );
  },
  addAfterSigning(draft, random) {
    draft.headers.push([random.pick(HEADERS), awkwardHeader(random)]);
  },
};
