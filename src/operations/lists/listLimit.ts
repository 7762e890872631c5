import { invalidArgument } from "../../errors/invalidArgument.ts";
import type { S3Error } from "../../errors/S3Error.ts";

/** The largest number a request may name; larger ones are refused while the request is decoded. */
const MAX_INTEGER = 2_147_483_647;

/** How S3's errors spell the numbers by which its lists are paged. */
export type ListNumber = "maxKeys" | "max-uploads" | "max-parts" | "part-number-marker";

/**
 * How many items a page of a list may have: what was asked, but at most `most`, which is also the default.
 * Throws InvalidArgument for a negative limit.
 */
export function listLimit(name: ListNumber, asked: number | undefined, most: number): number {
  if (asked === undefined) return most;
  if (asked >= 0) return Math.min(asked, most);
  throw negative(name, asked, `a page of a list has 0 to ${most} items.`);
}

/** The number of the last part a client has seen; 0 when it has seen none. Throws InvalidArgument for a negative one. */
export function partNumberMarker(sent: string | undefined): number {
  const marker = Number(sent ?? 0);
  if (marker >= 0) return marker;
  throw negative("part-number-marker", marker, "send the NextPartNumberMarker of the page before, or leave it out.");
}

function negative(name: ListNumber, value: number, remedy: string): S3Error {
  return invalidArgument(name, String(value), {
    message: `Argument ${name} must be an integer between 0 and ${MAX_INTEGER}`,
    explanation: `${name} is ${value}; ${remedy}`,
  });
}
