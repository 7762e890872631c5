import assert from "node:assert/strict";
import { test } from "node:test";
import { maskedSignedText } from "../../../src/journal/masked.ts";
import { explainRequest } from "../../../src/journal/why/explainRequest.ts";
import { mismatchRecord } from "./recordOf.ts";

const HASH = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

interface Canonical {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signed: string | undefined;
  readonly hash: string;
}

/** A canonical request, with what a test says otherwise. */
function canonical({
  method = "GET",
  path = "/bucket/photos/cat%20one.jpg",
  query = "list-type=2&prefix=a%20b",
  headers = {},
  signed,
  hash = HASH,
}: Partial<Canonical> = {}): string {
  const all: Readonly<Record<string, string>> = {
    "content-type": "text/plain",
    host: "store.example:9000",
    "x-amz-content-sha256": hash,
    "x-amz-date": "20260301T120000Z",
    ...headers,
  };
  const names = Object.keys(all).toSorted();
  return [method, path, query, ...names.map((name) => `${name}:${all[name]}`), "", signed ?? names.join(";"), hash].join("\n");
}

function stringToSign(more: { algorithm?: string; time?: string; scope?: string; hash?: string } = {}): string {
  const {
    algorithm = "AWS4-HMAC-SHA256",
    time = "20260301T120000Z",
    scope = "20260301/us-east-1/s3/aws4_request",
    hash = HASH,
  } = more;
  return [algorithm, time, scope, hash].join("\n");
}

const SERVER = { canonicalRequest: canonical(), stringToSign: stringToSign(), headers: [] };

function differenceOf(
  client: string,
  server: Parameters<typeof mismatchRecord>[0] = SERVER,
): { part: string; cause: string; line: number } {
  const { signature } = explainRequest(mismatchRecord(server), { canonical: client });
  assert.ok(signature?.difference, "there is a difference");
  const { part, cause, line } = signature.difference;
  return { part, cause, line };
}

const CAUSES: readonly (readonly [what: string, client: string, part: string, cause: RegExp])[] = [
  ["another method", canonical({ method: "HEAD" }), "the method", /signed HEAD, and GET arrived/],
  ["a path encoded twice", canonical({ path: "/bucket/photos/cat%2520one.jpg" }), "the path", /encoded twice/],
  [
    "a path that is not encoded",
    canonical({ path: "/bucket/photos/cat one.jpg" }),
    "the path",
    /encoded once more than the one that was signed/,
  ],
  [
    "a path with other letters encoded",
    canonical({ path: "/bucket%2Fphotos/cat%20one.jpg" }),
    "the path",
    /encoded otherwise \(%2Fpho by the client, \/photo here\)/,
  ],
  ["a path without its bucket", canonical({ path: "/photos/cat%20one.jpg" }), "the path", /without the bucket/],
  ["a tidied path", canonical({ path: "/bucket//photos/./cat%20one.jpg" }), "the path", /tidied/],
  ["a prefix that was taken off", canonical({ path: "/s3/bucket/photos/cat%20one.jpg" }), "the path", /took \/s3 off the front/],
  ["capitals", canonical({ path: "/bucket/Photos/cat%20one.jpg" }), "the path", /capitals only/],
  ["another key", canonical({ path: "/bucket/dog" }), "the path", /another path/],
  ["an unsorted query", canonical({ query: "prefix=a%20b&list-type=2" }), "the query", /another order/],
  ["a query with plus signs", canonical({ query: "list-type=2&prefix=a+b" }), "the query", /encoded otherwise/],
  ["a parameter that was added", canonical({ query: "prefix=a%20b" }), "the query", /list-type arrived and was not signed/],
  [
    "a parameter that was lost",
    canonical({ query: "list-type=2&max-keys=1&prefix=a%20b" }),
    "the query",
    /max-keys was signed and did not arrive/,
  ],
  ["another value", canonical({ query: "list-type=2&prefix=b" }), "the query", /another value/],
  ["another host", canonical({ headers: { host: "store.example" } }), "the header host", /proxy or load balancer/],
  [
    "another type",
    canonical({ headers: { "content-type": "text/plain; charset=utf-8" } }),
    "the header content-type",
    /completed it/,
  ],
  ["white space", canonical({ headers: { "content-type": "text/plain " } }), "the header content-type", /white space only/],
  [
    "a header that is not listed",
    canonical({ headers: { "x-amz-acl": "private" } }),
    "the header x-amz-acl",
    /list of signed headers does not name/,
  ],
  ["another list", canonical({ signed: "host" }), "the list of signed headers", /another one than Authorization/],
  [
    "another time for the header",
    canonical({ headers: { "x-amz-date": "20260301T120001Z" } }),
    "the header x-amz-date",
    /dated once/,
  ],
  [
    "another hash",
    canonical({ headers: { "x-amz-content-sha256": HASH }, hash: "00" }),
    "the hash of the body",
    /not the one in x-amz-content-sha256/,
  ],
  [
    "no hash",
    canonical({ headers: { "x-amz-content-sha256": HASH }, hash: "UNSIGNED-PAYLOAD" }),
    "the hash of the body",
    /signed UNSIGNED-PAYLOAD/,
  ],
  ["another algorithm", stringToSign({ algorithm: "AWS4-HMAC-SHA512" }), "the algorithm", /another algorithm/],
  ["another time", stringToSign({ time: "20260301T120500Z" }), "the time", /clock/],
  ["another day", stringToSign({ scope: "20260302/us-east-1/s3/aws4_request" }), "the scope's date", /local time/],
  ["another region", stringToSign({ scope: "20260301/eu-west-1/s3/aws4_request" }), "the scope's region", /region/],
  ["another service", stringToSign({ scope: "20260301/us-east-1/execute-api/aws4_request" }), "the scope's service", /service/],
  ["another end", stringToSign({ scope: "20260301/us-east-1/s3/aws4" }), "the scope's end", /does not end/],
  ["another canonical request", stringToSign({ hash: "00" }), "the hash of the canonical request", /canonical requests differ/],
];

