import { undeclaredErrors, undeclaredSubresources } from "../deviations.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";

/** True when S3 begins this operation's errors with an XML declaration; `undefined` for a request that means none. */
export function declaresErrors(name: OperationName | undefined): boolean {
  if (name === undefined) return true;
  return !undeclaredErrors.has(name) && !routes[name].query.some(([literal]) => undeclaredSubresources.has(literal));
}
