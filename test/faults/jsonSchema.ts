import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

type Schema = boolean | { readonly [keyword: string]: unknown };

/** Whether a value of JSON fits a schema of draft 2020-12: of its keywords, those that the schema of scenarios has. */
export function fitsSchema(value: unknown, schema: Schema, root: Schema = schema): boolean {
  if (typeof schema === "boolean") return schema;
  const fits = (inner: unknown, of: unknown): boolean => fitsSchema(inner, of as Schema, root);
  return Object.entries(schema).every(([keyword, given]) => {
    const judge = JUDGES[keyword];
    assert.ok(judge !== undefined, `the keyword ${keyword} is not known here`);
    return judge({ value, given, schema, root, fits });
  });
}

interface Judgement {
  readonly value: unknown;
  /** The keyword's. */
  readonly given: unknown;
  readonly schema: { readonly [keyword: string]: unknown };
  readonly root: Schema;
  readonly fits: (inner: unknown, of: unknown) => boolean;
}

type Judge = (judgement: Judgement) => boolean;
type Members = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value);
const always: Judge = () => true;
const ofNumber =
  (judge: (value: number, limit: number) => boolean): Judge =>
  ({ value, given }) =>
    typeof value !== "number" || judge(value, given as number);
const ofText =
  (judge: (value: string, given: unknown) => boolean): Judge =>
  ({ value, given }) =>
    typeof value !== "string" || judge(value, given);
const ofList =
  (judge: (value: readonly unknown[], judgement: Judgement) => boolean): Judge =>
  (judgement) =>
    !Array.isArray(judgement.value) || judge(judgement.value, judgement);

const TYPES: { readonly [name: string]: (value: unknown) => boolean } = {
  object: isObject,
  array: Array.isArray,
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  integer: Number.isInteger,
};

const JUDGES: { readonly [keyword: string]: Judge } = {
  $schema: always,
  title: always,
  description: always,
  $defs: always,
  $ref: ({ value, given, root, fits }) => {
    const definition = (root as { readonly $defs: Members }).$defs[(given as string).replace("#/$defs/", "")];
    assert.ok(definition !== undefined, `${String(given)} is not there`);
    return fits(value, definition);
  },
  type: ({ value, given }) => TYPES[given as string]!(value),
  enum: ({ value, given }) => (given as readonly unknown[]).includes(value),
  const: ({ value, given }) => value === given,
  not: ({ value, given, fits }) => !fits(value, given),
  allOf: ({ value, given, fits }) => (given as readonly unknown[]).every((one) => fits(value, one)),
  anyOf: ({ value, given, fits }) => (given as readonly unknown[]).some((one) => fits(value, one)),
  properties: ({ value, given, fits }) =>
    !isObject(value) ||
    Object.entries(given as Members).every(([name, of]) => !Object.hasOwn(value, name) || fits(value[name], of)),
  required: ({ value, given }) => !isObject(value) || (given as readonly string[]).every((name) => Object.hasOwn(value, name)),
  additionalProperties: ({ value, given, schema }) => {
    assert.equal(given, false);
    return !isObject(value) || Object.keys(value).every((name) => Object.hasOwn(schema["properties"] as Members, name));
  },
  items: ofList((value, { given, fits }) => value.every((item) => fits(item, given))),
  minItems: ofList((value, { given }) => value.length >= (given as number)),
  maxItems: ofList((value, { given }) => value.length <= (given as number)),
  uniqueItems: ofList((value) => value.every((one, at) => value.findIndex((other) => isDeepStrictEqual(one, other)) === at)),
  minimum: ofNumber((value, limit) => value >= limit),
  maximum: ofNumber((value, limit) => value <= limit),
  exclusiveMinimum: ofNumber((value, limit) => value > limit),
  minLength: ofText((value, limit) => [...value].length >= (limit as number)),
  maxLength: ofText((value, limit) => [...value].length <= (limit as number)),
  pattern: ofText((value, pattern) => new RegExp(pattern as string, "u").test(value)),
};