for (const [what, client, part, cause] of CAUSES) {
  test(`explainRequest: a client that signed ${what} is told the first line that differs, and why`, () => {
    const found = differenceOf(client);
    assert.equal(found.part, part);
    assert.match(found.cause, cause);
  });
}

test("explainRequest: the first difference names its line and shows both sides", () => {
  const { signature, why } = explainRequest(mismatchRecord(SERVER), {
    canonical: canonical({ headers: { host: "store.example" }, hash: "00" }),
  });
  assert.deepEqual(
    [signature?.difference?.line, signature?.difference?.client, signature?.difference?.server],
    [5, "host:store.example", "host:store.example:9000"],
  );
  assert.match(why.join(" "), /canonical request differs from the server's first in line 5, the header host\./);
});

test("explainRequest: equal strings to sign leave only the secret key, equal canonical requests the string to sign as well", () => {
  const bySecret = explainRequest(mismatchRecord(SERVER), { canonical: stringToSign() });
  assert.equal(bySecret.signature?.difference, null);
  assert.match(bySecret.why.join(" "), /secret access key is another one/);
  const byCanonical = explainRequest(mismatchRecord(SERVER), { canonical: canonical() });
  assert.equal(byCanonical.signature?.difference, null);
  assert.match(byCanonical.change.join(" "), /string to sign to --canonical as well/);
});

test("explainRequest: Windows' line ends, empty lines and the labels of logs are no differences", () => {
  for (const client of [
    `${canonical().replaceAll("\n", "\r\n")}\r\n\r\n`,
    `\n${canonical()}\n`,
    `2026-03-01 12:00:00,000 - MainThread - botocore.auth - DEBUG - CanonicalRequest:\n${canonical()}`,
    `* aws_sigv4: Canonical request (enclosed in []) - [${canonical()}]`,
    `StringToSign:\n${stringToSign()}`,
  ]) {
    assert.equal(explainRequest(mismatchRecord(SERVER), { canonical: client }).signature?.difference, null, client);
  }
});

test("explainRequest: secrets in the client's text are masked before they are compared, and are not told", () => {
  const secret = "FwoGZXIvYXdzEXAMPLE/TOKEN+";
  const client = canonical({ headers: { "x-amz-security-token": secret } });
  const server = { ...SERVER, canonicalRequest: maskedSignedText(client) };
  assert.equal(explainRequest(mismatchRecord(server), { canonical: client }).signature?.difference, null);
  const other = canonical({ headers: { "x-amz-security-token": "another-token-of-somebody" } });
  const told = explainRequest(mismatchRecord(server), { canonical: other });
  assert.equal(told.signature?.difference?.part, "the header x-amz-security-token");
  assert.doesNotMatch(JSON.stringify(told), /another-token|FwoGZX/);
});

test("explainRequest: version 2's string to sign is compared line by line", () => {
  const lines = ["PUT", "", "text/plain", "", "x-amz-date:Sun, 01 Mar 2026 12:00:00 GMT", "/bucket/key?acl"];
  const server = { stringToSign: lines.join("\n"), headers: [] };
  const withLine = (index: number, line: string): string => lines.with(index, line).join("\n");
  assert.equal(differenceOf(withLine(0, "GET"), server).part, "the method");
  assert.equal(differenceOf(withLine(1, "XrY7u+Ae7tCTyyK7j1rNww=="), server).part, "Content-MD5");
  assert.equal(differenceOf(withLine(2, "text/html"), server).part, "Content-Type");
  assert.equal(differenceOf(withLine(3, "Sun, 01 Mar 2026 12:00:00 GMT"), server).part, "the date");
  assert.equal(differenceOf(withLine(4, "x-amz-acl:private"), server).part, "the x-amz-… headers");
  assert.match(differenceOf(withLine(5, "/key?acl"), server).cause, /without the bucket/);
  assert.match(differenceOf(withLine(5, "/bucket/key"), server).cause, /acl arrived and was not signed/);
});

test("explainRequest: without the client's text, what the record alone tells of a mismatch is told", () => {
  const server = {
    ...SERVER,
    canonicalRequest: canonical({ path: "/bucket/a%2520b", headers: { "user-agent": "me" } }),
    headers: [["Via", "1.1 proxy"]] as const,
  };
  const { why, change } = explainRequest({ ...mismatchRecord(server), target: "/bucket/a%2520b?acl" });
  assert.match(why.join(" "), /through a proxy \(via\).*signs user-agent.*send "acl=".*%25/);
  assert.match(change[0]!, /--canonical FILE/);
});

test("explainRequest: a client's text beside a request that was refused for something else says so", () => {
  const record = { ...mismatchRecord(SERVER), errorCode: "AccessDenied" };
  const { why } = explainRequest(record, { canonical: canonical() });
  assert.match(why.join(" "), /not the signature that stopped/);
});

test("explainRequest: where the record has no such text, nothing is compared", () => {
  const { signature, why } = explainRequest(mismatchRecord({ headers: [] }), { canonical: canonical() });
  assert.deepEqual(signature, { compared: "canonicalRequest" });
  assert.match(why.join(" "), /has no canonical request of this request/);
});
