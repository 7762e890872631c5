import { quoted } from "../errors/quoted.ts";
import { S3Error } from "../errors/S3Error.ts";
import type { QueryParameters } from "./WireRequest.ts";

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** The parameters of a query; of a repeated name, the first counts. */
export class QueryList implements QueryParameters {
  readonly #pairs: readonly Pair[];
  readonly #first: ReadonlyMap<string, string>;

  /** Throws InvalidURI for broken percent-encoding. */
  constructor(rawQuery: string) {
    const pairs: Pair[] = [];
    const first = new Map<string, string>();
    for (const text of rawQuery.split("&")) {
      if (text === "") continue;
      const equals = text.indexOf("=");
      const name = decodeForm(equals < 0 ? text : text.slice(0, equals));
      const value = equals < 0 ? "" : decodeForm(text.slice(equals + 1));
      pairs.push({ name, value });
      if (!first.has(name)) first.set(name, value);
    }
    this.#pairs = pairs;
    this.#first = first;
  }

  get(name: string): string | undefined {
    return this.#first.get(name);
  }

  has(name: string): boolean {
    return this.#first.has(name);
  }

  names(): readonly string[] {
    return [...this.#first.keys()];
  }

  pairs(): readonly Pair[] {
    return this.#pairs;
  }
}

/** Decodes a part of a path or query as forms are: a plus stands for a space, the rest is percent-encoded UTF-8. Throws InvalidURI. */
export function decodeForm(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new S3Error("InvalidURI", {
      details: [["URI", text]],
      explanation: `${quoted(text)} in the address is not percent-encoded UTF-8: a % is followed by two hexadecimal digits.`,
    });
  }
}
