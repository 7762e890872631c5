import type { KeyObject } from "node:crypto";
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { S3Error } from "../../errors/S3Error.ts";
import type { EncryptionContext } from "../../keys/Keys.ts";
import type { Soon } from "../metadata/MetadataEngine.ts";
import type { BucketRecord } from "../records/BucketRecord.ts";
import type { Encryption } from "../records/Encryption.ts";
import { whenHere } from "../soon.ts";
import type { Store } from "../Store.ts";
import type { DataKey } from "./DataKey.ts";
import { EncryptionDamagedError } from "./EncryptionDamagedError.ts";
import type { CustomerKey, EncryptionWish } from "./EncryptionWish.ts";
import { beginGcm, KEY_SIZE_BYTES, NONCE_SIZE_BYTES, openGcm, TAG_SIZE_BYTES } from "./gcm.ts";

/**
 * How data keys come, are sealed for the place of their object, and opened again. What seals is a master key, a data key of the key
 * service's or a customer's key; the place is bound to the seal, so that a record in another one's place opens nothing.
 */

/** Where an object is, or is to be. */
export interface SealedPlace {
  readonly bucket: Pick<BucketRecord, "id" | "name">;
  readonly key: string;
}

/** A data key, and what of it is stored. */
export interface SealedKey {
  readonly dataKey: DataKey;
  readonly encryption: Encryption;
}

/** Bytes of the value that a customer's key is compared by. */
const CHECK_VALUE_SIZE_BYTES = 16;

/** What seals for a wish, and what is written down of it. */
interface Sealer extends Omit<Encryption, "sealedKey" | "layers" | "checkValue"> {
  readonly sealer: KeyObject;
}

/**
 * A fresh data key for what is to be written, sealed as its writer wishes; `undefined` for who wishes none. Throws what the key service
 * throws.
 */
export function seal(store: Store, wish: EncryptionWish, place: SealedPlace): Soon<SealedKey | undefined> {
  if (wish.kind === "none") return undefined;
  const bytes = store.randomBytes(KEY_SIZE_BYTES);
  const dataKey: DataKey = { key: createSecretKey(bytes), layers: layersOf(wish) };
  return whenHere(sealerFor(store, wish, place), (sealer) => {
    return { dataKey, encryption: sealed(store, sealer, bytes, dataKey.layers, place) };
  });
}

/** The same data key, sealed for another place or in another way: the bytes that it encrypts stay as they are. Throws as {@link seal}. */
export function reseal(
  store: Store,
  { key, layers }: DataKey,
  wish: Exclude<EncryptionWish, { readonly kind: "none" }>,
  place: SealedPlace,
): Soon<Encryption> {
  return whenHere(sealerFor(store, wish, place), (sealer) => sealed(store, sealer, key.export(), layers, place));
}

/** How often what is written new for this wish is encrypted. */
export function layersOf({ kind }: EncryptionWish): 1 | 2 {
  return kind === "aws:kms:dsse" ? 2 : 1;
}

/**
 * Opens the data key of what stands at a place. Throws as {@link checkCustomerKey}, what the key service throws, and
 * `EncryptionDamagedError`.
 */
export function unseal(
  store: Store,
  encryption: Encryption,
  place: SealedPlace,
  customerKey: CustomerKey | undefined,
): Soon<DataKey> {
  checkCustomerKey(encryption, customerKey);
  const { layers } = encryption;
  const bound = boundTo(encryption, layers, place);
  if (encryption.kind === "AES256") {
    const name = encryption.sealedKey.toString("latin1") + bound;
    const known = store.openedKeys.find(name);
    if (known !== undefined) return { key: known, layers };
    const master = store.keys.masters.find(encryption.keyName);
    if (master === undefined) throw new EncryptionDamagedError(`the key ring has no master key ${encryption.keyName}`, NOT_LOST);
    const key = opened(encryption, master, bound);
    store.openedKeys.keep(name, key);
    return { key, layers };
  }
  return whenHere(unsealer(store, encryption, place, customerKey), (sealer) => {
    return { key: opened(encryption, sealer, bound), layers };
  });
}

/**
 * Checks that a customer's key is the one that an object is encrypted with. What is encrypted in another way needs none. Throws AccessDenied.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
export function checkCustomerKey({ kind, checkValue, sealedKey }: Encryption, customerKey: CustomerKey | undefined): void {
  if (kind !== "customer") return;
  if (customerKey === undefined) throw new TypeError("bytes under a customer's key are opened with that key");
  const expected = checkValueOf(createSecretKey(customerKey.bytes), sealedKey);
  if (checkValue?.length === expected.length && timingSafeEqual(checkValue, expected)) return;
  throw new S3Error("AccessDenied", {
    message: "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
    explanation: "The object is encrypted with another customer's key than the one that came.",
  });
}

/** What the key service has to be told again of what a key of its own seals. */
function serviceContext(bucketKey: boolean, context: string, { bucket, key }: SealedPlace): EncryptionContext {
  const bucketArn = `arn:aws:s3:::${bucket.name}`;
  if (bucketKey) return { "aws:s3:arn": bucketArn };
  const said = context === "" ? {} : (JSON.parse(context) as EncryptionContext);
  return { ...said, "aws:s3:arn": `${bucketArn}/${key}` };
}

