import { invalidArgument } from "../../errors/invalidArgument.ts";
import { quoted } from "../../errors/quoted.ts";
import { factsOf } from "../../faults/actions.ts";
import type { FaultRule } from "../../faults/FaultRule.ts";
import { FaultRuleError } from "../../faults/FaultRule.ts";
import { readFaultRule } from "../../faults/readFaultRule.ts";
import type { Routed, RoutedRequest } from "../../protocol/Dialect.ts";
import type { Exchange } from "../requests/Exchange.ts";
import type { RequestLife } from "../requests/RequestLife.ts";
import type { FaultPlans } from "../Service.ts";
import { RoutedSubject } from "./RoutedSubject.ts";
import { Strikes } from "./Strikes.ts";

/** Brings a fault for the request that has it, and is its rule's id: an action in JSON, perhaps in "action" beside a "stage". */
const FAULT_HEADER = "x-holdfast-fault";

/**
 * Asks what is planned for a request whose operation is known, and keeps it with the exchange. `undefined` where nothing is. Throws
 * InvalidArgument for a header that names no fault.
 */
export async function planStrikes(
  exchange: Exchange,
  plans: FaultPlans,
  life: RequestLife,
  routed: Routed,
): Promise<Strikes | undefined> {
  if (routed.operation === undefined) return undefined;
  const sent = exchange.service.faultHeader ? life.sentRequest.headers.get(FAULT_HEADER) : undefined;
  const own = sent === undefined ? undefined : ruleOfHeader(sent, routed);
  const asked = plans.plan(life.store, new RoutedSubject(routed, life.request, life.nowMs));
  const planned = asked instanceof Promise ? await asked : asked;
  if (own === undefined && planned.length === 0) return undefined;
  const all = own === undefined ? planned : [...planned, { rule: own, matchNumber: 1 }];
  exchange.faults = new Strikes(all, life);
  return exchange.faults;
}

function ruleOfHeader(text: string, { operation }: RoutedRequest): FaultRule {
  try {
    const told: unknown = JSON.parse(text);
    const isAction = typeof told === "object" && told !== null && "kind" in told;
    const { match, chance, action, stage } = readFaultRule(isAction ? { action: told } : told);
    if (Object.keys(match).length > 0 || Object.keys(chance).length > 0) {
      throw new FaultRuleError("A fault that comes with a request is for that request: match and chance mean nothing.");
    }
    if (factsOf(action).operations?.includes(operation) === false) {
      throw new FaultRuleError(`The kind ${quoted(action.kind)} cannot strike ${operation}.`);
    }
    return { id: FAULT_HEADER, match, chance, action, stage };
  } catch (cause) {
    if (!(cause instanceof FaultRuleError || cause instanceof SyntaxError)) throw cause;
    const why = cause instanceof SyntaxError ? "It is no JSON." : cause.message;
    throw invalidArgument(FAULT_HEADER, text, { explanation: why });
  }
}
