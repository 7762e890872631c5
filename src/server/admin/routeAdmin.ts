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

/**
 * What stands in a path for the name in braces, of which there is one at the most; `undefined` where it is another path. Extended request ids have slashes, which signers leave as
 * they are, and signatures do not tell from encoded ones.
 */
function matched(template: string, rawPath: string): Readonly<Record<string, string>> | undefined {
  const [before = "", name, after = ""] = template.split(/[{}]/);
  if (name === undefined) return template === rawPath ? {} : undefined;
  const isLonger = rawPath.length > before.length + after.length;
  if (!isLonger || !rawPath.startsWith(before) || !rawPath.endsWith(after)) return undefined;
  try {
    // A plus is a plus here, as those ids have them.
    return { [name]: decodeURIComponent(rawPath.slice(before.length, rawPath.length - after.length)) };
  } catch {
    return undefined;
  }
}

function noSuchPath(): S3Error {
  const paths = [...new Set(adminOperations.map(({ path }) => path))];
  return new S3Error("NoSuchResource", {
    explanation: `The admin API has ${paths.join(", ")}.`,
  });
}
