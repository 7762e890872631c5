import { createHash } from "node:crypto";
import { S3Error } from "../errors/S3Error.ts";

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

/** The position in a token of {@link continuationToken}. Throws InvalidArgument for any other text, and for tokens of other lists. */
export function continuedPosition(list: string, token: string): string {
  const bytes = BASE64.test(token) ? Buffer.from(token, "base64") : Buffer.of();
  const position = bytes.subarray(HEAD_SIZE_BYTES);
  const intact =
    bytes[0] === TOKEN_FORMAT && position.length > 0 && check(list, position).equals(bytes.subarray(1, HEAD_SIZE_BYTES));
  if (intact) return position.toString("utf8");
  throw new S3Error("InvalidArgument", {
    message: "The continuation token provided is incorrect",
    details: [["ArgumentName", "continuation-token"]],
    explanation:
      "Send the token of the page before, unchanged, to the same list; to begin at a key of your choice use start-after.",
  });
}

function check(list: string, position: Uint8Array): Buffer {
  return createHash("sha256").update(`${list}\0`).update(position).digest().subarray(0, CHECK_SIZE_BYTES);
}
