import { errorCodes } from "../../src/errors/catalogue.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { isNode, walk } from "../checks/SourceFile.ts";
import type { SourceFile, SyntaxNode } from "../checks/SourceFile.ts";
import { operationsOf } from "../operationFiles.ts";
import type { SourceUnit } from "./SourceUnits.ts";
import { SourceUnits, textsIn } from "./SourceUnits.ts";

/** Stands among the operations of a code that the server, the protocol or the signature checks raise before any operation acts. */
const ANY_REQUEST = "any request";

/** What speaks of codes and raises none: the room of errors (one file aside), the command that lists them, and tables of the SDK's. */
const SPEAKS_ONLY = /^src\/(?:errors\/(?!toServiceError\.ts$)|cli\/|protocol\/generated\/)/;
const BEFORE_OPERATIONS = /^src\/(?:server|auth|protocol|errors)\//;
const REGISTRY = "src/operations/registry.ts";
/** What works beside requests: its errors are no answers. */
const BESIDE_REQUESTS = /^src\/(?:accessLogs\/|server\/makeBuckets\.ts$)/;

/**
 * The codes that the product raises, each with the operations that can: those from whose declaration one gets, by names alone, to a
 * statement that names the code. A file names a code in order to raise it if it knows `S3Error` or `ErrorCode`.
 */
export function raisedCodes(files: readonly SourceFile[]): Map<ErrorCode, string[]> {
  const units = new SourceUnits(files.filter(({ path }) => path.startsWith("src/")));
  const raisedBy = new Map<ErrorCode, Set<string>>();
  const add = (by: string, roots: readonly SourceUnit[], follows: (path: string) => boolean): void => {
    const reached = units.reachedFrom(roots, ({ file: { path } }) => follows(path));
    for (const code of new Set([...roots, ...reached].flatMap(codesNamedBy))) {
      raisedBy.set(code, (raisedBy.get(code) ?? new Set()).add(by));
    }
  };
  const before = units.all.filter(({ file: { path } }) => BEFORE_OPERATIONS.test(path) && !BESIDE_REQUESTS.test(path));
  add(ANY_REQUEST, before, (path) => path !== REGISTRY && !BESIDE_REQUESTS.test(path));
  const built = files.flatMap((file) => operationsOf(file).map((name) => ({ name, path: file.path })));
  for (const { name, path } of built.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const declaration = units.declaring(path, name);
    if (declaration !== undefined) add(name, [declaration], (reached) => !BEFORE_OPERATIONS.test(reached));
  }
  return new Map(errorCodes().flatMap((code) => (raisedBy.has(code) ? [[code, [...raisedBy.get(code)!]] as const] : [])));
}

const named = new WeakMap<SourceUnit, readonly ErrorCode[]>();

function codesNamedBy(unit: SourceUnit): readonly ErrorCode[] {
  let codes = named.get(unit);
  if (codes === undefined) named.set(unit, (codes = codesOf(unit)));
  return codes;
}

function codesOf({ file, node }: SourceUnit): ErrorCode[] {
  const knowsErrors = file.module.staticImports.some(({ moduleRequest }) =>
    /^src\/errors\/(?:S3Error|ErrorCode|invalidArgument)\.ts$/.test(file.resolve(moduleRequest.value) ?? ""),
  );
  if (!knowsErrors || SPEAKS_ONLY.test(file.path) || node.type === "ImportDeclaration") return [];
  const texts = new Set(textsIn(node, isComparison));
  walk(node, (inner) => {
    if (inner.type === "CallExpression" && codeOfCall(inner) !== undefined) texts.add(codeOfCall(inner)!);
  });
  return errorCodes().filter((code) => texts.has(code));
}

/** The codes of errors that a call makes: of a function of the room of errors, or of what asks whether the caller may. */
const CODES_OF_CALLS: ReadonlyMap<unknown, ErrorCode> = new Map([
  ["invalidArgument", "InvalidArgument"],
  ["context.require", "AccessDenied"],
]);

/** The code of an error that is made here: `new S3Error("Code", …)`, or a call of what makes one of a certain code. */
export function codeOfCall({ type, callee, arguments: given }: SyntaxNode): string | undefined {
  if (!isNode(callee)) return undefined;
  if (type === "CallExpression") return CODES_OF_CALLS.get(nameOf(callee));
  const [code] = (given ?? []) as SyntaxNode[];
  return type === "NewExpression" && callee["name"] === "S3Error" && code?.type === "Literal" ? String(code["value"]) : undefined;
}

/** A name, or an object's and its method's. */
function nameOf({ name, object, property }: SyntaxNode): unknown {
  return isNode(object) && isNode(property) ? `${String(object["name"])}.${String(property["name"])}` : name;
}

/** What an error that is made here says beyond its code and arguments: the last argument's properties. */
export function optionsOfCall(node: SyntaxNode): SyntaxNode[] {
  return ((node["arguments"] as SyntaxNode[]).at(-1)?.["properties"] ?? []) as SyntaxNode[];
}

/** What is compared with a code is an error that was raised elsewhere. */
function isComparison({ type, operator }: SyntaxNode): boolean {
  return type === "BinaryExpression" && (operator === "===" || operator === "!==");
}
