import assert from "node:assert/strict";

type Schema = Readonly<Record<string, unknown>>;

/** The words of JSON Schema that this knows; a schema with another one would be held only in part. */
const KNOWN = new Set([
  ...["$ref", "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minItems", "maxItems"],
  ...[
    "anyOf",
    "oneOf",
    "allOf",
    "not",
    "if",
    "then",
    "else",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "minLength",
    "maxLength",
    "pattern",
  ],
  ...["description", "default", "format", "title", "$schema", "$id", "$defs", "uniqueItems", "minProperties"],
]);

/** Says what is wrong with a value, by a JSON Schema whose references lead into `root`: a path and a sentence each; nothing for one that is right. */
export function problemsOf(value: unknown, schema: Schema | boolean, root: Schema, at = "$"): string[] {
  if (typeof schema === "boolean") return schema ? [] : [`${at}: must not be there`];
  const unknown = Object.keys(schema).filter((word) => !KNOWN.has(word));
  assert.deepEqual(unknown, [], `the test's validator does not know these words, at ${at}`);
  const {
    $ref,
    type,
    properties = {},
    required = [],
    additionalProperties,
    items,
    anyOf,
    oneOf,
  } = schema as {
    readonly $ref?: string;
    readonly type?: string | readonly string[];
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: boolean | Schema;
    readonly items?: Schema;
    readonly anyOf?: readonly Schema[];
    readonly oneOf?: readonly Schema[];
  };
  const problems: string[] = [];
  if ($ref !== undefined) problems.push(...problemsOf(value, resolved(root, $ref), root, at));
  if (type !== undefined && ![type].flat().some((one) => isOf(value, one)))
    return [`${at}: ${typeof value} is no ${String(type)}`];
  if ("enum" in schema && !(schema["enum"] as unknown[]).includes(value))
    problems.push(`${at}: ${String(value)} is none of the words`);
  if ("const" in schema && schema["const"] !== value) problems.push(`${at}: ${String(value)} is not ${String(schema["const"])}`);
  if (typeof value === "number") {
    if (value < Number(schema["minimum"] ?? -Infinity)) problems.push(`${at}: ${value} is too small`);
    if (value > Number(schema["maximum"] ?? Infinity)) problems.push(`${at}: ${value} is too large`);
    if (value <= Number(schema["exclusiveMinimum"] ?? -Infinity)) problems.push(`${at}: ${value} is too small`);
  }
  if (typeof value === "string") {
    if (value.length < Number(schema["minLength"] ?? 0)) problems.push(`${at}: too short`);
    if (value.length > Number(schema["maxLength"] ?? Infinity)) problems.push(`${at}: too long`);
    if ("pattern" in schema && !new RegExp(String(schema["pattern"]), "u").test(value))
      problems.push(`${at}: ${value} is of another form`);
  }
  if (Array.isArray(value)) {
    if (value.length < Number(schema["minItems"] ?? 0)) problems.push(`${at}: too few`);
    if (value.length > Number(schema["maxItems"] ?? Infinity)) problems.push(`${at}: too many`);
    if (items !== undefined) problems.push(...value.flatMap((item, index) => problemsOf(item, items, root, `${at}[${index}]`)));
  } else if (typeof value === "object" && value !== null) {
    for (const name of required) if (!(name in value)) problems.push(`${at}: ${name} is missing`);
    for (const [name, member] of Object.entries(value)) {
      const known = properties[name] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
      if (known !== undefined) problems.push(...problemsOf(member, known, root, `${at}.${name}`));
      else if (additionalProperties === false) problems.push(`${at}: ${name} is not known`);
    }
  }
  const fits = (other: unknown): boolean => problemsOf(value, other as Schema, root, at).length === 0;
  for (const part of (schema["allOf"] ?? []) as readonly Schema[]) problems.push(...problemsOf(value, part, root, at));
  if ("not" in schema && fits(schema["not"])) problems.push(`${at}: fits what it must not`);
  if ("if" in schema) {
    const then = schema[fits(schema["if"]) ? "then" : "else"] as Schema | undefined;
    if (then !== undefined) problems.push(...problemsOf(value, then, root, at));
  }
  for (const choices of [anyOf, oneOf]) {
    if (choices === undefined) continue;
    const each = choices.map((choice) => problemsOf(value, choice, root, at));
    const fitting = each.filter((found) => found.length === 0).length;
    if (fitting === 0 || (choices === oneOf && fitting > 1))
      problems.push(`${at}: ${fitting} of ${each.length} fit: ${each.flat().join("; ")}`);
  }
  return problems;
}

function resolved(root: Schema, reference: string): Schema {
  const found = reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<unknown>((part, name) => (part as Schema)[name], root);
  assert.ok(found !== undefined, `${reference} leads nowhere`);
  return found as Schema;
}

function isOf(value: unknown, type: string): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}
