import { readTime, TIME_FORM } from "../../config/times.ts";
import { invalidArgument } from "../../errors/invalidArgument.ts";
import { quoted } from "../../errors/quoted.ts";
import type { QueryParameters } from "../../protocol/WireRequest.ts";
import type { AdminParameter } from "./AdminParameter.ts";

/** What a presigned URL has in its query beside the parameters. */
const OF_SIGNATURES = /^(?:x-amz-.*|AWSAccessKeyId|Signature|Expires)$/i;

/** The parameters of a query of the admin API, each of which is known and in its form. */
export class Parameters {
  readonly #query: QueryParameters;

  /** Throws InvalidArgument for a parameter that is not `known`, or is repeated and may not be. */
  constructor(query: QueryParameters, known: Readonly<Record<string, AdminParameter>>) {
    const seen = new Set<string>();
    for (const { name, value } of query.pairs()) {
      if (OF_SIGNATURES.test(name)) continue;
      const parameter = Object.hasOwn(known, name) ? known[name] : undefined;
      if (parameter === undefined)
        throw invalidArgument(name, value, { explanation: unknownParameter(name, Object.keys(known)) });
      if (seen.has(name) && parameter.repeated !== true) {
        throw invalidArgument(name, value, { explanation: `The parameter ${quoted(name)} is given more than once.` });
      }
      seen.add(name);
    }
    this.#query = query;
  }

  text(name: string): string | undefined {
    return this.#query.get(name);
  }

  /** Every value of a parameter that may be repeated; `undefined` where it is not there. */
  texts(name: string): readonly string[] | undefined {
    return this.#query.has(name) ? this.#query.pairs().flatMap((pair) => (pair.name === name ? [pair.value] : [])) : undefined;
  }

  /** Throws InvalidArgument unless it is a whole number from `least` to `most`. */
  wholeNumber(name: string, least: number, most: number): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw invalidArgument(name, text, {
      explanation: `${name} is ${quoted(text)}; it must be a whole number from ${least} to ${most}.`,
    });
  }

  /** Throws InvalidArgument unless it is one of `words`. */
  word<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const text = this.text(name);
    const word = words.find((known) => known === text);
    if (word !== undefined || text === undefined) return word;
    throw invalidArgument(name, text, { explanation: `${name} is ${quoted(text)}; it must be ${words.join(" or ")}.` });
  }

  /** In milliseconds since 1970. Throws InvalidArgument unless it is a moment of ISO 8601. */
  moment(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = readTime(text);
    if (value !== undefined) return value;
    throw invalidArgument(name, text, {
      explanation: `${name} is ${quoted(text)}; it must be ${TIME_FORM}; its "+" is written %2B.`,
    });
  }
}

function unknownParameter(name: string, known: readonly string[]): string {
  const there = known.length === 0 ? "it takes none" : `it takes ${known.join(", ")}`;
  return `This request of the admin API takes no parameter ${quoted(name)}; ${there}.`;
}
