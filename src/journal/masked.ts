import { hash } from "node:crypto";

/** Names of headers, and of parameters of a query, whose values are secret as a whole; in lower case. */
const SECRETS: ReadonlySet<string> = new Set([
  // Tokens.
  "cookie",
  "samlassertion",
  "webidentitytoken",
  "x-amz-s3session-token",
  "x-amz-security-token",
  // Signatures of presigned URLs.
  "signature",
  "x-amz-signature",
  // Customers' keys, and what would tell whether one was guessed.
  "x-amz-copy-source-server-side-encryption-customer-key",
  "x-amz-copy-source-server-side-encryption-customer-key-md5",
  "x-amz-server-side-encryption-customer-key",
  "x-amz-server-side-encryption-customer-key-md5",
]);

/** What is found by trying, if one knows anything of it: codes of six digits, passwords. Of these not even a hash is kept. */
const GUESSABLE: ReadonlySet<string> = new Set([
  "authenticationcode1",
  "authenticationcode2",
  "newpassword",
  "oldpassword",
  "password",
  "proxy-authorization",
  "tokencode",
  "x-amz-mfa",
]);

/** Headers that can hold an address with a query. */
const ADDRESSES: ReadonlySet<string> = new Set(["referer", "x-amz-copy-source"]);

/** In texts that repeat an Authorization header: what follows is the signature, in hexadecimal digits or base 64. */
const SIGNATURE = /(\bSignature=|\bAWS [^\s:]{1,128}:)([A-Za-z0-9+/=]{16,})/g;

/** Begins a line of a canonical request that has a header, or one of version 2's string to sign. */
const HEADER_LINE = /^([a-z0-9-]+):(.*)$/is;

/** What is shorter is looked for in no text: it would be found in every other word. */
const MIN_SECRET_LENGTH = 6;

/** So many secrets of a request are looked for in texts; what else repeats a name has no meaning. */
const MAX_SECRETS = 32;

/** An explanation repeats no more than the beginning of what was sent. */
const QUOTED_LENGTH = 100;

/** What stands in place of a secret of which nothing is to be seen. */
const HIDDEN = "(hidden)";

/** What stands in place of a secret. With it one sees whether two are the same; which they are, one does not. */
function mask(secret: string): string {
  return `(hidden, sha256 ${hash("sha256", secret).slice(0, 8)})`;
}

function isSecret(lowerName: string): boolean {
  return SECRETS.has(lowerName) || GUESSABLE.has(lowerName);
}

/** The value under a name, or what stands in its place; `undefined` where the name is that of no secret. */
function maskedUnder(lowerName: string, value: string): string | undefined {
  if (GUESSABLE.has(lowerName)) return HIDDEN;
  return SECRETS.has(lowerName) ? mask(value) : undefined;
}

/** A header's value without what is secret in it. */
export function maskedHeader(name: string, value: string): string {
  const lowerName = name.toLowerCase();
  const masked = maskedUnder(lowerName, value);
  if (masked !== undefined) return masked;
  if (lowerName === "authorization") return maskedAuthorization(value);
  return ADDRESSES.has(lowerName) ? maskedTarget(value) : value;
}

/** The schemes of AWS name the signature; what another one carries is a secret as a whole, such as a password in base 64. */
function maskedAuthorization(value: string): string {
  const scheme = value.slice(0, Math.max(value.indexOf(" "), 0));
  if (!scheme.toUpperCase().startsWith("AWS")) return `${scheme} (hidden)`.trimStart();
  const signature = signatureIn(value);
  return signature === "" ? value : value.replaceAll(signature, () => mask(signature));
}

/** What follows "Signature=" in an Authorization header of version 4, or the key in one of version 2; "" where nothing does. */
function signatureIn(authorization: string): string {
  const name = authorization.indexOf("Signature=");
  if (name >= 0) return authorization.slice(name + "Signature=".length).split(/[,\s]/, 1)[0]!;
  const colon = authorization.indexOf(":");
  return colon < 0 ? "" : authorization.slice(colon + 1);
}

