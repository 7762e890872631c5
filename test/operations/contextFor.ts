import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { accessDenied } from "../../src/access/accessDenied.ts";
import { authorize } from "../../src/access/authorize.ts";
import { PLAIN_GROUNDS } from "../../src/access/grounds.ts";
import type { Conditions } from "../../src/access/conditions.ts";
import { Sessions } from "../../src/access/sessions/Sessions.ts";
import type { Need } from "../../src/access/Question.ts";
import type { Anonymous, Caller, SignedCaller } from "../../src/auth/Caller.ts";
import type { IdentityProvider } from "../../src/auth/webIdentity.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { BucketContext, LoggedBeside } from "../../src/operations/RequestContext.ts";
import type { ChecksumAlgorithm } from "../../src/protocol/checksumAlgorithms.ts";
import type { OutputBody, Payload, Piece } from "../../src/protocol/Payload.ts";
import { lentBytes } from "../../src/protocol/Payload.ts";
import { MemoryBlobEngine } from "../../src/store/blobs/memory/MemoryBlobEngine.ts";
import { createBucket } from "../../src/store/buckets/buckets.ts";
import { createStore } from "../../src/store/createStore.ts";
import { MemoryMetadataEngine } from "../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import type { BucketRecord } from "../../src/store/records/BucketRecord.ts";
import type { Store } from "../../src/store/Store.ts";
import { rootOf } from "../testCallers.ts";
import { checkAtEnd, replaying } from "../store/checkedStore.ts";
import { lent } from "../store/testStore.ts";

/** Contexts for handlers under test: a store in memory, a caller who owns everything, and a request of the test's making. */

export const NOW_MS: number = Date.UTC(2026, 2, 1, 12, 0, 0, 250);

export const OWNER: SignedCaller = rootOf("owner", "a".repeat(64), "AKIDOWNER");
export const STRANGER: SignedCaller = rootOf("stranger", "b".repeat(64), "AKIDOTHER");
export const ANONYMOUS: Anonymous = {
  kind: "anonymous",
  canonicalId: "0".repeat(64),
  displayName: "",
  accessKeyId: undefined,
  accountId: undefined,
};

/** The members of a customer's key, as they should be. */
export const CUSTOMER_KEY: { readonly [Member in "SSECustomerAlgorithm" | "SSECustomerKey" | "SSECustomerKeyMD5"]: string } = {
  SSECustomerAlgorithm: "AES256",
  SSECustomerKey: Buffer.alloc(32, "k").toString("base64"),
  SSECustomerKeyMD5: createHash("md5").update(Buffer.alloc(32, "k")).digest("base64"),
};

/** An empty store in memory; looked at when the test ends. */
export function memoryStore(): Store {
  const metadata = replaying(new MemoryMetadataEngine());
  const store = createStore({ metadata, blobs: new MemoryBlobEngine(), clock: () => NOW_MS, randomBytes });
  checkAtEnd(store);
  return store;
}

/** A bucket, of OWNER unless said. */
export function bucketIn(store: Store, name = "bucket", region = "us-east-1", owner: Caller = OWNER): Promise<BucketRecord> {
  return createBucket(store, { name, region, ownerId: owner.canonicalId, ownerName: owner.displayName, createdAtMs: NOW_MS });
}

/** What a test says of its request; everything has a default. */
export interface ContextOptions {
  readonly store?: Store;
  readonly bucket?: BucketRecord | undefined;
  readonly payload?: Payload;
  readonly nowMs?: number;
  readonly region?: string;
  /** By default, none but the request's. */
  readonly regions?: readonly string[];
  /** What the host is below, where it is one of S3's names. */
  readonly ownDomain?: string;
  readonly caller?: Caller;
  /** How the client called this server. */
  readonly host?: string;
  /** Whether the caller may do what only the handler knows of; by default, whoever owns the bucket. */
  readonly may?: (need: Need) => boolean;
  readonly signal?: AbortSignal;
  readonly identityProviders?: readonly IdentityProvider[];
  /** True for a request over TLS. */
  readonly secure?: boolean;
  /** True where codes of MFA devices are taken; by default, over TLS. */
  readonly takesMfa?: boolean;
  /** True where customers' keys are taken; by default, over TLS. */
  readonly takesKeys?: boolean;
  /** True where buckets refuse customers' keys unless they say otherwise. */
  readonly blocksCustomerKeys?: boolean;
  /** By default, version 4 for whoever signs. */
  readonly signatureVersion?: "AWS4-HMAC-SHA256" | "AWS";
  /** Hears of what the operation says for access logs. */
  readonly logged?: { readonly sizes: number[]; readonly beside: LoggedBeside[] };
}

