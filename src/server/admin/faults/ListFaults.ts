import { listFaults } from "../../faults/storedRules.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { FAULTS_ARN } from "../AdminOperation.ts";
import { listOf, object, reference } from "../description/schema.ts";

/** Lists the rules of planned faults. */
export const ListFaults: AdminOperation = {
  name: "ListFaults",
  method: "GET",
  path: "/-/faults",
  summary: "Lists the rules of planned faults, in their order, and how often each has matched and struck.",
  resource: FAULTS_ARN,
  parameters: {},
  answers: {
    description: "The rules, and whether they strike: they do where the server was started with --faults.",
    schema: object({ enabled: { type: "boolean" }, faults: listOf(reference("ListedFault")) }),
  },
  errors: {},
  async handle({ service, life }) {
    return { enabled: service.faults !== undefined, faults: await listFaults(life.store) };
  },
};
