import cluster from "node:cluster";
import type { Worker } from "node:cluster";
import type { SendHandle } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { extname, join } from "node:path";
import type { ServerSettings } from "../../config/ServerSettings.ts";
import type { ProcessFigures } from "../figures/ProcessFigures.ts";
import { WorkerFigures } from "../figures/WorkerFigures.ts";
import type { TlsMaterial } from "../http/tlsMaterial.ts";
import type { ListeningPort, PortHandle } from "./ListeningPort.ts";
import { nativeMemoryVariables } from "../../config/nativeMemory.ts";
import { Reaper } from "./Reaper.ts";
import type { MessageToPrimary, MessageToWorker, WorkerReport } from "./workerMessages.ts";
import { workerExecArgv } from "./youngGeneration.ts";

/** A worker that died is replaced after this long, doubled at each further death, up to the longest; without delay to speak of if none is left. */
const FIRST_RESTART_DELAY_MS = 100;
const LONGEST_RESTART_DELAY_MS = 5_000;
/** A worker that lived this long is a healthy one: delays begin anew. */
const HEALTHY_AFTER_MS = 10_000;
/** A worker that has not told its figures by then is busy, or stuck: what it told before is shown. */
const REPORT_TIMEOUT_MS = 1_000;
/** A worker that has not written its records of requests by then is not waited for. */
const SETTLE_TIMEOUT_MS = 2_000;
/** Each worker is asked this long after its latest answer whether it is there; what it counted until then stays known when it dies. */
const WATCH_INTERVAL_MS = 1_000;
/** A worker that says nothing for this long, twice, is stuck or stopped, and ended. Generous: a busy machine must not be made busier. */
const SILENT_MS = 5_000;
/** A worker that has not even been loaded by then is stuck. */
const LOADING_TIMEOUT_MS = 60_000;
/** A worker that holds the index's write lock from the others and says nothing for this long, twice, is ended. */
const LOCK_HOLDER_SILENT_MS = 1_000;
/** A worker that has not ended this long after its requests had to is stuck. */
const STUCK_AFTER_MS = 5_000;

/** What the pool needs from its server. */
export interface WorkerPoolOptions {
  readonly settings: ServerSettings;
  /** What the workers listen on; the pool gives it up when it stops. */
  readonly port: Pick<ListeningPort, "port" | "handle" | "close">;
  /** A worker says nothing any more, and is ended. */
  readonly onWorkerSilent: (pid: number | undefined) => void;
  readonly onWorkerLost: (pid: number | undefined, code: number | null) => void;
  readonly metricsText: () => Promise<string>;
  /** Certificate and private key, for HTTPS. */
  readonly tls?: TlsMaterial | undefined;
  /** Starts a worker process. Whoever starts it otherwise sees to it that it does not outlive this process. */
  readonly fork?: () => Worker;
  /** Milliseconds from any beginning; never goes back. */
  readonly now?: () => number;
}

/** The worker processes of a server: started together, replaced when they die or fall silent, asked for what they know. */
export class WorkerPool {
  readonly #options: Required<Omit<WorkerPoolOptions, "tls">>;
  readonly #reaper: Reaper | undefined;
  readonly #workers = new Set<Worker>();
  readonly #listening = new Set<Worker>();
  readonly #figures = new WorkerFigures<Worker>();
  /** Reports asked for and not come yet, by their number. */
  readonly #waiting = new Map<number, (report: WorkerReport | undefined) => void>();
  /** Workers that were asked to write their records and have not said that they have. */
  readonly #settling = new Map<number, () => void>();
  /** What workers that start are given. */
  #tls: TlsMaterial | undefined;
  #nextId = 0;
  #restartDelayMs = FIRST_RESTART_DELAY_MS;
  /** Whether a worker has ever listened. */
  #started = false;
  #stopping = false;

  private constructor(options: WorkerPoolOptions) {
    this.#reaper = options.fork === undefined ? new Reaper() : undefined;
    this.#options = { fork: forkWorker, now: () => performance.now(), ...options };
    this.#tls = options.tls;
  }

