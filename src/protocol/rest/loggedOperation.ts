import { loggedNames } from "../deviations.ts";
import type { Route } from "../generated/routes.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import { resourceType } from "./routeErrors.ts";

/** Names by operation, made when they are first asked for. */
const NAMES = new Map<OperationName, string>();

/**
 * What server access logs call a request of this dialect, such as REST.GET.OBJECT: by its operation or, where it means none, by method and
 * target. Those that S3's logs are known to have are all among them; the others are made alike.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html
 */
export function loggedOperation(method: string, operation: OperationName | undefined, key: string | undefined): string {
  if (method === "OPTIONS") return "REST.OPTIONS.PREFLIGHT";
  if (operation === undefined) return `REST.${method}.${resourceType(key === undefined ? "bucket" : "object", undefined)}`;
  let name = NAMES.get(operation);
  if (name === undefined) NAMES.set(operation, (name = loggedNames[operation] ?? nameOf(routes[operation])));
  return name;
}

function nameOf({ method, scope, query, requiredQuery }: Route): string {
  const subresource = query.find(([, value]) => value === "")?.[0];
  if (subresource === undefined && requiredQuery.includes("uploadId")) {
    return `REST.${method}.${requiredQuery.includes("partNumber") ? "PART" : "UPLOAD"}`;
  }
  return `REST.${method}.${resourceType(scope, subresource)}`;
}
