import { suggestion } from "../config/nearest.ts";
import { readTime, TIME_FORM } from "../config/times.ts";
import { FaultRuleError } from "./FaultRule.ts";

/** Forms of JSON: each reads a value, says what would have fitted, and is the same as a JSON Schema. */

/** A JSON Schema of draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** What a value of JSON may be. */
export interface Form<Value> {
  /** What fits, to end a sentence with. */
  readonly words: string;
  readonly schema: JsonSchema;
  /** The value, if it fits. `path` names its place, such as "rules[2].action". Throws `FaultRuleError`. */
  read(value: unknown, path: string): Value;
}

/** A member of an object. */
export interface Member<Value> {
  readonly form: Form<Value>;
  readonly isOptional?: true;
}

/** The members of an object, by name. */
export type Members = Readonly<Record<string, Member<unknown>>>;

/** A member that may be left out. */
export function optional<Value>(form: Form<Value>): Member<Value> {
  return { form, isOptional: true };
}

/** A member that must be there. */
export function required<Value>(form: Form<Value>): Member<Value> {
  return { form };
}

/** A whole number. */
export function wholeNumber(minimum: number, maximum: number): Form<number> {
  const words = `a whole number from ${minimum} to ${maximum}`;
  const fits = (value: unknown): value is number => Number.isInteger(value) && isWithin(value as number, minimum, maximum);
  return formOf(words, { type: "integer", minimum, maximum }, fits);
}

/** A whole number other than 0, up to `maximum` on both sides of it. */
export function differenceUpTo(maximum: number): Form<number> {
  const words = `a whole number from ${-maximum} to ${maximum}, and not 0`;
  const schema = { type: "integer", minimum: -maximum, maximum, not: { const: 0 } };
  const fits = (value: unknown): value is number =>
    Number.isInteger(value) && isWithin(value as number, -maximum, maximum) && value !== 0;
  return formOf(words, schema, fits);
}

/** A number above 0, up to 1. */
export const PROBABILITY: Form<number> = formOf(
  "a number above 0, up to 1",
  { type: "number", exclusiveMinimum: 0, maximum: 1 },
  (value): value is number => typeof value === "number" && value > 0 && value <= 1,
);

/** Text of 1 to so many characters, of which a pattern with the flag "u" may ask more. */
export function text(longest: number, { words, pattern }: { words?: string; pattern?: RegExp } = {}): Form<string> {
  const fits = (value: unknown): value is string =>
    typeof value === "string" && value !== "" && isAtMost(value, longest) && (pattern === undefined || pattern.test(value));
  const schema = { type: "string", minLength: 1, maxLength: longest, ...(pattern !== undefined && { pattern: pattern.source }) };
  return formOf(words ?? `text of 1 to ${longest} characters`, schema, fits);
}

/** The moments that a time may look like, for the schema; which days there are, a pattern cannot say. */
const TIME_PATTERN = "^\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,9})?)?(?:[Zz]|[+-]\\d\\d:\\d\\d)?)?$";

/** A moment in ISO 8601, which becomes one in UTC. */
export const TIME: Form<string> = {
  words: TIME_FORM,
  schema: { type: "string", pattern: TIME_PATTERN },
  read(value, path) {
    const timeMs = typeof value === "string" ? readTime(value) : undefined;
    if (timeMs === undefined) throw refusal(path, value, TIME_FORM);
    return new Date(timeMs).toISOString();
  },
};

/** One of these. `words` says what they are, where they are too many to be told. */
export function oneOf<const Value extends string | number>(values: readonly Value[], words?: string): Form<Value> {
  const all = new Set<unknown>(values);
  const told = words ?? inWords(values);
  return {
    words: told,
    schema: { enum: values },
    read(value, path) {
      if (all.has(value)) return value as Value;
      const names = values.filter((one) => typeof one === "string");
      if (typeof value !== "string" || names.length === 0) throw refusal(path, value, told);
      const did = suggestion(value, names, (name) => JSON.stringify(name));
      throw new FaultRuleError(`${refusalText(path, value, told)}${did}`);
    },
  };
}

