import assert from "node:assert/strict";
import { readFaultRule } from "../../../src/faults/readFaultRule.ts";
import type { RequestRecord } from "../../../src/journal/RequestRecord.ts";
import { addFaults } from "../../../src/server/faults/storedRules.ts";
import { StoredFaults } from "../../../src/server/faults/StoredFaults.ts";
import { clearFaultRules } from "../../../src/store/faults/faultRules.ts";
import type { Asked } from "../../answers/AnswerServer.ts";
import { AnswerServer, NOW_MS } from "../../answers/AnswerServer.ts";
import type { RawAnswer, RawConnection } from "../RawConnection.ts";
import type { TestServerOptions } from "../TestServer.ts";

/** A server of which rules can be asked that strike, by a clock that the test moves. */
export class FaultyServer {
  readonly answers: AnswerServer;
  readonly #clock: { nowMs: number };

  private constructor(answers: AnswerServer, clock: { nowMs: number }) {
    this.answers = answers;
    this.#clock = clock;
  }

  /** Starts one with what `AnswerServer.start` has; `isEmpty` for one with nothing but the bucket. */
  static async start({
    isEmpty = false,
    ...options
  }: TestServerOptions & { readonly isEmpty?: boolean } = {}): Promise<FaultyServer> {
    const clock = { nowMs: NOW_MS };
    const whole = { faults: new StoredFaults(), clock: () => clock.nowMs, remembersPast: true, ...options };
    const answers = isEmpty ? await AnswerServer.startEmpty(whole) : await AnswerServer.start(whole);
    return new FaultyServer(answers, clock);
  }

  /** Time passes. */
  pass(milliseconds: number): void {
    this.#clock.nowMs += milliseconds;
  }

  /** Plans faults, as JSON has them. */
  async plan(...rules: unknown[]): Promise<void> {
    await addFaults(
      this.answers.server.store,
      rules.map((rule) => readFaultRule(rule)),
    );
  }

  /** Plans nothing any more. */
  async forget(): Promise<void> {
    await clearFaultRules(this.answers.server.store);
  }

  /** Sends a request of the bucket's owner on a connection of its own. */
  send(asked: Asked): Promise<RawAnswer> {
    return this.answers.send(asked, "header");
  }

  /** Sends it on a connection that goes on. */
  async sendOn(connection: RawConnection, asked: Asked): Promise<void> {
    await connection.send(this.answers.wireBytes(this.answers.signed(asked, "header")));
  }

  /** Sends it, and resolves with all that comes before the connection ends. */
  async sendToEnd(asked: Asked): Promise<string> {
    using connection = await this.answers.connect();
    await this.sendOn(connection, asked);
    return await connection.closed();
  }

  /** Resolves once no request is under way: a client may have all of an answer before the server knows. */
  async settled(): Promise<void> {
    const { metrics } = this.answers.server.service;
    while (metrics.snapshot({ delivered: 0, dropped: 0 }).underWay > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }

  /** What the journal has of the last request, once that has ended. */
  async lastRecord(): Promise<RequestRecord> {
    await this.settled();
    const [record] = await this.answers.server.service.journal.find({ limit: 1 });
    return record!;
  }

  /** Asserts that a request on a new connection is answered as if nothing had ever been planned. */
  async assertUnharmed(): Promise<void> {
    await this.forget();
    await this.settled();
    const answer = await this.send({ method: "GET", path: "/bucket/key" });
    assert.deepEqual([answer.status, answer.body], [200, "hello world"]);
    // A request that was refused before its body came may end later than this one.
    const [record] = await this.answers.server.service.journal.find({ method: "GET", status: 200, limit: 1 });
    assert.equal(record!.faults, undefined);
    assert.equal(this.answers.server.store.readers.count, 0, "somebody reads on");
    assert.deepEqual(this.answers.server.failures, []);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.answers[Symbol.asyncDispose]();
  }
}
