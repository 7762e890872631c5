import { createHash } from "node:crypto";
import { quoted } from "../../errors/quoted.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { S3Error } from "../../errors/S3Error.ts";

const TOKEN_FORMAT = 1;
const CHECK_SIZE_BYTES = 12;
const HEAD_SIZE_BYTES = 1 + CHECK_SIZE_BYTES;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * A token that continues a list behind `position`. It is checked when it comes back, and good for this list alone; it is not a secret,
 * for it gives nothing that starting after a key of one's choice does not give. `list` names the list: its kind and bucket or owner.
 */
export function continuationToken(list: string, position: string): string {
  const bytes = Buffer.from(position);
  return Buffer.concat([Buffer.of(TOKEN_FORMAT), check(list, bytes), bytes]).toString("base64");
}

/** The position in a token of {@link continuationToken}; `undefined` for any other text, and for tokens of other lists. */
export function continuedPosition(list: string, token: string): string | undefined {
  const bytes = BASE64.test(token) ? Buffer.from(token, "base64") : Buffer.of();
  const position = bytes.subarray(HEAD_SIZE_BYTES);
  const intact =
    bytes[0] === TOKEN_FORMAT && position.length > 0 && check(list, position).equals(bytes.subarray(1, HEAD_SIZE_BYTES));
  return intact ? position.toString("utf8") : undefined;
}

/** S3's InvalidArgument for a token that is none of a list. `advice` follows the explanation. */
export function incorrectContinuationToken(token: string, advice = ""): S3Error {
  return invalidArgument("continuation-token", undefined, {
    message: "The continuation token provided is incorrect",
    explanation:
      `continuation-token is ${quoted(token)}, which is no token of this list; send the NextContinuationToken of the page before, ` +
      `unchanged.${advice}`,
  });
}

function check(list: string, position: Uint8Array): Buffer {
  return createHash("sha256").update(`${list}\0`).update(position).digest().subarray(0, CHECK_SIZE_BYTES);
}
