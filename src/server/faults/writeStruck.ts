import type { ServerResponse } from "node:http";
import type { OutputBody, Piece } from "../../protocol/Payload.ts";
import { lentBytes } from "../../protocol/Payload.ts";
import { commonHeaders, end, headerBytes, leavesBodyUnread, written } from "../http/respond.ts";
import type { Exchange, Outcome } from "../requests/Exchange.ts";
import { corruptedBytes, withWrongChecksums } from "./corruption.ts";
import { Course } from "./Course.ts";
import { endConnection } from "./endConnection.ts";
import { NO_ANSWER } from "./OtherAnswer.ts";
import { leaveBody } from "./leaveBody.ts";
import type { Strikes } from "./Strikes.ts";

/** An answer that is struck while it is sent. */
export interface StruckAnswer {
  readonly status: number;
  /** What stands behind the status, where that is not HTTP's word for it. */
  readonly reason?: string | undefined;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | OutputBody | undefined;
  /** Whether the connection ends with it. */
  readonly closes?: boolean;
}

/** Whether something is planned for an answer on its way. */
export function strikesAnswer(strikes: Strikes): boolean {
  return strikes.at("sending").length > 0;
}

/**
 * Writes an answer with what is planned for it while it is sent. It says its length, as errors else do not. Resolves once the system has
 * taken what was to be sent, or the client has gone, with what became of it.
 */
export async function writeStruck(
  exchange: Exchange,
  strikes: Strikes,
  answer: StruckAnswer,
  errorCode?: string,
): Promise<Outcome> {
  const { incoming, response } = exchange;
  const { status, body } = answer;
  // At no byte of the body means before all.
  const ending = strikes.of("disconnect").find(({ stage, action }) => stage === "sending" && action.atByte === undefined);
  if (ending !== undefined) {
    strikes.note(ending, { how: ending.action.how });
    await leaveBody(body);
    await endConnection(exchange, ending.action.how);
    return { status: NO_ANSWER, errorCode: undefined, sentSizeBytes: 0 };
  }
  const sizeBytes = body === undefined ? 0 : Buffer.isBuffer(body) ? body.length : body.sizeBytes;
  const hasBody = incoming.method !== "HEAD" && sizeBytes > 0;
  const { headers, length } = headersOf(answer, sizeBytes, strikes);
  const closes = answer.closes === true || (await leavesBodyUnread(incoming));
  const lines = commonHeaders(exchange);
  for (const [name, value] of headers) lines.push(name, headerBytes(value));
  if (length !== undefined) lines.push("Content-Length", String(length));
  if (closes) lines.push("Connection", "close");
  if (answer.reason === undefined) response.writeHead(status, lines);
  else response.writeHead(status, answer.reason, lines);
  // No more of a body than is announced: behind that, the client expects another answer.
  const due = hasBody ? Math.min(sizeBytes, length ?? sizeBytes) : 0;
  const sending = new Sending(exchange, new Course(exchange, strikes, "sending", due), wrongByteOf(strikes, due));
  const sentSizeBytes = await sending.send(body, due);
  if (sending.ending !== undefined) await endConnection(exchange, sending.ending);
  else if (hasBody && length !== undefined && length > due) await endConnection(exchange, "end");
  else await end(response);
  return { status, errorCode, sentSizeBytes };
}

/** What the head of an answer says, with what is planned for that. */
function headersOf(
  { status, headers: whole, body }: StruckAnswer,
  sizeBytes: number,
  strikes: Strikes,
): { readonly headers: StruckAnswer["headers"]; readonly length: number | undefined } {
  const told = whole.find(([name]) => name === "Content-Length")?.[1];
  let headers: StruckAnswer["headers"] = whole.filter(([name]) => name !== "Content-Length");
  let length = told !== undefined ? Number(told) : status === 204 || status === 304 ? undefined : sizeBytes;
  for (const rule of strikes.of("corrupt")) {
    if (rule.action.what !== "checksum") continue;
    const wrong = withWrongChecksums(headers);
    if (wrong === undefined) continue;
    strikes.note(rule, { headers: wrong.names });
    headers = wrong.headers;
  }
  for (const rule of strikes.of("contentLength")) {
    // What has no length, and what has no bytes to be fewer, is as it is.
    if (length === undefined || (length === 0 && body === undefined && rule.action.byBytes < 0)) continue;
    length = Math.max(0, length + rule.action.byBytes);
    strikes.note(rule, { saidBytes: length, sizeBytes });
  }
  return { headers, length };
}

/** The place of the byte that is sent wrong; `undefined` where none is. */
function wrongByteOf(strikes: Strikes, sizeBytes: number): number | undefined {
  const rule = strikes.of("corrupt").find(({ action }) => action.what === "body");
  if (rule === undefined || sizeBytes === 0) return undefined;
  const atByte = Math.floor(sizeBytes / 2);
  strikes.note(rule, { atByte });
  return atByte;
}

/** A body on its way out. */
class Sending {
  /** How the connection is to end in the middle of it. */
  ending: "reset" | "end" | "halfClose" | undefined;
  readonly #response: ServerResponse;
  readonly #course: Course;
  readonly #corruptedByte: number | undefined;
  readonly #gone: Promise<boolean>;
  #sentBytes = 0;

  constructor({ response }: Exchange, course: Course, corruptedByte: number | undefined) {
    this.#response = response;
    this.#course = course;
    this.#corruptedByte = corruptedByte;
    this.#gone = new Promise((resolve) => {
      if (response.closed) resolve(false);
      else response.once("close", () => resolve(false));
    });
  }

  /** Sends the first `due` bytes of a body, or as many as come before the end. Resolves with how many the system has taken. */
  async send(body: Buffer | OutputBody | undefined, due: number): Promise<number> {
    // Whatever happens at the first byte happens behind the head.
    this.#response.flushHeaders();
    if (!(await this.#mayGoOn()) || due === 0) {
      await leaveBody(body);
      return 0;
    }
    const source = body === undefined || Buffer.isBuffer(body) ? body : body.source;
    if (source === undefined || Buffer.isBuffer(source)) {
      await this.#pass(source!.subarray(0, due));
      return this.#sentBytes;
    }
    // Leaving the loop ends the reader.
    for await (const piece of source) {
      const rest = due - this.#sentBytes;
      if (!(await this.#pass(piece.length > rest ? piece.subarray(0, rest) : piece)) || this.#sentBytes === due) break;
    }
    return this.#sentBytes;
  }

  /** Whether more of it is to be sent, once that is due. */
  async #mayGoOn(): Promise<boolean> {
    this.ending = await this.#course.arrive();
    return this.ending === undefined && !this.#response.destroyed;
  }

  async #pass(piece: Piece): Promise<boolean> {
    for (let start = 0; start < piece.length;) {
      const stop = start + Math.min(this.#course.stepBytes, piece.length - start);
      const bytes = this.#asSent(piece.subarray(start, stop));
      if (this.#response.destroyed || !(await Promise.race([written(this.#response, bytes), this.#gone]))) return false;
      this.#sentBytes += stop - start;
      this.#course.pass(stop - start);
      start = stop;
      if (!(await this.#mayGoOn())) return false;
    }
    return true;
  }

  /** Bytes as they go out. The store's own are never written to: others read them. */
  #asSent(bytes: Piece): Piece {
    if (this.#corruptedByte === undefined) return bytes;
    return corruptedBytes(lentBytes(bytes), this.#corruptedByte - this.#sentBytes);
  }
}
