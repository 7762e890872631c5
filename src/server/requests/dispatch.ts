import { authenticate } from "../../auth/authenticate.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { AnyOperation, OperationResult } from "../../operations/Operation.ts";
import type { BucketContext } from "../../operations/RequestContext.ts";
import type { OperationInputs, OperationName } from "../../protocol/generated/types.ts";
import { bodyKind } from "../../protocol/rest/bodyKind.ts";
import { decodeBody, decodeHead, MAX_XML_BODY_SIZE_BYTES } from "../../protocol/rest/decode.ts";
import { route } from "../../protocol/rest/route.ts";
import { MAX_UPLOAD_SIZE_BYTES, openPayload } from "../../protocol/streaming/openPayload.ts";
import type { PayloadSecurity } from "../../protocol/streaming/PayloadSecurity.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import { authorise } from "./authorise.ts";
import type { RequestLife } from "./RequestLife.ts";
import type { Service } from "../Service.ts";

/** What a request turned out to mean. */
export interface Dispatched {
  readonly name: OperationName;
  readonly operation: AnyOperation;
  /** Runs the operation; called once. */
  readonly run: () => Promise<OperationResult<OperationName>>;
}

/** How far a request has come, for its end. */
export interface Progress {
  /** The name of its operation, once known, for metrics and the rendering of errors. */
  operation: OperationName | undefined;
  /** True when it takes one of the places for requests under way. */
  holdsPlace: boolean;
}

/**
 * The way of a request up to its operation, in S3's order of checks: shape, caller, method, bucket, permission, rate, body.
 * Throws the error of the first check that fails.
 */
export async function dispatch(
  service: Service,
  life: RequestLife,
  progress: Progress,
  sendContinue: (() => void) | undefined,
): Promise<Dispatched> {
  const meant = routeOrRefusal(life);
  if (typeof meant === "string") progress.operation = meant;
  try {
    const signing = { credentials: service.credentials, region: service.region, nowMs: life.nowMs };
    const { caller, payload, signature } = await authenticate(life.sentRequest, signing, life.request);
    life.caller = caller;
    life.signature = signature;
    if (typeof meant !== "string") throw meant;
    const operation = service.operations.get(meant);
    await authorise(life, meant, operation);
    if (service.limiter !== undefined) await service.limiter.admit(life);
    if (operation === undefined) throw notBuilt(meant);
    const input = await readInput(service, life, operation, payload, sendContinue);
    return { name: meant, operation, run: () => operation.handle(input as never, life as BucketContext) };
  } catch (cause) {
    throw meant === "HeadBucket" ? await withRegion(cause, life) : cause;
  }
}

/** Who asks by HEAD whether a bucket is there learns its region, allowed or not, known or not. */
async function withRegion(cause: unknown, life: RequestLife): Promise<unknown> {
  if (!(cause instanceof S3Error) || cause.status !== 403) return cause;
  const bucket = life.bucket ?? (await findBucket(life.store, life.request.address.bucket!));
  if (bucket === undefined) return cause;
  const { code, message, status, details, explanation } = cause;
  const headers = { ...cause.headers, "x-amz-bucket-region": bucket.region };
  return new S3Error(code, { message, status, details, headers, ...(explanation !== undefined && { explanation }) });
}

/** A wrong method is refused only after the caller is known: a bad signature comes first. */
function routeOrRefusal(life: RequestLife): OperationName | S3Error {
  try {
    return route(life.request);
  } catch (error) {
    if (error instanceof S3Error && error.code === "MethodNotAllowed") return error;
    throw error;
  }
}

function notBuilt(name: OperationName): S3Error {
  return new S3Error("NotImplemented", {
    explanation: `${name} is an operation of S3's that this store does not have yet. Nothing was done.`,
  });
}

/** Opens the body, reads the head and, where the body is a document, that too. "100 Continue" goes out when the first byte is wanted, not before. */
async function readInput(
  service: Service,
  life: RequestLife,
  operation: AnyOperation,
  security: PayloadSecurity,
  sendContinue: (() => void) | undefined,
): Promise<OperationInputs[OperationName]> {
  const { name, checkUnverified } = operation;
  const kind = bodyKind(name);
  life.payload = openPayload(life.request, security, {
    operation: name,
    maxSizeBytes: kind === "streaming" ? MAX_UPLOAD_SIZE_BYTES : MAX_XML_BODY_SIZE_BYTES,
    idleTimeoutMs: service.limits.idleTimeoutMs,
    ...(sendContinue === undefined ? {} : { beforeFirstRead: sendContinue }),
  });
  // What S3 looks at before it knows the caller has been looked at by `route`.
  const head = decodeHead(name, life.request);
  if (kind === "streaming") return { ...head, Body: life.payload } as unknown as OperationInputs[OperationName];
  if (kind === "none") {
    // A body nobody asked for is verified like any other, if it is there: its hash was signed.
    if (life.payload.sizeBytes > 0) await life.payload.gather(MAX_XML_BODY_SIZE_BYTES);
    return head;
  }
  const decoded = (body: Buffer): OperationInputs[OperationName] => decodeBody(name, head, body);
  const inspect = checkUnverified && ((body: Buffer): void => checkUnverified(decoded(body) as never));
  return decoded(await life.payload.gather(MAX_XML_BODY_SIZE_BYTES, inspect));
}
