import { quoted } from "../../../errors/quoted.ts";
import { S3Error } from "../../../errors/S3Error.ts";
import type { BodyReader } from "../../streaming/BodyReader.ts";
import type { Framing } from "../../streaming/Framing.ts";
import { CUT_AT_ITS_END, MAX_PIECE_SIZE_BYTES, terminated } from "../../streaming/Framing.ts";
import { AttachedBody } from "./AttachedBody.ts";
import { parseContentType } from "../../streaming/multipart/contentType.ts";
import { isEnvelopeType } from "./envelopeTypes.ts";
import { DimeRecords } from "./DimeRecords.ts";
import type { Parts } from "./Parts.ts";
import { invalidSoapRequest } from "../invalidSoapRequest.ts";
import { RelatedParts } from "./RelatedParts.ts";

/** An envelope is gathered in memory of this size at first. */
const FIRST_ENVELOPE_SIZE_BYTES = 4_096;

/** A SOAP message as it came: its envelope, and what is attached to it. */
export interface SoapMessage {
  readonly envelope: Buffer;
  /** Unread; `undefined` where the message ends with the envelope. */
  readonly attachment: Attachment | undefined;
}

/** What came beside an envelope, unread. */
export interface Attachment {
  /** As it was sent, such as "text/plain"; visible characters of ASCII, `undefined` if none was. */
  readonly mediaType: string | undefined;
  /**
   * Its content; called once. It ends when exactly so many bytes have come, and the message's end after them. Beside IncompleteBody and
   * RequestTimeout, InvalidSOAPRequest is thrown for a message that is not well-formed, or has a further attachment.
   */
  framing(sizeBytes: number): Framing;
}

/**
 * Reads the envelope of a message, which its Content-Type says is alone (text/xml, application/soap+xml, application/xml), the first record of
 * DIME (application/dime), or the root of multipart/related, which must come first there. A message without attachment has been read to its
 * end. The reader is closed by who made it, or by the attachment's framing. Throws InvalidSOAPRequest, MaxMessageLengthExceeded for an envelope
 * of more than `limitBytes`, IncompleteBody and RequestTimeout.
 */
export async function readMessage(contentType: string | undefined, reader: BodyReader, limitBytes: number): Promise<SoapMessage> {
  const parts = partsOf(contentType ?? "", reader);
  if (!(await parts.begin())) throw invalidSoapRequest("The message ends before an envelope.");
  const envelope = await gatherEnvelope(parts, reader, limitBytes);
  if (!(await parts.begin())) return { envelope, attachment: undefined };
  const { mediaType } = parts;
  return { envelope, attachment: { mediaType, framing: (sizeBytes) => new AttachedBody(parts, reader, sizeBytes) } };
}

function partsOf(contentType: string, reader: BodyReader): Parts {
  const { type, parameters } = parseContentType(contentType);
  if (type === "application/dime") return new DimeRecords(reader);
  if (type === "multipart/related") return new RelatedParts(reader, parameters);
  if (isEnvelopeType(type)) return new LoneEnvelope(reader);
  throw invalidSoapRequest(
    `A message is text/xml, application/soap+xml, application/dime or multipart/related, not ${quoted(type)}.`,
  );
}

/** A body that is an envelope, and nothing else. */
class LoneEnvelope implements Parts {
  readonly mediaType = undefined;
  readonly #reader: BodyReader;
  #isBegun = false;

  constructor(reader: BodyReader) {
    this.#reader = reader;
  }

  async begin(): Promise<boolean> {
    const isFirst = !this.#isBegun;
    this.#isBegun = true;
    return isFirst;
  }

  async next(): Promise<Buffer | undefined> {
    const piece = await this.#reader.next(MAX_PIECE_SIZE_BYTES);
    if (piece === undefined && this.#reader.wasCut) throw terminated(CUT_AT_ITS_END);
    return piece;
  }
}

/** Gathers a part in one buffer: pieces of a few bytes each would take up many times what they hold. */
async function gatherEnvelope(parts: Parts, reader: BodyReader, limitBytes: number): Promise<Buffer> {
  let gathered = Buffer.allocUnsafe(FIRST_ENVELOPE_SIZE_BYTES);
  let sizeBytes = 0;
  for (let piece = await parts.next(); piece !== undefined; piece = await parts.next()) {
    const end = sizeBytes + piece.length;
    if (end > limitBytes) throw tooLong(limitBytes);
    if (end > gathered.length) {
      const larger = Buffer.allocUnsafe(Math.max(end, gathered.length * 2));
      gathered.copy(larger, 0, 0, sizeBytes);
      gathered = larger;
    }
    sizeBytes += piece.copy(gathered, sizeBytes);
    reader.giveBack();
  }
  return gathered.subarray(0, sizeBytes);
}

function tooLong(limitBytes: number): S3Error {
  return new S3Error("MaxMessageLengthExceeded", {
    details: [["MaxMessageLengthBytes", String(limitBytes)]],
    explanation: `The envelope of the message has more than ${limitBytes} bytes. PutObject takes data of any size as an attachment.`,
  });
}
