import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { Caller } from "../../src/auth/Caller.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { RequestContext } from "../../src/operations/RequestContext.ts";
import type { ChecksumAlgorithm } from "../../src/protocol/checksumAlgorithms.ts";
import type { OutputBody, Payload } from "../../src/protocol/Payload.ts";
import type { HeaderLines, QueryParameters, WireRequest } from "../../src/protocol/WireRequest.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { createBucket } from "../../src/store/buckets/buckets.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { ReaderRegistry } from "../../src/store/ReaderRegistry.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";

/** Contexts for handlers under test: a store in memory, a caller who owns everything, and a request of the test's making. */

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12, 0, 0, 250);

export const OWNER: Caller = { kind: "user", canonicalId: "a".repeat(64), displayName: "owner", accessKeyId: "AKIDOWNER" };
export const STRANGER: Caller = { kind: "user", canonicalId: "b".repeat(64), displayName: "stranger", accessKeyId: "AKIDOTHER" };
export const ANONYMOUS: Caller = { kind: "anonymous", canonicalId: "0".repeat(64), displayName: "", accessKeyId: undefined };

/** The members of a customer's key, as they should be. */
export const CUSTOMER_KEY: { readonly [Member in "SSECustomerAlgorithm" | "SSECustomerKey" | "SSECustomerKeyMD5"]: string } = {
  SSECustomerAlgorithm: "AES256",
  SSECustomerKey: Buffer.alloc(32, "k").toString("base64"),
  SSECustomerKeyMD5: createHash("md5").update(Buffer.alloc(32, "k")).digest("base64"),
};

/** An empty store in memory. */
export function memoryStore(): Store {
  return {
    metadata: new MemoryMetadataEngine(),
    blobs: new MemoryBlobEngine(),
    readers: new ReaderRegistry(),
    clock: () => NOW_MS,
    randomBytes,
  };
}

/** A bucket of OWNER. */
export function bucketIn(store: Store, name = "bucket", region = "us-east-1"): Promise<BucketRecord> {
  return createBucket(store, { name, region, ownerId: OWNER.canonicalId, ownerName: OWNER.displayName, createdAtMs: NOW_MS });
}

/** What a test says of its request; everything has a default. */
export interface ContextOptions {
  readonly store?: Store;
  readonly bucket?: BucketRecord | undefined;
  readonly payload?: Payload;
  readonly nowMs?: number;
  readonly region?: string;
  readonly caller?: Caller;
  /** Lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly mayAlso?: RequestContext["mayAlso"];
  readonly signal?: AbortSignal;
  /** True for a request over TLS. */
  readonly secure?: boolean;
}

/** A request context as the server would make it. */
export function contextFor(options: ContextOptions = {}): RequestContext {
  const caller = options.caller ?? OWNER;
  return {
    requestId: "0123456789ABCDEF",
    hostId: "host",
    nowMs: options.nowMs ?? NOW_MS,
    region: options.region ?? "us-east-1",
    request: requestWith(options),
    caller,
    bucket: options.bucket,
    store: options.store ?? memoryStore(),
    payload: options.payload ?? payloadOf(""),
    signal: options.signal ?? new AbortController().signal,
    mayAlso: options.mayAlso ?? ((_action, bucket) => bucket.ownerId === caller.canonicalId),
    note: () => undefined,
  };
}

function requestWith({ headers = {}, query = {}, secure = false }: ContextOptions): WireRequest {
  return {
    method: "GET",
    rawPath: "/",
    rawQuery: new URLSearchParams(query).toString(),
    headers: headerLines(headers),
    query: queryParameters(query),
    address: { style: "path", bucket: undefined, key: undefined },
    secure,
    httpVersion: "1.1",
    remoteAddress: "127.0.0.1",
    body: Readable.from([]),
    trailers: () => headerLines({}),
  };
}

function headerLines(headers: Readonly<Record<string, string>>): HeaderLines {
  return {
    get: (name) => headers[name],
    has: (name) => name in headers,
    names: () => Object.keys(headers),
    all: (name) => (headers[name] === undefined ? [] : [headers[name]]),
  };
}