  /** Starts the workers and resolves when all of them listen. */
  static async start(options: WorkerPoolOptions): Promise<WorkerPool> {
    const pool = new WorkerPool(options);
    try {
      await Promise.all(Array.from({ length: options.settings.workers }, () => pool.#startWorker()));
    } catch (cause) {
      await pool.stop(0);
      throw cause;
    }
    return pool;
  }

  /** The port the workers listen on. */
  get port(): number {
    return this.#options.port.port;
  }

  /** What every worker knows now; `undefined` for one that does not say. */
  reports(): Promise<(WorkerReport | undefined)[]> {
    return Promise.all([...this.#workers].map((worker) => this.#report(worker)));
  }

  /**
   * Ends a worker that stands in everybody's way, if it is silent and `isInTheWay` still says so then; its requests are cut, and it is
   * replaced. Resolves with whether it was ended; `undefined` if the process is none of this pool's.
   */
  async endIfSilent(pid: number | undefined, isInTheWay: () => boolean): Promise<boolean | undefined> {
    const worker = [...this.#workers].find((one) => one.process.pid === pid);
    if (worker === undefined) return undefined;
    if (!(await this.#isSilent(worker, LOCK_HOLDER_SILENT_MS)) || !isInTheWay()) return false;
    return worker.process.kill("SIGKILL");
  }

  /** The figures of all workers since the start, those that are no more among them. */
  async figures(): Promise<ProcessFigures[]> {
    await this.reports();
    return this.#figures.all();
  }

  /** Resolves once the records of all requests whose clients may have their answers are written, whichever worker gave these. */
  async settle(asking?: Worker): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => (worker === asking ? undefined : this.#settle(worker))));
  }

  /** Has all workers open the access log anew, and show another certificate, if one is given, as do those that start from now on. */
  renew(tls: TlsMaterial | undefined): void {
    this.#tls = tls ?? this.#tls;
    for (const worker of this.#workers) send(worker, { kind: "renew", tls });
  }

  /** Asks the workers to finish within some milliseconds, and resolves when all have ended; one that is stuck is ended. */
  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    // When the last worker does not listen any more, nobody does.
    this.#options.port.close();
    const ended = [...this.#workers].map((worker) => new Promise((resolve) => worker.once("exit", resolve)));
    for (const worker of this.#workers) send(worker, { kind: "stop", timeoutMs });
    const deadline = setTimeout(() => {
      for (const worker of this.#workers) worker.process.kill("SIGKILL");
    }, timeoutMs + STUCK_AFTER_MS);
    await Promise.all(ended);
    clearTimeout(deadline);
    this.#reaper?.close();
  }

  #startWorker(): Promise<void> {
    const { fork, now, settings, port } = this.#options;
    const worker = fork();
    this.#workers.add(worker);
    this.#tellReaper();
    const startedAt = now();
    const loading = setTimeout(() => this.#endSilent(worker), LOADING_TIMEOUT_MS);
    const listening = new Promise<void>((resolve, reject) => {
      worker.on("message", (message: MessageToPrimary) => {
        if (message.kind === "ready") {
          clearTimeout(loading);
          if (this.#stopping) send(worker, { kind: "stop", timeoutMs: 0 });
          else send(worker, { kind: "start", settings, tls: this.#tls }, port.handle);
          void this.#watch(worker);
        } else if (message.kind === "listening") {
          this.#listening.add(worker);
          this.#started = true;
          resolve();
        } else if (message.kind === "failed") reject(Object.assign(new Error(message.message), { code: message.code }));
        else if (message.kind === "report") this.#hear(worker, message);
        else if (message.kind === "settled") this.#settling.get(message.id)?.();
        else if (message.kind === "othersWanted") void this.#settleOthers(worker, message.id);
        else if (message.kind === "metricsWanted") void this.#sendMetrics(worker, message.id);
      });
      const onEnd = (code: number | null): void => {
        clearTimeout(loading);
        reject(new Error(`a worker process ended with code ${code} before it listened`));
        this.#lose(worker, code, now() - startedAt);
      };
      worker.once("exit", onEnd);
      // One that the system did not start has no end either.
      worker.on("error", () => worker.process.pid === undefined && onEnd(null));
    });
    return listening;
  }

  /** Asks a worker again and again whether it is there, and ends it when it is not. */
  async #watch(worker: Worker): Promise<void> {
    while (this.#workers.has(worker) && !this.#stopping) {
      await new Promise((resolve) => setTimeout(resolve, WATCH_INTERVAL_MS).unref());
      if (await this.#isSilent(worker, SILENT_MS)) return this.#endSilent(worker);
    }
  }

  /** Whether a worker says nothing for some time, twice: when the whole machine stood still, the first question's time is over at once. */
  async #isSilent(worker: Worker, timeoutMs: number): Promise<boolean> {
    return (await this.#ask(worker, timeoutMs)) === "silence" && (await this.#ask(worker, timeoutMs)) === "silence";
  }

  #endSilent(worker: Worker): void {
    // A pool that stops has its own patience.
    if (this.#stopping || !this.#workers.has(worker)) return;
    this.#options.onWorkerSilent(worker.process.pid);
    worker.process.kill("SIGKILL");
  }

  #lose(worker: Worker, code: number | null, livedMs: number): void {
    this.#workers.delete(worker);
    this.#listening.delete(worker);
    this.#tellReaper();
    this.#figures.leave(worker);
    // One that never listened is the start's failure, and one that was asked to stop is none.
    if (this.#stopping || !this.#started) return;
    this.#options.onWorkerLost(worker.process.pid, code);
    if (livedMs > HEALTHY_AFTER_MS) this.#restartDelayMs = FIRST_RESTART_DELAY_MS;
    const delayMs = this.#listening.size === 0 ? FIRST_RESTART_DELAY_MS : this.#restartDelayMs;
    setTimeout(() => {
      if (!this.#stopping) this.#startWorker().catch(() => undefined);
    }, delayMs);
    this.#restartDelayMs = Math.min(this.#restartDelayMs * 2, LONGEST_RESTART_DELAY_MS);
  }

  #tellReaper(): void {
    this.#reaper?.watch([...this.#workers].flatMap(({ process: { pid } }) => pid ?? []));
  }

  async #report(worker: Worker): Promise<WorkerReport | undefined> {
    const report = await this.#ask(worker, REPORT_TIMEOUT_MS);
    return report === "silence" ? undefined : report;
  }

  /** What a worker says of itself, which is nothing while it starts, and when it ends meanwhile. */
  #ask(worker: Worker, timeoutMs: number): Promise<WorkerReport | "silence" | undefined> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (report: WorkerReport | "silence" | undefined): void => {
        clearTimeout(timer);
        worker.off("exit", onExit);
        this.#waiting.delete(id);
        resolve(report);
      };
      const onExit = (): void => settle(undefined);
      worker.once("exit", onExit);
      const timer = setTimeout(() => settle("silence"), timeoutMs);
      this.#waiting.set(id, settle);
      send(worker, { kind: "report", id });
    });
  }

  #hear(worker: Worker, { id, report }: MessageToPrimary & { readonly kind: "report" }): void {
    // What one that has ended said last may arrive after its end.
    if (report !== undefined && this.#workers.has(worker)) this.#figures.hear(worker, report.figures);
    this.#waiting.get(id)?.(report);
  }

  #settle(worker: Worker): Promise<void> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (): void => {
        clearTimeout(timer);
        worker.off("exit", settle);
        this.#settling.delete(id);
        resolve();
      };
      worker.once("exit", settle);
      const timer = setTimeout(settle, SETTLE_TIMEOUT_MS);
      this.#settling.set(id, settle);
      send(worker, { kind: "settle", id });
    });
  }

  async #settleOthers(worker: Worker, id: number): Promise<void> {
    await this.settle(worker);
    send(worker, { kind: "othersSettled", id });
  }

  async #sendMetrics(worker: Worker, id: number): Promise<void> {
    // Who gets none says so after a while.
    const text = await this.#options.metricsText().catch(() => undefined);
    if (text !== undefined) send(worker, { kind: "metrics", id, text });
  }
}

function forkWorker(): Worker {
  const exec = join(import.meta.dirname, `workerMain${extname(import.meta.filename)}`);
  cluster.setupPrimary({ exec, args: [], execArgv: workerExecArgv(process.execArgv) });
  // What this process keeps of compiled sources (see main.ts) serves the workers from their first line on.
  const compileCachePath = getCompileCacheDir();
  return cluster.fork({
    ...nativeMemoryVariables(),
    ...(compileCachePath === undefined ? {} : { NODE_COMPILE_CACHE: compileCachePath }),
  });
}

function send(worker: Worker, message: MessageToWorker, handle?: PortHandle): void {
  // A worker that is just ending gets no message any more; its "exit" says the rest.
  if (worker.isConnected()) worker.send(message, handle as SendHandle | undefined, () => undefined);
}
