/**
 * Reads the operation schemas of the pinned AWS SDK into a plain model. Every assumption about their encoding is asserted: an SDK whose
 * schemas say something this reader does not know stops the generation instead of losing a binding.
 */
import assert from "node:assert/strict";
import * as sdk from "@aws-sdk/client-s3";

/** Where a member travels. */
export type Binding =
  | { readonly in: "label"; readonly name: string }
  | { readonly in: "query"; readonly name: string }
  | { readonly in: "header"; readonly name: string }
  | { readonly in: "prefix"; readonly name: string }
  /** `name` is the root element, where it is not the structure's own. */
  | { readonly in: "payload"; readonly name?: string }
  | { readonly in: "attribute"; readonly name: string }
  | { readonly in: "body"; readonly name: string };

/** What a member holds. */
export type MemberType =
  | { readonly kind: "string" | "number" | "boolean" | "blob" | "stream" | "document" }
  | { readonly kind: "timestamp"; readonly format: "date-time" | "http-date" }
  | { readonly kind: "structure"; readonly shape: string }
  | { readonly kind: "list"; readonly item: MemberType; readonly itemName: string; readonly flat: boolean }
  | { readonly kind: "map" };

/** A member of a structure. */
export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly type: MemberType;
  readonly binding: Binding;
}

/** A structure of the protocol: an input, an output, an error or a part of one. */
export interface Structure {
  readonly name: string;
  readonly kind: "structure" | "union" | "error";
  /** Element name of the structure as an XML root. */
  readonly xmlName: string;
  readonly xmlNamespace: readonly [prefix: string, uri: string] | undefined;
  readonly httpStatus: number | undefined;
  readonly members: readonly Member[];
}

/** An operation and how a request names it. */
export interface OperationModel {
  readonly name: string;
  readonly method: string;
  readonly scope: "service" | "bucket" | "object";
  /** The fixed path of operations that address neither bucket nor key ("/WriteGetObjectResponse"). */
  readonly path: string | undefined;
  /** Literal query parameters that choose this operation, without x-id; value "" for a bare name. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly status: number;
  readonly input: string | undefined;
  readonly output: string | undefined;
  readonly httpChecksum: boolean;
}

/** All that the generator reads from the SDK. */
export interface Model {
  readonly operations: readonly OperationModel[];
  readonly structures: ReadonlyMap<string, Structure>;
}

/** The schemas' numbers for operations, structures and so on. */
const OPERATION = 9;
const STRUCTURE = 3;
const UNION = 4;
const ERROR = -3;
const LIST = 1;
const MAP = 2;
const NAMED_SCALAR = 0;
/** Added to a scalar's number: lists of it, and maps from strings to it. */
const LIST_OF = 64;
const MAP_OF = 128;
const STRUCTURES = new Map([
  [STRUCTURE, "structure"],
  [UNION, "union"],
  [ERROR, "error"],
] as const);

/** Trait bits in their order, from 1. */
const TRAIT_BITS = [
  "httpLabel",
  "idempotent",
  "idempotencyToken",
  "sensitive",
  "httpPayload",
  "httpResponseCode",
  "httpQueryParams",
];
const KNOWN_TRAITS = new Set([
  ...TRAIT_BITS,
  "http",
  "httpHeader",
  "httpQuery",
  "httpPrefixHeaders",
  "xmlName",
  "xmlFlattened",
  "xmlAttribute",
  "xmlNamespace",
  "streaming",
  "eventPayload",
  "error",
  "httpError",
  "httpChecksum",
  "endpoint",
  "hostLabel",
]);

/** What binds a member to a place outside the body. */
const BINDING_TRAITS = ["httpLabel", "httpQuery", "httpHeader", "httpPrefixHeaders", "httpPayload", "xmlAttribute"];
const UNUSED_TRAITS = ["httpQueryParams", "httpResponseCode"];

type Raw = readonly unknown[];
type Traits = Readonly<Record<string, unknown>>;

function deref(reference: unknown): unknown {
  return typeof reference === "function" ? (reference as () => unknown)() : reference;
}

function traitsOf(raw: unknown): Traits {
  if (typeof raw === "number")
    return Object.fromEntries(TRAIT_BITS.filter((_, bit) => (raw >> bit) & 1).map((name) => [name, 1]));
  assert(typeof raw === "object" && raw !== null, `traits are a number or an object, not ${String(raw)}`);
  for (const name of Object.keys(raw)) assert(KNOWN_TRAITS.has(name), `unknown trait ${name}`);
  return raw as Traits;
}

/** Splits a reference into what it refers to and the traits given with it. */
function split(reference: unknown): { readonly target: unknown; readonly traits: Traits } {
  if (Array.isArray(reference) && reference.length === 2) {
    const inner = split(reference[0]);
    return { target: inner.target, traits: { ...inner.traits, ...traitsOf(reference[1]) } };
  }
  const target = deref(reference);
  if (Array.isArray(target) && target[0] === NAMED_SCALAR) {
    return { target: deref(target[4]), traits: traitsOf(target[3]) };
  }
  return { target, traits: {} };
}

function scalarType(code: number, inHeader: boolean): MemberType {
  switch (code) {
    case 0:
      return { kind: "string" };
    case 1:
      return { kind: "number" };
    case 2:
      return { kind: "boolean" };
    case 4:
      return { kind: "timestamp", format: inHeader ? "http-date" : "date-time" };
    case 5:
      return { kind: "timestamp", format: "date-time" };
    case 6:
      return { kind: "timestamp", format: "http-date" };
    case 15:
      return { kind: "document" };
    case 21:
      return { kind: "blob" };
    case 42:
      return { kind: "stream" };
    default:
      throw new Error(`unknown scalar ${code}`);
  }
}

/** Collects the structures that operations reach. */
class Reader {
  readonly structures: Map<string, Structure> = new Map();

