import { quoted } from "../../../errors/quoted.ts";
import type { BodyReader } from "../../streaming/BodyReader.ts";
import { terminated } from "../../streaming/Framing.ts";
import { parseContentType } from "../../streaming/multipart/contentType.ts";
import { MultipartReader, transferEncoding } from "../../streaming/multipart/MultipartReader.ts";
import type { PartHeaders } from "../../streaming/multipart/MultipartReader.ts";
import { invalidSoapRequest } from "../invalidSoapRequest.ts";
import { Base64Pieces } from "./Base64Pieces.ts";
import { isEnvelopeType } from "./envelopeTypes.ts";
import { sentMediaType } from "./Parts.ts";
import type { Parts } from "./Parts.ts";

const ERRORS = { malformed: invalidSoapRequest, unfinished: terminated };

/**
 * The parts of a multipart/related body (RFC 2387), whose first one is the root: what came before the envelope would have to be kept until
 * it is known what it is for.
 */
export class RelatedParts implements Parts {
  mediaType: string | undefined;
  readonly #multipart: MultipartReader;
  readonly #start: string | undefined;
  #isFirst = true;
  #base64: Base64Pieces | undefined;

  /** `parameters` are those of the body's Content-Type. Throws InvalidSOAPRequest for ones that say no boundary. */
  constructor(reader: BodyReader, parameters: ReadonlyMap<string, string>) {
    this.#multipart = new MultipartReader(reader, parameters.get("boundary"), ERRORS);
    this.#start = parameters.get("start");
  }

  async begin(): Promise<boolean> {
    const headers = await this.#multipart.begin();
    if (headers === undefined) return false;
    if (this.#isFirst) this.#checkRoot(headers);
    this.#isFirst = false;
    this.mediaType = sentMediaType(headers.get("content-type") ?? "");
    this.#base64 = decoderOf(headers);
    return true;
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const piece = await this.#multipart.next();
      if (this.#base64 === undefined) return piece;
      if (piece === undefined) {
        this.#base64.end();
        return undefined;
      }
      const decoded = this.#base64.decode(piece);
      if (decoded.length > 0) return decoded;
    }
  }

  #checkRoot(headers: PartHeaders): void {
    const start = this.#start;
    if (start !== undefined && bareId(start) !== bareId(headers.get("content-id") ?? "")) {
      throw invalidSoapRequest(
        `The envelope must be the first part, and the Content-Id of that is not ${quoted(start)}, as start says.`,
      );
    }
    const { type } = parseContentType(headers.get("content-type") ?? "");
    if (type !== "" && !isEnvelopeType(type)) {
      throw invalidSoapRequest(`The first part is the envelope, which is text/xml or application/soap+xml, not ${quoted(type)}.`);
    }
  }
}

/** A Content-Id without the brackets around it, which not everybody writes. */
function bareId(id: string): string {
  const trimmed = id.trim();
  return trimmed.startsWith("<") && trimmed.endsWith(">") ? trimmed.slice(1, -1) : trimmed;
}

function decoderOf(headers: PartHeaders): Base64Pieces | undefined {
  const encoding = transferEncoding(headers);
  if (encoding === undefined) return undefined;
  if (encoding === "base64") return new Base64Pieces();
  throw invalidSoapRequest(`A part's Content-Transfer-Encoding is binary, 8bit, 7bit or base64, not ${quoted(encoding)}.`);
}
