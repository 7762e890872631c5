/** How much of an answer's body is read, in bytes or UTF-16 units. No error of S3's is longer than a few thousand. */
export const MAX_BODY_LENGTH = 65_536;

const decoder = new TextDecoder("utf-8");

/** The beginning of a body that is at hand; `undefined` for a stream, which is not. */
export function bodyText(body: unknown): string | undefined {
  if (typeof body === "string") return body.slice(0, MAX_BODY_LENGTH);
  if (body instanceof ArrayBuffer) return decoder.decode(new Uint8Array(body, 0, Math.min(body.byteLength, MAX_BODY_LENGTH)));
  if (body instanceof Uint8Array) return decoder.decode(body.subarray(0, MAX_BODY_LENGTH));
  return undefined;
}
