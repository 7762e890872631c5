import { startInProcess } from "./serverInProcess.ts";
import type { Address } from "./Lane.ts";
import type { MessageToFuzzer, ServerReport } from "./serverMessages.ts";

/** What the server tells of itself, unasked. */
export type Finding = Extract<MessageToFuzzer, { kind: "failure" | "changed" | "slow" }>;

/** Whether a message is none that answers a question. */
export function isFinding(message: MessageToFuzzer): message is Finding {
  return message.kind === "failure" || message.kind === "changed" || message.kind === "slow";
}

/** The server of a campaign, wherever it runs. */
export interface FuzzTarget {
  readonly address: Address;
  /** Whether a reset brings the content back; otherwise the fuzzer has to make it anew. */
  readonly canReset: boolean;
  /** Called for what the server finds. */
  onFinding: (finding: Finding) => void;
  /** Whether its process lives. */
  readonly isAlive: boolean;
  /** What it wrote, which is nothing when all is well. */
  readonly output: string;
  report(): Promise<ServerReport>;
  /** What it has taken of the processors so far; in the fuzzer's own process, with what the fuzzer takes. */
  cpuMs(): Promise<number>;
  /** Goes back to the content of the first reset, if it can. */
  reset(): Promise<void>;
  /** Ends the server as one that is told to stop. Throws when it does not end by itself. */
  stop(): Promise<void>;
}

/** A server in memory in the fuzzer's own process: there at once, but what it holds cannot be told from what the fuzzer does. */
export async function startHere(): Promise<FuzzTarget> {
  const onMessage = (message: MessageToFuzzer): void => {
    if (isFinding(message)) target.onFinding(message);
  };
  const server = await startInProcess({ durable: false, tls: false, workers: 1 }, "", onMessage);
  const target: FuzzTarget = {
    address: { port: server.port, tls: false },
    canReset: true,
    onFinding: () => undefined,
    isAlive: true,
    output: "",
    report: () => server.report(),
    cpuMs: () => server.cpuMs(),
    reset: async () => server.reset(),
    stop: () => server.stop(),
  };
  return target;
}
