import { RequestDocument } from "../../access/conditionKeys/RequestDocument.ts";
import { authenticate } from "../../auth/authenticate.ts";
import type { Authentication } from "../../auth/Authentication.ts";
import type { Caller } from "../../auth/Caller.ts";
import { authenticateElements } from "../../auth/authenticateElements.ts";
import { authenticateForm } from "../../auth/authenticateForm.ts";
import { authenticatePolicy } from "../../auth/authenticatePolicy.ts";
import { amended, S3Error } from "../../errors/S3Error.ts";
import type { AnyOperation } from "../../operations/Operation.ts";
import type { AnyInput, Routed } from "../../protocol/Dialect.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { noteKeyUse } from "../../store/accounts/keyLastUsed.ts";
import { findBucket } from "../../store/buckets/buckets.ts";
import type { Store } from "../../store/Store.ts";
import { planStrikes } from "../faults/planStrikes.ts";
import { strikeAt } from "../faults/strikeAt.ts";
import type { Strikes } from "../faults/Strikes.ts";
import { struckPayload } from "../faults/StruckPayload.ts";
import { climbsOut } from "../http/wireRequest.ts";
import { authorise } from "./authorise.ts";
import type { Exchange } from "./Exchange.ts";
import { askForBody } from "./expectations.ts";
import type { Service } from "../Service.ts";
import type { RequestLife } from "./RequestLife.ts";
import type { AskedRegion } from "./requestRegion.ts";
import { askedRegion } from "./requestRegion.ts";
import { refuseListAtUnknownHost } from "./unknownHost.ts";

/** The header that names the operation which is not there. */
const MISSING_OPERATION = "x-holdfast-missing-operation";

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
  const reading = {
    idleTimeoutMs: service.limits.idleTimeoutMs,
    beforeFirstRead: exchange.expectsContinue ? () => askForBody(response) : undefined,
  };
  const found = dialect.route(life.request, reading);
  const routed = found instanceof Promise ? await found : found;
  exchange.operation = routed.operation;
  exchange.routed = routed;
  const faults = service.faults === undefined ? undefined : await planStrikes(exchange, service.faults, life, routed);
  const operation = routed.operation === undefined ? undefined : service.operations.get(routed.operation);
  try {
    exchange.enter("authentication");
    if (faults !== undefined) await strikeAt(exchange, faults, "beforeAuthentication");
    const asking = regionOf(service, life, routed, operation);
    const region = asking instanceof Promise ? await asking : asking;
    const { caller, payload: security, signature } = await whoAsks(service, life, routed, operation, region, faults);
    life.region = region.region ?? signature?.region ?? region.expected;
    life.caller = caller;
    life.signature = signature;
    noteUse(caller, life, routed);
    if (routed.operation === undefined) throw routed.refusal;
    refuseListAtUnknownHost(life.request);
    life.sent = routed;
    if (routed.request !== undefined) understand(exchange, life, routed.request);
    life.createsObject = operation?.isStepOfUpload !== true;
    if (operation?.documentFacts !== undefined) life.document = new RequestDocument(operation.documentFacts);
    exchange.enter("authorization");
    await authorise(life, routed.operation, operation);
    if (service.limiter !== undefined) await service.limiter.admit(life);
    if (operation === undefined) {
      service.onMissingOperation(routed.operation);
      throw notBuilt(routed.operation);
    }
    if (faults !== undefined) await strikeAt(exchange, faults, "beforeExecution");
    exchange.enter("input");
    const payload = routed.openBody(security, reading);
    life.payload = faults === undefined ? payload : struckPayload(payload, exchange, faults);
    const decoding = routed.readInput(life.payload, operation.checkUnverified);
    const input = decoding instanceof Promise ? await decoding : decoding;
    if (operation.documentFacts !== undefined) await life.readDocument(input);
    return { operation, input };
  } catch (cause) {
    throw operation?.refusalTellsRegion === true ? await withRegion(cause, life) : cause;
  }
}

/** Where there is one region only, nothing needs to be found out. */
function regionOf(
  service: Service,
  { request, nowMs }: RequestLife,
  routed: Routed,
  operation: AnyOperation | undefined,
): AskedRegion | Promise<AskedRegion> {
  const { region, regions } = service;
  if (regions.length === 1) return { region, expected: region, others: [] };
  return askedRegion(service, (routed.operation && routed.request) ?? request, operation, nowMs);
}

function whoAsks(
  { credentials, domains, store }: Service,
  { sentRequest, request, nowMs }: RequestLife,
  { signedFor }: Routed,
  operation: AnyOperation | undefined,
  { expected: region, others: otherRegions }: AskedRegion,
  faults: Strikes | undefined,
): Promise<Authentication> {
  const options = { credentials, domains, region, otherRegions, ...judgedBy(store, nowMs, faults) };
  switch (signedFor?.by) {
    case undefined:
      return authenticate(sentRequest, options, request);
    case "elements":
      return authenticateElements(signedFor, options);
    case "policy":
      return authenticatePolicy(signedFor, sentRequest, options);
    case "form":
      return authenticateForm(sentRequest, { ...options, ...signedFor, mayBeUnsigned: operation?.mayBeUnsigned === true });
  }
}

/** The clocks that a request's time is judged by: the store's, or what a planned fault makes of them. */
function judgedBy(
  { realClock }: Store,
  nowMs: number,
  faults: Strikes | undefined,
): { readonly nowMs: number; readonly realClock: () => number } {
  const aheadMs = faults === undefined ? 0 : faults.clockAheadMs;
  return aheadMs === 0 ? { nowMs, realClock } : { nowMs: nowMs + aheadMs, realClock: () => realClock() + aheadMs };
}

/** From here on the request is the one that its body tells. Throws InvalidURI for a key that no address of REST's could name. */
function understand(exchange: Exchange, life: RequestLife, request: WireRequest): void {
  exchange.request = request;
  life.request = request;
  const { bucket = "", key = "" } = request.address;
  if (!climbsOut(request.address)) return;
  throw new S3Error("InvalidURI", {
    details: [["URI", `/${bucket}/${key}`]],
    explanation: 'The key leads out of its bucket: at some place it has more segments ".." than names before them.',
  });
}

/** A user's keys say when they were used last; those of roots have nobody who could ask, and temporary ones are kept nowhere. */
function noteUse(caller: Caller, { store, nowMs: usedAtMs, region }: RequestLife, { signedFor }: Routed): void {
  if (caller.kind !== "user" || caller.session !== undefined) return;
  noteKeyUse(store, caller.accessKeyId, { usedAtMs, service: signedFor?.service ?? "s3", region });
}

/** A refusal with the region of its bucket, for those too who are unknown or not allowed. */
async function withRegion(cause: unknown, life: RequestLife): Promise<unknown> {
  if (!(cause instanceof S3Error) || cause.status !== 403) return cause;
  const bucket = life.bucket ?? (await findBucket(life.store, life.request.address.bucket!));
  if (bucket === undefined) return cause;
  return amended(cause, { headers: { "x-amz-bucket-region": bucket.region } });
}

/**
 * Its Message speaks of a header, as S3's only one does; which operation is missing stands beside it, and in a header too, for clients that show
 * nothing else.
 */
function notBuilt(name: AnyOperationName): S3Error {
  return new S3Error("NotImplemented", {
    details: [["additionalMessage", `${name} is not implemented by this server`]],
    headers: { [MISSING_OPERATION]: name },
    explanation: `${name} is an operation of S3's that this store does not have yet. Nothing was done.`,
  });
}
