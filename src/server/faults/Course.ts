import type { FaultRule } from "../../faults/FaultRule.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { faultWait } from "./faultWaits.ts";
import type { RuleOf, Strikes } from "./Strikes.ts";

/** With a bandwidth, bytes come in as many steps a second as this, but for steps of less than a byte. */
const STEPS_PER_SECOND = 10;

/** Something that is planned for when so many bytes have passed. */
interface Milestone {
  readonly rule: RuleOf<"stall"> | RuleOf<"disconnect">;
  readonly atByte: number;
}

/** The way of the bytes of a body, in or out, with what is planned for it: where it is slow, where it halts, and where it ends. */
export class Course {
  readonly #exchange: Exchange;
  readonly #strikes: Strikes;
  /** Those to come, the next one first. */
  readonly #milestones: Milestone[];
  readonly #throttles: readonly RuleOf<"throttle">[];
  readonly #bytesPerSecond: number;
  readonly #sizeBytes: number;
  readonly #beganAtMs: number = performance.now();
  #passedBytes = 0;
  /** Bytes that were due some time ago, because the way halted, are not made up for. */
  #haltedMs = 0;
  #isThrottled = false;

  /** Whatever is planned for behind the end of a body happens at its end. */
  constructor(exchange: Exchange, strikes: Strikes, stage: "sending" | "receiving", sizeBytes: number) {
    this.#exchange = exchange;
    this.#strikes = strikes;
    this.#sizeBytes = sizeBytes;
    const here = (rule: FaultRule): boolean => rule.stage === stage;
    this.#throttles = strikes.of("throttle").filter(here);
    this.#bytesPerSecond = Math.min(...this.#throttles.map(({ action }) => action.bytesPerSecond));
    this.#milestones = [...strikes.of("stall"), ...strikes.of("disconnect")]
      .filter(here)
      .map((rule) => ({ rule, atByte: Math.min(rule.action.atByte ?? 0, sizeBytes) }))
      .toSorted((a, b) => a.atByte - b.atByte);
  }

  /** How many bytes may pass before the next call of `arrive`; at least 1. Where the server stops, nothing is slow any more. */
  get stepBytes(): number {
    const isSlow = this.#throttles.length > 0 && !this.#exchange.service.stopping();
    const step = isSlow ? Math.max(1, Math.floor(this.#bytesPerSecond / STEPS_PER_SECOND)) : Number.POSITIVE_INFINITY;
    const [next] = this.#milestones;
    return next === undefined ? step : Math.min(step, next.atByte - this.#passedBytes);
  }

  /** So many bytes have passed. */
  pass(sizeBytes: number): void {
    this.#passedBytes += sizeBytes;
  }

  /** Waits until more may pass, if there is more. Resolves with how the connection is to end, if it is to end here. */
  async arrive(): Promise<"reset" | "end" | "halfClose" | undefined> {
    for (let next = this.#milestones[0]; next?.atByte === this.#passedBytes; next = this.#milestones[0]) {
      this.#milestones.shift();
      const { rule, atByte } = next;
      if (rule.action.kind === "disconnect") {
        this.#strikes.note(rule, { how: rule.action.how, atByte });
        return rule.action.how;
      }
      this.#strikes.note(rule, { stallMs: rule.action.stallMs, atByte });
      const haltedAtMs = performance.now();
      await faultWait(this.#exchange, rule.action.stallMs);
      this.#haltedMs += performance.now() - haltedAtMs;
    }
    if (this.#throttles.length > 0 && this.#passedBytes < this.#sizeBytes) await this.#keepPace();
    return undefined;
  }

  async #keepPace(): Promise<void> {
    if (!this.#isThrottled)
      for (const rule of this.#throttles) this.#strikes.note(rule, { bytesPerSecond: rule.action.bytesPerSecond });
    this.#isThrottled = true;
    const dueBytes = Math.min(this.#passedBytes + this.stepBytes, this.#sizeBytes);
    const dueAtMs = this.#beganAtMs + this.#haltedMs + (dueBytes / this.#bytesPerSecond) * 1000;
    const waitMs = dueAtMs - performance.now();
    if (waitMs > 0) await faultWait(this.#exchange, waitMs);
  }
}
