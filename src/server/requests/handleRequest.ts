import type { IncomingMessage, ServerResponse } from "node:http";
import { S3Error } from "../../errors/S3Error.ts";
import { renderRestError } from "../../errors/render.ts";
import { toS3Error } from "../../errors/toS3Error.ts";
import type { OperationResult } from "../../operations/Operation.ts";
import type { OperationName } from "../../protocol/generated/types.ts";
import { declaresErrors } from "../../protocol/rest/declaration.ts";
import { encodeOutput } from "../../protocol/rest/encode.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import { percentDecode } from "../../protocol/rest/percent.ts";
import { XML_DECLARATION } from "../../protocol/xml/writeXml.ts";
import type { Dispatched, Progress } from "./dispatch.ts";
import { dispatch } from "./dispatch.ts";
import { preflight } from "./preflight.ts";
import type { RequestIds } from "./requestIds.ts";
import { RequestLife } from "./RequestLife.ts";
import type { ErrorOutput } from "../http/respond.ts";
import { commonHeaders, writeBare, writeError, writeOutput, writeWithoutReading } from "../http/respond.ts";
import type { CountedRequest } from "../http/CountedRequest.ts";
import type { OwnAnswer, RequestSubject, Service } from "../Service.ts";
import { refusedCodingStatus } from "../http/transferCoding.ts";
import { climbsOut, withHoistedHeaders, wireRequest } from "../http/wireRequest.ts";

/** How often white space goes out while a long operation works, once its 200 has begun. */
export const WHITE_SPACE_INTERVAL_MS = 5_000;

/** What became of a request, for metrics and the access log. */
interface Outcome {
  readonly status: number;
  readonly errorCode: string | undefined;
  readonly sentSizeBytes: number;
}

/** Answers one request, whatever it is. Never throws. */
export async function handleRequest(
  service: Service,
  ids: RequestIds,
  incoming: CountedRequest,
  response: ServerResponse,
  expectsContinue: boolean,
): Promise<void> {
  const startedAt = performance.now();
  if (!expectsContinue) keepWithoutSaying(response);
  const progress: Progress = { operation: undefined, holdsPlace: false };
  service.metrics.begin();
  let outcome: Outcome;
  try {
    outcome = await answer(service, ids, incoming, response, progress, expectsContinue);
  } catch (cause) {
    // The answer itself failed, half sent: only the end of the connection can say so.
    service.onFailure(ids.requestId, cause, subjectOf(incoming, undefined));
    response.destroy();
    outcome = { status: response.statusCode, errorCode: "InternalError", sentSizeBytes: 0 };
  }
  if (progress.holdsPlace) service.places.leave();
  record(service, ids, incoming, {
    ...outcome,
    operation: progress.operation ?? "none",
    milliseconds: performance.now() - startedAt,
  });
}

/** HTTP/1.1 takes it for granted that a connection is kept, and S3 does not say so; Node would, on every answer. */
function keepWithoutSaying(response: ServerResponse): void {
  if (response.req.httpVersion === "1.1" && response.shouldKeepAlive) response.removeHeader("Connection");
}

/** Enters an answered request into metrics and access log. */
function record(
  service: Service,
  ids: RequestIds,
  incoming: CountedRequest,
  answered: Outcome & { readonly operation: string; readonly milliseconds: number },
): void {
  const { operation, status, errorCode, milliseconds, sentSizeBytes } = answered;
  const { receivedSizeBytes } = incoming;
  service.metrics.end({ operation, status, errorCode, durationSeconds: milliseconds / 1000, receivedSizeBytes, sentSizeBytes });
  service.accessLog?.write({
    time: new Date(service.store.clock()).toISOString(),
    requestId: ids.requestId,
    remoteAddress: incoming.socket.remoteAddress ?? "",
    method: incoming.method ?? "",
    // A presigned query is a key to the object: it does not belong into a log.
    target: (incoming.url ?? "").split("?", 1)[0]!,
    operation,
    status,
    errorCode,
    sentBytes: sentSizeBytes,
    milliseconds: Math.round(milliseconds * 1000) / 1000,
  });
}

