import type { RandomBytes } from "../store/Store.ts";

/** Crockford's base32: no I, L, O, U. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const REQUEST_ID_LENGTH = 16;
/** Most of S3's extended ids have 76 characters of base64: 57 bytes. */
const HOST_ID_SIZE_BYTES = 57;
const POOL_SIZE_BYTES = 64 * (REQUEST_ID_LENGTH + HOST_ID_SIZE_BYTES);

/** The two ids of a request, as its headers and error bodies show them. */
export interface RequestIds {
  /** 16 characters, `x-amz-request-id`. */
  readonly requestId: string;
  /** 76 characters, `x-amz-id-2`. */
  readonly hostId: string;
}

/** Makes ids from random bytes that are fetched for many requests at once. */
export function requestIds(randomBytes: RandomBytes): () => RequestIds {
  let pool: Buffer = Buffer.alloc(0);
  let at = 0;
  return () => {
    if (at + REQUEST_ID_LENGTH + HOST_ID_SIZE_BYTES > pool.length) {
      pool = randomBytes(POOL_SIZE_BYTES);
      at = 0;
    }
    let requestId = "";
    for (let index = 0; index < REQUEST_ID_LENGTH; index += 1) requestId += LETTERS[pool[at++]! & 31];
    const hostId = pool.toString("base64", at, at + HOST_ID_SIZE_BYTES);
    at += HOST_ID_SIZE_BYTES;
    return { requestId, hostId };
  };
}
