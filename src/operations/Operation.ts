import type { DocumentReaders } from "../access/conditionKeys/RequestDocument.ts";
import type { Permissions } from "../access/Permission.ts";
import type { BesideOutput } from "../protocol/Dialect.ts";
import type { AnyOperationName, Inputs, Outputs } from "../protocol/operations.ts";
import type { BucketContext, RequestContext } from "./RequestContext.ts";

/** What every operation declares. */
interface Declaration<Name extends AnyOperationName> {
  readonly name: Name;
  /** What the caller must be allowed. What is on the request's bucket or object is asked before the handler runs, the rest by the handler. */
  readonly permissions: Permissions;
  /**
   * What the document in the body says that policies can ask for. What is to be decided by it is decided once it is read; all else, and what
   * no policy asks it for, before.
   */
  readonly documentFacts?: DocumentReaders<Inputs[Name]>;
  /** True where it needs `s3:PutObject` and makes no object yet. */
  readonly isStepOfUpload?: boolean;
  /** Where an unsigned caller can never use it, whatever policies say: the text of the AccessDenied that S3 gives them. */
  readonly anonymousRefusal?: string;
  /**
   * True when only callers of the account that owns the bucket can use it: others whom a policy allows it are told that the method is not
   * allowed.
   */
  readonly ownersOnly?: boolean;
  /** True when it takes requests that are not signed: what they bring says who asks. Of STS only. */
  readonly mayBeUnsigned?: true;
  /** True when it is answered of buckets of other regions too, which S3 otherwise sends clients to. */
  readonly toldEverywhere?: boolean;
  /** True when it does not come by S3's accelerated host names. */
  readonly neverAccelerated?: boolean;
  /** True when even who is refused learns the bucket's region from the answer. */
  readonly refusalTellsRegion?: boolean;
  /** True when a long run may start the 200 early and send white space until the result is known. */
  readonly keepsConnectionAlive?: boolean;
  /**
   * What S3 finds wrong with the document before it compares the digests of the body, where it does so (DeleteObjects). The input may be
   * of a body that is not what was signed; throws an `S3Error`.
   */
  readonly checkUnverified?: (input: Inputs[Name]) => void;
}

/** An operation of the service itself; also one that makes a bucket, which is not there yet. */
export interface ServiceOperation<Name extends AnyOperationName> extends Declaration<Name> {
  readonly resource: "service";
  handle(input: Inputs[Name], context: RequestContext): Promise<OperationResult<Name>>;
}

/** An operation on a bucket, or on an object in one: the bucket is there, or the request is refused. */
export interface BucketOperation<Name extends AnyOperationName> extends Declaration<Name> {
  readonly resource: "bucket" | "object";
  handle(input: Inputs[Name], context: BucketContext): Promise<OperationResult<Name>>;
}

/**
 * One S3 operation: the only export of `operations/<Name>.ts`, or one of those of `operations/settings/<Setting>.ts`. By `resource`, what has
 * to be there before its handler runs.
 *
 * The handler gets an input whose shape, required members and enums are already checked, in a context whose caller is authenticated and has
 * the `permissions` on what the request addresses. It returns the output members or throws an `S3Error`.
 */
export type Operation<Name extends AnyOperationName> = ServiceOperation<Name> | BucketOperation<Name>;

/** Any one of the operations. */
export type AnyOperation = { [Name in AnyOperationName]: Operation<Name> }[AnyOperationName];

/** What a handler answers: the output members, plus what the schema cannot say. */
export interface OperationResult<Name extends AnyOperationName> extends BesideOutput {
  readonly output: Outputs[Name];
}

/** Declares an operation; exists for the types. */
export function operation<Name extends AnyOperationName>(declaration: Operation<Name>): Operation<Name> {
  return declaration;
}
