import { addFaults } from "../../faults/storedRules.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { FAULTS_ARN } from "../AdminOperation.ts";
import { listOf, object, reference } from "../description/schema.ts";
import { addingFaults } from "./faultDocuments.ts";
import { readNewRules } from "./readNewRules.ts";

/** Adds rules of planned faults. */
export const AddFaults: AdminOperation = {
  name: "AddFaults",
  permission: "PutFaults",
  method: "POST",
  path: "/-/faults",
  summary: "Adds a rule, or several in one step, behind those that are there.",
  resource: FAULTS_ARN,
  parameters: {},
  takes: {
    description:
      "A rule, or several under `rules`. What is left out is filled in: an id, no match and no chance, the action's first stage.",
    schema: { oneOf: [reference("NewFaultRule"), object({ rules: listOf(reference("NewFaultRule")) })] },
  },
  answers: {
    description: "The rules as they are now, with their ids.",
    schema: object({ faults: listOf(reference("FaultRule")) }),
  },
  errors: {
    InvalidRequest:
      "The body is no JSON or no rule, an id is taken, or there would be too many rules. The explanation is precise.",
    NotImplemented: "The server was started without --faults.",
  },
  handle: ({ service, life, body }) => addingFaults(service, body, (document) => addFaults(life.store, readNewRules(document))),
};
