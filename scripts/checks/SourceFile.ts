/** Sources as the house rules see them: parsed at most once, with the line of every place. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { Comment, EcmaScriptModule, ParseResult } from "oxc-parser";
import { parseSync } from "oxc-parser";
import type { Problem } from "./Problem.ts";

/** The folders that hold our code. */
const CODE_FOLDERS = ["src", "test", "scripts", "bench", "examples"];
/** Folders and files that generators write; rules about how code is written do not apply to them. */
const GENERATED = /^src\/(?:\w+\/generated\/|operations\/registry\.ts$|errors\/raisedBy\.ts$)/;

/** A node of the syntax tree: ESTree with TypeScript's nodes, as the parser hands it out. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One TypeScript file. It is parsed when its parts are first asked for, which throws a `SyntaxError` if that cannot be done. */
export class SourceFile {
  /** Path in the repository, with "/". */
  readonly path: string;
  readonly text: string;
  #parsed: ParseResult | undefined;
  readonly #lineStarts: readonly number[];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    this.#lineStarts = [0, ...[...text.matchAll(/\n/g)].map((match) => match.index + 1)];
  }

  get program(): SyntaxNode {
    return this.#result().program as unknown as SyntaxNode;
  }

  get comments(): readonly Comment[] {
    return this.#result().comments;
  }

  get module(): EcmaScriptModule {
    return this.#result().module;
  }

  get isGenerated(): boolean {
    return GENERATED.test(this.path);
  }

  /** Number of lines of the whole file. */
  get lineCount(): number {
    return this.#lineStarts.length - (this.text.endsWith("\n") ? 1 : 0);
  }

  /** The line of an offset, from 1. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.#lineStarts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** A problem at an offset of this file. */
  problem(offset: number, message: string): Problem {
    return { path: this.path, line: this.lineAt(offset), message };
  }

  /** The path in the repository that a relative import of this file names; `undefined` for packages. */
  resolve(specifier: string): string | undefined {
    return specifier.startsWith(".") ? posix.join(posix.dirname(this.path), specifier) : undefined;
  }

  #result(): ParseResult {
    if (this.#parsed !== undefined) return this.#parsed;
    const parsed = parseSync(this.path, this.text);
    if (parsed.errors.length > 0) throw new SyntaxError(`${this.path}: ${parsed.errors[0]!.message}`);
    return (this.#parsed = parsed);
  }
}

/** Every TypeScript file of the repository at `root`, dependencies and build results aside. */
export function readSources(root: string): SourceFile[] {
  return CODE_FOLDERS.filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => posix.join(folder, name)),
    )
    .filter((path) => path.endsWith(".ts") && !path.includes("node_modules/"))
    .toSorted()
    .map((path) => new SourceFile(path, readFileSync(join(root, path), "utf8")));
}

/** Calls `visit` for every node below `node` and for itself, with its ancestors, nearest last. `false` leaves out what is below a node. */
export function walk(node: SyntaxNode, visit: (node: SyntaxNode, ancestors: readonly SyntaxNode[]) => void | false): void {
  const ancestors: SyntaxNode[] = [];
  const descend = (current: SyntaxNode): void => {
    if (visit(current, ancestors) === false) return;
    ancestors.push(current);
    for (const value of Object.values(current)) {
      if (Array.isArray(value)) value.filter(isNode).forEach(descend);
      else if (isNode(value)) descend(value);
    }
    ancestors.pop();
  };
  descend(node);
}

/** True for what the tree holds as a node. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}
