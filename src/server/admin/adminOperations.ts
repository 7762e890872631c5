import type { AdminOperation } from "./AdminOperation.ts";
import { ExplainRequest } from "./requests/ExplainRequest.ts";
import { CompareSignature } from "./requests/CompareSignature.ts";
import { ListRequests } from "./requests/ListRequests.ts";

/** The operations of the admin API, in the order in which they are described. */
export const adminOperations: readonly AdminOperation[] = [ListRequests, ExplainRequest, CompareSignature];
