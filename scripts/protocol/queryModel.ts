/**
 * Reads the schemas of the SDK's clients of IAM and STS into a plain model. What the schemas of these two have not had so far is asserted to
 * be missing, as in `model.ts`.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What a member holds. */
export type QueryType =
  | { readonly kind: "string" | "number" | "boolean" | "timestamp" | "numbers" }
  | { readonly kind: "structure"; readonly shape: string }
  | { readonly kind: "list"; readonly item: QueryType };

/** A member of a structure. */
export interface QueryMember {
  readonly name: string;
  readonly required: boolean;
  readonly type: QueryType;
  /** The enumeration its values come from. */
  readonly enumeration: string | undefined;
}

/** An operation: every one is a POST of a form. */
export interface QueryOperation {
  readonly name: string;
  readonly input: string | undefined;
  readonly output: string | undefined;
}

/** All that is read of a service. */
export interface QueryModel {
  /** Of the package. */
  readonly version: string;
  /** The names of all its operations, in alphabetical order. */
  readonly actions: readonly string[];
  /** Those that were asked for. */
  readonly operations: readonly QueryOperation[];
  readonly structures: ReadonlyMap<string, readonly QueryMember[]>;
  readonly enums: ReadonlyMap<string, readonly string[]>;
}

/** The schemas' numbers for operations, structures and so on. */
const OPERATION = 9;
const STRUCTURE = 3;
const LIST = 1;
const NAMED_SCALAR = 0;
/** Added to a scalar's number: lists of it, and maps from strings to it. */
const LIST_OF = 64;
const MAP_OF = 128;
const NUMBER = 1;

const SCALARS = new Map<number, QueryType>([
  [0, { kind: "string" }],
  [NUMBER, { kind: "number" }],
  [2, { kind: "boolean" }],
  [4, { kind: "timestamp" }],
]);

type Raw = readonly unknown[];

function deref(reference: unknown): unknown {
  return typeof reference === "function" ? (reference as () => unknown)() : reference;
}

/** The target of a reference. Bits of traits say only that it is secret; there is no other trait. */
function targetOf(reference: unknown): unknown {
  const target = deref(reference);
  if (!Array.isArray(target)) return target;
  if (target.length === 2) {
    assert(typeof target[1] === "number", `a trait: ${JSON.stringify(target[1])}`);
    return targetOf(target[0]);
  }
  return target[0] === NAMED_SCALAR ? deref(target[4]) : target;
}

/** Collects the structures that operations reach. */
class Reader {
  readonly structures = new Map<string, readonly QueryMember[]>();
  readonly #enumerated: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor(enumerated: ReadonlyMap<string, ReadonlyMap<string, string>>) {
    this.#enumerated = enumerated;
  }

  structure(reference: unknown): string | undefined {
    const raw = targetOf(reference);
    if (raw === "unit") return undefined;
    const [id, , name, traits, names, references, required = 0] = raw as [
      number,
      string,
      string,
      unknown,
      string[],
      Raw,
      number?,
    ];
    assert(id === STRUCTURE && typeof traits === "number", `${name} is no structure, or has traits`);
    if (this.structures.has(name)) return name;
    const members: QueryMember[] = [];
    // Entered before its members are read: shapes may refer to themselves.
    this.structures.set(name, members);
    for (const [index, member] of names.entries()) {
      const enumeration = this.#enumerated.get(name)?.get(member);
      members.push({ name: member, required: index < required, type: this.#type(references[index]), enumeration });
    }
    return name;
  }

  #type(reference: unknown): QueryType {
    const target = targetOf(reference);
    if (typeof target === "number") {
      if (target >= MAP_OF) {
        assert(target === MAP_OF + NUMBER, `a map of ${target - MAP_OF}: there were maps of numbers only`);
        return { kind: "numbers" };
      }
      const scalar = SCALARS.get(target % LIST_OF);
      assert(scalar !== undefined, `unknown scalar ${target}`);
      return target >= LIST_OF ? { kind: "list", item: scalar } : scalar;
    }
    assert(Array.isArray(target), `a reference to ${String(target)}`);
    if (target[0] !== LIST) return { kind: "structure", shape: this.structure(target)! };
    assert(typeof target[3] === "number", `${String(target[2])}: a list with traits`);
    return { kind: "list", item: this.#type(target[4]) };
  }
}

/** Reads a service from its client. `built` names the operations whose shapes are wanted. */
export function readQueryModel(
  packageName: string,
  sdk: Readonly<Record<string, unknown>>,
  built: readonly string[],
): QueryModel {
  const folder = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const models = readdirSync(join(folder, "dist-types", "models"))
    .filter((name) => /^(?:models_\d+|enums)\.d\.ts$/.test(name))
    .map((name) => readFileSync(join(folder, "dist-types", "models", name), "utf8"));
  const enums = enumerations(models, sdk);
  const reader = new Reader(enumeratedMembers(models, enums));
  const schemas = Object.entries(sdk)
    .filter(([exported, value]) => exported.endsWith("$") && Array.isArray(value) && value[0] === OPERATION)
    .map(([, value]) => value as [number, string, string, unknown, unknown, unknown]);
  const byName = new Map(schemas.map((schema) => [schema[2], schema]));
  const operations = built.toSorted().map((name) => {
    const schema = byName.get(name);
    assert(schema !== undefined, `${packageName} has no operation ${name}`);
    return { name, input: reader.structure(schema[4]), output: reader.structure(schema[5]) };
  });
  const used = new Set([...reader.structures.values()].flat().map(({ enumeration }) => enumeration));
  return {
    version,
    actions: [...byName.keys()].toSorted(),
    operations,
    structures: reader.structures,
    enums: new Map([...enums].filter(([name]) => used.has(name))),
  };
}

function enumerations(models: readonly string[], sdk: Readonly<Record<string, unknown>>): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [, name] of models.flatMap((text) => [...text.matchAll(/^export declare const (\w+): \{/gm)])) {
    found.set(name!, Object.values(sdk[name!] as Record<string, string>));
  }
  return found;
}

/** Of each structure, the members whose values come from an enumeration. */
function enumeratedMembers(models: readonly string[], enums: ReadonlyMap<string, unknown>): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  for (const [, structure, body] of models.flatMap((text) => [...text.matchAll(/export interface (\w+) \{\n([\s\S]*?)\n\}/g)])) {
    const members = [...body!.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])?(?: \| undefined)?;$/gm)];
    found.set(structure!, new Map(members.filter(([, , type]) => enums.has(type!)).map(([, member, type]) => [member!, type!])));
  }
  assert(found.size > 10, "the declarations of the structures are not where they were");
  return found;
}
