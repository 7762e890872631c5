import { iamOperations } from "../../src/protocol/generated/iamShapes.ts";
import { stsOperations } from "../../src/protocol/generated/stsShapes.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import { exportedNames, operationsOf } from "../operationFiles.ts";
import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.keys(routes),
  ...Object.keys(iamOperations),
  ...Object.keys(stsOperations),
]);

/** Tests of an operation: one that names it, in these folders. */
const TEST_FOLDERS = /^test\/(?:operations|server|protocol)\//;

/** A file of operations exports them and nothing else, names S3's page about each, and has a test of each. */
export function checkOperations(files: readonly SourceFile[]): Problem[] {
  const tests = new Set(files.filter(({ path }) => TEST_FOLDERS.test(path)).flatMap((file) => subjectsOf(file)));
  return files.flatMap((file) => {
    const names = operationsOf(file);
    const whole = (message: string): Problem => ({ path: file.path, line: 0, message });
    const exported = exportedNames(file);
    const problems: Problem[] = [];
    if (names.length > 0 && exported.join() !== names.join()) {
      problems.push(whole(`exports ${exported.join(", ")}, not just ${names.join()}`));
    }
    for (const name of names) {
      if (!KNOWN.has(name)) problems.push(whole(`exports ${name}, which is no operation of S3's, IAM's or STS's`));
      if (!file.text.includes(`/API_${name}.html`)) problems.push(whole(`does not name its page, API_${name}.html`));
      if (!tests.has(name)) problems.push(whole(`has no test: one whose name begins with "${name}: "`));
    }
    return problems;
  });
}

/** What a file's tests are about: the part of their names before the colon. */
function subjectsOf(file: SourceFile): string[] {
  const subjects: string[] = [];
  walk(file.program, (node) => {
    const title = testTitle(node);
    if (title?.includes(":") === true) subjects.push(title.slice(0, title.indexOf(":")));
  });
  return subjects;
}

/** Tests are named "<operation or thing>: <behaviour>", none stands alone or is left out, and none removes what may still be in use. */
export function checkTests(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => path.startsWith("test/"))
    .flatMap((file) => {
      const problems: Problem[] = [];
      walk(file.program, (node, ancestors) => {
        const title = testTitle(node);
        const inGroup = ancestors.some((ancestor) => callee(ancestor) === "describe" || callee(ancestor) === "suite");
        if (title !== undefined && !inGroup && !/^[^:]+: \S/.test(title)) {
          problems.push(file.problem(node.start, `a test is named "thing: behaviour", not "${title}"`));
        }
        if (/^(?:test|it|describe|suite)\.(?:only|skip|todo)$/.test(callee(node) ?? "")) {
          problems.push(file.problem(node.start, `${callee(node)}: every test runs`));
        }
        // Ends are done first come, first served: it would go before what is started in it.
        if (callee(node) === "t.after" && /\brm(?:Sync)?\(/.test(file.text.slice(node.start, node.end))) {
          problems.push(file.problem(node.start, "a folder of a test is a newFolder, which goes last"));
        }
      });
      return problems;
    });
}

function testTitle(node: SyntaxNode): string | undefined {
  const name = callee(node);
  if (name !== "test" && name !== "it") return undefined;
  const [title] = node["arguments"] as SyntaxNode[];
  if (title?.type === "Literal") return String(title["value"]);
  if (title?.type !== "TemplateLiteral") return undefined;
  return (title["quasis"] as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join("…");
}

function callee(node: SyntaxNode): string | undefined {
  const called = node["callee"];
  if (node.type !== "CallExpression" || !isNode(called)) return undefined;
  if (called.type === "Identifier") return called["name"] as string;
  const { object, property } = called;
  return isNode(object) && isNode(property) ? `${String(object["name"])}.${String(property["name"])}` : undefined;
}
