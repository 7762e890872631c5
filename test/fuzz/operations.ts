import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Route } from "../../src/protocol/generated/routes.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { bodyKind, payloadMember } from "../../src/protocol/rest/bodyKind.ts";
import { percentEncode } from "../../src/protocol/rest/percent.ts";
import type { ShapeMember } from "../../src/protocol/Shape.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import { operations } from "../../src/operations/registry.ts";
import { interpretedXml } from "../protocol/interpretedXml.ts";
import type { Draft, PayloadMode } from "./Draft.ts";
import { wireText } from "./Draft.ts";
import { fillForm } from "./forms.ts";
import { policyDocument } from "./jsonMutations.ts";
import type { Random } from "./Random.ts";
import { fillSoap } from "./soap.ts";
import { structureFor, textFor } from "./values.ts";
import type { World } from "./world.ts";
import { HOST, KEPT_BUCKET, KEYS } from "./world.ts";

const ALL: readonly OperationName[] = Object.keys(routes) as OperationName[];
const BUILT: readonly OperationName[] = [...operations.keys()];

/** Most are inline objects, some become blobs. */
const UPLOAD_SIZES_BYTES: readonly number[] = [0, 1, 10, 10, 1_000, 8_192, 20_000, 70_000];

const STREAMED: readonly PayloadMode[] = [
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
  "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
  "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
];

/** A request as a well-behaved client sends it, for any operation of S3's, though perhaps with values S3 refuses. */
export function validDraft(random: Random, world: World): Draft {
  if (random.chance(0.08)) return otherDraft(random, world);
  const name = random.pick(random.chance(0.8) ? BUILT : ALL);
  const route = routes[name];
  const draft = emptyDraft(name, route.method);
  addressTo(draft, route, random, world);
  for (const [parameter, value] of route.query) draft.query.push([parameter, value]);
  for (const member of headMembers(route)) addMember(draft, member, random, world);
  addBody(draft, name, random, world);
  draft.signing = signingFor(random);
  return draft;
}

/** A request with nothing in it yet. */
export function emptyDraft(title: string, method: string): Draft {
  return {
    title: [title],
    method,
    path: "/",
    query: [],
    headers: [["Host", HOST]],
    body: Buffer.alloc(0),
    signing: "header",
    payload: "hashed",
    framing: "length",
    version: "1.1",
    breaksChunks: false,
  };
}

function signingFor(random: Random): Draft["signing"] {
  const place = random.below(100);
  if (place < 60) return "header";
  if (place < 80) return "query";
  if (place < 86) return "headerV2";
  if (place < 92) return "queryV2";
  return place < 96 ? "anonymous" : "forged";
}

function addressTo(draft: Draft, { scope, path }: Route, random: Random, world: World): void {
  if (path !== undefined) draft.path = path;
  if (scope === "service") return;
  const isNew = draft.title[0] === "CreateBucket" && random.chance(0.7);
  const bucket = isNew
    ? `new-${random.below(20)}`
    : random.chance(0.85)
      ? world.bucket
      : random.pick([KEPT_BUCKET, KEPT_BUCKET, "no-bucket-here"]);
  const key = scope === "object" ? random.pick(KEYS) : "";
  const encoded = percentEncode(Buffer.from(key), true);
  if (random.chance(0.15)) {
    draft.headers = [["Host", `${bucket}.localhost`]];
    draft.path = `/${encoded}`;
  } else {
    draft.path = `/${bucket}${scope === "object" ? `/${encoded}` : random.pick(["", "/"])}`;
  }
}

/** Headers that the fuzzer adds with the body, or that another operation is meant by. */
const ADDED_ELSEWHERE: ReadonlySet<string> = new Set(["content-length", "content-md5", "x-amz-sdk-checksum-algorithm"]);

function headMembers({ input }: Route): readonly ShapeMember[] {
  if (input === undefined) return [];
  return shapeOf(input).members.filter(({ in: place, wire }) => {
    return (place === "query" || place === "header" || place === "prefix") && !ADDED_ELSEWHERE.has(wire!);
  });
}

