import type { Permissions } from "../access/Permission.ts";
import type { OperationInputs, OperationName, OperationOutputs } from "../protocol/generated/types.ts";
import type { BucketContext, RequestContext } from "./RequestContext.ts";

/** What every operation declares. */
interface Declaration<Name extends OperationName> {
  readonly name: Name;
  /** What the caller must be allowed. What is on the request's bucket or object is asked before the handler runs, the rest by the handler. */
  readonly permissions: Permissions;
  /** Where an unsigned caller can never use it, whatever policies say: the text of the AccessDenied that S3 gives them. */
  readonly anonymousRefusal?: string;
  /** True when it is answered of buckets of other regions too, which S3 otherwise sends clients to. */
  readonly toldEverywhere?: boolean;
  /** True when even who is refused learns the bucket's region from the answer. */
  readonly refusalTellsRegion?: boolean;
  /** True when a long run may start the 200 early and send white space until the result is known. */
  readonly keepsConnectionAlive?: boolean;
  /**
   * What S3 finds wrong with the document before it compares the digests of the body, where it does so (DeleteObjects). The input may be
   * of a body that is not what was signed; throws an `S3Error`.
   */
  readonly checkUnverified?: (input: OperationInputs[Name]) => void;
}

/** An operation of the service itself; also one that makes a bucket, which is not there yet. */
export interface ServiceOperation<Name extends OperationName> extends Declaration<Name> {
  readonly resource: "service";
  handle(input: OperationInputs[Name], context: RequestContext): Promise<OperationResult<Name>>;
}

/** An operation on a bucket, or on an object in one: the bucket is there, or the request is refused. */
export interface BucketOperation<Name extends OperationName> extends Declaration<Name> {
  readonly resource: "bucket" | "object";
  handle(input: OperationInputs[Name], context: BucketContext): Promise<OperationResult<Name>>;
}

/**
 * One S3 operation: the only export of `operations/<Name>.ts`, or one of those of `operations/settings/<Setting>.ts`. By `resource`, what has
 * to be there before its handler runs.
 *
 * The handler gets an input whose shape, required members and enums are already checked, in a context whose caller is authenticated and has
 * the `permissions` on what the request addresses. It returns the output members or throws an `S3Error`.
 */
export type Operation<Name extends OperationName> = ServiceOperation<Name> | BucketOperation<Name>;

/** Any one of the operations. */
export type AnyOperation = { [Name in OperationName]: Operation<Name> }[OperationName];

/** What a handler answers: the output members, plus what the schema cannot say. */
export interface OperationResult<Name extends OperationName> {
  readonly output: OperationOutputs[Name];
  /** Overrides the schema's status: 206 for ranges, 204 for PutBucketPolicy. */
  readonly status?: number;
  /** Headers beyond the schema's bindings. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Declares an operation; exists for the types. */
export function operation<Name extends OperationName>(declaration: Operation<Name>): Operation<Name> {
  return declaration;
}
