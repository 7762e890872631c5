import type { Otherwise } from "./Otherwise.ts";

const METHODS = ["GET", "PUT", "HEAD", "POST", "DELETE"] as const;

/** The methods that did not arrive. */
export function* otherMethods(method: string): Generator<Otherwise> {
  for (const other of METHODS) {
    if (other === method) continue;
    yield [
      other,
      `It was signed for ${other}, and ${method} arrived: a presigned URL is good for the one method it was made for, and a followed redirect may change it.`,
    ];
  }
}
