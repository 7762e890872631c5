import type { FuzzCase } from "./cases.ts";
import { caseOf } from "./cases.ts";
import { fillServer, fuzzersContentAnew, keptContent } from "./content.ts";
import { FuzzServer } from "./FuzzServer.ts";
import type { Finding, FuzzTarget } from "./FuzzTarget.ts";
import type { Outcome, SentCase } from "./Lane.ts";
import { HANG_LIMIT_MS, Lane } from "./Lane.ts";
import type { ServerKind } from "./serverMessages.ts";
import type { World } from "./world.ts";

/** After so many cases everything is counted, and the content goes back to what it was. */
export const CASES_PER_ROUND = 5_000;

/** Clients at the same time. */
const LANES = 24;

/** How much more the server's heap may hold after a round than after the first: caches fill up, and collections are not exact. */
const MAX_MEMORY_GROWTH_BYTES: number = 32 * 1024 * 1024;
/** Files of the process itself come and go. */
const MAX_FILE_GROWTH = 4;
const SETTLE_INTERVAL_MS = 20;

/**
 * What a case may take of the processors: so much, and so much for each of its bytes. The slowest honest ones take a tenth of it, documents
 * of a megabyte among them; what reads its text twice for each of its bytes takes seconds.
 */
const MAX_CASE_CPU_MS = 500;
const MAX_BYTE_CPU_NS = 1_000;
/** One case of so many is sent again by itself after its round, to see what it takes; and those that were under way in a slow turn. */
const CASES_PER_WEIGHING = 200;

/** Where the code of an error stands in its document. */
const CODE_WITHIN_BYTES = 150;

/** Something that must not happen, with what it takes to see it again. */
export interface Failure {
  readonly problem: string;
  readonly fuzzCase: FuzzCase | undefined;
  /** The cases that the connection had seen. */
  readonly history: readonly number[];
}

/** What was sent and answered so far. */
export interface Counts {
  cases: number;
  requests: number;
  answers: number;
  /** Cases whose client left before an answer. */
  cut: number;
  /** Answers by status. */
  readonly statuses: Map<number, number>;
  /** Errors by code. */
  readonly codes: Map<string, number>;
}

/** A run of cases against a server of its own. */
export class Campaign {
  readonly seed: number;
  readonly counts: Counts = { cases: 0, requests: 0, answers: 0, cut: 0, statuses: new Map(), codes: new Map() };
  readonly failures: Failure[] = [];
  readonly #server: FuzzTarget;
  #world: World;
  /** How many rounds there were. */
  #rounds = 0;
  readonly #keptContent: string;
  readonly #lanes: readonly Lane[];
  /** Which case was last sent from a port of the client's. */
  readonly #sentByPort = new Map<number, SentCase>();
  /** The cases that each client was the last to send, and the one before, whose work may go on. */
  readonly #latest = new Map<Lane, readonly FuzzCase[]>();
  /** Cases whose cost is to be looked at. */
  readonly #suspects = new Set<FuzzCase>();
  #baseline: { readonly memorySizeBytes: number; readonly openFiles: number } | undefined;

  private constructor(seed: number, server: FuzzTarget, world: World, content: string) {
    this.seed = seed;
    this.#server = server;
    this.#world = world;
    this.#keptContent = content;
    this.#lanes = Array.from(
      { length: LANES },
      () => new Lane(server.address, (localPort, sent) => this.#sentByPort.set(localPort, sent)),
    );
    server.onFinding = (finding) => this.#found(finding);
  }

  /** Fuzzes a server of this kind in a process of its own. */
  static async start(seed: number, kind: ServerKind = { durable: false, tls: false, workers: 1 }): Promise<Campaign> {
    return await Campaign.against(await FuzzServer.start(kind), seed);
  }

  /** Fuzzes a server that runs, which ends with the campaign. */
  static async against(server: FuzzTarget, seed: number): Promise<Campaign> {
    try {
      const world = await fillServer(server.address);
      await server.reset();
      return new Campaign(seed, server, world, await keptContent(server.address));
    } catch (cause) {
      await server.stop();
      throw cause;
    }
  }

