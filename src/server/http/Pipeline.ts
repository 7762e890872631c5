import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Exchange } from "../requests/Exchange.ts";
import { putBack, setFull } from "./surplus.ts";

/**
 * Requests of a connection that are kept, with what has come of their bodies, behind the one under way. A client that has all of an answer may
 * send its next request before this side has seen the end of that answer. More of them, and who sends many at once would choose how
 * much memory they take.
 */
const MAX_WAITING_REQUESTS = 1;

/** What a pipeline asks of those around it. */
export interface PipelineSteps {
  /** Has the request under way answered; `next` is to be called after that. */
  readonly begin: (pipeline: Pipeline) => void;
  /** Has the requests read that were put back into the connection. */
  readonly readOn: (connection: Duplex) => void;
}

/**
 * The requests of one connection, one at a time and in their order: the next one begins when the answer before it is sent. So writes take
 * effect in the order in which a client sent them, and answers do not pile up before one that nobody reads.
 */
export class Pipeline {
  /** What comes behind the first request counts for nothing: others may have read it as a part of that. */
  readonly isForOne: boolean;
  /** The answer that is due last; `undefined` before the first request. */
  latest: ServerResponse | undefined;
  readonly #connection: Duplex;
  readonly #steps: PipelineSteps;
  readonly #maxWaiting: number;
  readonly #waiting: Exchange[] = [];
  #underWay: Exchange | undefined;
  /** The rest stays bytes, in the connection. */
  #isPutBack = false;

  constructor(connection: Duplex, steps: PipelineSteps, isForOne: boolean) {
    this.#connection = connection;
    this.#steps = steps;
    this.#maxWaiting = isForOne ? 0 : MAX_WAITING_REQUESTS;
    this.isForOne = isForOne;
  }

  /** The request that is being answered, until its answer is sent or the client gone. */
  get underWay(): Exchange | undefined {
    return this.#underWay;
  }

  /** Takes a request that has been read. */
  add(exchange: Exchange): void {
    this.latest = exchange.response;
    if (this.#underWay === undefined) this.#begin(exchange);
    else this.#waiting.push(exchange);
    if (this.#waiting.length >= this.#maxWaiting) setFull(this.#connection, true);
  }

  /** Takes a request of which only the head was read, and what came behind that. */
  addUnread(request: IncomingMessage, behind: Buffer): void {
    this.#isPutBack = true;
    putBack(this.#connection, request, behind);
  }

  /** The request under way has got its answer, or cannot get it. */
  next(): void {
    this.#underWay = undefined;
    // With the last answer of a connection, all that was sent behind its request counts for nothing.
    if (!this.#connection.writable) {
      this.#waiting.length = 0;
      return;
    }
    const exchange = this.#waiting.shift();
    if (exchange !== undefined) {
      setFull(this.#connection, false);
      this.#begin(exchange);
    } else if (this.#isPutBack) {
      this.#isPutBack = false;
      this.#steps.readOn(this.#connection);
    } else if (this.#connection.readableEnded) {
      // Node ends what nothing more can come on, unless the head of the answer was not written yet by then.
      this.#connection.end();
    }
  }

  #begin(exchange: Exchange): void {
    this.#underWay = exchange;
    this.#steps.begin(this);
  }
}
