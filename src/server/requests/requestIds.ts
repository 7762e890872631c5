import type { RandomBytes } from "../../store/Store.ts";

/** Crockford's base32: no I, L, O, U. */
const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const REQUEST_ID_LENGTH = 16;
/** Most of S3's extended ids have 76 characters of base64: 57 bytes. */
const HOST_ID_SIZE_BYTES = 57;

/** The two ids of a request, as its headers and error bodies show them. */
export interface RequestIds {
  /** 16 characters, `x-amz-request-id`. */
  readonly requestId: string;
  /** 76 characters, `x-amz-id-2`. */
  readonly hostId: string;
}

/** Makes ids from random bytes. */
export function requestIds(randomBytes: RandomBytes): () => RequestIds {
  return () => {
    const bytes = randomBytes(REQUEST_ID_LENGTH + HOST_ID_SIZE_BYTES);
    let requestId = "";
    for (let index = 0; index < REQUEST_ID_LENGTH; index += 1) requestId += LETTERS[bytes[index]! & 31];
    return { requestId, hostId: bytes.toString("base64", REQUEST_ID_LENGTH) };
  };
}
