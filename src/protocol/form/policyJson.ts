import { S3Error } from "../../errors/S3Error.ts";

/** A value of a policy: S3's JSON has texts, whole numbers, lists and objects. */
export type PolicyValue = string | number | readonly PolicyValue[] | PolicyObject;

/** An object, in the order of its members; names may repeat. */
export class PolicyObject {
  readonly members: readonly (readonly [name: string, value: PolicyValue])[];

  constructor(members: PolicyObject["members"]) {
    this.members = members;
  }
}

/** A policy nests three deep; what goes on is none. */
const MAX_DEPTH = 8;

/** A text; digits; what has a meaning of its own; anything else up to what has one. White space before it is passed over. */
const TOKEN = /\s*(?:"((?:[^"\\\0-\x1f]|\\.)*)"|(\d+)|([[\]{},:])|([^\s"[\]{},:]+))/y; // eslint-disable-line no-control-regex -- JSON has no controls
const ESCAPE = /\\(?:u([\da-f]{4})|(.))/gi;
const ESCAPED: Readonly<Record<string, string>> = {
  ...{ '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" },
  // Those that S3's pages add.
  ...{ v: "\v", $: "$" },
};

/**
 * Reads the JSON of a POST policy, which is a dialect of its own: lists and objects may end in a comma, as AWS's example does, "\$" and "\v" are
 * escapes, and there are no fractions, no negative numbers, no true, false and null. Throws InvalidPolicyDocument.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function parsePolicyJson(text: string): PolicyObject {
  const reader = new PolicyReader(text);
  if (reader.isAtEnd) throw invalidPolicy("Invalid Policy: Expecting '{' but found End-of-Input", "The policy is empty.");
  const value = reader.value(0);
  if (!reader.isAtEnd) throw notJson("Something follows the policy's last brace.");
  if (!(value instanceof PolicyObject)) throw notJson("A policy is an object, in braces.");
  return value;
}

class PolicyReader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text.trimEnd();
  }

  get isAtEnd(): boolean {
    return this.#position === this.#text.length;
  }

  value(depth: number): PolicyValue {
    if (depth > MAX_DEPTH) throw notJson(`It nests deeper than ${MAX_DEPTH} levels.`);
    const [, string, digits, mark, word] = this.#next();
    if (string !== undefined) return unescaped(string);
    if (digits !== undefined) return Number(digits);
    if (mark === "[") return this.#items("]", () => this.value(depth + 1));
    if (mark === "{") return new PolicyObject(this.#items("}", () => this.#member(depth + 1)));
    if (word?.startsWith("-") === true) {
      throw invalidPolicy(
        "Invalid Policy: Token - must be enclosed in quotes.",
        "A policy has whole numbers without a sign, texts in quotes, lists and objects.",
      );
    }
    throw notJson(
      `A value cannot be ${JSON.stringify(mark ?? word)}: it is a text in quotes, a whole number, a list or an object.`,
    );
  }

  #member(depth: number): readonly [string, PolicyValue] {
    const [, name] = this.#next();
    if (name === undefined) throw notJson("A member of an object has no name in quotes.");
    if (this.#next()[3] !== ":") throw notJson(`No colon follows the name ${JSON.stringify(name)}.`);
    return [unescaped(name), this.value(depth)];
  }

  #items<Item>(end: string, read: () => Item): Item[] {
    const items: Item[] = [];
    for (;;) {
      if (this.#takes(end)) return items;
      items.push(read());
      if (this.#takes(end)) return items;
      if (!this.#takes(",")) throw notJson(`Neither a comma nor ${end} follows a value.`);
    }
  }

  #takes(mark: string): boolean {
    const before = this.#position;
    if (this.#next()[3] === mark) return true;
    this.#position = before;
    return false;
  }

  #next(): RegExpExecArray {
    TOKEN.lastIndex = this.#position;
    const match = TOKEN.exec(this.#text);
    if (match === null)
      throw notJson(this.isAtEnd ? "It ends too early." : "A text in it does not end, or holds a control character.");
    this.#position = TOKEN.lastIndex;
    return match;
  }
}

function unescaped(text: string): string {
  return text.replace(ESCAPE, (escape, code: string | undefined, character: string) => {
    const meant = code === undefined ? ESCAPED[character] : String.fromCharCode(parseInt(code, 16));
    if (meant === undefined) throw notJson(`${escape} in a text is no escape.`);
    return meant;
  });
}

/** The error of a policy that cannot be used; `message` in S3's words. */
export function invalidPolicy(message: string, explanation: string): S3Error {
  return new S3Error("InvalidPolicyDocument", { message, explanation });
}

/** The error of a policy that cannot be read. */
export function notJson(explanation: string): S3Error {
  return invalidPolicy("Invalid Policy: Invalid JSON.", `The policy is no JSON as S3 reads it. ${explanation}`);
}
