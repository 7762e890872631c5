import { connect } from "node:net";
import type { Socket } from "node:net";
import { connect as connectTls, createSecureContext } from "node:tls";
import type { Answer } from "./answers.ts";
import { AnswerReader, MalformedAnswer } from "./answers.ts";
import type { FuzzCase } from "./cases.ts";
import { problemsOf } from "./checkAnswer.ts";
import { TLS_MATERIAL } from "./processes.ts";

/**
 * A connection must be answered or closed by then. The server waits three seconds for a body that does not come, and reads two more
 * seconds of one it has refused; the rest is for a busy machine.
 */
export const HANG_LIMIT_MS = 20_000;

/** What is larger may not come in one packet. */
const LARGE_SIZE_BYTES = 16 * 1024;

/** Where a server listens, on this machine. */
export interface Address {
  readonly port: number;
  readonly tls: boolean;
}

/** Made once: it takes longer than a request. */
const SECURE_CONTEXT = createSecureContext({ ca: TLS_MATERIAL.certificate });

/** How a case ended. */
export interface Outcome {
  readonly answers: readonly Answer[];
  /** Whether the client left before it could be answered. */
  readonly wasCut: boolean;
  readonly problems: readonly string[];
}

/** A case, and the indices of those that its connection had seen, itself included. */
export interface SentCase {
  readonly fuzzCase: FuzzCase;
  readonly history: readonly number[];
}

/** One client: sends cases one after another, on one connection as long as that lasts. */
export class Lane {
  readonly #address: Address;
  readonly #onSend: (localPort: number, sent: SentCase) => void;
  #socket: Socket | undefined;
  #reader = new AnswerReader();
  #step: () => void = () => undefined;
  #ended = false;
  /** Whether it ended by a reset. */
  #wasReset = false;
  /** What went over the present connection so far. */
  #history: number[] = [];

  /** `onSend` is told the client's port of every case. */
  constructor(address: Address, onSend: (localPort: number, sent: SentCase) => void = () => undefined) {
    this.#address = address;
    this.#onSend = onSend;
  }

  /** The indices of the cases that the present connection has seen. */
  get history(): readonly number[] {
    return this.#history;
  }

