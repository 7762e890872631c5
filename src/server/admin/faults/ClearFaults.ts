import { clearFaultRules } from "../../../store/faults/faultRules.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { FAULTS_ARN } from "../AdminOperation.ts";
import { object, wholeNumber } from "../description/schema.ts";

/** Removes every rule. */
export const ClearFaults: AdminOperation = {
  name: "ClearFaults",
  permission: "DeleteFaults",
  method: "DELETE",
  path: "/-/faults",
  summary: "Removes every rule.",
  resource: FAULTS_ARN,
  parameters: {},
  answers: { description: "How many rules are gone.", schema: object({ removed: wholeNumber() }) },
  errors: {},
  async handle({ life }) {
    return { removed: await clearFaultRules(life.store) };
  },
};
