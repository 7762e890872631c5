import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import type { PolicyValue } from "./policyJson.ts";
import { invalidPolicy, notJson, parsePolicyJson, PolicyObject } from "./policyJson.ts";

/** How many bytes a file may have. */
export interface SizeRange {
  readonly minSizeBytes: number;
  readonly maxSizeBytes: number;
}

/** What a file may have where no policy says it. */
export const ANY_SIZE: SizeRange = { minSizeBytes: 0, maxSizeBytes: Number.MAX_SAFE_INTEGER };

/** A condition on a field: its value is this one, or begins so. */
interface Match {
  readonly operator: "eq" | "starts-with";
  /** As the policy has it, with "$" before its name. */
  readonly field: string;
  readonly value: string;
}

/** Bounds that are no numbers can be written down, and never hold. */
interface Range {
  readonly operator: "content-length-range";
  readonly bounds: readonly (string | number)[];
}

type Condition = Match | Range;

/** What forms are asked for beside their fields: the bucket is in their address, and counts as a field of any form. */
const BUCKET = "bucket";

/** Fields that no condition needs to name. */
const UNCONDITIONAL: ReadonlySet<string> = new Set(["awsaccesskeyid", "policy", "signature", "x-amz-signature"]);
const IGNORED_PREFIX = "x-ignore-";

/** Fields whose values are in no answer. */
const SECRET = /-customer-key$|-security-token$/;

/** Times are UTC, to the second or finer. */
const EXPIRATION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/**
 * What whoever signs a browser's form lets it do: until when, and under which conditions on its fields.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export class PostPolicy {
  readonly #expiration: string;
  readonly #conditions: readonly Condition[];

  /** Reads a policy as it stands in its field, in base64. Throws InvalidPolicyDocument. */
  constructor(base64: string) {
    const { members } = parsePolicyJson(decoded(base64));
    // Of several, S3 was seen to name the last.
    const unknown = members.findLast(([name]) => name !== "expiration" && name !== "conditions");
    if (unknown !== undefined) {
      const [name] = unknown;
      throw invalidPolicy(
        `Invalid Policy: Unexpected: '${name.toLowerCase()}'`,
        `A policy has an expiration and conditions, and no ${quoted(name)}.`,
      );
    }
    const { expiration, conditions } = Object.fromEntries(members);
    this.#expiration = readExpiration(expiration);
    this.#conditions = readConditions(conditions);
  }

  /**
   * Throws AccessDenied unless the policy is good until now or later, the fields are as it says, and there are no others. `fields` by their
   * names in lower case.
   */
  check(fields: ReadonlyMap<string, string>, bucket: string, nowMs: number): void {
    if (nowMs > Date.parse(this.#expiration)) {
      throw refused(
        "Invalid according to Policy: Policy expired.",
        `The policy was good until ${this.#expiration}: sign a new one.`,
      );
    }
    const conditional = new Set<string>();
    for (const condition of this.#conditions) {
      if (condition.operator === "content-length-range") {
        if (rangeOf(condition) === undefined) throw failed(condition, "Its bounds are whole numbers.");
        continue;
      }
      const name = condition.field.slice(1).toLowerCase();
      const value = name === BUCKET ? bucket : fields.get(name);
      if (!condition.field.startsWith("$")) throw failed(condition, 'A field\'s name begins with "$".');
      if (value === undefined) throw failed(condition, `The form has no field ${quoted(name)} before its file.`);
      if (!isMet(condition, name, value)) {
        throw failed(condition, SECRET.test(name) ? "The form has another value there." : `The form has ${quoted(value)} there.`);
      }
      conditional.add(name);
    }
    const extra = [...fields.keys(), BUCKET].find((name) => !conditional.has(name) && needsCondition(name));
    if (extra === undefined) return;
    throw refused(
      `Invalid according to Policy: Extra input fields: ${extra}`,
      extra === BUCKET
        ? "No condition of the policy names the bucket, which is in the form's address."
        : `No condition of the policy names the field ${quoted(extra)}. ["starts-with", "$${extra}", ""] lets it have any value.`,
    );
  }

  /** What the file may have by all conditions on it. */
  get sizeRange(): SizeRange {
    let { minSizeBytes, maxSizeBytes } = ANY_SIZE;
    for (const condition of this.#conditions) {
      const range = condition.operator === "content-length-range" ? rangeOf(condition) : undefined;
      if (range === undefined) continue;
      minSizeBytes = Math.max(minSizeBytes, range.minSizeBytes);
      maxSizeBytes = Math.min(maxSizeBytes, range.maxSizeBytes);
    }
    return { minSizeBytes, maxSizeBytes };
  }
}

const WHITE_SPACE = /\s+/g;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const decoder = new TextDecoder("utf-8", { fatal: true });

