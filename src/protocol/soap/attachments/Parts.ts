import { invalidSoapRequest } from "../invalidSoapRequest.ts";

/** A message of several parts, read one after the other: the first is the envelope. */
export interface Parts {
  /** Of the part that is read, as it was sent; `undefined` where it has none. */
  readonly mediaType: string | undefined;
  /**
   * Goes to the next part, once the one before was read to its end; false when there is none, and the message ended well. Throws
   * InvalidSOAPRequest, IncompleteBody and RequestTimeout.
   */
  begin(): Promise<boolean>;
  /** The next bytes of the part, at least one, which may share the socket's memory; `undefined` at its end. Throws as `begin` does. */
  next(): Promise<Buffer | undefined>;
}

const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * A media type that came with a part, fit to be a header's value: tabs become spaces; `undefined` for an empty one. Throws InvalidSOAPRequest for one with other
 * characters than visible ones of ASCII.
 */
export function sentMediaType(text: string): string | undefined {
  const mediaType = text.replaceAll("\t", " ");
  if (mediaType === "") return undefined;
  if (!PRINTABLE.test(mediaType)) throw invalidSoapRequest("A part's media type has characters that none may have.");
  return mediaType;
}