  type(reference: unknown): MemberType {
    const { target, traits } = split(reference);
    const inHeader = traits["httpHeader"] !== undefined;
    const flat = traits["xmlFlattened"] !== undefined;
    if (typeof target === "number") {
      if (target >= MAP_OF) {
        assert(target === MAP_OF, `a map of ${target - MAP_OF}: S3 had maps of strings only`);
        return { kind: "map" };
      }
      if (target >= LIST_OF) return { kind: "list", item: scalarType(target - LIST_OF, inHeader), itemName: "member", flat };
      return scalarType(target, inHeader);
    }
    assert(Array.isArray(target), `a reference to ${String(target)}`);
    if (target[0] === LIST) {
      const item = split(target[4]);
      return {
        kind: "list",
        item: this.type(target[4]),
        itemName: (item.traits["xmlName"] as string | undefined) ?? "member",
        flat,
      };
    }
    if (target[0] === MAP) {
      assert(split(target[4]).target === 0 && split(target[5]).target === 0, `${String(target[2])}: a map of other than strings`);
      return { kind: "map" };
    }
    return { kind: "structure", shape: this.structure(target) };
  }

  structure(raw: Raw): string {
    const [id, , name, rawTraits, names, references, required = 0] = raw as [
      number,
      string,
      string,
      unknown,
      string[],
      unknown[],
      number?,
    ];
    const kind = STRUCTURES.get(id as never);
    assert(kind !== undefined, `${name} is no structure (${id})`);
    assert(names.length === references.length && required <= names.length, `${name}: members and references do not match`);
    if (this.structures.has(name)) return name;
    const traits = traitsOf(rawTraits);
    // Entered before its members are read: shapes refer to themselves.
    const members: Member[] = [];
    this.structures.set(name, {
      name,
      kind,
      xmlName: (traits["xmlName"] as string | undefined) ?? name,
      xmlNamespace: traits["xmlNamespace"] as [string, string] | undefined,
      httpStatus: traits["httpError"] as number | undefined,
      members,
    });
    for (const [index, memberName] of names.entries()) members.push(this.member(memberName, references[index], index < required));
    return name;
  }

  member(name: string, reference: unknown, required: boolean): Member {
    const { target, traits } = split(reference);
    const type = this.type(reference);
    const namespace = traits["xmlNamespace"] ?? (Array.isArray(target) ? traitsOf(target[3])["xmlNamespace"] : undefined);
    if (namespace !== undefined) {
      assert(type.kind === "structure", `${name}: a namespace on something that is no structure`);
      this.#namespaces.set(type.shape, namespace as [string, string]);
    }
    return { name, required, type, binding: binding(name, type, traits) };
  }

  readonly #namespaces: Map<string, readonly [string, string]> = new Map();

