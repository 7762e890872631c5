import { Glob } from "./Glob.ts";
import { ANY_CHARACTER, ANY_TEXT } from "./Piece.ts";
import type { Piece } from "./Piece.ts";
import type { PolicyRequest } from "./PolicyRequest.ts";

/** A policy variable: `${aws:username}`, or `${aws:PrincipalTag/team, 'none'}`. */
interface Variable {
  /** In lower case. */
  readonly key: string;
  /** What it stands for where the request has no such key. */
  readonly fallback: string | undefined;
}

/** A text of a policy, which may have wildcards and variables in it. */
export type Template = readonly (Piece | Variable)[];

/** Asks whether a value is as a policy has it, in the course of a request. */
export type TextTest = (value: string, request: PolicyRequest) => boolean;

/** What is special in a text: variables in policies of version 2012-10-17, wildcards by where it stands. */
export interface Special {
  readonly variables: boolean;
  readonly wildcards: boolean;
}

/** `${*}`, `${?}` and `${$}` stand for the character. */
const ESCAPED: ReadonlySet<string> = new Set(["*", "?", "$"]);

/**
 * Reads a text. What looks like the beginning of a variable and is none stands for itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function readTemplate(text: string, { variables, wildcards }: Special): Template {
  const pieces: (Piece | Variable)[] = [];
  let literal = "";
  let at = 0;
  const add = (piece: Piece | Variable): void => {
    if (literal !== "") pieces.push(literal);
    literal = "";
    pieces.push(piece);
  };
  while (at < text.length) {
    const character = text[at]!;
    const found = variables && character === "$" ? readVariable(text, at) : undefined;
    if (found !== undefined) {
      if (typeof found.variable === "string") literal += found.variable;
      else add(found.variable);
      at = found.end;
      continue;
    }
    if (wildcards && character === "*") add(ANY_TEXT);
    else if (wildcards && character === "?") add(ANY_CHARACTER);
    else literal += character;
    at++;
  }
  if (literal !== "") pieces.push(literal);
  return pieces;
}

/** The variable, or the character that it stands for, that begins at a place of a text, and where it ends. */
function readVariable(text: string, from: number): { variable: Variable | string; end: number } | undefined {
  if (text[from + 1] !== "{") return undefined;
  const close = text.indexOf("}", from);
  if (close < 0) return undefined;
  const comma = text.indexOf(",", from);
  if (comma < 0 || comma > close) {
    const name = text.slice(from + 2, close).trim();
    if (ESCAPED.has(name)) return { variable: name, end: close + 1 };
    return name === "" ? undefined : { variable: { key: name.toLowerCase(), fallback: undefined }, end: close + 1 };
  }
  // A default value stands between single quotes, and may have a brace in it.
  const open = text.indexOf("'", comma);
  const end = open < 0 ? -1 : text.indexOf("'", open + 1);
  const name = text.slice(from + 2, comma).trim();
  if (end < 0 || name === "" || text.slice(comma + 1, open).trim() !== "") return undefined;
  const brace = text.indexOf("}", end);
  if (brace < 0 || text.slice(end + 1, brace).trim() !== "") return undefined;
  return { variable: { key: name.toLowerCase(), fallback: text.slice(open + 1, end) }, end: brace + 1 };
}

function hasVariables(template: Template): boolean {
  return template.some((piece) => typeof piece === "object");
}

/**
 * A template with the request's values in place of its variables: they stand for themselves, wildcards in them too. `undefined` where a
 * variable has no value, or more than one, and no default: such a text matches nothing.
 */
function fill(template: Template, request: PolicyRequest): readonly Piece[] | undefined {
  const pieces: Piece[] = [];
  for (const piece of template) {
    if (typeof piece !== "object") {
      pieces.push(piece);
      continue;
    }
    const values = request.values(piece.key);
    const value = values?.length === 1 ? values[0] : piece.fallback;
    if (value === undefined) return undefined;
    pieces.push(value);
  }
  return pieces;
}

/** Asks whether a value is as a text with wildcards says. */
export function likeText(text: string, variables: boolean): TextTest {
  const template = readTemplate(text, { variables, wildcards: true });
  if (!hasVariables(template)) {
    const glob = new Glob(template as readonly Piece[]);
    return (value) => glob.matches(value);
  }
  return (value, request) => {
    const pieces = fill(template, request);
    return pieces !== undefined && new Glob(pieces).matches(value);
  };
}

/** Asks whether a value is the same as a text, when both have been put through `form`. */
export function sameText(text: string, variables: boolean, form: (text: string) => string = asItIs): TextTest {
  const template = readTemplate(text, { variables, wildcards: false });
  if (!hasVariables(template)) {
    const expected = form(template.join(""));
    return (value) => form(value) === expected;
  }
  return (value, request) => {
    const pieces = fill(template, request);
    return pieces !== undefined && form(pieces.join("")) === form(value);
  };
}

const asItIs = (text: string): string => text;
