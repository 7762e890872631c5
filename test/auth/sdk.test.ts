import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { test } from "node:test";
import type { ChecksumAlgorithm as SdkChecksumAlgorithm } from "@aws-sdk/client-s3";
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import fc from "fast-check";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { Payload } from "../../src/protocol/Payload.ts";
import { openPayload } from "../../src/protocol/streaming/openPayload.ts";
import { exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { HOST, recordingClient, REGION, signed } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";
import { anyCharacter } from "../anyCharacter.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);

async function accepted(parts: RequestParts, nowMs = NOW_MS): Promise<void> {
  const options = { credentials: exampleCredentials, region: REGION, nowMs };
  assert.equal((await authenticate(wireRequestFor(parts), options)).caller.displayName, "example");
}

const AWKWARD_KEYS = ["a//b", "../x", "a b+c%", "ü/😀", "~!*'()", "a\nb\t", "?&=#;:@$,[]", "/", "%2F", "trailing/"];

test("authenticate: what the SDK's client sends is accepted, whatever the key", async () => {
  const { client, sent } = recordingClient();
  for (const Key of AWKWARD_KEYS) {
    await client.send(
      new GetObjectCommand({ Bucket: "bucket", Key, ResponseContentDisposition: `attachment; filename="${Key}"` }),
    );
    await accepted((await sent()).parts, Date.now());
  }
});

test("authenticate: a request of version 4 says how it is signed, and when", async () => {
  const { client, sent } = recordingClient();
  const facts = async (parts: RequestParts): Promise<readonly unknown[]> => {
    const options = { credentials: exampleCredentials, region: REGION, nowMs: Date.now() };
    const { signature } = await authenticate(wireRequestFor(parts), options);
    const isJust = Math.abs(options.nowMs - signature!.signedAtMs!) < 60_000;
    return [signature!.version, signature!.authType, isJust];
  };
  const command = new GetObjectCommand({ Bucket: "bucket", Key: "key" });
  await client.send(command);
  assert.deepEqual(await facts((await sent()).parts), ["AWS4-HMAC-SHA256", "REST-HEADER", true]);
  const url = await getSignedUrl(client, command, { expiresIn: 60 });
  const presigned = { target: url.slice(`http://${HOST}`.length), headers: { host: HOST } };
  assert.deepEqual(await facts(presigned), ["AWS4-HMAC-SHA256", "REST-QUERY-STRING", true]);
  const unsigned = await authenticate(wireRequestFor(), { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS });
  assert.equal(unsigned.signature, undefined);
});

test("authenticate: what the SDK's presigner makes is accepted, whatever the key", async () => {
  const { client } = recordingClient();
  for (const Key of AWKWARD_KEYS) {
    const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: "bucket", Key, ContentType: "text/plain" }), {
      expiresIn: 60,
    });
    const target = url.slice(`http://${HOST}`.length);
    await accepted({ method: "PUT", target, headers: { host: HOST, "content-type": "text/plain" } }, Date.now());
  }
});

test("authenticate: what the SDK's presigner makes is accepted with a hash of the body that it did not know, and the body must be so", async () => {
  const { client } = recordingClient();
  const url = await getSignedUrl(client, new PutObjectCommand({ Bucket: "bucket", Key: "key" }), { expiresIn: 60 });
  const target = url.slice(`http://${HOST}`.length);
  for (const [sent, mode] of [
    [createHash("sha256").update("hello").digest("hex"), "hashed"],
    ["UNSIGNED-PAYLOAD", "unsigned"],
  ] as const) {
    const request = wireRequestFor({ method: "PUT", target, headers: { host: HOST, "x-amz-content-sha256": sent } });
    const options = { credentials: exampleCredentials, region: REGION, nowMs: Date.now() };
    const { payload } = await authenticate(request, options);
    assert.deepEqual(payload, { mode, sha256: mode === "hashed" ? sent : undefined, chunks: undefined });
  }
});

test("authenticate: what the SDK's client lists is accepted, whatever the prefix", async () => {
  const { client, sent } = recordingClient();
  for (const Prefix of AWKWARD_KEYS) {
    await client.send(new ListObjectsV2Command({ Bucket: "bucket", Prefix, Delimiter: Prefix, StartAfter: "~", MaxKeys: 2 }));
    await accepted((await sent()).parts, Date.now());
  }
});

