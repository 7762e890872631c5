import { isNode, walk } from "../checks/SourceFile.ts";
import type { SourceFile, SyntaxNode } from "../checks/SourceFile.ts";

/** A node and the file it stands in. */
export interface SourcePiece {
  readonly file: SourceFile;
  readonly node: SyntaxNode;
}

/** One statement at the top of a file, with the names it declares. */
export interface SourceUnit extends SourcePiece {
  readonly names: readonly string[];
}

/** Where a name comes from: a file of the repository and the name it has there. */
interface Origin {
  readonly path: string;
  readonly name: string;
}

/** Statements of many files and how they refer to each other by name. Types do not count. */
export class SourceUnits {
  readonly #byName = new Map<string, SourceUnit>();
  readonly #origins = new Map<string, ReadonlyMap<string, Origin>>();
  readonly #names = new WeakMap<SyntaxNode, ReadonlySet<string>>();
  readonly all: readonly SourceUnit[];

  constructor(files: readonly SourceFile[]) {
    this.all = files.flatMap((file) =>
      (file.program["body"] as SyntaxNode[]).map((node) => ({ file, names: declaredNames(node), node })),
    );
    for (const unit of this.all) for (const name of unit.names) this.#byName.set(`${unit.file.path} ${name}`, unit);
    for (const file of files) this.#origins.set(file.path, originsOf(file));
  }

  /** The statement of a file that declares a name. */
  declaring(path: string, name: string): SourceUnit | undefined {
    return this.#byName.get(`${path} ${name}`);
  }

  /** Every statement that the roots refer to, directly or by others, as far as `follows` allows. */
  reachedFrom(roots: readonly SourcePiece[], follows: (to: SourceUnit) => boolean): Set<SourceUnit> {
    const reached = new Set<SourceUnit>();
    const open = [...roots];
    for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
      for (const name of this.#namesIn(piece.node)) {
        const origin = this.#origins.get(piece.file.path)?.get(name) ?? { path: piece.file.path, name };
        const unit = this.declaring(origin.path, origin.name);
        if (unit === undefined || reached.has(unit) || !follows(unit)) continue;
        reached.add(unit);
        open.push(unit);
      }
    }
    return reached;
  }

  #namesIn(node: SyntaxNode): ReadonlySet<string> {
    let names = this.#names.get(node);
    if (names === undefined) this.#names.set(node, (names = namesIn(node)));
    return names;
  }
}

/** Every text in a node: strings, the fixed parts of templates, and regular expressions. Types aside, and what lies in a node left out. */
export function textsIn(node: SyntaxNode, isLeftOut: (node: SyntaxNode) => boolean = () => false): string[] {
  const texts: string[] = [];
  walk(node, (current) => {
    if (isType(current) || isLeftOut(current)) return false;
    if (current.type === "Literal") {
      const { value, regex } = current as { value?: unknown; regex?: { pattern: string } };
      if (typeof value === "string") texts.push(value);
      else if (regex !== undefined && regex !== null) texts.push(regex.pattern);
    } else if (current.type === "TemplateElement") texts.push((current["value"] as { cooked: string }).cooked);
    return undefined;
  });
  return texts;
}

function namesIn(node: SyntaxNode): Set<string> {
  const names = new Set<string>();
  walk(node, (current, ancestors) => {
    if (isType(current)) return false;
    if (current.type !== "Identifier") return undefined;
    const parent = ancestors.at(-1);
    const isProperty = parent?.type === "MemberExpression" && parent["property"] === current && parent["computed"] !== true;
    const isKey = parent?.type === "Property" && parent["key"] === current && parent["shorthand"] !== true;
    if (!isProperty && !isKey) names.add(current["name"] as string);
    return undefined;
  });
  return names;
}

function isType({ type }: SyntaxNode): boolean {
  return /^TS(?:TypeAnnotation|TypeAliasDeclaration|InterfaceDeclaration|LiteralType|TypeParameterInstantiation)$/.test(type);
}

function declaredNames(statement: SyntaxNode): string[] {
  const inner = isNode(statement["declaration"]) ? statement["declaration"] : statement;
  const declared = inner.type === "VariableDeclaration" ? (inner["declarations"] as SyntaxNode[]) : [inner];
  return declared.flatMap(({ id }) => (isNode(id) && typeof id["name"] === "string" ? [id["name"]] : []));
}

function originsOf(file: SourceFile): Map<string, Origin> {
  const origins = new Map<string, Origin>();
  for (const { entries, moduleRequest } of file.module.staticImports) {
    const path = file.resolve(moduleRequest.value);
    if (path === undefined) continue;
    for (const { localName, importName, isType: typeOnly } of entries) {
      if (!typeOnly) origins.set(localName.value, { path, name: importName.name ?? localName.value });
    }
  }
  return origins;
}
