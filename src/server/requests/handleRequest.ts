import { S3Error } from "../../errors/S3Error.ts";
import { toServiceError } from "../../errors/toServiceError.ts";
import { rest } from "../../protocol/rest/rest.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { BucketContext } from "../../operations/RequestContext.ts";
import { adminDialect } from "../admin/adminDialect.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";
import { errorInside200, execute } from "../faults/execute.ts";
import { OtherAnswer } from "../faults/OtherAnswer.ts";
import { strikesAnswer, writeStruck } from "../faults/writeStruck.ts";
import { isRefused } from "../http/Connections.ts";
import { writeBare, writeOutput } from "../http/respond.ts";
import { refusedCodingStatus } from "../http/transferCoding.ts";
import { climbsOut, withHoistedHeaders, wireRequest } from "../http/wireRequest.ts";
import { readCorsRules } from "./crossOrigin.ts";
import { dialectOf, dialectOfHost } from "./dialectOf.ts";
import { dispatch } from "./dispatch.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { keepWithoutSaying } from "./expectations.ts";
import { endsSoon, finishLate } from "./lateAnswer.ts";
import { answerOwn, ownPath } from "./ownPaths.ts";
import { answerPreflight } from "./preflight.ts";
import { record } from "./record.ts";
import { refuse } from "./refuse.ts";
import { RequestLife } from "./RequestLife.ts";
import { answerWebsite } from "./website.ts";
import { isUnsignedRoot, welcome } from "./welcome.ts";

/** Answers one request, whatever it is. Never throws. */
export async function handleRequest(exchange: Exchange): Promise<void> {
  const { service, response } = exchange;
  exchange.begin();
  if (!exchange.expectsContinue) keepWithoutSaying(response);
  service.metrics.begin();
  let outcome: Outcome;
  try {
    outcome = await answer(exchange);
  } catch (cause) {
    // The answer itself failed, half sent: only the end of the connection can say so.
    service.onFailure(exchange.ids.requestId, cause, exchange.subject);
    exchange.stop(toServiceError(cause), cause);
    response.destroy();
    outcome = { status: response.statusCode, errorCode: "InternalError", sentSizeBytes: 0 };
  }
  if (exchange.holdsPlace) service.places.leave();
  record(exchange, outcome, exchange.leaveStage());
}

async function answer(exchange: Exchange): Promise<Outcome> {
  const { service, incoming, response } = exchange;
  try {
    if (isRefused(incoming.socket)) throw unavailable("The server has as many connections as it takes");
    const own = ownPath(exchange);
    if (own !== undefined) return await answerOwn(exchange, own);
    const refused = refusedCodingStatus(incoming.headers["transfer-encoding"]);
    if (refused !== undefined) return await answerBare(exchange, refused);
    if (service.stopping()) throw unavailable("The server is stopping");
    exchange.holdsPlace = service.places.take();
    if (!exchange.holdsPlace) throw unavailable("The server works on as many requests as it can at a time");
    const request = wireRequest(incoming, service, exchange.sender);
    exchange.request = request;
    exchange.dialect = dialectOf(request, service);
    exchange.ids = exchange.dialect.identify(exchange.ids);
    if (climbsOut(request.address)) return await answerBare(exchange, 400);
    if (exchange.dialect === adminDialect) {
      // Few processes are ever asked.
      const { answerAdmin } = await import("../admin/answerAdmin.ts");
      return await answerAdmin(exchange, request);
    }
    if (request.method === "OPTIONS") return await answerPreflight(exchange, request);
    const isWebsite = request.address.style === "website";
    if ((exchange.dialect === rest || isWebsite) && request.headers.has("origin")) await readCorsRules(exchange, request);
    if (isWebsite) return await answerWebsite(exchange, request);
    if (isUnsignedRoot(request)) return await welcome(exchange, request);
    const life = new RequestLife(service, exchange.ids, request, withHoistedHeaders(request));
    exchange.life = life;
    response.on("close", () => life.leave());
    return await run(exchange, life);
  } catch (cause) {
    if (cause instanceof OtherAnswer) return await cause.give();
    if (exchange.request === undefined) exchange.dialect = dialectOfHost(exchange);
    return await refuse(exchange, cause);
  }
}

async function answerBare(exchange: Exchange, status: number): Promise<Outcome> {
  await writeBare(exchange, status);
  return { status, errorCode: undefined, sentSizeBytes: 0 };
}

/** Says that the caller paid for the request, and not the bucket's owner. */
const CHARGED = { "x-amz-request-charged": "requester" };

async function run(exchange: Exchange, life: RequestLife): Promise<Outcome> {
  const { operation, input } = await dispatch(exchange, life);
  exchange.enter("execution");
  const { faults } = exchange;
  // Its bucket is there unless the operation is the service's: `authorise` has found it.
  const start = (): Promise<OperationResult<AnyOperationName>> =>
    faults === undefined ? operation.handle(input as never, life as BucketContext) : execute(exchange, faults, operation, input);
  const inside = faults === undefined ? undefined : await errorInside200(exchange, faults, start);
  if (inside !== undefined) return finishLate(exchange, operation.name, failed(inside));
  const running = start();
  if (operation.keepsConnectionAlive === true && !(await endsSoon(running, exchange.service.limits.keepAliveAfterMs))) {
    return finishLate(exchange, operation.name, running);
  }
  const result = await running;
  exchange.enter("answer");
  const beside = life.isCharged ? { ...result, headers: { ...result.headers, ...CHARGED } } : result;
  const encoding = exchange.dialect.encode(operation.name, result.output, beside, exchange.ids);
  const output = encoding instanceof Promise ? await encoding : encoding;
  if (faults !== undefined && strikesAnswer(faults)) return writeStruck(exchange, faults, output);
  const sentSizeBytes = await writeOutput(exchange, output);
  return { status: output.status, errorCode: undefined, sentSizeBytes };
}

/** Work that has failed, and of which somebody knows. */
function failed(cause: unknown): Promise<never> {
  const work = Promise.reject(cause);
  work.catch(() => undefined);
  return work;
}

function unavailable(why: string): S3Error {
  return new S3Error("ServiceUnavailable", { explanation: `${why}. Nothing was done; send the request again in a moment.` });
}
