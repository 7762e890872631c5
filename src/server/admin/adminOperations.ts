import type { AdminOperation } from "./AdminOperation.ts";
import { AddFaults } from "./faults/AddFaults.ts";
import { ApplyScenario } from "./faults/ApplyScenario.ts";
import { ClearFaults } from "./faults/ClearFaults.ts";
import { ListFaults } from "./faults/ListFaults.ts";
import { RemoveFault } from "./faults/RemoveFault.ts";
import { CompareSignature } from "./requests/CompareSignature.ts";
import { ExplainRequest } from "./requests/ExplainRequest.ts";
import { ListRequests } from "./requests/ListRequests.ts";

/** The operations of the admin API, in the order in which they are described. */
export const adminOperations: readonly AdminOperation[] = [
  ...[ListRequests, ExplainRequest, CompareSignature],
  ...[ListFaults, AddFaults, ApplyScenario, ClearFaults, RemoveFault],
];
