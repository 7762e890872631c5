import { S3Error } from "../errors/S3Error.ts";

/** The largest limit a request may name; larger ones are refused while the request is decoded. */
const MAX_LIMIT = 2_147_483_647;

/** How S3's errors spell the limits of its lists. */
export type LimitName = "maxKeys" | "max-uploads" | "max-parts";

/**
 * How many items a page of a list may have: what was asked, but at most `most`, which is also the default.
 * Throws InvalidArgument for a negative limit.
 */
export function listLimit(name: LimitName, asked: number | undefined, most: number): number {
  if (asked === undefined) return most;
  if (asked >= 0) return Math.min(asked, most);
  throw new S3Error("InvalidArgument", {
    message: `Argument ${name} must be an integer between 0 and ${MAX_LIMIT}`,
    details: [
      ["ArgumentName", name],
      ["ArgumentValue", String(asked)],
    ],
    explanation: `${name} is ${asked}; a page of a list has 0 to ${most} items.`,
  });
}
