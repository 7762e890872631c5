import { S3Error } from "../../errors/S3Error.ts";
import { unroutedOperations } from "../deviations.ts";
import type { Route } from "../generated/routes.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { WireRequest } from "../WireRequest.ts";

type Scope = Route["scope"];
type Candidate = readonly [name: OperationName, route: Route];

/** Methods S3 knows, here or elsewhere; others are not even looked at. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]);

const candidates: readonly Candidate[] = (Object.entries(routes) as [OperationName, Route][]).filter(
  ([name, route]) => !unroutedOperations.has(name) && route.path === undefined,
);

/** Operations by method and scope, those with the most literal query parameters first. */
const byTarget: ReadonlyMap<string, readonly Candidate[]> = Map.groupBy(
  candidates.toSorted(([, a], [, b]) => b.query.length - a.query.length),
  ([, route]) => `${route.method} ${route.scope}`,
);

const byPath: ReadonlyMap<string, OperationName> = new Map(
  (Object.entries(routes) as [OperationName, Route][]).flatMap(([name, route]) =>
    route.path === undefined ? [] : [[`${route.method} ${route.path}`, name] as const],
  ),
);

/** Bare query names that choose an operation ("acl"), and the scopes they exist in. */
const subresources: ReadonlyMap<string, ReadonlySet<Scope>> = new Map(
  [...Map.groupBy(candidates, ([, route]) => route.query[0]?.[0])].flatMap(([name, group]) =>
    name === undefined || group[0]![1].query[0]![1] !== ""
      ? []
      : [[name, new Set(group.map(([, route]) => route.scope))] as const],
  ),
);

/**
 * Which operation a request means: by method, by what it addresses, by the literal query parameters, and where several are left, by the
 * parameters and headers each requires. Throws InvalidArgument, InvalidRequest, MethodNotAllowed or BadRequest.
 */
export function route(request: WireRequest): OperationName {
  const fixed = byPath.get(`${request.method} ${request.rawPath}`);
  if (fixed !== undefined) return fixed;
  if (!METHODS.has(request.method)) {
    throw new S3Error("BadRequest", { explanation: `S3 does not know the method ${request.method}.` });
  }
  const { address } = request;
  const scope: Scope = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "object";
  const named = request.rawQuery === "" ? undefined : subresourceOf(request, scope);
  const group = byTarget.get(`${request.method} ${scope}`) ?? [];
  const found = best(group, request);
  const choosesNamed = named === undefined || (found !== undefined && routes[found].query.some(([name]) => name === named));
  if (found !== undefined && choosesNamed) return found;
  throw methodNotAllowed(request.method, scope, named);
}

/** The one subresource a request names; two at once conflict, and one of another scope is refused. */
function subresourceOf(request: WireRequest, scope: Scope): string | undefined {
  const named = request.query.names().filter((name) => subresources.has(name));
  if (named.length > 1) {
    const sorted = named.toSorted();
    throw new S3Error("InvalidArgument", {
      message: `Conflicting query string parameters: ${sorted.join(", ")}`,
      details: [
        ["ArgumentName", "ResourceType"],
        ["ArgumentValue", sorted[0]],
      ],
      explanation: "Each of these parameters chooses an operation; a request can name one.",
    });
  }
  const [name] = named;
  if (name === undefined) return scope === "bucket" ? refuseUploadId(request) : undefined;
  if (subresources.get(name)!.has(scope)) return name;
  if (scope === "object") throw wrongForKey(name, request.method);
  throw new S3Error("InvalidArgument", {
    message: "Unexpected query string parameter",
    details: [
      ["ArgumentName", "ResourceType"],
      ["ArgumentValue", name],
    ],
    explanation: `?${name} belongs to ${[...subresources.get(name)!].join(" or ")} requests, and this one addresses the ${scope}.`,
  });
}

function refuseUploadId(request: WireRequest): undefined {
  if (!request.query.has("uploadId")) return undefined;
  throw new S3Error("InvalidRequest", {
    message: "A key must be specified",
    explanation: "?uploadId belongs to an object; the path names only a bucket.",
  });
}

function wrongForKey(name: string, method: string): S3Error {
  const message =
    name === "uploads" && method === "GET"
      ? "Key is not expected for the GET method ?uploads subresource"
      : `There is no such thing as the ?${name} sub-resource for a key`;
  return new S3Error("InvalidRequest", { message, explanation: `?${name} belongs to a bucket; the path names a key as well.` });
}

/** The candidate whose literals all match; among several, the one most of whose requirements are met, all of them if possible. */
function best(group: readonly Candidate[], request: WireRequest): OperationName | undefined {
  let found: Candidate | undefined;
  for (const candidate of group) {
    const [, current] = candidate;
    if (found !== undefined && current.query.length < found[1].query.length) break;
    if (!current.query.every(([name, value]) => request.query.has(name) && (value === "" || request.query.get(name) === value)))
      continue;
    if (found === undefined || isBetter(current, found[1], request)) found = candidate;
  }
  // POST on a key without a subresource is nothing unless it completes an upload.
  if (found?.[0] === "CompleteMultipartUpload" && !request.query.has("uploadId")) return undefined;
  return found?.[0];
}

function isBetter(candidate: Route, other: Route, request: WireRequest): boolean {
  const met = meets(candidate, request);
  if (met !== meets(other, request)) return met;
  const required = candidate.requiredQuery.length + candidate.requiredHeaders.length;
  const requiredByOther = other.requiredQuery.length + other.requiredHeaders.length;
  return met ? required > requiredByOther : required < requiredByOther;
}

function meets(candidate: Route, request: WireRequest): boolean {
  return (
    candidate.requiredQuery.every((name) => request.query.has(name)) &&
    candidate.requiredHeaders.every((name) => request.headers.has(name))
  );
}

function methodNotAllowed(method: string, scope: Scope, subresource: string | undefined): S3Error {
  const allowed = candidates
    .filter(
      ([, { query, scope: at }]) => at === scope && (subresource === undefined || query.some(([name]) => name === subresource)),
    )
    .map(([, { method: allowedMethod }]) => allowedMethod);
  return new S3Error("MethodNotAllowed", {
    details: [
      ["Method", method],
      ["ResourceType", subresource?.toUpperCase() ?? scope.toUpperCase()],
    ],
    headers: { Allow: [...new Set(allowed)].toSorted().join(", ") },
    explanation: `${method} does nothing to ${subresource === undefined ? `a ${scope}` : `?${subresource}`}.`,
  });
}
