import { isPlanned } from "../faults/plannedError.ts";
import type { StruckAnswer } from "../faults/writeStruck.ts";
import { strikesAnswer, writeStruck } from "../faults/writeStruck.ts";
import type { ServiceError } from "../../errors/ServiceError.ts";
import { toServiceError } from "../../errors/toServiceError.ts";
import { percentDecode } from "../../protocol/rest/percent.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { nodeHttp } from "../http/nodeHttp.ts";
import type { ErrorOutput } from "../http/respond.ts";
import { writeError } from "../http/respond.ts";
import type { Exchange, Outcome } from "./Exchange.ts";
import { toldOfUnknownHost } from "./unknownHost.ts";

/** Answers with what was thrown; where an answer has begun already, by the end of the connection. */
export async function refuse(exchange: Exchange, cause: unknown): Promise<Outcome> {
  const { incoming, response } = exchange;
  const thrown = toldOfUnknownHost(toServiceError(cause), exchange);
  reportFailure(exchange, thrown, cause);
  const error = exchange.dialect.translate(thrown);
  exchange.stop(error, cause);
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return { status: error.status, errorCode: error.code, sentSizeBytes: 0 };
  }
  const bodiless = incoming.method === "HEAD" || error.status === 304;
  const body = bodiless ? undefined : errorBody(exchange, error, false);
  const output = {
    status: error.status,
    reason: REASONS[error.code],
    headers: error.headers,
    body,
    closes: closesConnection(error, incoming.method ?? "GET"),
  };
  const { faults } = exchange;
  if (faults !== undefined && strikesAnswer(faults))
    return writeStruck(exchange, faults, struckError(exchange, output), error.code);
  const isSent = await writeError(exchange, output);
  return { status: error.status, errorCode: error.code, sentSizeBytes: isSent && body !== undefined ? body.length : 0 };
}

/** An error for who sends it in another way. */
function struckError({ dialect }: Exchange, { headers, body, ...output }: ErrorOutput): StruckAnswer {
  const hasType = output.status !== 304 && (body !== undefined || dialect.sizesErrors !== true);
  const lines = Object.entries(headers);
  return { ...output, headers: hasType ? [...lines, ["Content-Type", dialect.documentType]] : lines, body };
}

/** What S3 says behind the status of an error, where that is not HTTP's word for it. */
const REASONS: Readonly<Partial<Record<string, string>>> = { Found: "Moved Temporarily", SlowDown: "Slow Down" };

/** An error as the exchange's dialect writes it; `begun` when it stands in an answer that began before. */
export function errorBody({ dialect, ids, incoming, operation, request }: Exchange, error: ServiceError, begun: boolean): Buffer {
  const { requestId, hostId } = ids;
  const resource = request === undefined ? (incoming.url ?? "/") : resourceOf(request);
  const reason = REASONS[error.code] ?? nodeHttp.STATUS_CODES[error.status] ?? "";
  return dialect.renderError(error, { requestId, hostId, resource, reason, operation, begun });
}

/** Tells the operator of an error that is the server's own, unless it came of the client's leaving. */
export function reportFailure(exchange: Exchange, error: ServiceError, cause: unknown): void {
  const { service, ids, life } = exchange;
  if (!isFailure(error) || isPlanned(cause) || life?.wasLeft(cause) === true) return;
  service.metrics.fail();
  service.onFailure(ids.requestId, cause, exchange.subject);
}

/** True for what the operator must hear of: the server failed. To be turned away for want of capacity is an answer like others. */
function isFailure(error: ServiceError): boolean {
  return error.code === "InternalError" || (TOLD_WITH_CAUSE.has(error.code) && error.cause !== undefined);
}

/** With a cause these are a full disk, and an object that is lost. */
const TOLD_WITH_CAUSE: ReadonlySet<string> = new Set(["MethodNotAllowed", "ServiceUnavailable"]);

/** S3 ends the connection after most 400s, and where a client should slow down or come back later. */
function closesConnection(error: ServiceError, method: string): boolean {
  if (error.status === 400 || error.status === 503) return true;
  return error.status === 403 && method !== "GET" && method !== "HEAD";
}

/** The path asked for, as text. */
function resourceOf(request: WireRequest): string {
  const path = percentDecode(request.rawPath).toString("utf8");
  return request.address.style === "virtual" ? `/${request.address.bucket}${path}` : path;
}
