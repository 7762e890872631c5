import type { AnyInput, BodyReading, RoutedRequest } from "../Dialect.ts";
import { maxDocumentSizesBytes } from "../deviations.ts";
import type { OperationName } from "../generated/types.ts";
import type { Payload } from "../Payload.ts";
import { MAX_UPLOAD_SIZE_BYTES, openPayload } from "../streaming/openPayload.ts";
import type { ShapeMember } from "../Shape.ts";
import type { PayloadSecurity } from "../streaming/PayloadSecurity.ts";
import type { WireRequest } from "../WireRequest.ts";
import { bodyKind } from "./bodyKind.ts";
import type { Members } from "./decode.ts";
import { decodeBody, decodeHead, headMembers, MAX_XML_BODY_SIZE_BYTES, textOf } from "./decode.ts";

/** A request of the REST dialect: its head says everything, but for what a document in its body says. */
export class RestRequest implements RoutedRequest {
  readonly operation: OperationName;
  readonly #request: WireRequest;
  readonly #members: ReadonlyMap<string, ShapeMember>;
  /** What was decoded before it was known who is calling. */
  readonly #early: Members | undefined;

  constructor(operation: OperationName, request: WireRequest, early: Members | undefined) {
    this.operation = operation;
    this.#request = request;
    this.#members = headMembers(operation);
    this.#early = early;
  }

  text(memberName: string): string | undefined {
    const member = this.#members.get(memberName);
    return member === undefined ? undefined : textOf(member, this.#request);
  }

  openBody(security: PayloadSecurity, { idleTimeoutMs, beforeFirstRead }: BodyReading): Payload {
    const { operation } = this;
    const maxSizeBytes = bodyKind(operation) === "streaming" ? MAX_UPLOAD_SIZE_BYTES : maxDocumentSizeBytes(operation);
    return openPayload(this.#request, security, { operation, maxSizeBytes, idleTimeoutMs, beforeFirstRead });
  }

  readInput(payload: Payload, inspect: ((input: never) => void) | undefined): AnyInput | Promise<AnyInput> {
    const head = decodeHead(this.operation, this.#request, this.#early);
    switch (bodyKind(this.operation)) {
      case "streaming":
        head["Body"] = payload;
        return head;
      case "none":
        return payload.sizeBytes === 0 ? head : afterBody(head, payload);
      default:
        return this.#withDocument(head, payload, inspect);
    }
  }

  async #withDocument(head: Members, payload: Payload, inspect: ((input: never) => void) | undefined): Promise<AnyInput> {
    const decoded = (body: Buffer): AnyInput => decodeBody(this.operation, head, body);
    const inspectBody = inspect && ((body: Buffer): void => inspect(decoded(body) as never));
    return decoded(await payload.gather(maxDocumentSizeBytes(this.operation), inspectBody));
  }
}

function maxDocumentSizeBytes(operation: OperationName): number {
  return maxDocumentSizesBytes[operation] ?? MAX_XML_BODY_SIZE_BYTES;
}

/** A body nobody asked for is verified like any other, if it is there: its hash was signed. */
async function afterBody(head: Members, payload: Payload): Promise<AnyInput> {
  await payload.gather(MAX_XML_BODY_SIZE_BYTES);
  return head;
}
