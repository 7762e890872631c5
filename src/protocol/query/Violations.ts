import { QueryError } from "../../errors/QueryError.ts";
import type { Constraint } from "./constraints.ts";

/** Of so many it is told what is wrong; of the rest, that they are there. */
const MAX_TOLD = 10;

/** Everything found wrong with the values of an input: told together, as IAM and STS do it. */
export class Violations {
  readonly #sentences: string[] = [];
  #count = 0;
  #complaint: string | undefined;

  /** A required member that was not sent. */
  missing(path: string): void {
    this.#add(`Value null at '${path}' failed to satisfy constraint: Member must not be null`);
  }

  /** Checks a text against what it must be like, and the values it may have. */
  checkText(path: string, text: string, constraint: Constraint | undefined, values: readonly string[] | undefined): void {
    const shown = constraint?.secret === true ? "Value" : `Value '${text}'`;
    const found = (rule: string): void => this.#add(`${shown} at '${path}' failed to satisfy constraint: ${rule}`);
    if (values !== undefined && !values.includes(text)) found(`Member must satisfy enum value set: [${values.join(", ")}]`);
    if (constraint === undefined) return;
    const { min = 0, max = Number.POSITIVE_INFINITY, pattern, shown: shownPattern, complaint } = constraint;
    if (text.length < min) found(`Member must have length greater than or equal to ${min}`);
    if (text.length > max) found(`Member must have length less than or equal to ${max}`);
    // An empty text is told to be too short.
    if (pattern === undefined || text === "" || pattern.test(text)) return;
    if (complaint === undefined) found(`Member must satisfy regular expression pattern: ${shownPattern}`);
    else this.#complaint ??= `The specified value for ${path} is invalid. ${complaint}`;
  }

  /** Checks a number, or how many items a list has. */
  checkNumber(path: string, value: number, constraint: Constraint | undefined, what: "value" | "length"): void {
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = constraint ?? {};
    const shown = what === "value" ? `Value '${value}'` : "Value";
    const found = (rule: string): void =>
      this.#add(`${shown} at '${path}' failed to satisfy constraint: Member must have ${what} ${rule}`);
    if (value < min) found(`greater than or equal to ${min}`);
    if (value > max) found(`less than or equal to ${max}`);
  }

  /** Throws ValidationError if anything was found. */
  throwAny(): void {
    if (this.#count > 0) {
      const errors = this.#count === 1 ? "1 validation error" : `${this.#count} validation errors`;
      const message = `${errors} detected: ${this.#sentences.join("; ")}`;
      throw new QueryError("ValidationError", { message });
    }
    if (this.#complaint !== undefined) throw new QueryError("ValidationError", { message: this.#complaint });
  }

  #add(sentence: string): void {
    this.#count += 1;
    if (this.#sentences.length < MAX_TOLD) this.#sentences.push(sentence);
  }
}
