import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import { TestServer } from "../server/TestServer.ts";
import type { TestServerOptions } from "../server/TestServer.ts";
import { askSoap, NAMESPACE, soapBody, soapFault } from "../server/soapMessages.ts";
import type { MessageOptions } from "../server/soapMessages.ts";

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);
export const NOW = "2026-03-01T12:00:00.000Z";
export const OBJECT = "<Bucket>bucket</Bucket><Key>Nelson</Key>";
/** "ha-ha". */
export const DATA = "<Data>aGEtaGE=</Data><ContentLength>5</ContentLength>";
export const ETAG = "&quot;cc331bfc054be0c6e6ad1f0551e1a5a3&quot;";
export const READ = "<GetMetadata>true</GetMetadata><GetData>true</GetData><InlineData>true</InlineData>";
export const STRANGER: Readonly<Record<"accessKeyId" | "secretAccessKey", string>> = {
  accessKeyId: "HFSTRANGERSTRANGER00",
  secretAccessKey: "s".repeat(40),
};
export const ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

export async function start(t: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await TestServer.start({ clock: () => NOW_MS, soapOverHttp: true, ...options });
  t.after(() => server[Symbol.asyncDispose]());
  return server;
}

/** Asks, and returns what stands in the body of the answer, which must not be a fault. */
export async function answered(
  server: TestServer,
  operation: string,
  elements: string,
  options?: MessageOptions,
): Promise<string> {
  const answer = await askSoap(server, operation, elements, options);
  const body = soapBody(answer);
  assert.equal(answer.status, 200, body);
  assert.equal(answer.headers.get("content-type"), "text/xml; charset=utf-8");
  return body;
}

/** A fault, without its explanation. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
}

/** Asks, and returns the fault that answers, as code and details without the explanation. */
export async function refused(
  server: TestServer,
  operation: string,
  elements: string,
  options?: MessageOptions,
): Promise<Refused> {
  const fault = soapFault(await askSoap(server, operation, elements, options));
  const { Details: explanation, ...details } = Object.fromEntries(fault.details);
  assert.ok(explanation, "a fault that explains nothing");
  return { code: fault.code, message: fault.message, details };
}

/** The answer of an operation whose result is called as it is. */
export function result(operation: string, inside: string): string {
  const name = `${operation}Response`;
  const element = inside === "" ? `<${name}/>` : `<${name}>${inside}</${name}>`;
  return `<${name} xmlns="${NAMESPACE}">${element}</${name}>`;
}

export function read(operation: string, status: string, metadata: string, data: string): string {
  return (
    `<${operation}Response xmlns="${NAMESPACE}"><GetObjectResponse><Status>${status}</Status>${metadata}${data}` +
    `<LastModified>${NOW}</LastModified><ETag>${ETAG}</ETag></GetObjectResponse></${operation}Response>`
  );
}

export const OK = "<Code>200</Code><Description>OK</Description>";
export const BINARY = "<Metadata><Name>Content-Type</Name><Value>binary/octet-stream</Value></Metadata>";
export const NO_DATA = '<Data xsi:nil="true"/>';

export async function withObject(t: TestContext, options: TestServerOptions = {}): Promise<TestServer> {
  const server = await start(t, options);
  await answered(server, "PutObjectInline", OBJECT + DATA);
  return server;
}

/** Lets the bucket have ACLs, and public ones. */
export async function withAcls(t: TestContext): Promise<TestServer> {
  const server = await withObject(t);
  const rule = "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>";
  await putSetting(server, "ownershipControls", rule);
  assert.equal((await server.request("DELETE", "/bucket", { query: { publicAccessBlock: "" } })).status, 204);
  return server;
}

/** Puts a setting of the bucket by REST. */
export async function putSetting(server: TestServer, name: string, body: string): Promise<void> {
  const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  const { status, body: answer } = await server.request("PUT", "/bucket", { query: { [name]: "" }, headers, body });
  assert.ok(status < 300, answer);
}

export async function ownerId(server: TestServer): Promise<string> {
  return /<ID>([0-9a-f]{64})<\/ID>/.exec(await answered(server, "ListAllMyBuckets", ""))![1]!;
}
