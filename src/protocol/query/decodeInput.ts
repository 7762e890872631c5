import { QueryError } from "../../errors/QueryError.ts";
import { quoted } from "../../errors/quoted.ts";
import type { AnyInput } from "../Dialect.ts";
import type { ShapeMember } from "../Shape.ts";
import type { Constraint } from "./constraints.ts";
import { constraintOf } from "./constraints.ts";
import type { QueryOperation, QueryService } from "./services.ts";
import { Violations } from "./Violations.ts";

/** Parameters by the parts of their names: "Tags.member.1.Key" is below "Tags", "member", "1" and "Key". */
interface Branch {
  text: string | undefined;
  branches: Map<string, Branch> | undefined;
}

const INTEGER = /^-?\d{1,15}$/;
const INDEX = /^\d{1,9}$/;

/**
 * The input of an operation, out of a form's parameters. Unknown ones are passed over, as on AWS. Throws ValidationError with everything that is
 * wrong with the values, and MalformedInput for what is no value of the member's type.
 */
export function decodeInput(service: QueryService, operation: QueryOperation, parameters: ReadonlyMap<string, string>): AnyInput {
  const { input } = operation;
  if (input === undefined) return {};
  const decoder = new Decoder(service);
  const decoded = decoder.structure(input, treeOf(parameters), "");
  decoder.violations.throwAny();
  return decoded;
}

function treeOf(parameters: ReadonlyMap<string, string>): Branch {
  const root: Branch = { text: undefined, branches: undefined };
  for (const [name, text] of parameters) {
    let branch = root;
    for (const part of name.split(".")) {
      branch.branches ??= new Map();
      let next = branch.branches.get(part);
      if (next === undefined) {
        next = { text: undefined, branches: undefined };
        branch.branches.set(part, next);
      }
      branch = next;
    }
    branch.text = text;
  }
  return root;
}

class Decoder {
  readonly violations: Violations = new Violations();
  readonly #service: QueryService;

  constructor(service: QueryService) {
    this.#service = service;
  }

  structure(shapeName: string, branch: Branch, prefix: string): Record<string, unknown> {
    const decoded: Record<string, unknown> = {};
    for (const member of this.#service.shapeOf(shapeName).members) {
      const path = prefix + lowerFirst(member.name);
      const sent = branch.branches?.get(member.name);
      const constraint = constraintOf(shapeName, member.name);
      const value = sent === undefined ? undefined : this.#member(member, sent, path, constraint);
      if (value !== undefined) decoded[member.name] = value;
      else if (member.required === true) this.violations.missing(path);
    }
    return decoded;
  }

  #member(member: ShapeMember, sent: Branch, path: string, constraint: Constraint | undefined): unknown {
    if (member.type === "list") return this.#list(member, sent, path, constraint);
    if (member.type === "structure") return this.structure(member.shape!, sent, `${path}.`);
    const { text } = sent;
    if (text === undefined) throw malformed(path, `${path} is a single value, and the form has parts of it.`);
    switch (member.type) {
      case "number":
        return this.#number(text, path, constraint);
      case "boolean":
        return booleanOf(text, path);
      default:
        this.violations.checkText(
          path,
          text,
          constraint,
          member.enum === undefined ? undefined : this.#service.valuesOf(member.enum),
        );
        return text;
    }
  }

  #number(text: string, path: string, constraint: Constraint | undefined): number {
    if (!INTEGER.test(text)) throw malformed(path, `${path} is ${quoted(text)}, which is no whole number.`);
    const value = Number(text);
    this.violations.checkNumber(path, value, constraint, "value");
    return value;
  }

  /** The items in the order of their numbers, which may have gaps. */
  #list(member: ShapeMember, { text, branches }: Branch, path: string, constraint: Constraint | undefined): unknown[] {
    const numbered = branches?.get(member.itemName!)?.branches;
    if (numbered === undefined) {
      // So an empty list is sent.
      if (text === "") return [];
      throw malformed(path, `${path} is a list: its items are ${member.name}.${member.itemName}.1 and so on.`);
    }
    const numbers = [...numbered.keys()];
    for (const number of numbers) if (!INDEX.test(number)) throw malformed(path, `${quoted(number)} is no number of an item.`);
    numbers.sort((left, right) => Number(left) - Number(right));
    this.violations.checkNumber(path, numbers.length, constraint, "length");
    const ofItems = constraintOf(path, `${member.name}[]`);
    return numbers.map((number, index) => {
      const item = { ...member.item!, name: member.name, in: "body" } as const;
      return this.#member(item, numbered.get(number)!, `${path}.${index + 1}.${member.itemName}`, ofItems);
    });
  }
}

function booleanOf(text: string, path: string): boolean {
  const lower = text.toLowerCase();
  if (lower === "true" || lower === "false") return lower === "true";
  throw malformed(path, `${path} is ${quoted(text)}; it can be true and false.`);
}

function malformed(path: string, explanation: string): QueryError {
  return new QueryError("MalformedInput", { message: `Unexpected value for ${path}`, explanation });
}

/** How errors call a member: "UserName" is userName. */
function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