/** One to so many values, each of them once. */
export function listOf<Value extends string | number>(form: Form<Value>, most: number): Form<readonly Value[]> {
  const words = `a list of 1 to ${most}, each ${form.words}, and no two the same`;
  return {
    words,
    schema: { type: "array", items: form.schema, minItems: 1, maxItems: most, uniqueItems: true },
    read(value, path) {
      if (!Array.isArray(value) || value.length === 0 || value.length > most) throw refusal(path, value, words);
      const items = value.map((item, index) => form.read(item, `${path}[${index}]`));
      const again = items.findIndex((item, index) => items.indexOf(item) !== index);
      if (again !== -1) throw new FaultRuleError(`${path}[${again}] is ${shown(items[again])}, which stands there already.`);
      return items;
    },
  };
}

/** An object with these members, and no others. */
export function readMembers(value: unknown, path: string, members: Members): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal(path, value, `an object with ${inWords(Object.keys(members), "and")}`);
  }
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(members, name)) continue;
    const known = Object.keys(members);
    const did = suggestion(name, known, (similar) => JSON.stringify(similar));
    const hint = did === "." ? `; what may stand there is ${inWords(known, "and")}.` : did;
    throw new FaultRuleError(`${memberOf(path, name)} means nothing${hint}`);
  }
  for (const [name, { form, isOptional }] of Object.entries(members)) {
    const given: unknown = (value as Readonly<Record<string, unknown>>)[name];
    if (given !== undefined) read[name] = form.read(given, memberOf(path, name));
    else if (isOptional !== true) throw new FaultRuleError(`${memberOf(path, name)} is missing; it has to be ${form.words}.`);
  }
  return read;
}

/** The same as a schema. */
export function membersSchema(members: Members): JsonSchema {
  const all = Object.entries(members);
  return {
    type: "object",
    properties: Object.fromEntries(all.map(([name, { form }]) => [name, form.schema])),
    required: all.filter(([, { isOptional }]) => isOptional !== true).map(([name]) => name),
    additionalProperties: false,
  };
}

/** A schema that asks something of whatever fits another one. */
export function implied(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  return { anyOf: [{ not: condition }, consequence] };
}

/** The place of a member. */
export function memberOf(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

/** What is wrong with the value of a member. */
function refusal(path: string, value: unknown, words: string): FaultRuleError {
  return new FaultRuleError(`${refusalText(path, value, words)}.`);
}

function refusalText(path: string, value: unknown, words: string): string {
  return `${path === "" ? "The rule" : path} is ${shown(value)}, and has to be ${words}`;
}

/** No more of a value is shown than this, in characters. */
const LONGEST_SHOWN = 80;

/** A value for a message. */
export function shown(value: unknown): string {
  const whole = asJson(value) ?? String(value);
  return whole.length > LONGEST_SHOWN ? `${whole.slice(0, LONGEST_SHOWN)}…` : whole;
}

/** `undefined` for what JSON has not, which the library may be given. */
function asJson(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** `"a", "b" or "c"`. */
export function inWords(values: readonly (string | number)[], and = "or"): string {
  const each = values.map((value) => JSON.stringify(value));
  return each.length < 2 ? each.join("") : `${each.slice(0, -1).join(", ")} ${and} ${each.at(-1)}`;
}

function formOf<Value>(words: string, schema: JsonSchema, fits: (value: unknown) => value is Value): Form<Value> {
  return {
    words,
    schema,
    read(value, path) {
      if (!fits(value)) throw refusal(path, value, words);
      return value;
    },
  };
}

function isWithin(value: number, minimum: number, maximum: number): boolean {
  return value >= minimum && value <= maximum;
}

/** Counted as JSON Schema does, by code points. */
function isAtMost(value: string, longest: number): boolean {
  // One character takes two units of JavaScript's at most.
  return value.length <= 2 * longest && (value.length <= longest || [...value].length <= longest);
}
