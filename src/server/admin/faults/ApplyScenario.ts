import { readScenario } from "../../../faults/readFaultRule.ts";
import { applyScenario } from "../../faults/storedRules.ts";
import type { AdminOperation } from "../AdminOperation.ts";
import { FAULTS_ARN } from "../AdminOperation.ts";
import { listOf, object, reference } from "../description/schema.ts";
import { addingFaults } from "./faultDocuments.ts";

/** Makes the rules of a scenario the only ones. */
export const ApplyScenario: AdminOperation = {
  name: "ApplyScenario",
  permission: "PutFaults",
  method: "PUT",
  path: "/-/faults",
  summary: "Replaces all rules by those of a scenario, in one step.",
  resource: FAULTS_ARN,
  parameters: {},
  takes: { description: "A scenario, as the files in faults/ are.", schema: reference("Scenario") },
  answers: {
    description: "The rules as they are now, with their ids.",
    schema: object({ faults: listOf(reference("FaultRule")) }),
  },
  errors: {
    InvalidRequest: "The body is no JSON or no scenario. The explanation is precise.",
    NotImplemented: "The server was started without --faults.",
  },
  handle: ({ service, life, body }) =>
    addingFaults(service, body, (document) => applyScenario(life.store, readScenario(document))),
};