const segment = fc.string({ unit: anyCharacter, maxLength: 12 }).map((text) => encodeURIComponent(text.toWellFormed()));

test("authenticate: any path, query and header values the SDK signs are accepted", () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(segment, { maxLength: 4 }),
      fc.array(fc.tuple(segment, segment), { maxLength: 5 }),
      fc.string({ unit: fc.constantFrom("a", "Z", " ", "\t", ",", "é"), maxLength: 20 }),
      async (path, query, value) => {
        // The signer keeps parameters in a plain object, which cannot hold names that objects are born with.
        const pairs = query
          .filter(([name]) => name !== "" && !(name in Object.prototype))
          .map(([name, text]) => `${name}=${text}`);
        const target = `/${path.join("/")}${pairs.length === 0 ? "" : `?${pairs.join("&")}`}`;
        await accepted(await signed({ target, headers: { "x-amz-meta-value": value } }, { atMs: NOW_MS }));
      },
    ),
    { numRuns: 200 },
  ));

test("authenticate: a signed request of which any signed part is changed is refused", () =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom("method", "path", "query", "header"), fc.string({ minLength: 1 }), async (part, change) => {
      const parts = await signed({ target: "/bucket/key?prefix=a", headers: { "x-amz-meta-a": "b" } }, { atMs: NOW_MS });
      const suffix = encodeURIComponent(change.toWellFormed());
      const changed: RequestParts = {
        ...parts,
        method: part === "method" ? `GET${suffix}` : "GET",
        target: `/bucket/key${part === "path" ? suffix : ""}?prefix=a${part === "query" ? suffix : ""}`,
        headers: { ...parts.headers, "x-amz-meta-a": `b${part === "header" ? suffix : ""}` },
      };
      await expectRefusal(() => accepted(changed), { code: "SignatureDoesNotMatch", status: 403 });
    }),
    { numRuns: 50 },
  ));

async function open(parts: RequestParts, operation: OperationName): Promise<Payload> {
  const request = wireRequestFor(parts);
  const { payload } = await authenticate(request, { credentials: exampleCredentials, region: REGION, nowMs: Date.now() });
  return openPayload(request, payload, { operation, maxSizeBytes: 1e7, idleTimeoutMs: 1e4 });
}

for (const ChecksumAlgorithm of ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] satisfies SdkChecksumAlgorithm[]) {
  test(`openPayload: an SDK upload with a ${ChecksumAlgorithm} header is verified`, async () => {
    const { client, sent } = recordingClient();
    const Body = randomBytes(70_000);
    await client.send(new UploadPartCommand({ Bucket: "b", Key: "k", UploadId: "u", PartNumber: 1, Body, ChecksumAlgorithm }));
    const payload = await open((await sent()).parts, "UploadPart");
    assert.equal(payload.declared?.algorithm, ChecksumAlgorithm);
    assert.deepEqual(await payload.gather(1e6), Body);
  });

  test(`openPayload: an SDK upload of a stream with a ${ChecksumAlgorithm} trailer is verified`, async () => {
    const { client, sent } = recordingClient();
    const content = randomBytes(70_000);
    const Body = Readable.from([content.subarray(0, 65_536), content.subarray(65_536)]);
    const ContentLength = content.length;
    await client.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body, ContentLength, ChecksumAlgorithm }));
    const { parts } = await sent();
    assert.match(String(parts.headers!["x-amz-content-sha256"]), /^STREAMING-UNSIGNED-PAYLOAD-TRAILER$/);
    const payload = await open(parts, "PutObject");
    assert.deepEqual(payload.declared, {
      algorithm: ChecksumAlgorithm,
      value: undefined,
      trailer: `x-amz-checksum-${ChecksumAlgorithm.toLowerCase()}`,
    });
    assert.deepEqual(await payload.gather(1e6), content);
    assert.equal(payload.digest(ChecksumAlgorithm).toString("base64"), payload.declared?.value);
  });
}

test("openPayload: the SDK's DeleteObjects brings the checksum it must", async () => {
  const { client, sent } = recordingClient();
  await client.send(new DeleteObjectsCommand({ Bucket: "b", Delete: { Objects: [{ Key: "k" }] } }));
  const payload = await open((await sent()).parts, "DeleteObjects");
  assert.match((await payload.gather(1e6)).toString(), /<Key>k<\/Key>/);
});