function sealerFor(store: Store, wish: Exclude<EncryptionWish, { readonly kind: "none" }>, place: SealedPlace): Soon<Sealer> {
  const plain = { serviceKey: undefined, context: "", bucketKey: false };
  switch (wish.kind) {
    case "AES256": {
      const { name, key } = store.keys.masters.current;
      return { ...plain, kind: "AES256", keyName: name, sealer: key };
    }
    case "customer":
      return { ...plain, kind: "customer", keyName: wish.key.md5, sealer: createSecretKey(wish.key.bytes) };
    case "aws:kms":
    case "aws:kms:dsse":
      return serviceSealer(store, wish, place);
  }
}

async function serviceSealer(
  store: Store,
  wish: Extract<EncryptionWish, { readonly keyId: string | undefined }>,
  place: SealedPlace,
): Promise<Sealer> {
  const { kind, keyId, bucketKey } = wish;
  const { service } = store.keys;
  const keyName = await service.resolve(keyId);
  const context = Object.keys(wish.context).length === 0 ? "" : JSON.stringify(wish.context);
  const name = `${place.bucket.id} ${keyName}`;
  const known = bucketKey ? store.bucketKeys.find(name) : undefined;
  if (known !== undefined) return { kind, keyName, context, bucketKey, ...known };
  const { plaintext, ciphertext } = await service.generateDataKey(keyName, serviceContext(bucketKey, context, place));
  const made = { sealer: sealerOf(plaintext), serviceKey: ciphertext };
  if (bucketKey) store.bucketKeys.keep(name, made);
  return { kind, keyName, context, bucketKey, ...made };
}

/** What opens a data key that no master key sealed. */
function unsealer(
  store: Store,
  encryption: Encryption,
  place: SealedPlace,
  customerKey: CustomerKey | undefined,
): Soon<KeyObject> {
  const { kind, keyName, serviceKey, bucketKey, context } = encryption;
  if (kind === "customer") return createSecretKey(customerKey!.bytes);
  if (serviceKey === undefined || (kind !== "aws:kms" && kind !== "aws:kms:dsse")) {
    throw new EncryptionDamagedError("the object is encrypted in a way that this version does not know", NOT_LOST);
  }
  const name = `${place.bucket.id} ${keyName} ${serviceKey.toString("latin1")}`;
  const known = bucketKey ? store.openedKeys.find(name) : undefined;
  if (known !== undefined) return known;
  const decrypted = store.keys.service.decrypt(keyName, serviceKey, serviceContext(bucketKey, context, place));
  return decrypted.then((plaintext) => {
    const sealer = sealerOf(plaintext);
    if (bucketKey) store.openedKeys.keep(name, sealer);
    return sealer;
  });
}

/** The bytes may be whole: it is the key that is not there. */
const NOT_LOST = { isLost: false };

function sealerOf(plaintext: Buffer): KeyObject {
  if (plaintext.length !== KEY_SIZE_BYTES) {
    throw new EncryptionDamagedError(`the key service gave a data key of ${plaintext.length} bytes`, NOT_LOST);
  }
  return createSecretKey(plaintext);
}

/** The text that a seal is bound to. What a line may hold has no line ends, but for the last. */
function boundTo(
  { kind, keyName, context }: Pick<Encryption, "kind" | "keyName" | "context">,
  layers: 1 | 2,
  { bucket, key }: SealedPlace,
): string {
  return `holdfast data key 1\n${kind}\n${keyName}\n${layers}\n${bucket.id}\n${context}\n${key}`;
}

function sealed(store: Store, { sealer, ...said }: Sealer, dataKey: Buffer, layers: 1 | 2, place: SealedPlace): Encryption {
  const sealedKey = Buffer.allocUnsafe(NONCE_SIZE_BYTES + KEY_SIZE_BYTES + TAG_SIZE_BYTES);
  const nonce = store.randomBytes(NONCE_SIZE_BYTES);
  nonce.copy(sealedKey);
  const cipher = beginGcm(sealer, nonce);
  cipher.setAAD(Buffer.from(boundTo(said, layers, place)));
  cipher.update(dataKey).copy(sealedKey, NONCE_SIZE_BYTES);
  cipher.final();
  cipher.getAuthTag().copy(sealedKey, NONCE_SIZE_BYTES + KEY_SIZE_BYTES);
  const checkValue = said.kind === "customer" ? checkValueOf(sealer, sealedKey) : undefined;
  return { ...said, sealedKey, checkValue, layers };
}

function opened({ sealedKey }: Encryption, sealer: KeyObject, bound: string): KeyObject {
  const behindKey = NONCE_SIZE_BYTES + KEY_SIZE_BYTES;
  if (sealedKey.length === behindKey + TAG_SIZE_BYTES) {
    const nonce = sealedKey.subarray(0, NONCE_SIZE_BYTES);
    const bytes = openGcm(
      sealer,
      nonce,
      sealedKey.subarray(NONCE_SIZE_BYTES, behindKey),
      sealedKey.subarray(behindKey),
      Buffer.from(bound),
    );
    if (bytes !== undefined) return createSecretKey(bytes);
  }
  throw new EncryptionDamagedError("the sealed data key is not what was written for this object");
}

/** Tells the right key of the customer's from any other, and nothing else of it. */
function checkValueOf(key: KeyObject, sealedKey: Buffer): Buffer {
  const hmac = createHmac("sha256", key).update("holdfast check 1\n").update(sealedKey.subarray(0, NONCE_SIZE_BYTES));
  return hmac.digest().subarray(0, CHECK_VALUE_SIZE_BYTES);
}