/** A path with a query, without what is secret in that. */
export function maskedTarget(target: string): string {
  return hiddenTarget(target, maskedUnder);
}

/** The same without a hash: for every request that comes, and of a presigned one that would be half of what it costs. */
export function shortTarget(target: string): string {
  return hiddenTarget(target, () => HIDDEN);
}

type Hide = (lowerName: string, value: string) => string | undefined;

function hiddenTarget(target: string, hide: Hide): string {
  const start = target.indexOf("?");
  return start < 0 ? target : target.slice(0, start + 1) + maskedQuery(target.slice(start + 1), hide);
}

/** A query without what is secret in it, whichever way its names are written. */
function maskedQuery(query: string, hide: Hide = maskedUnder): string {
  return query
    .split("&")
    .map((pair) => {
      const equals = pair.indexOf("=");
      if (equals < 0) return pair;
      const name = nameOf(pair.slice(0, equals));
      // Most pairs are none of these, and every request has its query looked through.
      return isSecret(name) ? pair.slice(0, equals + 1) + hide(name, decoded(pair.slice(equals + 1))) : pair;
    })
    .join("&");
}

function nameOf(written: string): string {
  return decoded(written).toLowerCase();
}

function decoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A text that may repeat an Authorization header, without the signature. */
function maskedText(text: string): string {
  // Hardly a text does, and the pattern looks at every word.
  if (!text.includes("Signature=") && !text.includes("AWS ")) return text;
  return text.replace(SIGNATURE, (_, before: string, secret: string) => before + mask(secret));
}

/**
 * A canonical request or a string to sign, the server's or a client's, without what is secret in its headers and its query. Equal texts stay
 * equal, and others stay different, but for codes and passwords.
 */
export function maskedSignedText(text: string): string {
  return text.split("\n").map(maskedLine).join("\n");
}

function maskedLine(line: string): string {
  const header = HEADER_LINE.exec(line);
  if (header !== null) return `${header[1]!}:${maskedHeader(header[1]!, header[2]!)}`;
  // A query stands in a line of its own in version 4, and behind the path in version 2.
  return line.includes("?") ? maskedTarget(line) : line.includes("=") ? maskedQuery(line) : line;
}

/** A secret as it would stand in a text that repeats it, and what is to stand there in its place. */
interface Secret {
  readonly text: string;
  /** Made for those that are found. */
  readonly masked: () => string;
}

/** The secrets among headers and query. */
export function secretsAmong(headers: readonly (readonly [name: string, value: string])[], target: string): readonly Secret[] {
  const secrets: Secret[] = [];
  const add = (name: string, value: string): void => {
    if (value.length < MIN_SECRET_LENGTH || secrets.length >= MAX_SECRETS || !isSecret(name)) return;
    const masked = (): string => maskedUnder(name, value)!;
    secrets.push({ text: value, masked });
    if (value.length > QUOTED_LENGTH) secrets.push({ text: value.slice(0, QUOTED_LENGTH), masked });
  };
  for (const [name, value] of headers) {
    const lowerName = name.toLowerCase();
    if (lowerName === "authorization") add("signature", signatureIn(value));
    else add(lowerName, value);
  }
  const start = target.indexOf("?");
  for (const pair of start < 0 ? [] : target.slice(start + 1).split("&")) {
    const equals = pair.indexOf("=");
    if (equals < 0) continue;
    const name = nameOf(pair.slice(0, equals));
    const value = pair.slice(equals + 1);
    add(name, value);
    if (value.includes("%")) add(name, decoded(value));
  }
  return secrets;
}

/** Plain data without the secrets, and without signatures, wherever a text repeats one. */
export function withoutSecrets<Data>(data: Data, secrets: readonly Secret[]): Data {
  if (typeof data === "string") {
    let text = maskedText(data);
    for (const { text: secret, masked } of secrets) if (text.includes(secret)) text = text.replaceAll(secret, masked);
    return text as Data;
  }
  if (Array.isArray(data)) return data.map((item: unknown) => withoutSecrets(item, secrets)) as Data;
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, withoutSecrets(value, secrets)])) as Data;
}
