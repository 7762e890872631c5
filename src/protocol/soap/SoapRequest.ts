import { S3Error } from "../../errors/S3Error.ts";
import type { AnyInput, RoutedRequest, SignedElements } from "../Dialect.ts";
import { routes } from "../generated/routes.ts";
import type { Grant, OperationName } from "../generated/types.ts";
import type { Payload } from "../Payload.ts";
import { meantRequest } from "../rest/meantRequest.ts";
import { earlyMembers } from "../rest/requestShape.ts";
import { RestRequest } from "../rest/RestRequest.ts";
import { BytesAtHand } from "../streaming/BytesAtHand.ts";
import type { Framing } from "../streaming/Framing.ts";
import { checkUploadSize } from "../streaming/openPayload.ts";
import type { PayloadSecurity } from "../streaming/PayloadSecurity.ts";
import { VerifiedPayload } from "../streaming/VerifiedPayload.ts";
import type { WireRequest } from "../WireRequest.ts";
import type { Attachment } from "./attachments/readMessage.ts";
import { grantHeader, grantsIn } from "./grants.ts";
import { invalidSoapRequest } from "./invalidSoapRequest.ts";
import { SoapFields } from "./SoapElement.ts";
import type { SoapElement } from "./SoapElement.ts";
import type { SoapContent, SoapMeaning, SoapOperation } from "./soapOperations.ts";

/** Data within a message, in either direction, is no larger: more is attached. */
export const MAX_INLINE_SIZE_BYTES: number = 1024 * 1024;

const NOTHING: Buffer = Buffer.alloc(0);

/** A request by SOAP: REST's of the same meaning, whose values it lets REST check. */
export class SoapRequest implements RoutedRequest {
  readonly operation: OperationName;
  readonly loggedAs: string;
  readonly signedFor: SignedElements;
  readonly request: WireRequest;
  readonly soapOperation: SoapOperation;
  readonly meaning: SoapMeaning;
  readonly #rest: RestRequest;
  readonly #attachment: Attachment | undefined;
  #grants: readonly Grant[] | undefined;

  /** Throws InvalidSOAPRequest for elements that are missing or cannot be read, and InvalidArgument as REST does before it knows who asks. */
  constructor(soapOperation: SoapOperation, element: SoapElement, sent: WireRequest, attachment: Attachment | undefined) {
    const fields = new SoapFields(element);
    const meaning = soapOperation.read(fields);
    if (attachment !== undefined && (meaning.content === undefined || meaning.content.inline !== undefined)) {
      throw invalidSoapRequest(`The message has an attachment, and ${soapOperation.name} takes none.`);
    }
    this.soapOperation = soapOperation;
    this.meaning = meaning;
    this.operation = meaning.operation;
    this.loggedAs = `SOAP.${soapOperation.name}`;
    this.signedFor = signedElements(soapOperation.name, fields);
    this.request = restRequest(meaning, sent);
    this.#rest = new RestRequest(this.operation, this.request, earlyMembers(this.operation, this.request));
    this.#attachment = attachment;
  }

  text(memberName: string): string | undefined {
    const { accessControlList } = this.meaning;
    const granted = accessControlList && grantHeader(this.#grantsIn(accessControlList), memberName);
    return granted ?? this.#rest.text(memberName);
  }

  openBody(security: PayloadSecurity): Payload {
    const { content, document = NOTHING } = this.meaning;
    if (content !== undefined) return this.#openContent(content, security);
    return this.#verified(() => new BytesAtHand(document, document.length), document.length, security);
  }

  async readInput(payload: Payload, inspect: ((input: never) => void) | undefined): Promise<AnyInput> {
    const input = await this.#rest.readInput(payload, inspect);
    const { accessControlList, wholeWhereConditionsFail } = this.meaning;
    return {
      ...input,
      ...(accessControlList !== undefined && { AccessControlList: this.#grantsIn(accessControlList) }),
      ...(wholeWhereConditionsFail === true && { ReturnCompleteObjectOnConditionFailure: true }),
    };
  }

  #grantsIn(list: SoapElement): readonly Grant[] {
    return (this.#grants ??= grantsIn(list));
  }

  #openContent({ sizeBytes, inline }: SoapContent, security: PayloadSecurity): Payload {
    if (inline !== undefined) {
      const bytes = inlineBytes(inline);
      return this.#verified(() => new BytesAtHand(bytes, sizeBytes), sizeBytes, security);
    }
    const attachment = this.#attachment;
    if (attachment === undefined) {
      throw new S3Error("MissingAttachment", {
        explanation:
          "PutObject brings its bytes beside the message: as the second record of DIME (application/dime), or the second part of " +
          "multipart/related. PutObjectInline brings them within it.",
      });
    }
    checkUploadSize(sizeBytes);
    return this.#verified(() => attachment.framing(sizeBytes), sizeBytes, security);
  }

  #verified(open: () => Framing, sizeBytes: number, security: PayloadSecurity): Payload {
    const { operation } = this;
    return new VerifiedPayload(
      open,
      { security, sizeBytes, md5: undefined, checksum: undefined },
      { operation, beforeFirstRead: undefined },
    );
  }
}

function signedElements(operation: string, fields: SoapFields): SignedElements {
  return {
    by: "elements",
    service: "s3",
    operation,
    accessKeyId: fields.text("AWSAccessKeyId"),
    timestamp: fields.text("Timestamp"),
    signature: fields.text("Signature"),
    credential: fields.text("Credential"),
  };
}

function restRequest({ operation, bucket, key, query = {}, headers = [] }: SoapMeaning, sent: WireRequest): WireRequest {
  return meantRequest(sent, { method: routes[operation].method, address: { style: "path", bucket, key }, query, headers });
}

/** Digits of base64 in groups of four, whose last may be filled up. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const WHITE_SPACE = /[ \t\r\n]+/g;

/** Throws InlineDataTooLarge, and InvalidSOAPRequest for what is no base64. */
function inlineBytes(text: string): Buffer {
  const digits = text.replace(WHITE_SPACE, "");
  if (digits.length % 4 !== 0 || !BASE64.test(digits)) throw invalidSoapRequest("Data is not base64.");
  const bytes = Buffer.from(digits, "base64");
  if (bytes.length > MAX_INLINE_SIZE_BYTES) throw inlineDataTooLarge(`Data has ${bytes.length} bytes`);
  return bytes;
}

/** The error of more data than a message can hold, in either direction. */
export function inlineDataTooLarge(found: string): S3Error {
  return new S3Error("InlineDataTooLarge", {
    explanation: `${found}; a message can hold ${MAX_INLINE_SIZE_BYTES}. Larger objects are attached: PutObject, and InlineData=false.`,
  });
}
