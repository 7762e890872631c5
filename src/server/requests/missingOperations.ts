import type { Warn } from "../../accessLogs/ServerAccessLogs.ts";
import type { AnyOperationName } from "../../protocol/operations.ts";

/** Hears of a request for an operation that is not built. */
export type OnMissingOperation = (operation: AnyOperationName) => void;

/** Warns once of each operation: who runs the server learns what its clients miss, and no client can fill the log. */
export function missingOperations(warn: Warn): OnMissingOperation {
  const told = new Set<AnyOperationName>();
  return (operation) => {
    if (told.has(operation)) return;
    told.add(operation);
    warn({ operation }, "an operation was asked for that this server does not have yet; it is not logged again");
  };
}
