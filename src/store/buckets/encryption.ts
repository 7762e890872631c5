import type { EncryptionWish } from "../encryption/EncryptionWish.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import { changeDocument, parsedSetting } from "./settings.ts";

/** The word that buckets' encryption is stored under, for ever. */
export const ENCRYPTION_KIND = "encryption";

/** What a bucket says of the encryption of what is written into it. Its setting is this, in JSON. */
export interface BucketEncryption {
  /** How an object is encrypted that does not say it itself. */
  readonly byDefault?: DefaultEncryption;
  /** Whether objects under keys of `aws:kms` share a key of the bucket's, unless they say otherwise. */
  readonly bucketKey?: boolean;
  /** Whether customers' keys are refused. */
  readonly blocksCustomerKeys?: boolean;
}

/** A bucket's default. */
export interface DefaultEncryption {
  readonly kind: "AES256" | "aws:kms" | "aws:kms:dsse";
  /** Of KMS, as it was said; without it, the key service's default key for S3. */
  readonly keyId?: string;
}

const SAYS_NOTHING: BucketEncryption = {};

/** What a bucket says of encryption. One that never had a setting costs nothing to ask. */
export function bucketEncryption(store: Store, bucket: BucketRecord): Soon<BucketEncryption> {
  return whenHere(parsedSetting(store, bucket, ENCRYPTION_KIND, parse), (found) => found ?? SAYS_NOTHING);
}

function parse(document: string): BucketEncryption {
  return JSON.parse(document) as BucketEncryption;
}

/** Says something else of a bucket's encryption; `described` is made of what it says before. Throws NoSuchBucket. */
export async function putBucketEncryption(
  store: Store,
  bucket: BucketRecord,
  described: (before: BucketEncryption) => BucketEncryption,
): Promise<void> {
  await changeDocument(store, bucket, ENCRYPTION_KIND, (document) =>
    JSON.stringify(described(document === undefined ? SAYS_NOTHING : parse(document))),
  );
}

/** What S3 encrypts by where nobody says anything. */
const MANAGED: EncryptionWish = { kind: "AES256" };
const NOT_AT_ALL: EncryptionWish = { kind: "none" };

/** How an object is to be encrypted that says nothing of it: as its bucket says, or else as the store does. */
export function defaultWish(
  store: Pick<Store, "encryptsByDefault">,
  { byDefault, bucketKey = false }: BucketEncryption,
): EncryptionWish {
  if (byDefault === undefined) return store.encryptsByDefault ? MANAGED : NOT_AT_ALL;
  const { kind, keyId } = byDefault;
  // A key of the bucket's is for one layer alone.
  return kind === "AES256" ? MANAGED : { kind, keyId, context: {}, bucketKey: bucketKey && kind === "aws:kms" };
}