async function answer(
  service: Service,
  ids: RequestIds,
  incoming: IncomingMessage,
  response: ServerResponse,
  progress: Progress,
  expectsContinue: boolean,
): Promise<Outcome> {
  let request: WireRequest | undefined;
  let life: RequestLife | undefined;
  try {
    const own = service.ownPaths.get(incoming.url ?? "");
    if (own !== undefined && (incoming.method === "GET" || incoming.method === "HEAD")) {
      return await writeOwn(await own(), incoming, response);
    }
    const refused = refusedCodingStatus(incoming.headers["transfer-encoding"]);
    if (refused !== undefined) return await answerBare(ids, incoming, response, refused);
    if (service.stopping()) throw unavailable("The server is stopping");
    progress.holdsPlace = service.places.take();
    if (!progress.holdsPlace) throw unavailable("The server works on as many requests as it can at a time");
    request = wireRequest(incoming, service.domains);
    if (climbsOut(request.address)) return await answerBare(ids, incoming, response, 400);
    if (request.method === "OPTIONS") await preflight(service, request);
    if (isUnsignedRoot(request)) return await redirectToWebsite(ids, incoming, response);
    life = new RequestLife(service, ids, service.store.clock(), request, withHoistedHeaders(request));
    response.once("close", () => life!.leave());
    const sendContinue = expectsContinue ? () => askForBody(response) : undefined;
    const dispatched = await dispatch(service, life, progress, sendContinue);
    return await run(service, life, dispatched, ids, response);
  } catch (cause) {
    const error = toS3Error(cause);
    if (isFailure(error) && life?.wasLeft(cause) !== true) service.onFailure(ids.requestId, cause, subjectOf(incoming, request));
    life?.note("answered with an error", { code: error.code, message: error.message });
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return { status: error.status, errorCode: error.code, sentSizeBytes: 0 };
    }
    const output = errorOutput(error, ids, incoming, request, progress.operation);
    await writeError(incoming, response, ids, output);
    return { status: output.status, errorCode: error.code, sentSizeBytes: output.body?.length ?? 0 };
  }
}

async function answerBare(
  ids: RequestIds,
  incoming: IncomingMessage,
  response: ServerResponse,
  status: number,
): Promise<Outcome> {
  await writeBare(incoming, response, ids, status);
  return { status, errorCode: undefined, sentSizeBytes: 0 };
}

/** Asks for the body. While answers before this one are still due, Node would put that into the middle of this answer. */
function askForBody(response: ServerResponse): void {
  const ask = (): void => {
    if (response.headersSent) return;
    response.writeContinue();
    // Not before: a final answer without the 100 ends the connection, for the body may or may not follow.
    keepWithoutSaying(response);
  };
  if (response.socket === null) response.once("socket", ask);
  else ask();
}

async function run(
  service: Service,
  life: RequestLife,
  { name, operation, run: work }: Dispatched,
  ids: RequestIds,
  response: ServerResponse,
): Promise<Outcome> {
  const method = life.request.method;
  const running = work();
  if (operation.keepsConnectionAlive === true && !(await endsSoon(running, service.limits.keepAliveAfterMs))) {
    return finishLate(name, running, ids, life, response, service);
  }
  const result = await running;
  const output = encodeOutput(name, result.output, result.status === undefined ? {} : { status: result.status });
  for (const [header, value] of Object.entries(result.headers ?? {})) output.headers.push([header, value]);
  const sentSizeBytes = await writeOutput(response, ids, output, method);
  return { status: output.status, errorCode: undefined, sentSizeBytes };
}

/** Resolves with whether work ends, well or badly, within the time. */
async function endsSoon(running: Promise<unknown>, timeMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeMs);
  });
  const ended = running.then(
    () => true,
    () => true,
  );
  const soon = await Promise.race([ended, late]);
  clearTimeout(timer);
  return soon;
}

