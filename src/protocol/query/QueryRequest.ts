import type { AnyInput, RoutedRequest, SignedForm } from "../Dialect.ts";
import type { AnyOperationName } from "../operations.ts";
import type { Payload } from "../Payload.ts";
import { decodeInput } from "./decodeInput.ts";
import type { QueryOperation, QueryService } from "./services.ts";

/** What is left of a body that was read to know what is asked for. */
const NOTHING_LEFT: Payload = {
  sizeBytes: 0,
  declared: undefined,
  want: () => undefined,
  gather: () => Promise.resolve(Buffer.alloc(0)),
  digest: () => {
    throw new Error("a query's body has no digests");
  },
  async *[Symbol.asyncIterator]() {},
};

/** A request to IAM or STS: its form says everything. */
export class QueryRequest implements RoutedRequest {
  readonly operation: AnyOperationName;
  readonly signedFor: SignedForm;
  readonly #service: QueryService;
  readonly #operation: QueryOperation;
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(service: QueryService, operation: QueryOperation, parameters: ReadonlyMap<string, string>, signedFor: SignedForm) {
    this.operation = operation.name;
    this.signedFor = signedFor;
    this.#service = service;
    this.#operation = operation;
    this.#parameters = parameters;
  }

  /** Of lists and structures, the parts: "Tags.member.1.Key". */
  text(memberName: string): string | undefined {
    return this.#parameters.get(memberName);
  }

  openBody(): Payload {
    return NOTHING_LEFT;
  }

  readInput(): AnyInput {
    return decodeInput(this.#service, this.#operation, this.#parameters);
  }
}