/** What most requests are refused for: beside it, nothing else would be tried. */
const MOSTLY_REFUSED =
  /checksum-|server-side-encryption|object-lock|grant-|-acl$|tagging|-owner$|website|part(?:N|-n)umber|versionId|attributes$|bucket-|mfa|write-offset|-metadata|x-amz-if-/;

function addMember(draft: Draft, member: ShapeMember, random: Random, world: World): void {
  if (member.required !== true && !random.chance(MOSTLY_REFUSED.test(member.wire!) ? 0.005 : 0.12)) return;
  if (member.in === "prefix") {
    draft.headers.push([
      `${member.wire!}${random.pick(["colour", "a", "__proto__"])}`,
      random.pick(["blue", wireText("blaü"), ""]),
    ]);
    return;
  }
  const text = textFor(member, random, world);
  if (member.in === "query") draft.query.push([member.wire!, percentEncode(Buffer.from(text), false)]);
  else draft.headers.push([member.wire!, wireText(text).replace(/[\0\r\n]/g, " ")]);
}

function addBody(draft: Draft, name: OperationName, random: Random, world: World): void {
  const kind = bodyKind(name);
  if (kind === "none") {
    if (random.chance(0.3)) draft.payload = "UNSIGNED-PAYLOAD";
    return;
  }
  if (kind === "streaming") {
    draft.body = Buffer.alloc(random.pick(UPLOAD_SIZES_BYTES), random.pick(["x", "holdfast ", "\0"]));
    draft.payload = random.chance(0.5) ? random.pick(["hashed", "UNSIGNED-PAYLOAD"]) : random.pick(STREAMED);
    if (draft.payload.startsWith("STREAMING")) draft.framing = random.pick(["length", "length", "chunked"]);
    else if (random.chance(0.1)) draft.framing = "chunked";
    else if (random.chance(0.2)) addChecksum(draft, random);
    return;
  }
  draft.body = Buffer.from(kind === "xml" ? documentOf(name, random, world) : policyDocument(random, world));
  if (routes[name].requiresChecksum || random.chance(0.2)) addChecksum(draft, random);
}

function documentOf(name: OperationName, random: Random, world: World): string {
  const payload = payloadMember(name);
  const shapeName = payload === undefined ? routes[name].input : payload.shape!;
  return interpretedXml(payload?.wire ?? shapeOf(shapeName).xmlName, shapeName, structureFor(shapeName, random, world));
}

function addChecksum(draft: Draft, random: Random): void {
  if (random.chance(0.5)) {
    draft.headers.push(["Content-MD5", createHash("md5").update(draft.body).digest("base64")]);
    return;
  }
  const value = Buffer.alloc(4);
  value.writeUInt32BE(crc32(draft.body));
  draft.headers.push(["x-amz-checksum-crc32", value.toString("base64")]);
}

const OTHER_METHODS = { soap: "POST", form: "POST", preflight: "OPTIONS", own: "GET" } as const;

/** Requests that belong to no operation of the schemas: messages of SOAP, browsers' forms and questions, and the server's own paths. */
function otherDraft(random: Random, world: World): Draft {
  const kind = random.pick(["soap", "soap", "soap", "form", "form", "form", "preflight", "own"] as const);
  const draft = emptyDraft(kind, OTHER_METHODS[kind]);
  draft.signing = "anonymous";
  draft.payload = "UNSIGNED-PAYLOAD";
  draft.path = kind === "own" ? random.pick(["/-/health", "/-/metrics", "/-/", "/-"]) : `/${world.bucket}`;
  if (kind === "preflight") {
    draft.headers.push(
      ["Origin", "https://example.com"],
      ["Access-Control-Request-Method", random.pick(["PUT", "GET", "PATCH"])],
    );
  } else if (kind === "form") {
    fillForm(draft, random, world);
  } else if (kind === "soap") {
    draft.path = "/soap";
    fillSoap(draft, random, world);
  }
  return draft;
}
