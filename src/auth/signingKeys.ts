import { createHmac, timingSafeEqual } from "node:crypto";

/** Signing keys kept: one for each access key, day and region in use. */
const MAX_CACHED_KEYS = 1_000;

interface CachedKey {
  readonly secretAccessKey: string;
  readonly signingKey: Buffer;
}

const cache = new Map<string, CachedKey>();

/**
 * The key that signs a day's requests to a region: four HMACs, made once. A changed secret makes it anew.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signingKeyV4(accessKeyId: string, secretAccessKey: string, day: string, region: string): Buffer {
  const name = `${accessKeyId}/${day}/${region}`;
  const cached = cache.get(name);
  if (cached !== undefined && cached.secretAccessKey === secretAccessKey) return cached.signingKey;
  let signingKey: Buffer = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of [day, region, "s3", "aws4_request"]) signingKey = createHmac("sha256", signingKey).update(part).digest();
  // The oldest goes: keys of past days are not asked for again.
  if (cache.size >= MAX_CACHED_KEYS) cache.delete(cache.keys().next().value!);
  cache.set(name, { secretAccessKey, signingKey });
  return signingKey;
}

/** Compares two texts in a time that tells nothing of where they differ. */
export function equalInConstantTime(expected: string, given: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