function decoded(base64: string): string {
  const digits = base64.replace(WHITE_SPACE, "");
  if (digits.length % 4 !== 0 || !BASE64.test(digits)) {
    throw invalidPolicy("Invalid Policy: invalid Base64 encoding.", "The field policy is not the base64 of a policy.");
  }
  try {
    return decoder.decode(Buffer.from(digits, "base64"));
  } catch {
    throw notJson("It is not UTF-8.");
  }
}

function readExpiration(value: PolicyValue | undefined): string {
  if (value === undefined)
    throw invalidPolicy("Invalid Policy: Policy missing expiration.", "A policy says in expiration until when it is good.");
  if (typeof value !== "string" && typeof value !== "number") throw notJson("The expiration is a text.");
  const text = String(value);
  if (EXPIRATION.test(text) && !Number.isNaN(Date.parse(text))) return text;
  throw invalidPolicy(
    `Invalid Policy: Invalid 'expiration' value: '${text}'`,
    "The expiration is a time in UTC, such as 2026-03-01T12:00:00.000Z, with T and Z.",
  );
}

function readConditions(value: PolicyValue | undefined): readonly Condition[] {
  if (value === undefined)
    throw invalidPolicy("Invalid Policy: Policy missing conditions.", "A policy lists in conditions what the form must be.");
  if (isList(value)) return value.map(readCondition);
  throw invalidPolicy("Invalid Policy: Invalid 'conditions' value: must be a List.", "The conditions stand in brackets.");
}

function readCondition(value: PolicyValue): Condition {
  if (value instanceof PolicyObject) return simpleCondition(value);
  if (!isList(value)) {
    throw invalidPolicy(
      "Invalid Policy: Invalid condition test: must be a List or Object.",
      'A condition is {"field": "value"} or ["operator", "$field", "value"].',
    );
  }
  const [first, ...operands] = value;
  if (typeof first !== "string") {
    throw invalidPolicy(
      "Invalid Policy: Invalid Condition: missing operation identifier.",
      "A condition in brackets begins with its operator.",
    );
  }
  const operator = first.toLowerCase();
  if (operator !== "eq" && operator !== "starts-with" && operator !== "content-length-range") {
    throw invalidPolicy(
      `Invalid Policy: Invalid Condition: unknown operation '${first}'.`,
      "The operators are eq, starts-with and content-length-range.",
    );
  }
  if (operands.length !== 2) {
    throw invalidPolicy(
      `Invalid Policy: Invalid ${operator}: wrong number of arguments.`,
      `${operator} has two operands, and ${operands.length} came.`,
    );
  }
  if (operator === "content-length-range") {
    if (operands.every((bound) => typeof bound === "string" || typeof bound === "number")) return { operator, bounds: operands };
    throw notJson("The bounds of content-length-range are whole numbers.");
  }
  const [field, wanted] = operands;
  if (typeof field === "string" && typeof wanted === "string") return { operator, field, value: wanted };
  throw notJson(`The operands of ${operator} are texts.`);
}

function simpleCondition({ members }: PolicyObject): Condition {
  const [member] = members;
  if (member === undefined || members.length > 1) {
    throw invalidPolicy(
      "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
      `A condition in braces has one field and its value, and this one has ${members.length}.`,
    );
  }
  const [name, value] = member;
  if (typeof value === "string") return { operator: "eq", field: `$${name}`, value };
  throw invalidPolicy(
    "Invalid Policy: Invalid Simple-Condition: value must be a string.",
    `The value of ${quoted(name)} must stand in quotes, as all values of fields are texts.`,
  );
}

function isList(value: PolicyValue): value is readonly PolicyValue[] {
  return Array.isArray(value);
}

/** Of Content-Type, a list of types, each has to begin so. */
function isMet({ operator, value: wanted }: Match, name: string, value: string): boolean {
  if (operator === "eq") return value === wanted;
  if (name !== "content-type") return value.startsWith(wanted);
  return value.split(",").every((type) => type.trimStart().startsWith(wanted));
}

const WHOLE_NUMBER = /^\d{1,15}$/;

function rangeOf({ bounds }: Range): SizeRange | undefined {
  if (!bounds.every((bound) => typeof bound === "number" || WHOLE_NUMBER.test(bound))) return undefined;
  return { minSizeBytes: Number(bounds[0]), maxSizeBytes: Number(bounds[1]) };
}

function needsCondition(name: string): boolean {
  return !UNCONDITIONAL.has(name) && !name.startsWith(IGNORED_PREFIX);
}

function failed(condition: Condition, explanation: string): S3Error {
  const operands = condition.operator === "content-length-range" ? condition.bounds : [condition.field, condition.value];
  const text = [condition.operator, ...operands].map((operand) => JSON.stringify(operand)).join(", ");
  return refused(`Invalid according to Policy: Policy Condition failed: [${text}]`, explanation);
}

function refused(message: string, explanation: string): S3Error {
  return new S3Error("AccessDenied", { message, explanation });
}
