import type { S3Error } from "../errors/S3Error.ts";
import type { OperationInputs, OperationName, OperationOutputs } from "./generated/types.ts";
import type { OutputBody, Payload } from "./Payload.ts";
import type { SentMembers } from "./SentMembers.ts";
import type { PayloadSecurity } from "./streaming/PayloadSecurity.ts";
import type { WireRequest } from "./WireRequest.ts";

/**
 * A language in which S3's operations are asked for and answered over HTTP. It is chosen once per request; who asks, whether they may and
 * what happens then is the same in all of them. `docs/dialects.md` says what each of them makes of this.
 */
export interface Dialect {
  /**
   * Finds the operation a request means; a promise where that stands in the body. Throws what is told before anybody asks who is calling.
   */
  route(request: WireRequest): Routed | Promise<Routed>;
  /** What an operation answers, ready to be written; a promise where what writes it must be loaded first. */
  encode<Name extends OperationName>(
    operation: Name,
    output: OperationOutputs[Name],
    beside: BesideOutput,
  ): EncodedOutput | Promise<EncodedOutput>;
  /** The body of an answer that is an error. */
  renderError(error: S3Error, answer: ErrorAnswer): Buffer;
  /** The Content-Type of documents: of errors, and of answers that begin before their result is known. */
  readonly documentType: string;
  /** With what such an answer begins; white space follows it, and then the rest of the document. */
  readonly opening: string;
}

/** What a request was found to mean: an operation, or none. */
export type Routed = RoutedRequest | RefusedRequest;

/** A request that means no operation. */
export interface RefusedRequest {
  readonly operation: undefined;
  /** What is told once it is known who is calling: a bad signature comes first. */
  readonly refusal: S3Error;
}

/** A request whose operation is known, and how to read its input. */
export interface RoutedRequest extends SentMembers {
  readonly operation: OperationName;
  /**
   * Checks what is said of the body, and returns it, unread; called once. A client that sends nothing for `idleTimeoutMs` while bytes are
   * waited for is told so. `beforeFirstRead` is called before the first of them is: where "100 Continue" is sent.
   */
  openBody(security: PayloadSecurity, idleTimeoutMs: number, beforeFirstRead: (() => void) | undefined): Payload;
  /**
   * The input: what the head says and, where the body is a document, that too. Called once. A document whose bytes are not what was
   * declared is shown to `inspect`, whose error goes before what is wrong with them.
   */
  readInput(payload: Payload, inspect: ((input: never) => void) | undefined): AnyInput | Promise<AnyInput>;
}

/** The input of any operation. */
export type AnyInput = OperationInputs[OperationName];

/** What an operation answers beside its output's members. */
export interface BesideOutput {
  /** In place of the schema's. */
  readonly status?: number | undefined;
  /** Beyond the schema's bindings. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** An answer ready to be written: status, header lines, body. `OutputBody` and `Buffer` bodies know their size. */
export interface EncodedOutput {
  readonly status: number;
  readonly headers: (readonly [name: string, value: string])[];
  readonly body: Buffer | OutputBody | undefined;
}

/** The answer that an error's body is for. */
export interface ErrorAnswer {
  readonly requestId: string;
  readonly hostId: string;
  /** The path asked for, percent-decoded as far as it can be. */
  readonly resource: string;
  /** `undefined` where the request means none, or is not understood so far. */
  readonly operation: OperationName | undefined;
  /** True when the dialect's `opening` went out before. */
  readonly begun: boolean;
}
