import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import type { AnswerIds, BesideOutput, BodyReading, Dialect, EncodedOutput, ErrorAnswer, Routed } from "../Dialect.ts";
import type { OperationName, OperationOutputs } from "../generated/types.ts";
import { SERVER_NAME } from "../rest/rest.ts";
import { BodyReader } from "../streaming/BodyReader.ts";
import type { WireRequest } from "../WireRequest.ts";
import { plainAnswer } from "./answers.ts";
import { readMessage } from "./attachments/readMessage.ts";
import type { SoapMessage } from "./attachments/readMessage.ts";
import { attached, attachmentFormat } from "./attachments/writeMessage.ts";
import { readEnvelope } from "./envelope.ts";
import { ENVELOPE_NAMESPACES } from "./SoapVersion.ts";
import type { SoapVersion } from "./SoapVersion.ts";
import { fault } from "./fault.ts";
import { notModifiedAnswer, readAnswer } from "./readAnswer.ts";
import { invalidSoapRequest } from "./invalidSoapRequest.ts";
import { inlineDataTooLarge, SoapRequest } from "./SoapRequest.ts";
import { soapOperations } from "./soapOperations.ts";

/** The largest envelope: 1 MiB of data in base64 with line breaks, and all that can stand beside it. It is read before it is known who asks. */
const MAX_ENVELOPE_SIZE_BYTES: number = 2 * 1024 * 1024;

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>';

const CONTENT_TYPES: Readonly<Record<SoapVersion, string>> = {
  "1.1": "text/xml; charset=utf-8",
  "1.2": "application/soap+xml; charset=utf-8",
};

/** What an object is when nothing says it. */
const DEFAULT_MEDIA_TYPE = "binary/octet-stream";

/**
 * S3's SOAP interface, of 2006, for one message: what it asks is a request of REST, dressed otherwise. How it is answered depends on how it
 * came, so that each message has one of its own. `takesPlainHttp`: also without TLS, under which who listens could ask the same of everything
 * for a quarter of an hour.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/APISoap.html
 */
export function soapDialect(sent: WireRequest, takesPlainHttp: boolean): Dialect<OperationName> {
  return new SoapDialect(sent, takesPlainHttp);
}

class SoapDialect implements Dialect<OperationName> {
  readonly opening: string = DECLARATION;
  readonly #takesPlainHttp: boolean;
  #version: SoapVersion;
  readonly #sent: WireRequest;
  #request: SoapRequest | undefined;

  constructor(sent: WireRequest, takesPlainHttp: boolean) {
    this.#sent = sent;
    this.#takesPlainHttp = takesPlainHttp;
    // Until the envelope says it.
    this.#version = sent.headers.get("content-type")?.toLowerCase().startsWith("application/soap+xml") === true ? "1.2" : "1.1";
  }

  get documentType(): string {
    return CONTENT_TYPES[this.#version];
  }

  identify(ids: AnswerIds): AnswerIds {
    return ids;
  }

  commonHeaders({ requestId, hostId }: AnswerIds): string[] {
    return ["x-amz-id-2", hostId, "x-amz-request-id", requestId, "Server", SERVER_NAME];
  }

  async route(sent: WireRequest, reading: BodyReading): Promise<Routed> {
    if (!sent.secure && !this.#takesPlainHttp) {
      throw new S3Error("InvalidRequest", {
        message: "SOAP requests must be made over an HTTPS connection.",
        explanation:
          "The signature of a SOAP message holds for any other with the same operation, so that it must not be seen on its way. The server's operator " +
          "can allow it with --soap-over-http.",
      });
    }
    const { envelope, attachment } = await this.#read(sent, reading);
    const { operation } = readEnvelope(envelope, (version) => (this.#version = version));
    const found = soapOperations.get(operation.name);
    if (found === undefined) {
      throw invalidSoapRequest(
        `The Body's first element is ${quoted(operation.name)}; S3's operations are ${[...soapOperations.keys()].join(", ")}.`,
      );
    }
    this.#request = new SoapRequest(found, operation, sent, attachment);
    return this.#request;
  }

  async #read(sent: WireRequest, { idleTimeoutMs, beforeFirstRead }: BodyReading): Promise<SoapMessage> {
    const reader = new BodyReader(sent.body, idleTimeoutMs);
    try {
      beforeFirstRead?.();
      return await readMessage(sent.headers.get("content-type"), reader, MAX_ENVELOPE_SIZE_BYTES);
    } catch (error) {
      // Nothing but data makes an envelope so large.
      if (error instanceof S3Error && error.code === "MaxMessageLengthExceeded") {
        throw inlineDataTooLarge(`The message is larger than ${MAX_ENVELOPE_SIZE_BYTES} bytes`);
      }
      throw error;
    } finally {
      // An attachment is read only if nothing is wrong before.
      reader.close();
    }
  }

  async encode<Asked extends OperationName>(
    _operation: Asked,
    output: OperationOutputs[Asked],
    beside: BesideOutput,
    ids: AnswerIds,
  ): Promise<EncodedOutput> {
    const request = this.#request!;
    const { meaning, soapOperation } = request;
    if (meaning.wants === undefined) {
      return this.#answer(this.#wrap(plainAnswer(soapOperation.name, output, meaning, beside)));
    }
    const read = output as OperationOutputs["GetObject"];
    const answer = await readAnswer(request, read, beside);
    const envelope = this.#wrap(answer.inside);
    if (answer.attached === undefined) return this.#answer(envelope);
    const { headers } = this.#sent;
    const format = attachmentFormat(headers.get("accept"), headers.get("content-type"));
    const attachment = { mediaType: read.ContentType ?? DEFAULT_MEDIA_TYPE, body: answer.attached };
    const message = attached(format, Buffer.from(envelope), attachment, this.#version, ids.requestId);
    return { status: 200, headers: [["Content-Type", message.contentType]], body: message.body };
  }

  /** Whatever is wrong, SOAP over HTTP says that the server could not do it. That nothing has changed is no error. */
  translate(error: ServiceError): ServiceError {
    if (!(error instanceof S3Error)) return error;
    const { code, message, details, explanation, headers, cause } = error;
    if (code === "NotModified" && this.#request !== undefined) return new S3Error(code, { status: 200, headers });
    return new S3Error(code, { message, details, cause, status: 500, ...(explanation !== undefined && { explanation }) });
  }

  renderError(error: ServiceError, { begun }: ErrorAnswer): Buffer {
    const request = this.#request;
    const inside =
      error.status === 200 && request !== undefined
        ? notModifiedAnswer(request, error.headers["ETag"]!, new Date(error.headers["Last-Modified"]!))
        : fault(error, this.#version);
    const document = this.#wrap(inside);
    return Buffer.from(begun ? document.slice(DECLARATION.length) : document);
  }

  #answer(document: string): EncodedOutput {
    return { status: 200, headers: [["Content-Type", this.documentType]], body: Buffer.from(document) };
  }

  #wrap(inside: string): string {
    return (
      `${DECLARATION}<soapenv:Envelope xmlns:soapenv="${ENVELOPE_NAMESPACES[this.#version]}" ` +
      'xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
      `<soapenv:Body>${inside}</soapenv:Body></soapenv:Envelope>`
    );
  }
}
