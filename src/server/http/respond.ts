import type { IncomingMessage, ServerResponse } from "node:http";
import type { Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import type { EncodedOutput } from "../../protocol/Dialect.ts";
import type { Exchange } from "../requests/Exchange.ts";

/** How much of a refused body is still read, so that a client which is busy sending sees the answer instead of a reset connection. */
const MAX_LINGERING_SIZE_BYTES: number = 4 * 1024 * 1024;
/** For so long, in milliseconds. */
export const MAX_LINGERING_MS = 2_000;

/** Flat list of header names and values. */
export type HeaderPairs = string[];

/**
 * The headers every answer has, with which it begins, and what CORS rules add. Node adds Date, of real time; a server with a test clock tells
 * that one's, by which clients set theirs, and so does one whose clock is wrong for this request.
 */
export function commonHeaders(exchange: Exchange): HeaderPairs {
  exchange.beginAnswer();
  const { dialect, ids, corsHeaders, faults, service } = exchange;
  const { store } = service;
  const headers = dialect.commonHeaders(ids);
  const aheadMs = faults === undefined ? 0 : faults.clockAheadMs;
  if (aheadMs !== 0 || store.clock !== store.realClock) headers.push("Date", new Date(store.clock() + aheadMs).toUTCString());
  if (corsHeaders !== undefined) headers.push(...corsHeaders.map(headerBytes));
  return headers;
}

/**
 * Ends an answer. Resolves once the system has taken all of it, or the client has gone, with whether it was the former. Not before: until then
 * a request is under way, and holds its place.
 */
export async function end(response: ServerResponse, body?: Buffer): Promise<boolean> {
  response.end(body);
  if (!response.closed) await new Promise((resolve) => response.on("close", resolve));
  return response.writableFinished;
}

/** Writes an operation's answer. Resolves with the bytes of its body that were sent, once all are or the client has gone. */
export async function writeOutput(exchange: Exchange, output: EncodedOutput): Promise<number> {
  const { incoming, response } = exchange;
  const headers = commonHeaders(exchange);
  let length: string | undefined;
  for (const [name, value] of output.headers) {
    if (name === "Content-Length") length = value;
    else headers.push(name, headerBytes(value));
  }
  const { body } = output;
  const size = body === undefined ? 0 : Buffer.isBuffer(body) ? body.length : body.sizeBytes;
  if (output.status !== 204 && output.status !== 304) length ??= String(size);
  // The last one: behind a length, Node would encode Content-Disposition once more.
  if (length !== undefined) headers.push("Content-Length", length);
  response.writeHead(output.status, headers);
  if (body === undefined || incoming.method === "HEAD") {
    await end(response);
    return 0;
  }
  if (Buffer.isBuffer(body)) return writeWhole(response, body);
  return Buffer.isBuffer(body.source) ? writeWhole(response, body.source) : writeStream(exchange, body.source, size);
}

/** Text of a header as Node wants it: each byte of its UTF-8 as a character of Latin-1. */
export function headerBytes(value: string): string {
  // eslint-disable-next-line no-control-regex -- header values are bytes, and this asks whether they are ASCII
  return /^[\x00-\x7f]*$/.test(value) ? value : Buffer.from(value).toString("latin1");
}

async function writeWhole(response: ServerResponse, body: Buffer): Promise<number> {
  return (await end(response, body)) ? body.length : 0;
}

async function writeStream(exchange: Exchange, pieces: AsyncIterable<Piece>, sizeBytes: number): Promise<number> {
  const { response } = exchange;
  const gone = new Promise<boolean>((resolve) => {
    response.once("close", () => resolve(false));
  });
  let sent = 0;
  for await (const piece of pieces) {
    exchange.hasWholeAnswer = sent + piece.length >= sizeBytes;
    // Until the system has all of a piece, its memory must not be used again. Leaving the loop ends the reader.
    if (response.destroyed || !(await Promise.race([written(response, piece), gone]))) return sent;
    sent += piece.length;
  }
  await end(response);
  return sent;
}

/** Resolves when a piece is handed to the system, with whether that went well. */
export function written(response: ServerResponse, piece: Piece): Promise<boolean> {
  return new Promise((resolve) => {
    response.write(lentBytes(piece), (failure) => resolve(failure === undefined || failure === null));
  });
}

/** An error, ready to be written. */
export interface ErrorOutput {
  readonly status: number;
  readonly reason: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly closes: boolean;
}

/**
 * Writes an error. What the client is still sending is read for a moment, then the connection ends if the error closes it. Resolves with
 * whether the system has taken all.
 */
export async function writeError(exchange: Exchange, error: ErrorOutput): Promise<boolean> {
  const { incoming: request, response } = exchange;
  const headers = commonHeaders(exchange);
  for (const [name, value] of Object.entries(error.headers)) headers.push(name, headerBytes(value));
  const bodyIsUnread = await leavesBodyUnread(request);
  if (error.status !== 304) {
    const { documentType, sizesErrors = false } = exchange.dialect;
    if (error.body !== undefined || !sizesErrors) headers.push("Content-Type", documentType);
    // S3 sends most errors chunked, which HTTP/1.0 does not know. Before an unread body the length says where the answer ends, for the
    // connection does not end yet.
    const isSized = sizesErrors && error.body !== undefined;
    if (isSized || bodyIsUnread || request.httpVersion === "1.0") headers.push("Content-Length", String(error.body?.length ?? 0));
    else headers.push("Transfer-Encoding", "chunked");
  }
  if (error.closes || bodyIsUnread) headers.push("Connection", "close");
  if (error.reason === undefined) response.writeHead(error.status, headers);
  else response.writeHead(error.status, error.reason, headers);
  return endAnswer(exchange, error.body);
}

/**
 * Writes an answer that took nothing of the request's body; if there is one, the connection ends with it. Resolves with whether the system
 * has taken all.
 */
export async function writeWithoutReading(
  exchange: Exchange,
  answer: { readonly status: number; readonly headers: HeaderPairs; readonly body: Buffer },
): Promise<boolean> {
  const { incoming: request, response } = exchange;
  const headers = [...answer.headers, "Content-Length", String(answer.body.length)];
  if (isBodyUnread(request)) headers.push("Connection", "close");
  response.writeHead(answer.status, headers);
  return endAnswer(exchange, answer.body);
}

/** Ends an answer; where the client is still sending, only after listening to it for a moment. */
export async function endAnswer(exchange: Exchange, body: Buffer | undefined): Promise<boolean> {
  const { incoming: request, response } = exchange;
  if (!isBodyUnread(request)) return end(response, body);
  exchange.hasWholeAnswer = true;
  if (body === undefined) response.flushHeaders();
  else response.write(body);
  await linger(request);
  return end(response);
}

/** Refuses a request without a word, and ends the connection: what follows on it means nothing. */
export async function writeBare(exchange: Exchange, status: number): Promise<void> {
  exchange.response.writeHead(status, [...commonHeaders(exchange), "Content-Length", "0", "Connection", "close"]);
  await endAnswer(exchange, undefined);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** Whether a request has a body of which something has not been read by those who are done with it. */
export async function leavesBodyUnread(request: IncomingMessage): Promise<boolean> {
  // The parser tells of a body's end only when those who have read it have gone on.
  if (hasBody(request) && !request.complete) await new Promise((resolve) => setImmediate(resolve));
  return isBodyUnread(request);
}

function isBodyUnread(request: IncomingMessage): boolean {
  return hasBody(request) && !(request.complete && request.readableLength === 0);
}

/** Reads and drops what the client sends, up to a size and a time. */
export function linger(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let received = 0;
    const settle = (): void => {
      clearTimeout(timer);
      request.off("data", count).off("end", settle).off("close", settle).off("error", settle);
      request.pause();
      resolve();
    };
    const count = (bytes: Buffer): void => {
      received += bytes.length;
      if (received > MAX_LINGERING_SIZE_BYTES) settle();
    };
    const timer = setTimeout(settle, MAX_LINGERING_MS);
    if (request.destroyed) return settle();
    request.on("data", count).on("end", settle).on("close", settle).on("error", settle);
    request.resume();
  });
}