  /** Structures, with the namespaces that members gave them. */
  finished(): ReadonlyMap<string, Structure> {
    for (const [name, xmlNamespace] of this.#namespaces) {
      this.structures.set(name, { ...this.structures.get(name)!, xmlNamespace });
    }
    return this.structures;
  }
}

function binding(name: string, type: MemberType, traits: Traits): Binding {
  const bindings = BINDING_TRAITS.filter((trait) => traits[trait] !== undefined);
  for (const trait of UNUSED_TRAITS) assert(traits[trait] === undefined, `${name}: ${trait}, which S3 did not use`);
  assert(bindings.length <= 1, `${name}: bound in several places, ${bindings.join(", ")}`);
  assert((type.kind === "map") === (traits["httpPrefixHeaders"] !== undefined), `${name}: a map that is no set of headers`);
  if (traits["httpLabel"] !== undefined) {
    assert(name === "Bucket" || name === "Key" || traits["hostLabel"] !== undefined, `${name}: a label S3 did not have`);
    return { in: "label", name };
  }
  if (traits["httpQuery"] !== undefined) return { in: "query", name: traits["httpQuery"] as string };
  if (traits["httpHeader"] !== undefined) return { in: "header", name: (traits["httpHeader"] as string).toLowerCase() };
  if (traits["httpPrefixHeaders"] !== undefined)
    return { in: "prefix", name: (traits["httpPrefixHeaders"] as string).toLowerCase() };
  if (traits["httpPayload"] !== undefined) {
    const root = traits["xmlName"] as string | undefined;
    return root === undefined ? { in: "payload" } : { in: "payload", name: root };
  }
  const wire = (traits["xmlName"] as string | undefined) ?? name;
  if (traits["xmlAttribute"] !== undefined) return { in: "attribute", name: wire };
  return { in: "body", name: wire };
}

function operationModel(raw: Raw, reader: Reader): OperationModel {
  const [, , name, rawTraits, input, output] = raw as [number, string, string, unknown, unknown, unknown];
  const traits = traitsOf(rawTraits);
  const [method, uri, status] = traits["http"] as [string, string, number];
  assert(/^(?:GET|HEAD|PUT|POST|DELETE)$/.test(method) && status >= 200 && status < 300, `${name}: ${method} with ${status}`);
  const [path, query = ""] = uri.split("?") as [string, string?];
  assert(path === "/" || path === "/{Key+}" || path === "/WriteGetObjectResponse", `${name}: unknown path ${path}`);
  const inputName = shapeOf(input, reader);
  const bucketed =
    inputName !== undefined &&
    reader.structures.get(inputName)!.members.some((m) => m.name === "Bucket" && m.binding.in === "label");
  const literals = query === "" ? [] : query.split("&").map((pair) => [pair.split("=")[0]!, pair.split("=")[1] ?? ""] as const);
  return {
    name,
    method,
    scope: path === "/{Key+}" ? "object" : bucketed ? "bucket" : "service",
    path: path === "/WriteGetObjectResponse" ? path : undefined,
    query: literals.filter(([literal]) => literal !== "x-id"),
    status,
    input: inputName,
    output: shapeOf(output, reader),
    httpChecksum: traits["httpChecksum"] !== undefined,
  };
}

function shapeOf(reference: unknown, reader: Reader): string | undefined {
  const target = deref(reference);
  return target === "unit" ? undefined : reader.structure(target as Raw);
}

/** Reads the whole model from the SDK. */
export function readModel(): Model {
  const reader = new Reader();
  const operations: OperationModel[] = [];
  for (const [exported, value] of Object.entries(sdk as Record<string, unknown>)) {
    if (!exported.endsWith("$") || !Array.isArray(value)) continue;
    if (value[0] === OPERATION) operations.push(operationModel(value, reader));
    if (value[0] === ERROR) reader.structure(value);
  }
  operations.sort((a, b) => (a.name < b.name ? -1 : 1));
  const structures = reader.finished();
  const errors = [...structures.values()].filter(({ kind }) => kind === "error");
  const found = `${operations.length} operations, ${errors.length} errors, ${structures.size - errors.length} structures`;
  assert.equal(
    found,
    "112 operations, 22 errors, 347 structures",
    "the protocol has changed: read the differences, then correct these numbers",
  );
  return { operations, structures };
}
