import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import { authenticate } from "../../src/auth/authenticate.ts";
import { MAX_TEXTS_TRIED, signedOtherwiseV4 } from "../../src/auth/signedOtherwise/signedOtherwiseV4.ts";
import { canonicalParts } from "../../src/auth/canonicalRequest.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { presigned } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

/** Clients that sign one request and send another, signed here by hand so that each can be wrong in one place. */

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const TIME = "20260301T120000Z";
const SCOPE = "20260301/us-east-1/s3/aws4_request";
const HOST = "127.0.0.1:9000";
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** What a client signs: the lines of a canonical request. */
interface Signed {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Sorted by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payloadHash: string;
  readonly secret: string;
}

const USUAL: Signed = {
  method: "GET",
  path: "/bucket/key",
  query: "",
  headers: { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": TIME },
  payloadHash: "UNSIGNED-PAYLOAD",
  secret: EXAMPLE_KEY.secretAccessKey,
};

interface Mistake {
  /** Completes "a client that …". */
  readonly what: string;
  readonly signs: Partial<Signed>;
  readonly sends?: RequestParts;
  readonly says: RegExp;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function signatureV4({ method, path, query, headers, payloadHash, secret }: Signed): string {
  const names = Object.keys(headers);
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const canonical = [method, path, query, lines, names.join(";"), payloadHash].join("\n");
  let key: Buffer = Buffer.from(`AWS4${secret}`);
  for (const part of SCOPE.split("/")) key = createHmac("sha256", key).update(part).digest();
  return createHmac("sha256", key)
    .update(`AWS4-HMAC-SHA256\n${TIME}\n${SCOPE}\n${sha256(canonical)}`)
    .digest("hex");
}

/** What is told to a client that signs one request, by header, and sends another. */
async function toldOf({ signs, sends = {} }: Pick<Mistake, "signs" | "sends">): Promise<string> {
  const signed = { ...USUAL, ...signs, headers: { ...USUAL.headers, ...signs.headers } };
  const names = Object.keys(signed.headers);
  const headers = {
    ...USUAL.headers,
    authorization:
      `AWS4-HMAC-SHA256 Credential=${EXAMPLE_KEY.accessKeyId}/${SCOPE}, SignedHeaders=${names.join(";")}, ` +
      `Signature=${signatureV4(signed)}`,
    ...sends.headers,
  };
  const request = wireRequestFor({ target: "/bucket/key", ...sends, headers });
  const options = { credentials: exampleCredentials, region: "us-east-1", domains: ["s3.example.com"], nowMs: NOW_MS };
  const error = await expectRefusal(() => authenticate(request, options), { code: "SignatureDoesNotMatch", status: 403 });
  return error.explanation!;
}

const MISTAKES: readonly Mistake[] = [
  { what: "signs another method", signs: { method: "HEAD" }, says: /signed for HEAD, and GET arrived/ },
  {
    what: "is behind a proxy that puts its own Host in",
    signs: { headers: { host: "s3.example.com" } },
    says: /signed for the host "s3\.example\.com", and "127\.0\.0\.1:9000" arrived: a proxy/,
  },
  {
    what: "is behind a proxy that says which Host it got",
    signs: { headers: { host: "files.example.org:8443" } },
    sends: { headers: { "x-forwarded-host": "files.example.org:8443" } },
    says: /signed for the host "files\.example\.org:8443", and "127\.0\.0\.1:9000" arrived: a proxy/,
  },
  {
    what: "is behind a proxy that says it as RFC 7239 has it",
    signs: { headers: { host: "files.example.org" } },
    sends: { headers: { forwarded: 'for=192.0.2.1; host="files.example.org";proto=https' } },
    says: /signed for the host "files\.example\.org"/,
  },
  {
    what: "signs the host without its port",
    signs: { headers: { host: "127.0.0.1" } },
    says: /signed for the host "127\.0\.0\.1", .*: the port belongs to it/,
  },
  {
    what: "presigns for one name of the machine and asks another",
    signs: { headers: { host: "localhost:9000" } },
    says: /signed for the host "localhost:9000", .*: one name is signed/,
  },
  {
    what: "presigns for Amazon S3",
    signs: { path: "/key", headers: { host: "bucket.s3.amazonaws.com" } },
    sends: { target: "/key", virtualBucket: "bucket" },
    says: /made for Amazon S3/,
  },
  {
    what: "encodes the path twice",
    signs: { path: "/bucket/a%2520b" },
    sends: { target: "/bucket/a%20b" },
    says: /path was signed encoded twice.*It was signed as "\/bucket\/a%2520b"/,
  },
  {
    what: "signs the path unencoded",
    signs: { path: "/bucket/ü" },
    sends: { target: "/bucket/%C3%BC" },
    says: /without being percent-encoded/,
  },
  {
    what: "signs the path with parentheses",
    signs: { path: "/bucket/a%20(1)" },
    sends: { target: "/bucket/a%20%281%29" },
    says: /encodeURIComponent/,
  },
  {
    what: "signs the path as encodeURI writes it",
    signs: { path: "/bucket/a%20@b,c" },
    sends: { target: "/bucket/a%20%40b%2Cc" },
    says: /encodeURI does/,
  },
  { what: "sends a bare plus", signs: { path: "/bucket/a%2Bb" }, sends: { target: "/bucket/a+b" }, says: /bare \+.*%2B/ },
  {
    what: "is behind a proxy that encodes once more",
    signs: { path: "/bucket/a%20b" },
    sends: { target: "/bucket/a%2520b" },
    says: /arrived is encoded once more/,
  },
  {
    what: "tidies the path up",
    signs: { path: "/bucket/a/b" },
    sends: { target: "/bucket/a//b" },
    says: /one slash for several/,
  },
  {
    what: "resolves dots in the path",
    signs: { path: "/bucket/b" },
    sends: { target: "/bucket/a/../b" },
    says: /"\.\." resolved/,
  },
  { what: "has file names of macOS", signs: { path: "/bucket/u%CC%88" }, sends: { target: "/bucket/%C3%BC" }, says: /form NFD/ },
  { what: "signs as for a bucket in the host name", signs: { path: "/key" }, says: /signed without "\/bucket" in front/ },
  {
    what: "signs the path that a proxy's prefix was cut off",
    signs: { path: "/store/bucket/key" },
    sends: { headers: { "x-forwarded-prefix": "/store" } },
    says: /took "\/store" off the front/,
  },
  {
    what: "adds a parameter after signing",
    signs: { path: "/bucket", query: "list-type=2" },
    sends: { target: "/bucket?list-type=2&prefix=a" },
    says: /parameter "prefix" of the query was not signed/,
  },
  {
    what: "signs names without values without their =",
    signs: { path: "/bucket", query: "acl" },
    sends: { target: "/bucket?acl" },
    says: /as in acl=/,
  },
  {
    what: "signs + for a space in the query",
    signs: { path: "/bucket", query: "prefix=a+b" },
    sends: { target: "/bucket?prefix=a%20b" },
    says: /signed with \+ for a space/,
  },
  {
    what: "signs a query unsorted",
    signs: { path: "/bucket", query: "prefix=a&max-keys=1" },
    sends: { target: "/bucket?prefix=a&max-keys=1" },
    says: /parameters sorted/,
  },
  {
    what: "leaves slashes in a query alone",
    signs: { path: "/bucket", query: "max-keys=1&prefix=a/b" },
    sends: { target: "/bucket?prefix=a%2Fb&max-keys=1" },
    says: /slashes left alone/,
  },
  {
    what: "has its Content-Type completed",
    signs: { headers: { "content-type": "text/csv", ...USUAL.headers } },
    sends: { headers: { "content-type": "text/csv; charset=utf-8" } },
    says: /Content-Type was signed as "text\/csv", and arrived as "text\/csv; charset=utf-8"/,
  },
  {
    what: "has its Accept-Encoding rewritten",
    signs: { headers: { "accept-encoding": "identity", ...USUAL.headers } },
    sends: { headers: { "accept-encoding": "gzip, br" } },
    says: /Accept-Encoding was signed as "identity", and arrived as "gzip, br"/,
  },
  { what: "signs another word for the body", signs: { payloadHash: EMPTY_SHA256 }, says: /in place of the body/ },
  {
    what: "has a line break behind its secret",
    signs: { secret: `${USUAL.secret}\n` },
    says: /right secret key and a line break behind it/,
  },
  { what: "has its secret between quotes", signs: { secret: `"${USUAL.secret}"` }, says: /right secret key between quotes/ },
  {
    what: "has the access key id for a secret",
    signs: { secret: EXAMPLE_KEY.accessKeyId },
    says: /access key id in place of the secret key/,
  },
];

for (const mistake of MISTAKES) {
  test(`SignatureDoesNotMatch: a client that ${mistake.what} is told so`, async () => {
    const told = await toldOf(mistake);
    assert.match(told, mistake.says);
    assert.match(told, /^The access key exists\. /);
    assert.ok(!told.includes(USUAL.secret), told);
    assert.ok(told.length <= 500, told);
  });
}

test("SignatureDoesNotMatch: who changes a presigned URL of version 4 is told what", async () => {
  const sent = await presigned({ target: "/bucket/key" }, { atMs: NOW_MS });
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS };
  const changed: readonly (readonly [RequestParts, RegExp])[] = [
    [
      { ...sent, target: `${sent.target}&response-content-type=text/csv` },
      /parameter "response-content-type" of the query was not signed/,
    ],
    [{ ...sent, method: "PUT" }, /signed for GET, and PUT arrived/],
    [{ ...sent, headers: { host: "localhost:9000" } }, /signed for the host "127\.0\.0\.1:9000", and "localhost:9000" arrived/],
  ];
  for (const [parts, says] of changed) {
    const work = (): Promise<unknown> => authenticate(wireRequestFor(parts), options);
    const { explanation } = await expectRefusal(work, { code: "SignatureDoesNotMatch", status: 403 });
    assert.match(explanation!, says);
  }
});

test("SignatureDoesNotMatch: a client whose secret is another one is told so, and what the server was asked as", async () => {
  assert.equal(
    await toldOf({ signs: { secret: "another" }, sends: { method: "PUT" } }),
    "The access key exists, but its secret is most likely another one: none of the usual slips and changes on the way explains the signature. " +
      'The server was asked PUT "/bucket/key" at the host "127.0.0.1:9000". If the secret is right, compare CanonicalRequest with the client\'s line by line.',
  );
});

test("SignatureDoesNotMatch: of long requests, and of those with many parameters, no more is tried than the bound", () => {
  const target = `/bucket?${Array.from({ length: 200 }, (_, index) => `p${index}=a+b`).join("&")}`;
  const request = wireRequestFor({
    target,
    headers: { ...USUAL.headers, "content-type": "a", "accept-encoding": "b", forwarded: "host=c" },
  });
  const names = new Set([...Object.keys(USUAL.headers), "content-type", "accept-encoding"]);
  let tried = 0;
  const server = { domains: ["a", "b", "c", "d", "e"], region: "us-east-1" };
  const count = (): boolean => {
    tried += 1;
    return false;
  };
  signedOtherwiseV4(request, canonicalParts(request, names, "UNSIGNED-PAYLOAD", false), server, count);
  assert.ok(tried > MAX_TEXTS_TRIED / 2 && tried <= MAX_TEXTS_TRIED, String(tried));
  const long = wireRequestFor({ target: `/bucket/${"a".repeat(5_000)}`, headers: USUAL.headers });
  tried = 0;
  signedOtherwiseV4(long, canonicalParts(long, names, "UNSIGNED-PAYLOAD", false), server, count);
  assert.equal(tried, 0);
});

const DATE = "Sun, 01 Mar 2026 12:00:00 GMT";

/** What is told to a client of version 2 that signs this text and sends another request. */
async function toldOfV2(text: string, sends: RequestParts, secret = USUAL.secret): Promise<string> {
  const signature = createHmac("sha1", secret).update(text).digest("base64");
  const headers = { host: HOST, date: DATE, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}`, ...sends.headers };
  const request = wireRequestFor({ target: "/bucket/key", ...sends, headers });
  const options = { credentials: exampleCredentials, region: "us-east-1", nowMs: NOW_MS };
  const error = await expectRefusal(() => authenticate(request, options), { code: "SignatureDoesNotMatch", status: 403 });
  return error.explanation!;
}

const MISTAKES_V2: readonly (readonly [what: string, text: string, sends: RequestParts, says: RegExp])[] = [
  ["signs another method", `PUT\n\n\n${DATE}\n/bucket/key`, {}, /signed for PUT, and GET arrived/],
  [
    "signs another method, without the type that is sent",
    `GET\n\n\n${DATE}\n/bucket/key`,
    { method: "PUT", headers: { "content-type": "application/x-www-form-urlencoded" } },
    /signed for GET, and PUT arrived.* without Content-Type besides/,
  ],
  ["signs the path unencoded", `GET\n\n\n${DATE}\n/bucket/a b`, { target: "/bucket/a%20b" }, /without being percent-encoded/],
  [
    "leaves Content-Type out",
    `GET\n\n\n${DATE}\n/bucket/key`,
    { headers: { "content-type": "text/csv" } },
    /Content-Type was signed as empty/,
  ],
  [
    "leaves the bucket of the host name out",
    `GET\n\n\n${DATE}\n/key`,
    { target: "/key", virtualBucket: "bucket" },
    /signed without the bucket/,
  ],
  [
    "leaves a sub-resource out",
    `GET\n\n\n${DATE}\n/bucket`,
    { target: "/bucket?acl" },
    /parameter acl of the query was not signed/,
  ],
  [
    "signs x-amz-date in the line of Date",
    `GET\n\n\n${DATE}\nx-amz-date:${DATE}\n/bucket/key`,
    { headers: { "x-amz-date": DATE } },
    /the line of Date stays empty/,
  ],
];

for (const [what, text, sends, says] of MISTAKES_V2) {
  test(`SignatureDoesNotMatch: a client of version 2 that ${what} is told so`, async () => {
    assert.match(await toldOfV2(text, sends), says);
  });
}

test("SignatureDoesNotMatch: a client of version 2 whose secret is another one is told so", async () => {
  const text = `GET\n\n\n${DATE}\n/bucket/key`;
  assert.match(await toldOfV2(text, {}, "another"), /secret is most likely another one.*compare StringToSign/);
  assert.match(await toldOfV2(text, {}, `${USUAL.secret}\n`), /line break behind it/);
});
