import type { RequestListener, Server, ServerOptions, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Server as TlsServer } from "node:tls";
import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { rest, SERVER_NAME } from "../../protocol/rest/rest.ts";
import { linesOfBrokenHead, valueIn } from "./brokenHead.ts";
import { CountedRequest } from "./CountedRequest.ts";
import type { ConnectionOptions, ServedSocket } from "./Connections.ts";
import { Connections } from "./Connections.ts";
import { Exchange } from "../requests/Exchange.ts";
import { handleRequest } from "../requests/handleRequest.ts";
import { connectionFrom, mendedPacket } from "./mendedHead.ts";
import type { RequestIds } from "../requests/requestIds.ts";
import { requestIds } from "../requests/requestIds.ts";
import { nodeHttp } from "./nodeHttp.ts";
import type { Pipeline } from "./Pipeline.ts";
import { Pipelines } from "./Pipelines.ts";
import { MAX_LINGERING_MS } from "./respond.ts";
import type { Service } from "../Service.ts";
import { cutStalledAnswers } from "./stalledAnswers.ts";
import { readOn, serving } from "./surplus.ts";
import { keepTlsFacts } from "./tlsFacts.ts";
import type { TlsMaterial } from "./tlsMaterial.ts";
import { Turns } from "./Turns.ts";
import { refusedCodingStatus } from "./transferCoding.ts";
import { headerSectionTooLarge } from "./wireRequest.ts";

/** The head of a request, its address included; presigned addresses are long. The header lines alone have a limit of their own. */
const MAX_HEAD_SIZE_BYTES: number = 32 * 1024;
/** The whole head of a request must have come by then. */
const HEADERS_TIMEOUT_MS = 30_000;
/** An idle connection is kept open this long for the next request. */
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
/** How often connections are looked at for these limits. */
const CONNECTIONS_CHECK_INTERVAL_MS = 5_000;

/** A TLS handshake must be over by then. */
const TLS_OPTIONS = { handshakeTimeout: 10_000 };

/** A server, and how to end it. */
export interface Listener {
  readonly server: Server;
  readonly connections: Connections;
  /** Has those who connect from now on shown another certificate. Throws what OpenSSL has against it; then the one before stays. */
  replaceTls(tls: TlsMaterial): void;
}

/** An HTTP or HTTPS server whose requests the service answers. It is not listening yet. */
export function createListener(
  service: Service,
  tls: TlsMaterial | undefined,
  crowd: Omit<ConnectionOptions, "tls"> = {},
): Listener {
  const newIds = requestIds(service.store.randomBytes);
  const server = createServer(tls);
  const servingEvent = tls === undefined ? "connection" : "secureConnection";
  const serve = serving(server, servingEvent);
  const turns = new Turns<Pipeline>((pipeline) => void answerNext(pipeline));
  const pipelines = new Pipelines({
    begin: (pipeline) => turns.add(pipeline),
    readOn: (connection) => readOn(connection, serve),
  });
  const take = (incoming: CountedRequest, response: ServerResponse, expectsContinue: boolean): void => {
    const { socket } = incoming;
    if (isOver(socket)) return;
    const pipeline = pipelines.of(socket);
    // Node's parser drops what has come behind a request that asks for another protocol: who sent it must learn that it counts for nothing.
    if (incoming.headers.upgrade !== undefined || pipeline.isForOne) response.shouldKeepAlive = false;
    pipeline.add(new Exchange(service, newIds(), incoming, response, expectsContinue));
  };
  const onRequest: RequestListener<typeof CountedRequest> = (incoming, response) => take(incoming, response, false);
  server.on("request", onRequest);
  server.on("checkContinue", (incoming, response) => take(incoming, response, true));
  // "100-continue" is the one expectation HTTP knows; S3 does not look at others.
  server.on("checkExpectation", onRequest);
  server.on("upgrade", (incoming, socket, behind) => pipelines.of(socket).addUnread(incoming, behind));
  server.on("connect", (incoming, socket, behind) => {
    if (incoming.isSurplus) return pipelines.of(socket).addUnread(incoming, behind);
    // Nobody else listens to a connection that Node has handed over.
    socket.on("error", () => socket.destroy());
    server.emit("clientError", CONNECT_ERROR, socket);
  });
  // As without TLS, where http sees to it: who has said all they want to may still be told something. During the handshake nobody may.
  server.on("secureConnection", (socket: Socket) => (socket.allowHalfOpen = true));
  keepTlsFacts(server);
  const connections = new Connections(server, { tls: tls !== undefined, ...crowd });
  service.journal.watch(() => exchangesUnderWay(connections, pipelines));
  cutStalledAnswers(server, servingEvent, service.limits.stalledAnswerMs);
  const broken = new WeakSet<Socket>();
  server.on("clientError", (cause: ParserError, socket: Socket) => {
    const due = pipelines.find(socket)?.latest;
    // What still comes on a connection that is refused is reported packet by packet.
    if (broken.has(socket)) return;
    broken.add(socket);
    const bytes = due === undefined ? mendedPacket(onlyPacketOf(cause, socket)) : undefined;
    if (bytes !== undefined) {
      const connection = connectionFrom(socket, bytes);
      pipelines.addForOne(connection);
      connections.handOn(socket);
      server.emit(servingEvent, connection);
      return;
    }
    if (due !== undefined && endsInBody(cause, due)) {
      endBody(due);
      return;
    }
    const isDue = due?.req.complete === true && !due.writableFinished && cause.code !== "ECONNRESET";
    if (!isDue) {
      refuse(cause, socket, newIds(), due);
      return;
    }
    // Whole requests came before the nonsense: their answers come first.
    due.once("close", () => refuse(cause, socket, newIds(), due));
    // Node would take the client's end for that of all, and have the connection end with them.
    socket.removeAllListeners("end");
  });
  return { server, connections, replaceTls: (material) => replaceTls(server, material) };
}