  /** The case of an index, as this campaign's server sees it. */
  caseOf(index: number): FuzzCase {
    return caseOf(this.seed, index, this.#world);
  }

  /** Runs the cases from `first`, fewer than `end`, and looks at the server afterwards. Ends early if `isEnough` says so. */
  async round(first: number, end: number, isEnough: () => boolean = () => false): Promise<void> {
    let next = first;
    await Promise.all(
      this.#lanes.map(async (lane) => {
        while (next < end && this.#server.isAlive && !isEnough()) await this.run(this.caseOf(next++), lane);
      }),
    );
    for (const fuzzCase of this.#suspects) if (this.#server.isAlive) await this.runAlone(fuzzCase);
    await this.settle();
  }

  /** Runs one case while nothing else is under way, and looks at what it takes of the processors. */
  async runAlone(fuzzCase: FuzzCase): Promise<Outcome & { readonly cpuMs: number }> {
    for (const lane of this.#lanes) lane.close();
    const [lane] = this.#lanes as [Lane];
    const before = await this.#server.cpuMs();
    const outcome = await this.run(fuzzCase, lane);
    const cpuMs = (await this.#server.cpuMs()) - before;
    const sizeBytes = fuzzCase.requests.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (cpuMs > MAX_CASE_CPU_MS + (sizeBytes * MAX_BYTE_CPU_NS) / 1e6) {
      const problem = `${sizeBytes} bytes took ${cpuMs.toFixed(0)} ms of the processors`;
      this.failures.push({ problem, fuzzCase, history: lane.history });
    }
    return { ...outcome, cpuMs };
  }

  /** Runs one case. */
  async run(fuzzCase: FuzzCase, lane: Lane = this.#lanes[0]!): Promise<Outcome> {
    this.#latest.set(lane, [fuzzCase, ...(this.#latest.get(lane) ?? []).slice(0, 1)]);
    if (fuzzCase.index % CASES_PER_WEIGHING === 0) this.#suspects.add(fuzzCase);
    const outcome = await lane.run(fuzzCase);
    const { counts } = this;
    counts.cases += 1;
    counts.requests += fuzzCase.requests.length - Number(fuzzCase.sentinel && fuzzCase.requests.length > 1);
    counts.answers += outcome.answers.length;
    counts.cut += Number(outcome.wasCut);
    for (const { status, body } of outcome.answers) {
      increase(counts.statuses, status);
      const code = status < 400 ? undefined : /<Code>(\w+)</.exec(body.toString("latin1", 0, CODE_WITHIN_BYTES))?.[1];
      if (code !== undefined) increase(counts.codes, code);
    }
    for (const problem of outcome.problems) this.failures.push({ problem, fuzzCase, history: lane.history });
    return outcome;
  }

  /** Closes every connection, and checks that nothing is left of them and that nothing happened which must not. */
  async settle(): Promise<void> {
    for (const lane of this.#lanes) lane.close();
    this.#latest.clear();
    this.#suspects.clear();
    try {
      await this.#inspect();
    } catch (cause) {
      this.#fail((cause as Error).message);
    }
    this.#sentByPort.clear();
    if (this.#server.output !== "") this.#fail(`the server wrote:\n${this.#server.output}`);
  }

  async stop(): Promise<void> {
    for (const lane of this.#lanes) lane.close();
    await this.#server.stop();
  }

  /** Compares content, connections, memory and files with what they were. Throws when the server does not answer. */
  async #inspect(): Promise<void> {
    const report = await this.#quietReport();
    if (report.connections + report.underWay + report.readers > 0) this.#fail(`after the round remain ${JSON.stringify(report)}`);
    if ((await keptContent(this.#server.address)) !== this.#keptContent) this.#fail("the keeper's bucket has changed");
    if (this.#server.canReset) await this.#server.reset();
    else this.#world = await fuzzersContentAnew(this.#server.address, ++this.#rounds);
    const { memorySizeBytes, openFiles } = await this.#quietReport();
    this.#baseline ??= { memorySizeBytes, openFiles };
    const growthBytes = memorySizeBytes - this.#baseline.memorySizeBytes;
    if (growthBytes > MAX_MEMORY_GROWTH_BYTES) this.#fail(`the server's memory grew by ${growthBytes} bytes`);
    if (openFiles > this.#baseline.openFiles + MAX_FILE_GROWTH)
      this.#fail(`the server has ${openFiles} files open, not ${this.#baseline.openFiles}`);
  }

  /** The server's report once it has nothing to do any more, or when it should have come to that. */
  async #quietReport(): ReturnType<FuzzTarget["report"]> {
    const deadlineMs = performance.now() + HANG_LIMIT_MS;
    for (;;) {
      const report = await this.#server.report();
      if (report.connections + report.underWay + report.readers === 0 || performance.now() > deadlineMs) return report;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_INTERVAL_MS));
    }
  }

  #found(finding: Finding): void {
    if (finding.kind === "slow") {
      for (const fuzzCase of [...this.#latest.values()].flat()) this.#suspects.add(fuzzCase);
      return;
    }
    const culprit = this.#sentByPort.get(finding.port ?? 0);
    const problem =
      finding.kind === "failure"
        ? `a request failed: ${finding.text}`
        : `a request was refused with ${finding.status}, and the store changed`;
    this.failures.push({ problem, fuzzCase: culprit?.fuzzCase, history: culprit?.history ?? [] });
  }

  #fail(problem: string): void {
    this.failures.push({ problem, fuzzCase: undefined, history: [] });
  }
}

function increase<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
