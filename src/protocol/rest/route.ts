import { unroutedOperations } from "../deviations.ts";
import type { Route } from "../generated/routes.ts";
import { routes } from "../generated/routes.ts";
import type { OperationName } from "../generated/types.ts";
import type { WireRequest } from "../WireRequest.ts";
import { checkRequestShape, checkVersionIdValue } from "./requestShape.ts";
import {
  conflictingSubresources,
  formExpected,
  keyMissing,
  methodNotAllowed,
  misplacedSubresource,
  partWithoutUpload,
  unknownMethod,
} from "./routeErrors.ts";

type Scope = Route["scope"];

/** Methods S3 knows, here or elsewhere; others are not even looked at. */
const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"]);

/** One of the operations that a method, a scope and a subresource leave, and what else must be there for it to be meant. */
interface Candidate {
  readonly name: OperationName;
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
  /** Operations that have a path of their own, by path. */
  readonly fixedPaths: Map<string, { readonly method: string; readonly name: OperationName }>;
}

let table: RoutingTable | undefined;

/**
 * Which operation a request means: by method, by what it addresses, by the subresource in its query, and where several are left, by the
 * parameters and headers each requires. Other parameters are ignored, as S3 ignores them.
 *
 * Throws what S3 answers before it looks at credentials (InvalidArgument, InvalidRequest, BadRequest, PreconditionFailed), and
 * MethodNotAllowed, which S3 gives only to callers it has authenticated.
 */
export function route(request: WireRequest): OperationName {
  const name = operationOf(request);
  checkRequestShape(name, request);
  return name;
}

function operationOf(request: WireRequest): OperationName {
  const { address, method, query } = request;
  if (!METHODS.has(method)) throw unknownMethod(method);
  const { methods, subresources, fixedPaths } = (table ??= routingTable());
  if (address.style === "path") {
    const fixed = fixedPaths.get(request.rawPath);
    if (fixed?.method === method) return fixed.name;
  }
  const scope: Scope = address.bucket === undefined ? "service" : address.key === undefined ? "bucket" : "object";
  const subresource = request.rawQuery === "" ? undefined : subresourceOf(request, scope, subresources);
  if (scope === "object" && request.rawQuery !== "") checkVersionIdValue(request);
  if (subresource === undefined && query.has("uploadId")) checkUploadMethod(method, query.has("partNumber"));
  const methodTable = methods[scope].get(method);
  const group = subresource === undefined ? methodTable?.plain : methodTable?.bySubresource.get(subresource);
  // A subresource is an operation's name; what else it requires is asked for when the operation is known.
  const found = group?.find((candidate) => isMet(candidate, request)) ?? (subresource === undefined ? undefined : group?.at(-1));
  if (found !== undefined) return found.name;
  if (method === "POST" && scope === "bucket" && subresource === undefined)
    throw formExpected(request.headers.get("content-type"));
  throw methodNotAllowed(method, scope, subresource, methodsFor(methods[scope], subresource));
}

/** The one subresource a request names. Two at once conflict, and one of another scope is refused. */
function subresourceOf(request: WireRequest, scope: Scope, subresources: RoutingTable["subresources"]): string | undefined {
  const { query } = request;
  const named = query.names().filter((name) => subresources.has(name));
  if (named.length > 1) throw conflictingSubresources(named);
  const [name] = named;
  if (name !== undefined) {
    const isListOfUploads = name === "uploads" && request.method === "GET";
    if (subresources.get(name)!.has(scope) && !(isListOfUploads && scope === "object")) return name;
    throw misplacedSubresource(name, request.method, scope);
  }
  if (scope === "bucket" && query.has("uploadId")) throw keyMissing("uploadId");
  if (scope === "bucket" && query.has("partNumber")) throw keyMissing("partNumber");
  if (request.method === "PUT" && query.has("partNumber") && !query.has("uploadId")) {
    throw partWithoutUpload(query.get("partNumber")!);
  }
  return undefined;
}

/** An upload, and a part of one, are targets of their own, named by parameters that are no subresources in the schemas. */
function checkUploadMethod(method: string, namesPart: boolean): void {
  const allowed = namesPart ? PART_METHODS : UPLOAD_METHODS;
  if (!allowed.includes(method)) throw methodNotAllowed(method, "object", namesPart ? "part" : "upload", allowed);
}

const UPLOAD_METHODS: readonly string[] = ["DELETE", "GET", "POST"];
const PART_METHODS: readonly string[] = ["PUT"];

function isMet({ query, headers }: Candidate, request: WireRequest): boolean {
  for (const [name, value] of query) {
    if (value === undefined ? !request.query.has(name) : request.query.get(name) !== value) return false;
  }
  for (const name of headers) if (!request.headers.has(name)) return false;
  return true;
}

/** The methods that do something to a target whatever else a request says, in alphabetical order. */
function methodsFor(methods: ReadonlyMap<string, MethodTable>, subresource: string | undefined): string[] {
  const acts = ({ plain, bySubresource }: MethodTable): boolean =>
    subresource === undefined ? plain.some((candidate) => demands(candidate) === 0) : bySubresource.has(subresource);
  return [...methods].flatMap(([method, methodTable]) => (acts(methodTable) ? [method] : [])).toSorted();
}

function routingTable(): RoutingTable {
  const made: RoutingTable = {
    methods: { service: new Map(), bucket: new Map(), object: new Map() },
    subresources: new Map(),
    fixedPaths: new Map(),
  };
  for (const [name, entry] of Object.entries(routes) as [OperationName, Route][]) {
    if (entry.path !== undefined) made.fixedPaths.set(entry.path, { method: entry.method, name });
    else if (!unroutedOperations.has(name)) enter(made, name, entry);
  }
  return made;
}

/** Enters an operation where its method, scope and subresource put it, before the less demanding ones. */
function enter({ methods, subresources }: RoutingTable, name: OperationName, entry: Route): void {
  const { method, scope, query, requiredQuery, requiredHeaders } = entry;
  const subresource = query.find(([, value]) => value === "")?.[0];
  const candidate: Candidate = {
    name,
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
  group.push(candidate);
  group.sort((a, b) => demands(b) - demands(a));
}

function demands({ query, headers }: Candidate): number {
  return query.length + headers.length;
}