function replaceTls(server: Server, { certificate, privateKey }: TlsMaterial): void {
  if (server instanceof TlsServer) server.setSecureContext({ cert: certificate, key: privateKey });
}

/** The requests that are being answered, one for each connection at most. */
function* exchangesUnderWay(connections: Connections, pipelines: Pipelines): Generator<Exchange> {
  for (const connection of connections.served) {
    const exchange = pipelines.find(connection)?.underWay;
    if (exchange !== undefined) yield exchange;
  }
}

function createServer(tls: TlsMaterial | undefined): Server<typeof CountedRequest> {
  const options: ServerOptions<typeof CountedRequest> = {
    IncomingMessage: CountedRequest,
    maxHeaderSize: MAX_HEAD_SIZE_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CONNECTIONS_CHECK_INTERVAL_MS,
    // Uploads may take as long as they move: the payload's idle timeout ends those that do not.
    requestTimeout: 0,
    requireHostHeader: false,
    noDelay: true,
    shouldUpgradeCallback: ({ isSurplus }) => isSurplus,
  };
  const server =
    tls === undefined
      ? nodeHttp.createServer(options)
      : createHttpsServer({ ...options, ...TLS_OPTIONS, cert: tls.certificate, key: tls.privateKey });
  // The size of a head is bounded already. Node would not show the lines beyond a number of them, and obey them all the same.
  server.maxHeadersCount = 0;
  // Who ends their half of a connection behind a whole request is told the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  return server;
}

/** Answers the request of a pipeline that is under way, and then has it go on. */
async function answerNext(pipeline: Pipeline): Promise<void> {
  await handleRequest(pipeline.underWay!);
  pipeline.next();
}

/**
 * Whether a connection has had its last answer. Requests that were sent behind the one it answers may still be read while it ends. They must
 * not be answered: Node would find an earlier one without an answer, and fail an assertion that ends the process.
 */
function isOver(connection: Duplex): boolean {
  return !connection.writable;
}

/** What Node adds to an error of its parser. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Buffer;
  /** How much of it was understood. */
  readonly bytesParsed?: number;
}

/** Only proxies have that method. */
const CONNECT_ERROR: ParserError = Object.assign(new Error("CONNECT"), { code: "HPE_INVALID_METHOD" });

/** The packet a parser stopped in; empty unless it is all that came on the connection. */
function onlyPacketOf({ rawPacket = NOTHING }: ParserError, { bytesRead }: Socket): Buffer {
  return rawPacket.length === bytesRead ? rawPacket : NOTHING;
}

const NOTHING: Buffer = Buffer.alloc(0);

/** Whether a client has ended its half of the connection in the middle of a body; it may still listen. */
function endsInBody({ code }: ParserError, { req, headersSent }: ServerResponse): boolean {
  return code === "HPE_INVALID_EOF_STATE" && !req.complete && !headersSent;
}

