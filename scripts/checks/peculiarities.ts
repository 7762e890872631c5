import { routes } from "../../src/protocol/generated/routes.ts";
import { importsOf } from "./rooms.ts";
import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

/** Where every operation is treated alike: below their declarations, which have a capital letter. */
const EQUAL_ROOMS = /^src\/(?:(?:server|protocol|auth|access|store)\/|operations\/(?:\w+\/)?[a-z]\w*\.ts$)/;
/** Where it stands what is different about one on the wire. */
const DEVIATIONS = "src/protocol/deviations.ts";
/** Tables of what operations are called in another dialect, and how it answers each. */
const NAMED_ELSEWHERE = /^src\/protocol\/(?:soap\/(?:soapOperations|answers)|form\/FormHeaders|website\/visitors)\.ts$/;
/** What knows where on the wire a request has something. */
const WIRE = /^src\/protocol\/(?:WireRequest|HeaderList|QueryList)\.ts$/;

/**
 * What is peculiar to an operation stands in its declaration, if it is about the way of a request, or in the deviations, if it is about the
 * wire: nobody else asks for its name. And operations know their input and context, not the request behind them.
 */
export function checkPeculiarities(files: readonly SourceFile[]): Problem[] {
  return files.flatMap((file) => [...checkNames(file), ...checkReach(file)]);
}

function checkNames(file: SourceFile): Problem[] {
  if (!EQUAL_ROOMS.test(file.path) || file.isGenerated || file.path === DEVIATIONS || NAMED_ELSEWHERE.test(file.path)) return [];
  const problems: Problem[] = [];
  walk(file.program, (node, ancestors) => {
    const name = runTimeName(node, ancestors.at(-1));
    if (name === undefined || !Object.hasOwn(routes, name)) return;
    problems.push(
      file.problem(node.start, `asks for ${name} by name: say it in the operation's declaration or in ${DEVIATIONS}`),
    );
  });
  return problems;
}

/** What a text, an imported thing or a member is called; `undefined` for types, which are gone when the program runs. */
function runTimeName(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === "Identifier") return parent?.type.startsWith("TS") === true ? undefined : (node["name"] as string);
  if (node.type === "TemplateElement") return (node["value"] as { cooked: string }).cooked;
  if (node.type !== "Literal" || parent?.type === "TSLiteralType") return undefined;
  return typeof node["value"] === "string" ? node["value"] : undefined;
}

function checkReach(file: SourceFile): Problem[] {
  if (!file.path.startsWith("src/operations/")) return [];
  const problems: Problem[] = [];
  for (const { specifier, offset } of importsOf(file)) {
    const target = file.resolve(specifier);
    if (target !== undefined && WIRE.test(target)) problems.push(file.problem(offset, `${target}: ${REACH}`));
  }
  walk(file.program, (node) => {
    const { object, property } = node;
    if (node.type !== "MemberExpression" || !isNode(object) || !isNode(property)) return;
    if (object["name"] === "context" && property["name"] === "request")
      problems.push(file.problem(node.start, `context.request: ${REACH}`));
  });
  return problems;
}

const REACH = `an operation reads its input and its context; ${DEVIATIONS} can add members to inputs`;
