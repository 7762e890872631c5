import type { FaultRule } from "../../faults/FaultRule.ts";
import type { Exchange } from "../requests/Exchange.ts";
import { endConnection } from "./endConnection.ts";
import { faultWait } from "./faultWaits.ts";
import { NO_ANSWER, OtherAnswer } from "./OtherAnswer.ts";
import { explanationOf, PlannedError, plannedError, plannedRedirect } from "./plannedError.ts";
import type { Strikes } from "./Strikes.ts";
import { writeStatus } from "./writeStatus.ts";

/**
 * Carries out what is planned for a request where it stands: before it is asked who sends it, before its operation runs, after that has
 * committed. Resolves where the request goes on; throws the error that a rule wants, or an `OtherAnswer`.
 */
export async function strikeAt(
  exchange: Exchange,
  strikes: Strikes,
  stage: "beforeAuthentication" | "beforeExecution" | "afterCommit",
): Promise<void> {
  for (const rule of strikes.at(stage)) await strike(exchange, strikes, rule);
}

async function strike(exchange: Exchange, strikes: Strikes, rule: FaultRule): Promise<void> {
  const { action } = rule;
  switch (action.kind) {
    case "delay":
      strikes.note(rule, { delayMs: action.delayMs });
      return faultWait(exchange, action.delayMs);
    case "error":
      strikes.note(rule, { code: action.code });
      throw plannedError(exchange, rule, action.code, action.message);
    case "slowDown":
      strikes.note(rule, { code: "SlowDown" });
      throw new PlannedError("SlowDown", {
        explanation: `${explanationOf(rule)} It lets ${action.requestsPerSecond} requests a second pass.`,
      });
    case "redirect":
      strikes.note(rule, { status: action.status });
      throw plannedRedirect(exchange, rule, action.status, action.endpoint);
    case "status":
      strikes.note(rule, { status: action.status });
      throw new OtherAnswer(() => writeStatus(exchange, action.status, action.body));
    case "disconnect":
      strikes.note(rule, { how: action.how });
      throw connectionEnded(exchange, action.how);
    case "clock":
      // Whoever judges the time asks the strikes for it.
      return strikes.note(rule, { aheadMs: action.aheadMs });
    default:
    // What strikes an execution, or the way of bytes, is carried out there.
  }
}

/** In place of an answer, the end of the connection. */
export function connectionEnded(exchange: Exchange, how: "reset" | "end" | "halfClose"): OtherAnswer {
  return new OtherAnswer(async () => {
    await endConnection(exchange, how);
    return { status: NO_ANSWER, errorCode: undefined, sentSizeBytes: 0 };
  });
}
