import type { Encryption } from "../../store/records/Encryption.ts";
import type { Store } from "../../store/Store.ts";

/** Bytes of an ETag: as many as an MD5 has. */
const ETAG_SIZE_BYTES = 16;

/**
 * Whether an ETag is the MD5 of the bytes. Under keys of KMS or the customer's it is not: who may see an ETag must not learn of bytes that
 * they may not read.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
 */
export function isMd5ETag(encryption: Encryption | undefined): boolean {
  return encryption === undefined || encryption.kind === "AES256";
}

/** The ETag of what was written, without quotes: `md5` where it is that, and else chance. */
export function newETag(store: Store, encryption: Encryption | undefined, md5: () => Buffer): string {
  return (isMd5ETag(encryption) ? md5() : store.randomBytes(ETAG_SIZE_BYTES)).toString("hex");
}