/** Ends a body where its client stopped: who reads it finds it cut, and says so in the answer that is due. */
function endBody(due: ServerResponse): void {
  due.shouldKeepAlive = false;
  // There is no more of it to wait for.
  due.req.complete = true;
  // What Node does here would take the connection along, and the answer with it.
  due.req._destroy = (_error, done) => done(null);
  due.req.destroy();
}

/** What may be the first line of a request: its method, in front of a space. */
const METHOD = /^([A-Z-]+) /;

/**
 * Whether the answer to what could not be parsed may have a body: not where that is a HEAD, nor where it may be one. Of a head that came
 * in several packets Node shows the last. To keep the first would take every packet of every request through JavaScript, and a body where
 * none may be breaks the protocol, while a bare status is true for all methods; heads up to `MAX_HEAD_SIZE_BYTES` never come here.
 */
function mayHaveBody({ code }: ParserError, lines: readonly string[], due: ServerResponse | undefined): boolean {
  // It is in the body of a request whose head is known.
  if (due?.req.complete === false) return due.req.method !== "HEAD";
  // It is no method at all; or the head is not there, and the code is what tells a client to send it again.
  if (code === "HPE_INVALID_METHOD" || code === "ERR_HTTP_REQUEST_TIMEOUT") return true;
  const method = METHOD.exec(lines[0] ?? "")?.[1];
  return method !== undefined && method !== "HEAD" && nodeHttp.METHODS.includes(method);
}

/** Answers what could not be parsed as a request, and ends the connection. `due` is the answer to the request before it, or around it. */
function refuse(cause: ParserError, socket: ServedSocket, ids: RequestIds, due: ServerResponse | undefined): void {
  // In the middle of another answer nothing can be said: it would be read as part of that one.
  if (!socket.writable || cause.code === "ECONNRESET" || socket._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const lines = linesOfBrokenHead(cause.rawPacket ?? NOTHING, cause.bytesParsed ?? 0);
  const coding = CODING_ERRORS.has(cause.code ?? "") ? valueIn(lines, "transfer-encoding") : undefined;
  const bareStatus = refusedCodingStatus(coding);
  const error = parseError(cause, coding);
  const status = bareStatus ?? error.status;
  const reason = nodeHttp.STATUS_CODES[status]!;
  // What is no request has no dialect of its own.
  const answer = { ...ids, resource: "/", reason, operation: undefined, begun: false };
  const body = bareStatus === undefined && mayHaveBody(cause, lines, due) ? rest.renderError(error, answer) : NOTHING;
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    `x-amz-id-2: ${ids.hostId}`,
    `x-amz-request-id: ${ids.requestId}`,
    `Server: ${SERVER_NAME}`,
    `Date: ${new Date().toUTCString()}`,
    ...(body.length > 0 ? [`Content-Type: ${rest.documentType}`] : []),
    `Content-Length: ${body.length}`,
    "Connection: close",
  ];
  socket.end(Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`), body]));
  // To a client that is still sending, the end of the connection would be a reset, which may overtake the answer.
  const timer = setTimeout(() => socket.destroy(), MAX_LINGERING_MS);
  socket.once("close", () => clearTimeout(timer));
}

/** With which Node's parser stops at a Transfer-Encoding it does not read, and where a length stands beside one, in either order. */
const CODING_ERRORS: ReadonlySet<string> = new Set(["HPE_INVALID_TRANSFER_ENCODING", "HPE_INVALID_CONTENT_LENGTH"]);

function parseError(cause: ParserError, coding: string | undefined): S3Error {
  if (cause.code === "HPE_HEADER_OVERFLOW") return headerSectionTooLarge();
  if (cause.code === "ERR_HTTP_REQUEST_TIMEOUT") {
    return new S3Error("RequestTimeout", {
      explanation: `The request's head did not come within ${HEADERS_TIMEOUT_MS / 1000} seconds.`,
    });
  }
  return new S3Error("BadRequest", { explanation: whyBroken(cause, coding) });
}

function whyBroken({ code }: ParserError, coding: string | undefined): string {
  if (code === "HPE_UNEXPECTED_CONTENT_LENGTH") return "The request has two Content-Length lines, and may have one.";
  if (coding === undefined) return "What came over the connection is not an HTTP/1.1 request.";
  return `The request has the Transfer-Encoding ${quoted(coding)}, which does not go with its other lines; send Content-Length alone.`;
}
