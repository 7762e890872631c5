import { createHmac } from "node:crypto";
import { soapOperations } from "../../src/protocol/soap/soapOperations.ts";
import type { Draft } from "./Draft.ts";
import { setHeader } from "./Draft.ts";
import { manyOf } from "./longTexts.ts";
import type { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";
import type { World } from "./world.ts";
import { FUZZER, KEPT_BUCKET, KEYS, NOW_MS } from "./world.ts";
import { mutatedXml } from "./xmlMutations.ts";

/** What an element may hold, given a source of chance and what there is. */
type Content = (random: Random, world: World) => string;

const OPERATIONS: readonly string[] = [...soapOperations.keys()];
const BOUNDARY = "frontier";

const bucket: Content = (random, world) => (random.chance(0.85) ? world.bucket : random.pick([KEPT_BUCKET, "no-bucket-here"]));
const key: Content = (random) => escaped(random.pick(KEYS).replace("\u0001", ""));
const flag: Content = (random) => random.pick(["true", "false", "1", "0", "1", "yes"]);
const count: Content = (random) => random.pick(["0", "1", "5", "1000", "1048577", "-1", "9007199254740993"]);
const tag: Content = (random) => random.pick(["*", "&quot;d41d8cd98f00b204e9800998ecf8427e&quot;", "x"]);
const time: Content = (random) =>
  random.pick(["2026-03-01T12:00:00Z", "2020-01-01T00:00:00.1234+02:00", "2030-01-01T00:00:00", "never"]);

/** The elements of all operations; those that one does not know are passed over. */
const ELEMENTS: readonly (readonly [name: string, chance: number, content: Content])[] = [
  ["Bucket", 1, bucket],
  ["Key", 1, key],
  ["SourceBucket", 0.5, bucket],
  ["SourceKey", 0.5, key],
  ["DestinationBucket", 0.5, bucket],
  ["DestinationKey", 0.5, key],
  ["GetMetadata", 0.9, flag],
  ["GetData", 0.9, flag],
  ["InlineData", 0.9, flag],
  ["Prefix", 0.2, key],
  ["Marker", 0.2, key],
  ["MaxKeys", 0.2, count],
  ["Delimiter", 0.2, (random) => random.pick(["/", "", "a", "//"])],
  ["ByteRangeStart", 0.1, count],
  ["ByteRangeEnd", 0.1, count],
  ["IfMatch", 0.1, tag],
  ["IfNoneMatch", 0.1, tag],
  ["IfModifiedSince", 0.1, time],
  ["IfUnmodifiedSince", 0.1, time],
  ["ReturnCompleteObjectOnConditionFailure", 0.1, flag],
  ["CopySourceIfMatch", 0.1, tag],
  ["CopySourceIfModifiedSince", 0.1, time],
  ["MetadataDirective", 0.2, (random) => random.pick(["COPY", "REPLACE", "copy"])],
  ["Metadata", 0.2, metadata],
  ["Metadata", 0.1, metadata],
  ["StorageClass", 0.1, (random) => random.pick(["STANDARD", "UNKNOWN", "GLACIER"])],
  ["AccessControlList", 0.1, grants],
  ["Credential", 0.02, () => "x"],
  ["BucketLoggingStatus", 0.5, logging],
];

/** Makes a draft a message of SOAP, of either version, alone or with an attachment, and signed as such; some are broken before they are sent. */
export function fillSoap(draft: Draft, random: Random, world: World): void {
  const operation = random.pick(OPERATIONS);
  draft.title.push(operation);
  draft.signing = random.chance(0.04) ? "forged" : "anonymous";
  const content = random.pick(["", "content", "content ".repeat(9_000)]);
  const elements = ELEMENTS.filter(([, chance]) => random.chance(chance)).map(
    ([name, , inside]) => `<${name}>${inside(random, world)}</${name}>`,
  );
  elements.push(`<ContentLength>${content.length + (random.chance(0.1) ? 1 : 0)}</ContentLength>`);
  elements.push(`<Data>${Buffer.from(content).toString("base64")}</Data>`);
  if (random.chance(0.92) || draft.signing === "forged") elements.push(signature(operation, draft.signing === "forged", random));
  const version = random.chance(0.8) ? "1.1" : "1.2";
  const plain = envelope(operation, elements.join(""), version, random);
  const text = random.chance(0.3) && draft.signing !== "forged" ? mutatedXml(plain, random) : plain;
  const isAttached = operation === "PutObject" ? random.chance(0.8) : random.chance(0.05);
  if (isAttached) attach(draft, Buffer.from(text), Buffer.from(content), version, random);
  else {
    setHeader(draft, "Content-Type", version === "1.1" ? "text/xml; charset=utf-8" : 'application/soap+xml; action=""');
    draft.body = Buffer.from(text);
  }
  if (random.chance(0.3))
    setHeader(draft, "Accept", random.pick(["application/dime", "multipart/related;q=0.5", "text/*", "*/*"]));
}

function envelope(operation: string, inside: string, version: "1.1" | "1.2", random: Random): string {
  const namespace = version === "1.1" ? "http://schemas.xmlsoap.org/soap/envelope/" : "http://www.w3.org/2003/05/soap-envelope";
  const header = random.pick([
    ...["", "", "", "<e:Header/>", '<e:Header><a xmlns="urn:a" e:mustUnderstand="1"/></e:Header>'],
    '<e:Header><w:ReplyTo xmlns:w="http://www.w3.org/2005/08/addressing"><w:Address>urn:x</w:Address></w:ReplyTo></e:Header>',
  ]);
  return (
    `<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="${namespace}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
    `${header}<e:Body><${operation} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${operation}></e:Body></e:Envelope>`
  );
}

function signature(operation: string, isForged: boolean, random: Random): string {
  const timestamp = new Date(NOW_MS - random.pick([0, 0, 0, 600_000])).toISOString();
  const secret = isForged ? "not-the-secret-of-anybody" : FUZZER.secretAccessKey;
  const signed = createHmac("sha1", secret).update(`AmazonS3${operation}${timestamp}`).digest("base64");
  return `<AWSAccessKeyId>${FUZZER.accessKeyId}</AWSAccessKeyId><Timestamp>${timestamp}</Timestamp><Signature>${signed}</Signature>`;
}

function attach(draft: Draft, text: Buffer, content: Buffer, version: "1.1" | "1.2", random: Random): void {
  draft.body = random.chance(0.5) ? dime(text, content, random) : related(text, content, random);
  const type = draft.body[0] === 0x2d ? `multipart/related; type="text/xml"; boundary=${BOUNDARY}` : "application/dime";
  setHeader(draft, "Content-Type", type);
  if (version === "1.2") draft.title.push("1.2");
}

function related(text: Buffer, content: Buffer, random: Random): Buffer {
  const encoding = random.chance(0.2) ? random.pick(["base64", "quoted-printable", "7bit"]) : "binary";
  const bytes = encoding === "base64" ? Buffer.from(content.toString("base64")) : content;
  const head = `\r\n--${BOUNDARY}\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;
  const part = Buffer.concat([Buffer.from(head), bytes]);
  const parts = Array.from({ length: random.chance(0.05) ? manyOf(part.toString("latin1")) : 1 }, () => part);
  const end = random.pick([
    `\r\n--${BOUNDARY}--\r\n`,
    `\r\n--${BOUNDARY}--\r\n`,
    `\r\n--${BOUNDARY}--`,
    `\r\n--${BOUNDARY}`,
    "",
    random.pick(AWKWARD_TEXTS),
  ]);
  return Buffer.concat([Buffer.from(`--${BOUNDARY}\r\nContent-Type: text/xml\r\n\r\n`), text, ...parts, Buffer.from(end)]);
}

/** Records of DIME, with a byte of their heads changed now and then. */
function dime(text: Buffer, content: Buffer, random: Random): Buffer {
  const record = (flags: number, type: number, data: Buffer): Buffer => {
    const head = Buffer.alloc(12);
    head[0] = 8 | flags;
    head[1] = type << 4;
    head.writeUInt32BE(data.length, 8);
    if (random.chance(0.1)) head[random.below(head.length)] = random.below(256);
    return Buffer.concat([head, data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
  };
  const half = Math.floor(content.length / 2);
  const chunks = random.chance(0.3)
    ? [record(1, 3, content.subarray(0, half)), record(2, 0, content.subarray(half))]
    : [record(2, 3, content)];
  const empty = random.chance(0.05) ? Array.from({ length: random.pick([1, 200]) }, () => record(1, 0, Buffer.alloc(0))) : [];
  return Buffer.concat([record(4, 2, text), ...empty, ...chunks]);
}

function metadata(random: Random): string {
  const name = random.pick(["Content-Type", "colour", "x-amz-meta-a", "__proto__", "a name", ...AWKWARD_TEXTS]);
  return `<Name>${escaped(name)}</Name><Value>${escaped(random.pick(["text/plain", "blue", ...AWKWARD_TEXTS]))}</Value>`;
}

function grants(random: Random): string {
  const grantee = random.pick([
    '<Grantee xsi:type="Group"><URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee>',
    `<Grantee xsi:type="CanonicalUser"><ID>${"0".repeat(64)}</ID></Grantee>`,
    '<Grantee xsi:type="AmazonCustomerByEmail"><EmailAddress>a@example.com</EmailAddress></Grantee>',
    '<Grantee xsi:type="x:constructor"/>',
  ]);
  const grant = `<Grant>${grantee}<Permission>${random.pick(["READ", "FULL_CONTROL", "WRITE", "x"])}</Permission></Grant>`;
  return grant.repeat(random.pick([0, 1, 1, 2, 101]));
}

function logging(random: Random, world: World): string {
  if (random.chance(0.5)) return "";
  return `<LoggingEnabled><TargetBucket>${bucket(random, world)}</TargetBucket><TargetPrefix>logs/</TargetPrefix></LoggingEnabled>`;
}

/** What XML has no form for stays: it is among what is tried. */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\r", "&#13;");
}
