import { answeredOfKeys, unroutedOperations, unseenOfKeys } from "../deviations.ts";
import type { Route } from "../generated/routes.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { RefusedRequest } from "../Dialect.ts";
import type { WireRequest } from "../WireRequest.ts";
import { checkVersionIdValue } from "./requestShape.ts";
import {
  conflictingSubresources,
  formExpected,
  keyMissing,
  methodNotAllowed,
  misplacedSubresource,
  partWithoutUpload,
  resourceType,
  targetName,
  unknownMethod,
} from "./routeErrors.ts";

type Scope = Route["scope"];

/** Methods S3 knows, here or elsewhere, in the order in which its Allow headers name them; others are not even looked at. */
const METHODS: ReadonlySet<string> = new Set(["HEAD", "DELETE", "POST", "GET", "PUT", "OPTIONS"]);

/** An operation that a request means. */
interface FoundOperation {
  readonly operation: OperationName;
}

/** One of the operations that a method, a scope and a subresource leave, and what else must be there for it to be meant. */
interface Candidate extends FoundOperation {
  /** Query parameters, with the value they must have, or `undefined` for any. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
  /** Lower case. */
  readonly headers: readonly string[];
}

/** The operations of one method on one kind of target, the more demanding before the less. */
interface MethodTable {
  /** Those without a subresource in the query. */
  readonly plain: Candidate[];
  readonly bySubresource: Map<string, Candidate[]>;
}

interface RoutingTable {
  readonly methods: Readonly<Record<Scope, Map<string, MethodTable>>>;
  /** The scopes in which each subresource exists. */
  readonly subresources: Map<string, Set<Scope>>;
  /** The methods that do something to each type of resource, whatever else a request says. */
  readonly methodsByType: Map<string, Set<string>>;
  /** Operations that have a path of their own, by path. */
  readonly fixedPaths: Map<string, FoundOperation & { readonly method: string }>;
}

let table: RoutingTable | undefined;

/**
 * Which operation a request means: by method, by what it addresses, by the subresource in its query, and where several are left, by the
 * parameters and headers each requires. Other parameters are ignored, as S3 ignores them.
 *
 * Throws what S3 answers before it looks at credentials (InvalidArgument, InvalidRequest, BadRequest, PreconditionFailed). Returned is what
 * S3 tells only callers it has authenticated: MethodNotAllowed.
 */
export function route(request: WireRequest): FoundOperation | RefusedRequest {
  const { address, method, query } = request;
  if (!METHODS.has(method)) throw unknownMethod(method);
  const { methods, subresources, methodsByType, fixedPaths } = (table ??= routingTable());
  if (address.style === "path") {
    const fixed = fixedPaths.get(request.rawPath);
    if (fixed?.method === method) return fixed;
  }
  const scope: Scope = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "object";
  const subresource = request.rawQuery === "" ? undefined : subresourceOf(request, scope, subresources);
  if (scope === "object" && request.rawQuery !== "") checkVersionIdValue(request);
  if (subresource === undefined && query.has("uploadId")) {
    const target = query.has("partNumber") ? PART : UPLOAD;
    if (!target.methods.has(method)) return refused(method, target);
  }
  // Whose resource it is: at a key, a subresource that only buckets have is the bucket's.
  const owner = subresource === undefined || subresources.get(subresource)!.has(scope) ? scope : "bucket";
  const isAnswered = owner === scope || answeredOfKeys.has(subresource!);
  const methodTable = isAnswered ? methods[owner].get(method) : undefined;
  const group = subresource === undefined ? methodTable?.plain : methodTable?.bySubresource.get(subresource);
  // A subresource is an operation's name; what else it requires is asked for when the operation is known.
  const found = group?.find((candidate) => isMet(candidate, request)) ?? (subresource === undefined ? undefined : group?.at(-1));
  if (found !== undefined) return found;
  if (method === "POST" && scope === "bucket" && subresource === undefined)
    throw formExpected(request.headers.get("content-type"));
  const type = resourceType(owner, subresource);
  const takes = methodsByType.get(type)!;
  if (subresource !== undefined && takes.has(method)) throw misplacedSubresource(subresource, method, scope);
  return refused(method, { type, name: targetName(scope, subresource), methods: takes });
}

