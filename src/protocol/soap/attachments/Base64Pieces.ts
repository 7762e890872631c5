import { invalidSoapRequest } from "../invalidSoapRequest.ts";

const WHITE_SPACE = /[\t\n\r ]+/g;
const QUADS = /^[A-Za-z0-9+/]*={0,2}$/;

/** Decodes base64 that comes in pieces, with line breaks anywhere. Nothing but white space and the alphabet is let pass. */
export class Base64Pieces {
  /** Characters too few to make bytes. */
  #kept = "";
  #isPadded = false;

  /** The bytes that a further piece completes, none perhaps. Throws InvalidSOAPRequest. */
  decode(piece: Buffer): Buffer {
    const text = this.#kept + piece.toString("latin1").replace(WHITE_SPACE, "");
    const end = text.length - (text.length % 4);
    const quads = text.slice(0, end);
    if ((this.#isPadded && text !== "") || !QUADS.test(quads)) throw notBase64();
    this.#kept = text.slice(end);
    this.#isPadded ||= quads.endsWith("=");
    return Buffer.from(quads, "base64");
  }

  /** Call behind the last piece. Throws InvalidSOAPRequest for characters left over. */
  end(): void {
    if (this.#kept !== "") throw notBase64();
  }
}

function notBase64(): Error {
  return invalidSoapRequest("A part says that its Content-Transfer-Encoding is base64, and is not base64.");
}
