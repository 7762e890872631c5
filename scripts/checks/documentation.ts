import { importsOf } from "./rooms.ts";
import type { Problem } from "./Problem.ts";
import { isNode } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

/** Every symbol that the product or its scripts export has a docstring right before it. */
export function checkDocstrings(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => !file.isGenerated && /^(?:src|scripts)\//.test(file.path))
    .flatMap((file) =>
      exportedDeclarations(file)
        .filter(({ statement }) => !hasDocstring(file, statement.start))
        .map(({ name, statement }) => file.problem(statement.start, `${name} is exported without a docstring`)),
    );
}

/**
 * No dead code: functions, constants and classes that are exported are imported somewhere. Types may stand for themselves, as parts of
 * the signatures they describe; the library's entry is for others to import.
 */
export function checkUnusedExports(files: readonly SourceFile[]): Problem[] {
  const used = new Set<string>();
  for (const file of files) {
    for (const { entries, moduleRequest } of file.module.staticImports) {
      const target = file.resolve(moduleRequest.value);
      for (const { importName } of entries) used.add(`${target} ${importName.name ?? "*"}`);
    }
    const named = new Set(file.module.staticImports.map(({ moduleRequest }) => moduleRequest.start));
    for (const { specifier, offset } of importsOf(file)) if (!named.has(offset)) used.add(`${file.resolve(specifier)} *`);
  }
  return files
    .filter((file) => !file.isGenerated && /^src\/(?!index\.ts$)/.test(file.path))
    .flatMap((file) =>
      exportedDeclarations(file)
        .filter(({ name, isType }) => !isType && !used.has(`${file.path} ${name}`) && !used.has(`${file.path} *`))
        .map(({ name, statement }) => file.problem(statement.start, `${name} is exported, but nobody imports it`)),
    );
}

/** What a file exports where it declares it. */
function exportedDeclarations(file: SourceFile): { name: string; isType: boolean; statement: SyntaxNode }[] {
  return (file.program["body"] as SyntaxNode[]).flatMap((statement) => {
    const declaration = statement["declaration"];
    if (statement.type !== "ExportNamedDeclaration" || !isNode(declaration)) return [];
    const isType = declaration.type === "TSInterfaceDeclaration" || declaration.type === "TSTypeAliasDeclaration";
    const declared = declaration.type === "VariableDeclaration" ? (declaration["declarations"] as SyntaxNode[]) : [declaration];
    return declared.map((one) => ({ name: nameOf(one), isType, statement }));
  });
}

function nameOf(declaration: SyntaxNode): string {
  const id = declaration["id"];
  return isNode(id) && typeof id["name"] === "string" ? id["name"] : "(a pattern)";
}

function hasDocstring(file: SourceFile, offset: number): boolean {
  return file.comments.some(
    (comment) =>
      comment.type === "Block" &&
      comment.value.startsWith("*") &&
      comment.end <= offset &&
      file.text.slice(comment.end, offset).trim() === "",
  );
}
