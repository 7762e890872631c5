import type { OperationInputs, OperationName, OperationOutputs } from "../protocol/generated/types.ts";
import type { RequestContext } from "./RequestContext.ts";

/** What an operation acts on; decides what is looked up and authorised before its handler runs. */
export type ResourceKind = "service" | "bucket" | "object";

/**
 * One S3 operation: the only export of `operations/<Name>.ts`, or one of those of `operations/settings/<Setting>.ts`.
 *
 * The handler gets an input whose shape, required members and enums are already checked, in a context whose caller is
 * authenticated and authorised for `action` on the addressed resource (or asks itself, key by key: `authorisesEachKey`). It returns the
 * output members or throws an `S3Error`.
 */
export interface Operation<Name extends OperationName> {
  readonly name: Name;
  /** The IAM action, such as "s3:PutObject". `undefined` for operations every authenticated caller may use (ListBuckets has one). */
  readonly action: string;
  readonly resource: ResourceKind;
  /** Where an unsigned caller can never use it, whatever policies say: the text of the AccessDenied that S3 gives them. */
  readonly anonymousRefusal?: string;
  /** True when the bucket need not exist (CreateBucket). */
  readonly createsBucket?: boolean;
  /**
   * True when not the request as a whole is authorised but each key that its body names, by the handler: a signed caller who may delete
   * none of them still gets an answer that says so of each (DeleteObjects). An unsigned request is refused as a whole.
   */
  readonly authorisesEachKey?: boolean;
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
  handle(input: OperationInputs[Name], context: RequestContext): Promise<OperationResult<Name>>;
}

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
