import type { PolicyRequest } from "./PolicyRequest.ts";
import { likeText } from "./Template.ts";
import type { TextTest } from "./Template.ts";

/** The partition, service, region and account stand before the resource, each behind a colon, as does "arn". */
const PARTS = 6;

/** Anything that does not stand for itself. */
const SPECIAL = /[*?]|\$\{/;

/**
 * Asks whether an ARN is as a `Resource` says: a wildcard stands for text within one part of an ARN, but for a `*` at the end of a part, which
 * may go on beyond it. Parts that are left out may be anything. Variables stand for something in the last part only.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourceLike(pattern: string, variables: boolean): TextTest {
  if (pattern === "*") return anything;
  const written = partsOf(pattern);
  const parts = [...written, ...Array<string>(PARTS - written.length).fill("*")];
  const head = parts.slice(0, PARTS - 1);
  if (!head.some((part) => SPECIAL.test(part))) return likeText(pattern, variables);
  const tests = parts.map((part, index) => likeText(part, variables && index === PARTS - 1));
  const goesOn = head.some((part) => part.endsWith("*")) && !head.some((part) => part.includes("${"));
  const beyond = goesOn ? likeText(pattern, variables) : nothing;
  return (value, request) => partwise(tests, value, request) || beyond(value, request);
}

/**
 * Asks whether an ARN is as a condition says: each of its six parts is looked at by itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function arnLike(pattern: string, variables: boolean): TextTest {
  if (pattern === "*") return anything;
  const parts = partsOf(pattern);
  // Where nothing is special before the resource, the parts of both begin at the same places.
  if (parts.length < PARTS || !parts.slice(0, PARTS - 1).some((part) => SPECIAL.test(part))) return likeText(pattern, variables);
  const tests = parts.map((part) => likeText(part, variables));
  return (value, request) => partwise(tests, value, request);
}

const anything: TextTest = () => true;
const nothing: TextTest = () => false;

function partwise(tests: readonly TextTest[], value: string, request: PolicyRequest): boolean {
  const found = partsOf(value);
  return found.length === PARTS && tests.every((test, index) => test(found[index]!, request));
}

/** The parts of an ARN, at most six: what follows the fifth colon is the resource, which may have more. Colons of variables do not count. */
export function partsOf(arn: string): string[] {
  const parts: string[] = [];
  let start = 0;
  let inVariable = false;
  for (let at = 0; at < arn.length && parts.length < PARTS - 1; at++) {
    const character = arn[at]!;
    if (character === "$" && arn[at + 1] === "{") inVariable = true;
    else if (character === "}") inVariable = false;
    else if (character === ":" && !inVariable) {
      parts.push(arn.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(arn.slice(start));
  return parts;
}
