import { rootOf } from "../testCallers.ts";
import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import fc from "fast-check";
import { SaxesParser } from "saxes";
import { authenticate } from "../../src/auth/authenticate.ts";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { renderRestError } from "../../src/errors/render.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { parseCopySource } from "../../src/operations/objects/copySource.ts";
import { continuationToken, continuedPosition } from "../../src/operations/lists/continuationTokens.ts";
import { requestedRange } from "../../src/operations/objects/ranges.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { decodeBody, decodeHead } from "../../src/protocol/rest/decode.ts";
import { percentDecode, percentEncode } from "../../src/protocol/rest/percent.ts";
import { openPayload } from "../../src/protocol/streaming/openPayload.ts";
import { websiteNamesOf } from "../../src/server/http/hostNames.ts";
import { wireRequest } from "../../src/server/http/wireRequest.ts";
import { wireRequestFor } from "../auth/wireRequestFor.ts";
import { routed } from "../protocol/routed.ts";
import { Random } from "./Random.ts";
import { AWKWARD_TEXTS } from "./values.ts";
import { FUZZER, NOW_MS, REGION } from "./world.ts";
import { mutatedXml } from "./xmlMutations.ts";
import { anyCharacter } from "../anyCharacter.ts";

/** Properties of the rooms a request passes: whatever comes, it is understood or refused with an error of S3's, and nothing else is thrown. */

const RUNS = { numRuns: 300 };

/** Text as clients send it, and text nobody would. */
const text = fc.oneof(
  fc.constantFrom(...AWKWARD_TEXTS),
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);

async function understoodOrRefused<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    assert.ok(error instanceof S3Error, `thrown: ${error instanceof Error ? error.stack : String(error)}`);
    assert.notEqual(error.code, "InternalError");
    return undefined;
  }
}

const rawHeaders = fc.array(
  fc.tuple(
    fc.oneof(
      fc.constantFrom("host", "authorization", "x-amz-date", "x-amz-content-sha256", "date", "range", "x-amz-copy-source"),
      text,
    ),
    text,
  ),
  { maxLength: 6 },
);

test("wireRequest: every target and every header line is understood or refused", async () => {
  const target = fc.oneof(
    text,
    text.map((path) => `/${path}`),
    fc.tuple(text, text).map(([name, value]) => `/bucket/key?${name}=${value}`),
  );
  const socket = { remoteAddress: "127.0.0.1" };
  await fc.assert(
    fc.asyncProperty(target, rawHeaders, fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD"), async (url, lines, method) => {
      const incoming = { url, rawHeaders: lines.flat(), method, httpVersion: "1.1", socket } as unknown as IncomingMessage;
      await understoodOrRefused(() => {
        const request = wireRequest(incoming, {
          domains: ["localhost"],
          regions: [],
          websites: websiteNamesOf(["localhost"], []),
        });
        return decodeHead(routed(request).operation, request);
      });
    }),
    RUNS,
  );
});

