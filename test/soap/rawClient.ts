import { createHmac } from "node:crypto";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import { escapeXml } from "../../src/errors/escapeXml.ts";
import { CERTIFICATE } from "../server/http/testCertificate.ts";
import type { Call } from "./calls.ts";

/** A message, what came back for it, and how. */
export interface Exchanged {
  /** The envelope that was sent. */
  readonly sent: string;
  readonly status: number;
  readonly contentType: string;
  /** The envelope that came, without what was attached to it. */
  readonly received: string;
}

const NAMESPACES =
  'xmlns:env="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
const BOUNDARY = "between-parts";

/** Makes a call by what it consists of: no client stands between a test and the bytes of envelopes. */
export async function exchange(endpoint: string, call: Call): Promise<Exchanged> {
  const sent = envelopeOf(call);
  const { attachment } = call;
  const isAlone = attachment === undefined;
  const body = isAlone ? Buffer.from(sent) : multipart(sent, Buffer.from(attachment, "base64"));
  const contentType = isAlone ? "text/xml; charset=utf-8" : `multipart/related; type="text/xml"; boundary=${BOUNDARY}`;
  const headers = { "Content-Type": contentType, "Content-Length": body.length, SOAPAction: '""' };
  const posted = request(`${endpoint}/soap`, { method: "POST", ca: CERTIFICATE, headers }).end(body);
  const [answer] = (await once(posted, "response")) as [IncomingMessage];
  const type = answer.headers["content-type"] ?? "";
  const text = (await buffer(answer)).toString();
  return {
    sent,
    status: answer.statusCode!,
    contentType: type,
    received: type.startsWith("multipart/") ? firstPart(text, type) : text,
  };
}

/** The envelope of a call. Elements come in the order of its arguments, which is the schema's, and who asks behind them. */
function envelopeOf(call: Call): string {
  const { BucketLoggingStatus: last, ...first } = call.arguments;
  const behind = last === undefined ? "" : element("BucketLoggingStatus", last);
  const inside = elements(first) + signatureOf(call) + behind;
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<env:Envelope ${NAMESPACES}><env:Body>` +
    `<${call.operation}>${inside}</${call.operation}></env:Body></env:Envelope>`
  );
}

function elements(members: Readonly<Record<string, unknown>>): string {
  return Object.entries(members)
    .map(([name, value]) => (Array.isArray(value) ? value.map((item) => element(name, item)).join("") : element(name, value)))
    .join("");
}

function element(name: string, value: unknown): string {
  if (typeof value !== "object") return `<${name}>${escapeXml(String(value))}</${name}>`;
  const { type, ...members } = value as Readonly<Record<string, unknown>>;
  return `<${name}${type === undefined ? "" : ` xsi:type="${String(type)}"`}>${elements(members)}</${name}>`;
}

function signatureOf({ operation, as, ageSeconds = 0, timestamp }: Call): string {
  if (as === undefined) return "";
  const now = new Date(Date.now() - ageSeconds * 1000).toISOString();
  const mac = createHmac("sha1", as.secretAccessKey).update(`AmazonS3${operation}${now}`);
  return elements({ AWSAccessKeyId: as.accessKeyId, Timestamp: timestamp ?? now, Signature: mac.digest("base64") });
}

function multipart(envelope: string, attachment: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n${envelope}\r\n`),
    Buffer.from(`--${BOUNDARY}\r\nContent-Type: text/plain\r\n\r\n`),
    attachment,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}

/** The content of the first part, which is the envelope. */
function firstPart(text: string, contentType: string): string {
  const [, quoted, bare] = /boundary=(?:"([^"]*)"|([^;]*))/.exec(contentType)!;
  const part = text.split(`--${quoted ?? bare}`)[1]!;
  return part.slice(part.indexOf("\r\n\r\n") + 4, -2);
}
