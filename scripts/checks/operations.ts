import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

/** An operation is a file with its name. The other files of the folder begin with a small letter, but for the two contracts. */
const OPERATION_FILE = /^src\/operations\/(?!Operation\.ts|RequestContext\.ts)([A-Z]\w*)\.ts$/;
/** Tests of an operation: the file of its name, or one that names it in a test. */
const TEST_FOLDERS = /^test\/(?:operations|server|protocol)\//;

/** Every operation's file exports the operation and nothing else, names S3's page about it, and has a test. */
export function checkOperations(files: readonly SourceFile[]): Problem[] {
  const tests = new Set(files.filter(({ path }) => TEST_FOLDERS.test(path)).flatMap((file) => subjectsOf(file)));
  return files.flatMap((file) => {
    const name = OPERATION_FILE.exec(file.path)?.[1];
    if (name === undefined) return [];
    const whole = (message: string): Problem => ({ path: file.path, line: 0, message });
    const exported = file.module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name));
    const problems: Problem[] = [];
    if (exported.length !== 1 || exported[0] !== name) problems.push(whole(`exports ${exported.join(", ")}, not just ${name}`));
    if (!file.text.includes(`/API_${name}.html`)) problems.push(whole(`does not name its page, API_${name}.html`));
    if (!tests.has(name)) problems.push(whole(`has no test: one whose name begins with "${name}: "`));
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

/** Tests are named "<operation or thing>: <behaviour>", and none stands alone or is left out. */
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