test("authenticate: whatever claims to be a signature is refused, and nobody is let in", async () => {
  const credentials = { find: () => ({ ...FUZZER, caller: rootOf("fuzzer", "1".repeat(64), FUZZER.accessKeyId) }) };
  const scope = `${FUZZER.accessKeyId}/20260301/${REGION}/s3/aws4_request`;
  const fields = fc.tuple(fc.oneof(fc.constant(scope), text), text, text);
  const authorization = fc.oneof(
    text,
    text.map((rest) => `AWS ${rest}`),
    fields.map(
      ([credential, names, signature]) =>
        `AWS4-HMAC-SHA256 Credential=${credential},SignedHeaders=${names},Signature=${signature}`,
    ),
  );
  const date = fc.oneof(fc.constant("20260301T120000Z"), text);
  const payloadHash = fc.oneof(fc.constantFrom("UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), text);
  await fc.assert(
    fc.asyncProperty(authorization, date, payloadHash, async (header, time, hash) => {
      const headers = { host: "x", authorization: header, "x-amz-date": time, "x-amz-content-sha256": hash };
      const request = wireRequestFor({ target: "/bucket/key", headers });
      const found = await understoodOrRefused(() => authenticate(request, { credentials, region: REGION, nowMs: NOW_MS }));
      assert.equal(found, undefined);
    }),
    RUNS,
  );
});

test("authenticate: whatever stands in a presigned query is refused, and nobody is let in", async () => {
  const credentials = { find: () => ({ ...FUZZER, caller: rootOf("fuzzer", "1".repeat(64), FUZZER.accessKeyId) }) };
  const names = ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"];
  const usual = [
    "AWS4-HMAC-SHA256",
    `${FUZZER.accessKeyId}/20260301/${REGION}/s3/aws4_request`,
    "20260301T120000Z",
    "60",
    "host",
    "0",
  ];
  const values = fc.tuple(...usual.map((value) => fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, text)));
  const wellFormed = values.filter((all) => all.every((value) => value.isWellFormed()));
  await fc.assert(
    fc.asyncProperty(wellFormed, async (all) => {
      const query = all.map((value, index) => `${names[index]}=${encodeURIComponent(value)}`).join("&");
      const request = wireRequestFor({ target: `/bucket/key?${query}`, headers: { host: "x" } });
      const found = await understoodOrRefused(() => authenticate(request, { credentials, region: REGION, nowMs: NOW_MS }));
      assert.equal(found, undefined);
    }),
    RUNS,
  );
});

const DOCUMENTS: readonly (readonly [OperationName, string])[] = [
  ["DeleteObjects", "<Delete><Object><Key>a</Key><ETag>b</ETag></Object><Quiet>true</Quiet></Delete>"],
  [
    "CompleteMultipartUpload",
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>a</ETag></Part></CompleteMultipartUpload>",
  ],
  ["CreateBucket", "<CreateBucketConfiguration><LocationConstraint>EU</LocationConstraint></CreateBucketConfiguration>"],
  [
    "PutBucketLifecycleConfiguration",
    "<LifecycleConfiguration><Rule><Status>Enabled</Status><Filter><Prefix>a</Prefix></Filter></Rule></LifecycleConfiguration>",
  ],
];

test("decodeBody: documents with anything changed in them are read or refused", async () => {
  const changes = fc.tuple(fc.constantFrom(...DOCUMENTS), fc.nat(), fc.integer({ min: 1, max: 3 }));
  await fc.assert(
    fc.asyncProperty(changes, async ([[name, document], seed, count]) => {
      const random = new Random(seed);
      let changed = document;
      for (let index = 0; index < count; index += 1) changed = mutatedXml(changed, random);
      await understoodOrRefused(() => decodeBody(name, {}, Buffer.from(changed)));
    }),
    RUNS,
  );
});

test("decodeBody: any bytes are read or refused, by every operation", async () => {
  const name = fc.constantFrom(...(Object.keys(routes) as OperationName[]));
  await fc.assert(
    fc.asyncProperty(name, fc.uint8Array({ maxLength: 60 }), async (operation, bytes) => {
      await understoodOrRefused(() => decodeBody(operation, {}, Buffer.from(bytes)));
    }),
    RUNS,
  );
});

test("openPayload: any bytes in aws-chunked framing give at most the announced length, or are refused", async () => {
  const line = fc.constantFrom(
    "5\r\n",
    "0\r\n",
    "\r\n",
    "hello",
    "5;chunk-signature=0\r\n",
    "x-amz-checksum-crc32:NhCmhg==\r\n",
    "ffffffffffffffff\r\n",
  );
  const piece = fc.oneof(
    line.map((known) => Buffer.from(known)),
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
  );
  const mode = fc.constantFrom("unsignedChunksWithTrailer" as const, "unsigned" as const);
  await fc.assert(
    fc.asyncProperty(mode, fc.array(piece, { maxLength: 8 }), fc.nat({ max: 20 }), async (framing, body, length) => {
      const headers = {
        "x-amz-decoded-content-length": String(length),
        "x-amz-trailer": "x-amz-checksum-crc32",
        "transfer-encoding": "chunked",
      };
      const options = { operation: "PutObject" as const, maxSizeBytes: 1_000, idleTimeoutMs: 5_000 };
      const content = await understoodOrRefused(async () => {
        const security = { mode: framing, sha256: undefined, chunks: undefined };
        return openPayload(wireRequestFor({ method: "PUT", headers, body }), security, options).gather(1_000);
      });
      assert.ok(content === undefined || content.length === length);
    }),
    RUNS,
  );
});

test("requestedRange: a range lies within its object, or is none", async () => {
  const number = fc.oneof(fc.constant(""), fc.nat().map(String), fc.bigInt({ min: 0n }).map(String));
  const header = fc.oneof(
    text,
    fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
  );
  await fc.assert(
    fc.asyncProperty(header, fc.nat(), async (range, sizeBytes) => {
      const found = await understoodOrRefused(() => requestedRange(range, sizeBytes));
      assert.ok(found === undefined || (found.start >= 0 && found.start < found.end && found.end <= sizeBytes));
    }),
    RUNS,
  );
});

test("parseCopySource and continuation tokens: any text is understood or refused", async () => {
  await fc.assert(
    fc.asyncProperty(text, text, async (sent, position) => {
      await understoodOrRefused(() => parseCopySource(sent));
      await understoodOrRefused(() => continuedPosition("list", sent));
      // No page ends at the empty key.
      const end = `k${position.toWellFormed()}`;
      assert.equal(continuedPosition("list", continuationToken("list", end)), end);
    }),
    RUNS,
  );
});

test("percentEncode: any bytes come back from it", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.boolean(), (bytes, keepSlashes) => {
      assert.deepEqual(percentDecode(percentEncode(bytes, keepSlashes)), Buffer.from(bytes));
    }),
    RUNS,
  );
});

test("renderRestError: any text makes a document that can be read again", () => {
  fc.assert(
    fc.property(fc.constantFrom(...errorCodes()), text, text, (code, message, resource) => {
      const ids = { requestId: "R", hostId: "H" };
      const body = renderRestError(new S3Error(code, { message, details: [["ArgumentValue", message]] }), {
        ...ids,
        resource,
      });
      const elements: Record<string, string> = {};
      let name = "";
      const parser = new SaxesParser({ xmlns: false, position: false });
      parser.on("error", (error) => assert.fail(error.message));
      parser.on("opentag", (tag) => void (name = tag.name));
      parser.on("text", (content) => void (elements[name] = content));
      // Characters that XML 1.0 does not have are written as references, as S3 does it.
      parser.write(body.toString().replace(/&#x[0-9a-f]+;/g, "?")).close();
      assert.equal(elements["RequestId"], "R");
      assert.equal(elements["Code"], code);
    }),
    RUNS,
  );
});
