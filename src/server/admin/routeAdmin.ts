import { S3Error } from "../../errors/S3Error.ts";
import { methodNotAllowed } from "../../protocol/rest/routeErrors.ts";
import type { WireRequest } from "../../protocol/WireRequest.ts";
import type { AdminOperation } from "./AdminOperation.ts";
import { adminOperations } from "./adminOperations.ts";

/** Where the admin API is described, for everybody. */
export const DESCRIPTION_PATH = "/-/openapi.json";

/** Whether a request asks for the description. */
export function isDescriptionAsked({ method, rawPath }: Pick<WireRequest, "method" | "rawPath">): boolean {
  return rawPath === DESCRIPTION_PATH && (method === "GET" || method === "HEAD");
}

/** An operation that a request means, and what stands in its path. */
export interface RoutedAdmin {
  readonly operation: AdminOperation;
  readonly path: Readonly<Record<string, string>>;
}

/**
 * Finds the operation of the admin API that a request means. HEAD is answered as GET, without the body. Throws NoSuchResource for another path,
 * and MethodNotAllowed.
 */
export function routeAdmin({ method, rawPath }: Pick<WireRequest, "method" | "rawPath">): RoutedAdmin {
  const there = adminOperations.flatMap((operation) => {
    const path = matched(operation.path, rawPath);
    return path === undefined ? [] : [{ operation, path }];
  });
  const asked = method === "HEAD" ? "GET" : method;
  const found = there.find(({ operation }) => operation.method === asked);
  if (found !== undefined) return found;
  if (rawPath === DESCRIPTION_PATH) throw methodNotAllowed(method, "OPENAPI", "the description of the admin API", ["GET"]);
  if (there.length === 0) throw noSuchPath();
  const allowed = there.map(({ operation }) => operation.method);
  throw methodNotAllowed(method, "ADMIN", "this path of the admin API", allowed);
}

/** What stands in a path for the names in braces; `undefined` where it is another path. */
function matched(template: string, rawPath: string): Readonly<Record<string, string>> | undefined {
  const wanted = template.split("/");
  const segments = rawPath.split("/");
  if (segments.length !== wanted.length) return undefined;
  const path: Record<string, string> = {};
  for (const [index, name] of wanted.entries()) {
    const segment = segments[index]!;
    if (name.startsWith("{")) {
      const value = decoded(segment);
      if (value === undefined || value === "") return undefined;
      path[name.slice(1, -1)] = value;
    } else if (segment !== name) return undefined;
  }
  return path;
}

/** A plus is a plus here: extended request ids have them. */
function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function noSuchPath(): S3Error {
  const paths = [...new Set(adminOperations.map(({ path }) => path))];
  return new S3Error("NoSuchResource", {
    explanation: `The admin API has ${paths.join(", ")}; in an id, "/" is written %2F and "+" %2B.`,
  });
}