/** Whether the query of a request chooses no operation, so that a POST to a bucket is a browser's form. */
export function hasNoSubresource({ query, rawQuery }: WireRequest): boolean {
  if (rawQuery === "") return true;
  const { subresources } = (table ??= routingTable());
  return !query.names().some((name) => subresources.has(name) || OF_UPLOADS.has(name));
}

/** Parameters that are no subresources in the schemas, and belong to a key. */
const OF_UPLOADS: ReadonlySet<string> = new Set(["uploadId", "partNumber"]);

/**
 * The one subresource a request names. Two at once conflict; one that neither what is addressed has nor, where that is a key, its bucket
 * is refused.
 */
function subresourceOf(request: WireRequest, scope: Scope, subresources: RoutingTable["subresources"]): string | undefined {
  const { query } = request;
  const named = query.names().filter((name) => subresources.has(name) && !(scope === "object" && unseenOfKeys.has(name)));
  if (named.length > 1) throw conflictingSubresources(named);
  const [name] = named;
  if (name !== undefined) {
    if (scope === "object" || subresources.get(name)!.has(scope)) return name;
    throw misplacedSubresource(name, request.method, scope);
  }
  if (scope === "bucket" && query.has("uploadId")) throw keyMissing("uploadId");
  if (scope === "bucket" && query.has("partNumber")) throw keyMissing("partNumber");
  if (request.method === "PUT" && query.has("partNumber") && !query.has("uploadId")) {
    throw partWithoutUpload(query.get("partNumber")!);
  }
  return undefined;
}

/** What a request addresses, as S3 and people call it, with the methods that do something to it. */
interface Target {
  readonly type: string;
  readonly name: string;
  readonly methods: ReadonlySet<string>;
}

/** An upload, and a part of one, are targets of their own, named by parameters that are no subresources in the schemas. */
const UPLOAD: Target = { type: "UPLOAD", name: "an upload under way", methods: new Set(["DELETE", "POST", "GET"]) };
const PART: Target = { type: "PART", name: "a part of an upload", methods: new Set(["PUT"]) };

function refused(method: string, { type, name, methods }: Target): RefusedRequest {
  const allowed = [...METHODS].filter((known) => methods.has(known));
  return { operation: undefined, refusal: methodNotAllowed(method, type, name, allowed) };
}

function isMet({ query, headers }: Candidate, request: WireRequest): boolean {
  for (const [name, value] of query) {
    if (value === undefined ? !request.query.has(name) : request.query.get(name) !== value) return false;
  }
  for (const name of headers) if (!request.headers.has(name)) return false;
  return true;
}

function routingTable(): RoutingTable {
  const made: RoutingTable = {
    methods: { service: new Map(), bucket: new Map(), object: new Map() },
    subresources: new Map(),
    methodsByType: new Map(),
    fixedPaths: new Map(),
  };
  for (const [name, entry] of Object.entries(routes) as [OperationName, Route][]) {
    if (entry.path !== undefined) made.fixedPaths.set(entry.path, { method: entry.method, operation: name });
    else if (!unroutedOperations.has(name)) enter(made, name, entry);
  }
  return made;
}

/** Enters an operation where its method, scope and subresource put it, before the less demanding ones. */
function enter({ methods, subresources, methodsByType }: RoutingTable, name: OperationName, entry: Route): void {
  const { method, scope, query, requiredQuery, requiredHeaders } = entry;
  const subresource = query.find(([, value]) => value === "")?.[0];
  const candidate: Candidate = {
    operation: name,
    query: [...query.filter(([, value]) => value !== ""), ...requiredQuery.map((required) => [required, undefined] as const)],
    headers: requiredHeaders,
  };
  const methodTable: MethodTable = methods[scope].get(method) ?? { plain: [], bySubresource: new Map() };
  methods[scope].set(method, methodTable);
  let group = methodTable.plain;
  if (subresource !== undefined) {
    group = methodTable.bySubresource.get(subresource) ?? [];
    methodTable.bySubresource.set(subresource, group);
    subresources.set(subresource, (subresources.get(subresource) ?? new Set<Scope>()).add(scope));
  }
  if (subresource !== undefined || demands(candidate) === 0) {
    const type = resourceType(scope, subresource);
    methodsByType.set(type, (methodsByType.get(type) ?? new Set()).add(method));
  }
  group.push(candidate);
  group.sort((a, b) => demands(b) - demands(a));
}

function demands({ query, headers }: Candidate): number {
  return query.length + headers.length;
}
