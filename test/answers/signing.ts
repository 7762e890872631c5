import type { KeyObject } from "node:crypto";
import { createHash, createHmac, createSecretKey } from "node:crypto";

/** Signatures of version 4, made by themselves: an opinion that owes nothing to the server's, and can be wrong in one place at a time. */

/** A request as it goes over the wire; its body's length is said by whoever sends it. */
export interface Sendable {
  readonly method: string;
  /** Percent-encoded as S3's canonical requests are. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** Whose signature it is to be, and when and where it is made. */
export interface SigningScope {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly host: string;
  readonly region: string;
  readonly nowMs: number;
}

/** How long a presigned URL of these tests is valid. */
const EXPIRES_SECONDS = 600;

/** The request with an Authorization header, and the headers that one needs. What the request already says of them stays. */
export function signedByHeader(request: Sendable, scope: SigningScope): Sendable {
  const headers: Record<string, string> = {
    "x-amz-content-sha256": sha256(request.body),
    "x-amz-date": basicTime(scope.nowMs),
    ...request.headers,
  };
  const names = signedNames(headers);
  const signature = sign(request.method, request.path, request.query, { host: scope.host, ...headers }, names, scope, headers);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${scope.accessKeyId}/${credentialScope(scope)}, ` +
    `SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return { ...request, headers: { ...headers, Authorization: authorization } };
}

/** The request as a presigned URL; the headers it has are signed too. */
export function presigned(request: Sendable, scope: SigningScope): Sendable {
  const names = signedNames(request.headers);
  const query: Record<string, string> = {
    ...request.query,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${scope.accessKeyId}/${credentialScope(scope)}`,
    "X-Amz-Date": basicTime(scope.nowMs),
    "X-Amz-Expires": String(EXPIRES_SECONDS),
    "X-Amz-SignedHeaders": names.join(";"),
  };
  const headers = { host: scope.host, ...request.headers };
  const signature = sign(request.method, request.path, query, headers, names, scope, request.headers);
  return { ...request, query: { ...query, "X-Amz-Signature": signature } };
}

/** A query as it is sent, sorted, everything outside the unreserved characters encoded; a name alone where the value is empty. */
export function queryText(query: Readonly<Record<string, string>>): string {
  return Object.entries(query)
    .map(([name, value]) => [encoded(name), encoded(value)] as const)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map((pair) => pair.join("="))
    .join("&");
}

function signedNames(headers: Readonly<Record<string, string>>): string[] {
  const names = Object.keys(headers).map((name) => name.toLowerCase());
  return ["host", ...names.filter((name) => name.startsWith("x-amz-") || name === "content-md5")].toSorted();
}

function sign(
  method: string,
  path: string,
  query: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>>,
  names: readonly string[],
  scope: SigningScope,
  sent: Readonly<Record<string, string>>,
): string {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim().replace(/ +/g, " ")]));
  const lines = names.map((name) => `${name}:${values.get(name)}\n`).join("");
  const payload = sent["x-amz-content-sha256"] ?? "UNSIGNED-PAYLOAD";
  const canonical = [method, path, queryText(query), lines, names.join(";"), payload].join("\n");
  const time = sent["x-amz-date"] ?? basicTime(scope.nowMs);
  const toSign = ["AWS4-HMAC-SHA256", time, credentialScope(scope), sha256(canonical)].join("\n");
  return createHmac("sha256", signingKey(scope)).update(toSign).digest("hex");
}

/** The last one that was made: a test signs thousands of requests of one day with one of them. */
let lastKey: { readonly of: string; readonly key: KeyObject } | undefined;

function signingKey(scope: SigningScope): KeyObject {
  const of = `${scope.secretAccessKey} ${credentialScope(scope)}`;
  if (lastKey?.of === of) return lastKey.key;
  let key: Buffer = Buffer.from(`AWS4${scope.secretAccessKey}`);
  for (const part of credentialScope(scope).split("/")) key = createHmac("sha256", key).update(part).digest();
  lastKey = { of, key: createSecretKey(key) };
  return lastKey.key;
}

function credentialScope({ nowMs, region }: SigningScope): string {
  return `${basicTime(nowMs).slice(0, 8)}/${region}/s3/aws4_request`;
}

/** 20260301T120000Z. */
export function basicTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Lower-case hexadecimal digits. */
export function sha256(data: string | Buffer): string {
  return createHash("sha256").update(data).digest("hex");
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The bytes of a text as answers show them: two hexadecimal digits each, between spaces. */
export function hexPairs(text: string): string {
  return [...Buffer.from(text)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