/** A request context as the server would make it; without a bucket, for operations of the service. */
export function contextFor(options: ContextOptions = {}): BucketContext {
  const caller = options.caller ?? OWNER;
  const store = options.store ?? memoryStore();
  return {
    requestId: "0123456789ABCDEF",
    hostId: "host",
    method: "GET",
    nowMs: options.nowMs ?? NOW_MS,
    region: options.region ?? "us-east-1",
    regions: options.regions ?? [options.region ?? "us-east-1"],
    ownDomain: options.ownDomain,
    secure: options.secure ?? false,
    takesMfa: options.takesMfa ?? options.secure ?? false,
    takesKeys: options.takesKeys ?? options.secure ?? false,
    blocksCustomerKeys: options.blocksCustomerKeys ?? false,
    signatureVersion: options.signatureVersion ?? (caller.kind === "anonymous" ? undefined : "AWS4-HMAC-SHA256"),
    host: options.host ?? "localhost",
    addressStyle: "path",
    caller,
    conditionsFor: () => NO_CONDITIONS,
    bucket: options.bucket as BucketRecord,
    store,
    sessions: new Sessions(store, () => undefined),
    identityProviders: options.identityProviders ?? [],
    payload: options.payload ?? payloadOf(""),
    signal: options.signal ?? new AbortController().signal,
    require(need) {
      const question = { ...need, caller, conditions: NO_CONDITIONS };
      const allowed = options.may?.(need) ?? authorize(question, PLAIN_GROUNDS).allowed;
      if (!allowed) throw accessDenied(question, { why: "The test says no" });
    },
    logObjectSize: (sizeBytes) => options.logged?.sizes.push(sizeBytes),
    logBeside: (lines) => options.logged?.beside.push(...lines()),
    note: () => undefined,
  };
}

const NO_CONDITIONS: Conditions = { values: () => [] };

/** What a body comes in: less than what an inline object holds, so that several pieces of one are gathered. */
const PIECE_SIZE_BYTES: number = 16 * 1024;

/** A verified body of these bytes, in pieces; `failure` is thrown at its end, as a wrong checksum would be. */
export function payloadOf(
  content: string | Buffer,
  options: { readonly declared?: ChecksumAlgorithm; readonly failure?: S3Error; readonly before?: () => Promise<void> } = {},
): Payload {
  const bytes = Buffer.from(content);
  const wanted = new Set<ChecksumAlgorithm>();
  const pieces = async function* (): AsyncGenerator<Piece> {
    await options.before?.();
    for (let at = 0; at < bytes.length; at += PIECE_SIZE_BYTES) yield* lent(bytes.subarray(at, at + PIECE_SIZE_BYTES));
    if (options.failure !== undefined) throw options.failure;
  };
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
    [Symbol.asyncIterator]: pieces,
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
let crc64Table: { readonly high: Uint32Array; readonly low: Uint32Array } | undefined;

/** In halves of 32 bits: a number of 64 would be made anew for every byte. */
function crc64Nvme(bytes: Buffer): bigint {
  const table = (crc64Table ??= makeCrc64Table());
  let high = -1;
  let low = -1;
  for (let at = 0; at < bytes.length; at++) {
    const index = (low ^ bytes[at]!) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ table.low[index]!;
    high = (high >>> 8) ^ table.high[index]!;
  }
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ^ ALL_ONES;
}

function makeCrc64Table(): { readonly high: Uint32Array; readonly low: Uint32Array } {
  const entries = Array.from({ length: 256 }, (_, index) => {
    let rest = BigInt(index);
    for (let bit = 0; bit < 8; bit++) rest = rest & 1n ? (rest >> 1n) ^ CRC64_NVME_REFLECTED_POLYNOMIAL : rest >> 1n;
    return rest;
  });
  return {
    high: Uint32Array.from(entries, (entry) => Number(entry >> 32n)),
    low: Uint32Array.from(entries, (entry) => Number(entry & 0xffffffffn)),
  };
}

/** All bytes of an output's body. */
export async function bytesOf(body: OutputBody | undefined): Promise<Buffer> {
  assert.ok(body !== undefined, "the answer has no body");
  if (Buffer.isBuffer(body.source)) return body.source;
  const chunks: Buffer[] = [];
  for await (const piece of body.source) chunks.push(Buffer.from(lentBytes(piece)));
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
