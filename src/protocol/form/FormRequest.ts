import { S3Error } from "../../errors/S3Error.ts";
import type { AnyInput, RoutedRequest, SignedPolicy } from "../Dialect.ts";
import type { OperationName } from "../generated/types.ts";
import type { Payload } from "../Payload.ts";
import { meantRequest } from "../rest/meantRequest.ts";
import { RestRequest } from "../rest/RestRequest.ts";
import type { BodyReader } from "../streaming/BodyReader.ts";
import { announcedChecksum, declaredMd5 } from "../streaming/declarations.ts";
import type { MultipartReader } from "../streaming/multipart/MultipartReader.ts";
import { checkUploadSize } from "../streaming/openPayload.ts";
import type { PayloadSecurity } from "../streaming/PayloadSecurity.ts";
import { VerifiedPayload } from "../streaming/VerifiedPayload.ts";
import type { WireRequest } from "../WireRequest.ts";
import { FileBody } from "./FileBody.ts";
import { missingField, wrongNumberOfFiles } from "./formErrors.ts";
import { FormHeaders, FORM_OPERATION } from "./FormHeaders.ts";
import { ANY_SIZE, PostPolicy } from "./PostPolicy.ts";
import type { Form } from "./readForm.ts";

/** What server access logs call a form. */
export const LOGGED_FORM = "REST.POST.OBJECT";

/** A form whose fields are read, on its way through the body. */
export interface FormOnItsWay extends Form {
  /** At the content of the file, if there is one. */
  readonly parts: MultipartReader;
  readonly reader: BodyReader;
  /** How many bytes the body has left for the content, if nothing else follows. */
  readonly maxSizeBytes: number;
}

/** An upload by a browser's form: REST's request of the same meaning, whose values it lets REST check. */
export class FormRequest implements RoutedRequest, SignedPolicy {
  readonly by = "policy";
  readonly service = "s3";
  readonly operation: OperationName = FORM_OPERATION;
  readonly loggedAs: string = LOGGED_FORM;
  readonly request: WireRequest;
  readonly key: string;
  readonly #sent: WireRequest;
  readonly #form: FormOnItsWay;
  readonly #headers: FormHeaders;
  readonly #rest: RestRequest;
  #sizeRange = ANY_SIZE;

  /** Throws InvalidArgument and UserKeyMustBeSpecified for a form that has no key, or an empty one. */
  constructor(sent: WireRequest, form: FormOnItsWay) {
    const key = form.fields.get("key");
    if (key === undefined) throw missingField("key");
    if (key === "")
      throw new S3Error("UserKeyMustBeSpecified", { explanation: "The field key is empty, and the object needs one." });
    this.key = key;
    this.#sent = sent;
    this.#form = form;
    this.#headers = new FormHeaders(form.fields);
    const { method, address } = sent;
    this.request = meantRequest(sent, { method, address: { ...address, key }, headers: this.#headers.lines });
    this.#rest = new RestRequest(this.operation, this.request, undefined);
  }

  get signedFor(): SignedPolicy {
    return this;
  }

  field(name: string): string | undefined {
    return this.#form.fields.get(name);
  }

  checkPolicy(nowMs: number): void {
    const text = this.field("policy");
    if (text === undefined) return;
    const policy = new PostPolicy(text);
    policy.check(this.#form.fields, this.request.address.bucket!, nowMs);
    this.#sizeRange = policy.sizeRange;
  }

  text(memberName: string): string | undefined {
    return this.#rest.text(memberName);
  }

  openBody(security: PayloadSecurity): Payload {
    const { hasFile, parts, reader, maxSizeBytes } = this.#form;
    if (security.mode !== "unsigned") {
      throw new S3Error("NotImplemented", {
        details: [["Header", "x-amz-content-sha256"]],
        explanation:
          "A form's body is not hashed as a whole: where its head is signed, x-amz-content-sha256 is UNSIGNED-PAYLOAD.",
      });
    }
    if (!hasFile) throw wrongNumberOfFiles(0);
    this.#headers.checkAgainst(this.#sent.headers);
    const md5 = declaredMd5(this.request.headers);
    const checksum = announcedChecksum(this.request);
    checkUploadSize(maxSizeBytes);
    return new VerifiedPayload(
      () => new FileBody(parts, reader, maxSizeBytes, this.#sizeRange),
      { security, sizeBytes: maxSizeBytes, md5, checksum },
      { operation: this.operation, beforeFirstRead: undefined },
    );
  }

  readInput(payload: Payload, inspect: ((input: never) => void) | undefined): AnyInput | Promise<AnyInput> {
    this.#headers.check();
    return this.#rest.readInput(payload, inspect);
  }
}
