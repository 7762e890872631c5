import { S3Error } from "../../errors/S3Error.ts";

/** The largest piece of a body that is handed on at once. */
export const MAX_PIECE_SIZE_BYTES: number = 256 * 1024;

/** A body whose framing is taken off as it is read. */
export interface Framing {
  /**
   * The next bytes of content, which share the socket's memory; `undefined` when exactly the announced number has come and the framing is
   * complete. Throws IncompleteBody, RequestTimeout and what is wrong with the framing.
   */
  next(): Promise<Buffer | undefined>;
  /** The value of a trailer, once `next` has returned `undefined`. */
  trailer(name: string): string | undefined;
  /** Gives the memory of all bytes handed out back to the system: whoever took them must be done with them. */
  giveBack(): void;
  /** Lets go of the body; call when no more is going to be read. */
  close(): void;
}

/** The error of a body with another number of bytes than announced. */
export function wrongSize(expectedSizeBytes: number, providedSizeBytes: number): S3Error {
  return new S3Error("IncompleteBody", {
    details: [
      ["NumberBytesExpected", String(expectedSizeBytes)],
      ["NumberBytesProvided", String(providedSizeBytes)],
    ],
    explanation: `The request announced a body of ${expectedSizeBytes} bytes, and ${providedSizeBytes} came. Nothing was stored.`,
  });
}

/** What to say of a body that came to its last byte, and whose framing says that more was to follow. */
export const CUT_AT_ITS_END = "The connection was closed before the body's end.";

/** The error of a body whose framing breaks off or breaks down. */
export function terminated(explanation: string): S3Error {
  return new S3Error("IncompleteBody", { message: "The request body terminated unexpectedly", explanation });
}