function queryParameters(query: Readonly<Record<string, string>>): QueryParameters {
  return {
    get: (name) => query[name],
    has: (name) => name in query,
    names: () => Object.keys(query),
    pairs: () => Object.entries(query).map(([name, value]) => ({ name, value })),
  };
}

/** A verified body of these bytes, in pieces; `failure` is thrown at its end, as a wrong checksum would be. */
export function payloadOf(
  content: string | Buffer,
  options: { readonly declared?: ChecksumAlgorithm; readonly failure?: S3Error; readonly before?: () => Promise<void> } = {},
): Payload {
  const bytes = Buffer.from(content);
  const wanted = new Set<ChecksumAlgorithm>();
  return {
    sizeBytes: bytes.length,
    declared:
      options.declared === undefined
        ? undefined
        : { algorithm: options.declared, value: digestOf(options.declared, bytes).toString("base64") },
    want: (algorithm) => void wanted.add(algorithm),
    digest(algorithm) {
      assert.ok(wanted.has(algorithm), `${algorithm} was never asked for`);
      return digestOf(algorithm, bytes);
    },
    async gather(limitBytes) {
      assert.ok(bytes.length <= limitBytes);
      return bytes;
    },
    async *[Symbol.asyncIterator]() {
      await options.before?.();
      for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
      if (options.failure !== undefined) throw options.failure;
    },
  };
}

/** A digest by other means than the server's own. */
export function digestOf(algorithm: ChecksumAlgorithm, bytes: Buffer): Buffer {
  switch (algorithm) {
    case "MD5":
    case "SHA1":
    case "SHA256":
    case "SHA512":
      return createHash(algorithm).update(bytes).digest();
    case "CRC32": {
      const value = Buffer.alloc(4);
      value.writeUInt32BE(crc32(bytes));
      return value;
    }
    case "CRC64NVME": {
      const value = Buffer.alloc(8);
      value.writeBigUInt64BE(crc64Nvme(bytes));
      return value;
    }
    default:
      throw new Error(`the tests have no ${algorithm} of their own`);
  }
}

const CRC64_NVME_REFLECTED_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const ALL_ONES = 0xffffffffffffffffn;
let crc64Table: BigUint64Array | undefined;

function crc64Nvme(bytes: Buffer): bigint {
  crc64Table ??= BigUint64Array.from({ length: 256 }, (_, index) => {
    let rest = BigInt(index);
    for (let bit = 0; bit < 8; bit++) rest = rest & 1n ? (rest >> 1n) ^ CRC64_NVME_REFLECTED_POLYNOMIAL : rest >> 1n;
    return rest;
  });
  let crc = ALL_ONES;
  for (const byte of bytes) crc = crc64Table[Number((crc ^ BigInt(byte)) & 0xffn)]! ^ (crc >> 8n);
  return crc ^ ALL_ONES;
}

/** All bytes of an output's body. */
export async function bytesOf(body: OutputBody | undefined): Promise<Buffer> {
  assert.ok(body !== undefined, "the answer has no body");
  if (Buffer.isBuffer(body.source)) return body.source;
  const chunks: Buffer[] = [];
  for await (const chunk of body.source) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  assert.equal(bytes.length, body.sizeBytes);
  return bytes;
}

/** What a refusal must be; the explanation is never missing. */
export interface ExpectedRefusal {
  readonly code: ErrorCode;
  readonly status?: number;
  readonly message?: string;
  readonly details?: Readonly<Record<string, string>>;
}

/** Waits for a handler to refuse its request, and checks how. Resolves with the error. */
export async function refusal(work: Promise<unknown>, expected: ExpectedRefusal): Promise<S3Error> {
  const error = await work.then(
    () => assert.fail(`expected ${expected.code}, and the request succeeded`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof S3Error)) throw error;
  assert.equal(error.code, expected.code);
  if (expected.status !== undefined) assert.equal(error.status, expected.status);
  if (expected.message !== undefined) assert.equal(error.message, expected.message);
  // Those without a value are not sent.
  const sent = error.details.filter(([, value]) => value !== undefined);
  if (expected.details !== undefined) assert.deepEqual(Object.fromEntries(sent), expected.details);
  assert.ok(error.explanation, `${error.code} explains nothing`);
  return error;
}
