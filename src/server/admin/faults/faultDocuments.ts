import { quoted } from "../../../errors/quoted.ts";
import { S3Error } from "../../../errors/S3Error.ts";
import type { FaultRule } from "../../../faults/FaultRule.ts";
import { FaultRuleError } from "../../../faults/FaultRule.ts";
import { FaultRulesError } from "../../../store/faults/faultRules.ts";
import type { Service } from "../../Service.ts";

/**
 * Adds what a body says. Throws NotImplemented on a server whose faults are off, and InvalidRequest, whose explanation is
 * precise, for what is no JSON, no rule, or cannot be added.
 */
export async function addingFaults(
  { faults }: Service,
  body: Buffer,
  add: (document: unknown) => Promise<readonly FaultRule[]>,
): Promise<{ readonly faults: readonly FaultRule[] }> {
  if (faults === undefined) {
    throw new S3Error("NotImplemented", {
      explanation:
        "Faults are off on this server: start it with --faults to plan any. Nothing was changed; rules that are there can be listed and removed.",
    });
  }
  try {
    return { faults: await add(JSON.parse(body.toString("utf8"))) };
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refused(`The body is no JSON: ${cause.message}.`, cause);
    if (cause instanceof FaultRuleError || cause instanceof FaultRulesError) throw refused(cause.message, cause);
    throw cause;
  }
}

function refused(message: string, cause: Error): S3Error {
  return new S3Error("InvalidRequest", { cause, explanation: `${message} Nothing was changed.` });
}

/** The error of a rule that is not there. */
export function noSuchFault(id: string): S3Error {
  return new S3Error("NoSuchResource", {
    details: [["ResourceId", id]],
    explanation: `There is no rule ${quoted(id)}.`,
  });
}
