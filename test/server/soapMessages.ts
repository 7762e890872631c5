import { createHmac } from "node:crypto";
import type { RawAnswer } from "./RawConnection.ts";
import { ACCESS_KEY_ID, SECRET_ACCESS_KEY } from "./TestServer.ts";
import type { TestServer } from "./TestServer.ts";

/** S3's namespace, as its schema has it. */
export const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

/** What a message may differ in from one that is signed with the test server's key, at the server's time, in SOAP 1.1. */
export interface MessageOptions {
  /** Elements that the schema has behind the signature's. */
  readonly behind?: string;
  /** In place of the elements of the signature. */
  readonly authentication?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly timestamp?: string;
  readonly header?: string;
  readonly namespace?: string;
}

/** The envelope of each version. */
export const ENVELOPES = {
  "1.1": "http://schemas.xmlsoap.org/soap/envelope/",
  "1.2": "http://www.w3.org/2003/05/soap-envelope",
} as const;

/** A message for an operation with these elements. `nowMs` is when it is signed. */
export function soapMessage(
  operation: string,
  elements: string,
  nowMs: number,
  options: MessageOptions & { readonly version?: keyof typeof ENVELOPES } = {},
): string {
  const { behind = "", header = "", version = "1.1", namespace = NAMESPACE } = options;
  const envelope = `xmlns:e="${ENVELOPES[version]}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
  const authentication = options.authentication ?? signature(operation, nowMs, options);
  const body = `<${operation} xmlns="${namespace}">${elements}${authentication}${behind}</${operation}>`;
  return `<?xml version="1.0" encoding="utf-8"?><e:Envelope ${envelope}>${header}<e:Body>${body}</e:Body></e:Envelope>`;
}

/** The elements that say who asks. */
export function signature(operation: string, nowMs: number, options: MessageOptions = {}): string {
  const { accessKeyId = ACCESS_KEY_ID, secretAccessKey = SECRET_ACCESS_KEY } = options;
  const timestamp = options.timestamp ?? new Date(nowMs).toISOString();
  const signed = createHmac("sha1", secretAccessKey).update(`AmazonS3${operation}${timestamp}`).digest("base64");
  return `<AWSAccessKeyId>${accessKeyId}</AWSAccessKeyId><Timestamp>${timestamp}</Timestamp><Signature>${signed}</Signature>`;
}

/** Sends a body to /soap, on a connection of its own. */
export async function postSoap(
  server: TestServer,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = { "Content-Type": "text/xml; charset=utf-8", SOAPAction: '""' },
): Promise<RawAnswer> {
  using connection = await server.connect();
  await connection.sendHead("POST /soap", { ...headers, "Content-Length": String(Buffer.byteLength(body)) });
  await connection.send(body);
  return await connection.answer();
}

/** Asks for an operation in SOAP 1.1, signed with the test server's key unless told otherwise. */
export function askSoap(
  server: TestServer,
  operation: string,
  elements: string,
  options: MessageOptions = {},
): Promise<RawAnswer> {
  return postSoap(server, soapMessage(operation, elements, server.store.clock(), options));
}

/** What the Body of an answer's envelope holds. Throws for an answer that is no envelope as S3 writes it. */
export function soapBody({ body }: RawAnswer, version: keyof typeof ENVELOPES = "1.1"): string {
  const before =
    `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="${ENVELOPES[version]}" ` +
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>';
  const behind = "</soapenv:Body></soapenv:Envelope>";
  if (!body.startsWith(before) || !body.endsWith(behind)) throw new Error(`not S3's envelope: ${body}`);
  return body.slice(before.length, -behind.length);
}

/** A fault of SOAP 1.1, taken apart; `details` in order. */
export interface Fault {
  readonly code: string;
  readonly message: string;
  readonly details: readonly (readonly [name: string, value: string])[];
}

const FAULT =
  /^<soapenv:Fault><faultcode>soapenv:([^<]*)<\/faultcode><faultstring>([^<]*)<\/faultstring><detail>(.*)<\/detail><\/soapenv:Fault>$/s;

/** The fault in an answer. Throws for an answer that is none. */
export function soapFault(answer: RawAnswer): Fault {
  const inside = soapBody(answer);
  const match = FAULT.exec(inside);
  if (match === null || answer.status !== 500) throw new Error(`no fault: ${answer.status} ${inside}`);
  const details = [...match[3]!.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value]) => [name!, value!] as const);
  return { code: match[1]!, message: match[2]!, details };
}