  /** Sends a case and waits until everything it asks for is answered, or the connection has ended. */
  async run(fuzzCase: FuzzCase): Promise<Outcome> {
    const { requests, delivery, sentinel } = fuzzCase;
    if (sentinel || delivery.kind === "cut" || delivery.kind === "half") this.close();
    if (this.#socket === undefined || this.#ended) await this.#open();
    this.#history.push(fuzzCase.index);
    const bytes = requests.length === 1 ? requests[0]!.bytes : Buffer.concat(requests.map((request) => request.bytes));
    const socket = this.#socket!;
    this.#onSend(socket.localPort ?? 0, { fuzzCase, history: this.#history });
    switch (delivery.kind) {
      case "cut":
        socket.write(bytes.subarray(0, delivery.at));
        // The bytes leave first, and the connection a moment later.
        await new Promise((resolve) => setImmediate(resolve));
        this.close();
        return { answers: [], wasCut: true, problems: [] };
      case "half":
        socket.end(bytes.subarray(0, delivery.at));
        break;
      case "slow":
        await this.#writeSlowly(bytes, delivery.writes);
        break;
      default:
        socket.write(bytes);
    }
    return this.#answersTo(fuzzCase);
  }

  /** Ends the connection without a word. */
  close(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #open(): Promise<void> {
    const { port, tls } = this.#address;
    const to = { port, host: "127.0.0.1" };
    const socket = tls ? connectTls({ ...to, secureContext: SECURE_CONTEXT }) : connect(to);
    this.#socket = socket;
    this.#reader = new AnswerReader();
    this.#ended = false;
    this.#wasReset = false;
    this.#history = [];
    socket.setNoDelay(true);
    const isPresent = (): boolean => this.#socket === socket;
    socket.on("data", (bytes: Buffer) => {
      if (!isPresent()) return;
      this.#reader.push(bytes);
      this.#step();
    });
    // An end as well: whether it came too early, the answers tell.
    socket.on("error", () => {
      if (isPresent()) this.#wasReset = true;
    });
    socket.on("close", () => {
      if (!isPresent()) return;
      this.#ended = true;
      this.#step();
    });
    await new Promise<void>((resolve) => {
      socket.once(tls ? "secureConnect" : "connect", resolve);
      socket.once("close", resolve);
    });
  }

  async #writeSlowly(bytes: Buffer, writes: number): Promise<void> {
    const sizeBytes = Math.ceil(bytes.length / writes);
    for (let at = 0; at < bytes.length && !this.#ended; at += sizeBytes) {
      this.#socket!.write(bytes.subarray(at, at + sizeBytes));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  async #answersTo(fuzzCase: FuzzCase): Promise<Outcome> {
    const answers: Answer[] = [];
    const problems: string[] = [];
    await new Promise<void>((resolve) => {
      const settle = (problem?: string): void => {
        clearTimeout(timer);
        this.#step = () => undefined;
        if (problem !== undefined) problems.push(problem);
        resolve();
      };
      const timer = setTimeout(
        () => settle(`no answer and no end within ${HANG_LIMIT_MS} ms, after ${answers.length} answers`),
        HANG_LIMIT_MS,
      );
      this.#step = () => {
        try {
          if (this.#isOver(fuzzCase, answers)) settle();
        } catch (cause) {
          if (!(cause instanceof MalformedAnswer)) throw cause;
          settle(cause.message);
        }
      };
      this.#step();
    });
    problems.push(...this.#judge(fuzzCase, answers));
    const isOpen = !this.#ended && answers.at(-1)?.closes !== true && problems.length === 0 && fuzzCase.delivery.kind !== "half";
    if (!isOpen) this.close();
    return { answers, wasCut: false, problems };
  }

  /** Reads what has come; true when nothing more is to be waited for. */
  #isOver({ requests, sentinel, delivery, awaitsClose }: FuzzCase, answers: Answer[]): boolean {
    for (;;) {
      // Where a request ends is not known, answers may be more than requests; those nobody counts on are to no HEAD.
      const answer = this.#reader.next(requests[answers.length]?.isHead ?? false);
      if (answer === undefined) break;
      answers.push(answer);
      if (answer.closes && !awaitsClose) return true;
    }
    if (this.#ended) return true;
    return !sentinel && delivery.kind !== "half" && answers.length >= requests.length && answers.at(-1)?.closes !== true;
  }

  #judge({ requests, sentinel, delivery }: FuzzCase, answers: readonly Answer[]): string[] {
    const problems: string[] = [];
    const whole = delivery.kind === "half" ? wholeRequests(requests, delivery.at) : requests.length;
    for (const [index, answer] of answers.entries()) {
      const request = requests[Math.min(index, requests.length - 1)]!;
      // A sentinel's answer, or that of a piece of a broken request, is nobody's in particular.
      const facts =
        !sentinel && index < whole
          ? request
          : {
              ...request,
              isForged: false,
              expects: undefined,
              isOldVersion: index === 0 && request.isOldVersion,
              isHead: request.isHead || answer.body.length === 0,
            };
      problems.push(...problemsOf(answer, facts));
    }
    if (sentinel) return problems;
    if (answers.length > requests.length) problems.push(`${answers.length} answers came to ${requests.length} requests`);
    const sizeBytes = requests.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const comesInPackets = delivery.kind === "slow" || sizeBytes > LARGE_SIZE_BYTES;
    // Who still sends requests behind the one that ends the connection may have its answer taken away by a reset, as everywhere in HTTP.
    const maybeLost = comesInPackets && requests.length > 1 && this.#wasReset;
    if (answers.length < whole && answers.at(-1)?.closes !== true && !maybeLost)
      problems.push("the connection ended without an answer");
    // A server that refuses a head before it has all of it may not know any more that it began with HEAD.
    const last = requests[answers.length - 1];
    const maybeBody = (comesInPackets || delivery.kind === "half" || requests.length > 1) && last?.isHead === true;
    if (this.#reader.pendingSizeBytes > 0 && !maybeBody) problems.push("bytes follow the last answer");
    return problems;
  }
}

/** How many requests are whole within the first bytes of all of them. */
function wholeRequests(requests: FuzzCase["requests"], sizeBytes: number): number {
  let end = 0;
  return requests.filter(({ bytes }) => (end += bytes.length) <= sizeBytes).length;
}
