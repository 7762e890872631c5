/** A value of a JSON document. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** An object of a JSON document, which remembers what `JSON.parse` forgets. */
export interface JsonObject {
  readonly members: ReadonlyMap<string, Json>;
  /** The first name that comes twice, if one does. */
  readonly repeated: string | undefined;
}

/** True for an object. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && "members" in value;
}

/** True for a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** How deep objects and lists may lie in each other; a policy needs six. */
const MAX_DEPTH = 32;

/** What stands between the tokens of a document. */
const BLANKS = /[ \t\n\r]*/y;
/** Whether what stands between the quotation marks may stand there is for `JSON.parse` to say. */
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const PRIMITIVE = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** A document, read from its beginning to its end. Reads nothing twice. */
class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Json {
    const value = this.#value(0);
    this.#skipBlanks();
    if (this.#at < this.#text.length) this.#fail();
    return value;
  }

  #value(depth: number): Json {
    if (depth > MAX_DEPTH) this.#fail();
    this.#skipBlanks();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#list(depth);
      case '"':
        return this.#token(STRING) as string;
      default:
        return this.#token(PRIMITIVE) as number | boolean | null;
    }
  }

  #object(depth: number): JsonObject {
    const members = new Map<string, Json>();
    let repeated: string | undefined;
    this.#items("}", () => {
      const name = this.#token(STRING) as string;
      this.#skipBlanks();
      this.#expect(":");
      if (members.has(name)) repeated ??= name;
      members.set(name, this.#value(depth + 1));
    });
    return { members, repeated };
  }

  #list(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.#items("]", () => items.push(this.#value(depth + 1)));
    return items;
  }

  /** What stands between brackets, with commas between. */
  #items(close: string, item: () => void): void {
    this.#at++;
    this.#skipBlanks();
    if (this.#text[this.#at] === close) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skipBlanks();
      item();
      this.#skipBlanks();
      if (this.#text[this.#at] !== ",") break;
      this.#at++;
    }
    this.#expect(close);
  }

  #token(pattern: RegExp): unknown {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return this.#fail();
    let value: unknown;
    try {
      value = JSON.parse(found);
    } catch {
      return this.#fail();
    }
    this.#at += found.length;
    return value;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) this.#fail();
    this.#at++;
  }

  #skipBlanks(): void {
    BLANKS.lastIndex = this.#at;
    this.#at += BLANKS.exec(this.#text)![0].length;
  }

  #fail(): never {
    throw new SyntaxError(`at character ${this.#at + 1}`);
  }
}

/**
 * Reads a document of JSON.
 * @throws {SyntaxError} That says at which character, from 1, it is none.
 */
export function readJson(text: string): Json {
  return new Reader(text).document();
}