/** Starts the 200, sends white space while the work lasts, then its result, or its error inside the 200. */
async function finishLate(
  name: OperationName,
  running: Promise<OperationResult<OperationName>>,
  ids: RequestIds,
  life: RequestLife,
  response: ServerResponse,
  service: Service,
): Promise<Outcome> {
  response.writeHead(200, [...commonHeaders(ids), "Content-Type", "application/xml"]);
  response.write(XML_DECLARATION);
  const timer = setInterval(() => response.write(" "), WHITE_SPACE_INTERVAL_MS);
  let body: Buffer;
  let errorCode: string | undefined;
  try {
    const encoded = encodeOutput(name, (await running).output).body;
    body = Buffer.isBuffer(encoded) ? encoded.subarray(XML_DECLARATION.length) : Buffer.alloc(0);
  } catch (cause) {
    const error = toS3Error(cause);
    if (isFailure(error) && !life.wasLeft(cause)) service.onFailure(ids.requestId, cause, subjectOf(response.req, life.request));
    errorCode = error.code;
    body = renderRestError(error, { ...ids, resource: resourceOf(life.request), declaration: false });
  } finally {
    clearInterval(timer);
  }
  response.end(body);
  return { status: 200, errorCode, sentSizeBytes: body.length };
}

function errorOutput(
  error: S3Error,
  ids: RequestIds,
  incoming: IncomingMessage,
  request: WireRequest | undefined,
  operation: OperationName | undefined,
): ErrorOutput {
  const bodiless = incoming.method === "HEAD" || error.status === 304;
  const resource = request === undefined ? (incoming.url ?? "/") : resourceOf(request);
  return {
    status: error.status,
    reason: error.code === "SlowDown" ? "Slow Down" : undefined,
    headers: error.headers,
    body: bodiless ? undefined : renderRestError(error, { ...ids, resource, declaration: declaresErrors(operation) }),
    closes: closesConnection(error, incoming.method ?? "GET"),
  };
}

/** S3 ends the connection after most 400s, and where a client should slow down or come back later. */
function closesConnection(error: S3Error, method: string): boolean {
  if (error.status === 400 || error.status === 503) return true;
  return error.status === 403 && method !== "GET" && method !== "HEAD";
}

/** The path asked for, as text. */
function resourceOf(request: WireRequest): string {
  const path = percentDecode(request.rawPath).toString("utf8");
  return request.address.style === "virtual" ? `/${request.address.bucket}${path}` : path;
}

/** True for what the operator must hear of: the server failed. To be turned away for want of capacity is an answer like others. */
function isFailure(error: S3Error): boolean {
  return error.code === "InternalError" || (error.code === "ServiceUnavailable" && error.cause !== undefined);
}

function subjectOf(incoming: IncomingMessage, request: WireRequest | undefined): RequestSubject {
  const { bucket, key } = request?.address ?? {};
  return { method: incoming.method ?? "", bucket, key, copySource: request?.headers.get("x-amz-copy-source") };
}

function unavailable(why: string): S3Error {
  return new S3Error("ServiceUnavailable", { explanation: `${why}. Nothing was done; send the request again in a moment.` });
}

function isUnsignedRoot(request: WireRequest): boolean {
  return (
    request.method === "GET" &&
    request.rawPath === "/" &&
    request.rawQuery === "" &&
    request.address.bucket === undefined &&
    !request.headers.has("authorization")
  );
}

/** Who asks for the list of buckets without signing is a person with a browser: S3 sends them to its website. */
async function redirectToWebsite(ids: RequestIds, incoming: IncomingMessage, response: ServerResponse): Promise<Outcome> {
  const headers = [...commonHeaders(ids), "Location", "https://aws.amazon.com/s3/"];
  await writeWithoutReading(incoming, response, { status: 307, headers, body: Buffer.alloc(0) });
  return { status: 307, errorCode: undefined, sentSizeBytes: 0 };
}

async function writeOwn(own: OwnAnswer, incoming: IncomingMessage, response: ServerResponse): Promise<Outcome> {
  const body = Buffer.from(own.body);
  await writeWithoutReading(incoming, response, { status: own.status, headers: ["Content-Type", own.contentType], body });
  return { status: own.status, errorCode: undefined, sentSizeBytes: incoming.method === "HEAD" ? 0 : body.length };
}
