import { authenticate } from "../../auth/authenticate.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import type { AnyInput } from "../../protocol/Dialect.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import { authorise } from "./authorise.ts";
import type { Exchange } from "./Exchange.ts";
import { askForBody } from "./expectations.ts";
import type { RequestLife } from "./RequestLife.ts";

/** What a request turned out to mean. */
export interface Dispatched {
  readonly operation: AnyOperation;
  readonly input: AnyInput;
}

/**
 * The way of a request up to its operation, in S3's order of checks: shape, caller, method, bucket, permission, rate, body. "100 Continue"
 * goes out when the first byte of a body is wanted, not before. Throws the error of the first check that fails.
 */
export async function dispatch(exchange: Exchange, life: RequestLife): Promise<Dispatched> {
  const { service, dialect, response } = exchange;
  const found = dialect.route(life.request);
  const routed = found instanceof Promise ? await found : found;
  exchange.operation = routed.operation;
  const operation = routed.operation === undefined ? undefined : service.operations.get(routed.operation);
  try {
    const signing = { credentials: service.credentials, region: service.region, nowMs: life.nowMs };
    const { caller, payload: security, signature } = await authenticate(life.sentRequest, signing, life.request);
    life.caller = caller;
    life.signature = signature;
    if (routed.operation === undefined) throw routed.refusal;
    life.sent = routed;
    await authorise(life, routed.operation, operation);
    if (service.limiter !== undefined) await service.limiter.admit(life);
    if (operation === undefined) throw notBuilt(routed.operation);
    const sendContinue = exchange.expectsContinue ? () => askForBody(response) : undefined;
    life.payload = routed.openBody(security, service.limits.idleTimeoutMs, sendContinue);
    const input = routed.readInput(life.payload, operation.checkUnverified);
    return { operation, input: input instanceof Promise ? await input : input };
  } catch (cause) {
    throw operation?.refusalTellsRegion === true ? await withRegion(cause, life) : cause;
  }
}

/** A refusal with the region of its bucket, for those too who are unknown or not allowed. */
async function withRegion(cause: unknown, life: RequestLife): Promise<unknown> {
  if (!(cause instanceof S3Error) || cause.status !== 403) return cause;
  const bucket = life.bucket ?? (await findBucket(life.store, life.request.address.bucket!));
  if (bucket === undefined) return cause;
  const { code, message, status, details, explanation } = cause;
  const headers = { ...cause.headers, "x-amz-bucket-region": bucket.region };
  return new S3Error(code, { message, status, details, headers, ...(explanation !== undefined && { explanation }) });
}

function notBuilt(name: OperationName): S3Error {
  return new S3Error("NotImplemented", {
    explanation: `${name} is an operation of S3's that this store does not have yet. Nothing was done.`,
  });
}
