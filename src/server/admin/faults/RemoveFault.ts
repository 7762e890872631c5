import { removeFaultRule } from "../../../store/faults/faultRules.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { FAULTS_ARN } from "../AdminOperation.ts";
import { object, wholeNumber } from "../description/schema.ts";
import { noSuchFault } from "./faultDocuments.ts";

/** Removes one rule. */
export const RemoveFault: AdminOperation = {
  name: "RemoveFault",
  permission: "DeleteFaults",
  method: "DELETE",
  path: "/-/faults/{id}",
  summary: "Removes a rule.",
  resource: FAULTS_ARN,
  parameters: {},
  answers: { description: "How many rules are gone: one.", schema: object({ removed: wholeNumber() }) },
  errors: { NoSuchResource: "There is no rule of this id." },
  async handle({ life, path }) {
    const { id = "" } = path;
    if (!(await removeFaultRule(life.store, id))) throw noSuchFault(id);
    return { removed: 1 };
  },
};
