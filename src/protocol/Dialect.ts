import type { ServiceError } from "../errors/ServiceError.ts";
import type { AnyOperationName, Inputs, Outputs } from "./operations.ts";
import type { OutputBody, Payload } from "./Payload.ts";
import type { SentMembers } from "./SentMembers.ts";
import type { PayloadSecurity } from "./streaming/PayloadSecurity.ts";
import type { WireRequest } from "./WireRequest.ts";

/**
 * A language in which operations are asked for and answered over HTTP. It is chosen once per request; who asks, whether they may and what
 * happens then is the same in all of them. `docs/dialects.md` says what each of them makes of this. `Name` are the operations it speaks of:
 * it is never asked for another.
 */
export interface Dialect<Name extends AnyOperationName = AnyOperationName> {
  /** What the ids of a request become in this dialect, which were made before it was chosen. */
  identify(ids: AnswerIds): AnswerIds;
  /** The headers that every answer has, as a flat list of names and values. */
  commonHeaders(ids: AnswerIds): string[];
  /**
   * Finds the operation a request means; a promise where that stands in the body. Throws what is told before anybody asks who is calling.
   */
  route(request: WireRequest, reading: BodyReading): Routed | Promise<Routed>;
  /** What an operation answers, ready to be written; a promise where what writes it must be loaded first. */
  encode<Asked extends Name>(
    operation: Asked,
    output: Outputs[Asked],
    beside: BesideOutput,
    ids: AnswerIds,
  ): EncodedOutput | Promise<EncodedOutput>;
  /** An error in this dialect's words: stations that all dialects share throw S3's. */
  translate(error: ServiceError): ServiceError;
  /** The body of an answer that is an error. */
  renderError(error: ServiceError, answer: ErrorAnswer): Buffer;
  /** The Content-Type of documents: of errors, and of answers that begin before their result is known. */
  readonly documentType: string;
  /** With what such an answer begins; white space follows it, and then the rest of the document. */
  readonly opening: string;
  /** True where an error says its length, and without a body no type; REST's come in chunks, and always say their type. */
  readonly sizesErrors?: boolean;
}

/** How a body is read. */
export interface BodyReading {
  /** A client that sends nothing for so long while bytes are waited for is told so. */
  readonly idleTimeoutMs: number;
  /** Called before the first byte of a body is asked for: where "100 Continue" is sent. */
  readonly beforeFirstRead: (() => void) | undefined;
}

/** What a request was found to mean: an operation, or none. */
export type Routed = RoutedRequest | RefusedRequest;

/** A request that means no operation. */
export interface RefusedRequest {
  readonly operation: undefined;
  /** What is told once it is known who is calling: a bad signature comes first. */
  readonly refusal: ServiceError;
  readonly loggedAs?: string | undefined;
  readonly signedFor?: SignedFor | undefined;
}

/** A request whose operation is known, and how to read its input. */
export interface RoutedRequest extends SentMembers {
  readonly operation: AnyOperationName;
  /**
   * What server access logs call the request: a dialect other than REST says it, such as SOAP.CreateBucket, and a request of which it says
   * nothing is not logged.
   */
  readonly loggedAs?: string | undefined;
  /** What says who asks, where that is no Authorization header or query of S3's. */
  readonly signedFor?: SignedFor | undefined;
  /**
   * Where the body says what the request addresses: REST's request of the same meaning, without the head that it came with. Who limits,
   * authorises and logs looks at this one.
   */
  readonly request?: WireRequest | undefined;
  /** Checks what is said of the body, and returns it, unread; called once. */
  openBody(security: PayloadSecurity, reading: BodyReading): Payload;
  /**
   * The input: what the head says and, where the body is a document, that too. Called once. A document whose bytes are not what was
   * declared is shown to `inspect`, whose error goes before what is wrong with them.
   */
  readInput(payload: Payload, inspect: ((input: never) => void) | undefined): AnyInput | Promise<AnyInput>;
}

/** What says who asks where the head of a request does not, or not alone. */
export type SignedFor = SignedForm | SignedElements | SignedPolicy;

/** What a signature is over beside the head of a request, where the body had to be read to know what is asked for. */
export interface SignedForm {
  readonly by: "form";
  /** The service that the credential's scope has to name. */
  readonly service: "iam" | "sts";
  /** Of the body as it came: 64 lower-case hexadecimal digits. */
  readonly bodySha256: string;
}

/** What elements of a SOAP message say of who asks; all of them are missing where nobody says it. */
export interface SignedElements {
  readonly by: "elements";
  readonly service: "s3";
  /** What was signed, beside the time: the operation by SOAP's name, such as "ListAllMyBuckets". */
  readonly operation: string;
  readonly accessKeyId: string | undefined;
  /** As it was sent: an xsd:dateTime. */
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  /** An element that S3's schema has and its pages do not explain. */
  readonly credential: string | undefined;
}

/** What fields of a browser's form say of who lets it in, and what for. */
export interface SignedPolicy {
  readonly by: "policy";
  readonly service: "s3";
  /** The value of a field by its name in lower case. */
  field(name: string): string | undefined;
  /** Holds the form against its policy, once it is known who signs. Throws InvalidPolicyDocument and AccessDenied. */
  checkPolicy(nowMs: number): void;
}

/** The input of any operation. */
export type AnyInput = Inputs[AnyOperationName];

/** What an operation answers beside its output's members. */
export interface BesideOutput {
  /** In place of the schema's: 206 for ranges, 204 for PutBucketPolicy. */
  readonly status?: number | undefined;
  /** Beyond the schema's bindings. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** When the object that was written was last modified: SOAP says it at once, REST with the next read. */
  readonly lastModifiedMs?: number | undefined;
  /** All metadata that a user gave the object, of which headers cannot carry every name. */
  readonly userMetadata?: readonly (readonly [name: string, value: string])[] | undefined;
}

/** An answer ready to be written: status, header lines, body. `OutputBody` and `Buffer` bodies know their size. */
export interface EncodedOutput {
  readonly status: number;
  readonly headers: (readonly [name: string, value: string])[];
  readonly body: Buffer | OutputBody | undefined;
}

/** The two ids of a request. */
export interface AnswerIds {
  readonly requestId: string;
  readonly hostId: string;
}

/** The answer that an error's body is for. */
export interface ErrorAnswer extends AnswerIds {
  /** The path asked for, percent-decoded as far as it can be. */
  readonly resource: string;
  /** What stands behind the status in the answer's first line, such as "Not Found". */
  readonly reason: string;
  /** `undefined` where the request means none, or is not understood so far. */
  readonly operation: AnyOperationName | undefined;
  /** True when the dialect's `opening` went out before. */
  readonly begun: boolean;
}
