import { S3Error } from "../../errors/S3Error.ts";

/** The line that signs the others. */
const SIGNATURE = "x-amz-trailer-signature";

/** The lines after the last chunk of an aws-chunked body. */
export interface Trailer {
  /** By lower-case name; the signature is none of them. */
  readonly values: ReadonlyMap<string, string>;
  readonly signature: string | undefined;
  /** What the signature covers: each line as name:value and a line feed. */
  readonly canonical: string;
}

/**
 * Reads the trailer of an aws-chunked body. Lines may end in a line feed alone, and empty ones do not count: clients in use write both.
 * Throws MalformedTrailerError unless exactly the announced trailer is there.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function parseTrailer(text: string, announced: string | undefined): Trailer {
  const values = new Map<string, string>();
  let canonical = "";
  for (const line of text.split("\n")) {
    const trimmed = line.trim();
    if (trimmed === "") continue;
    const colon = trimmed.indexOf(":");
    const name = trimmed.slice(0, Math.max(colon, 0)).trimEnd().toLowerCase();
    if (name !== SIGNATURE && name !== announced) throw malformedTrailer(unexpected(name, announced));
    if (values.has(name)) throw malformedTrailer(`The trailer ${name} came twice.`);
    const value = trimmed.slice(colon + 1).trimStart();
    values.set(name, value);
    if (name !== SIGNATURE) canonical += `${name}:${value}\n`;
  }
  const signature = values.get(SIGNATURE);
  values.delete(SIGNATURE);
  return { values, signature, canonical };
}

/** The error of a trailer that is not what the head of its request announced. */
export function malformedTrailer(explanation: string): S3Error {
  return new S3Error("MalformedTrailerError", { explanation });
}

function unexpected(name: string, announced: string | undefined): string {
  const expected = announced === undefined ? "x-amz-trailer announced none" : `x-amz-trailer announced ${announced}`;
  return name === "" ? "A line of the trailer has no name." : `The trailer holds ${name}, but ${expected}.`;
}
