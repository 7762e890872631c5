import type { Problem } from "./Problem.ts";
import { isNode, walk } from "./SourceFile.ts";
import type { SourceFile, SyntaxNode } from "./SourceFile.ts";

/** What must be handed in, and the places that hand it in or stand at the edge of the program. */
interface Ban {
  readonly what: RegExp;
  readonly except: RegExp;
  readonly reason: string;
}

const BANS: readonly Ban[] = [
  {
    what: /^(?:Date\.now|performance\.now|process\.hrtime)$/,
    except: /^src\/(?:server|cli)\/|^src\/(?:index|clientErrors\/surroundings)\.ts$/,
    reason: "time is handed in",
  },
  {
    what: /^(?:Math\.random|crypto\.randomUUID|crypto\.getRandomValues)$/,
    except: /^src\/clientErrors\/surroundings\.ts$/,
    reason: "randomness is handed in",
  },
  { what: /^console\./, except: /^$/, reason: "the command line writes to process.stdout, everything else to the log" },
  {
    what: /^process\.(?:stdout|stderr)$/,
    except: /^src\/(?:cli\/|main\.ts$|index\.ts$)/,
    reason: "only the command line writes to the terminal",
  },
  {
    what: /^process\.env$/,
    except: /^src\/(?:config|cli)\//,
    reason: "variables of the environment are options, and config reads those",
  },
  {
    what: /^process\.exit$/,
    except: /^src\/(?:server\/workers\/workerMain|cli\/serve|main)\.ts$/,
    reason: "only a program ends a process",
  },
];

/** Names of node:crypto that make randomness. Who opens a store hands it in; a run of the data folder only needs a name of its own. */
const RANDOM = /^random/;
const RANDOM_EXCEPT = /^src\/(?:server|cli)\/|^src\/(?:index|store\/folder\/dataFolder)\.ts$/;

/** Time, randomness, the environment and the terminal are injected: the product reaches for them in a few named places only. */
export function checkInjection(files: readonly SourceFile[]): Problem[] {
  return files
    .filter(({ path }) => path.startsWith("src/"))
    .flatMap((file) => [...checkNames(file), ...checkRandomImports(file)]);
}

function checkNames(file: SourceFile): Problem[] {
  const bans = BANS.filter(({ except }) => !except.test(file.path));
  const clockBan = bans.find(({ what }) => what.test("Date.now"));
  const problems: Problem[] = [];
  walk(file.program, (node, ancestors) => {
    if (isDefault(node, ancestors)) return;
    const name = memberName(node);
    const ban = name === undefined ? undefined : bans.find(({ what }) => what.test(name));
    if (ban !== undefined) problems.push(file.problem(node.start, `${name}: ${ban.reason}`));
    if (clockBan !== undefined && isDateOfNow(node)) problems.push(file.problem(node.start, `new Date(): ${clockBan.reason}`));
  });
  return problems;
}

function checkRandomImports(file: SourceFile): Problem[] {
  if (RANDOM_EXCEPT.test(file.path)) return [];
  return file.module.staticImports
    .filter(({ moduleRequest }) => moduleRequest.value === "node:crypto")
    .flatMap(({ entries }) => entries)
    .filter(({ importName }) => RANDOM.test(importName.name ?? ""))
    .map(({ importName }) => file.problem(importName.start ?? 0, `${importName.name}: randomness is handed in`));
}

/** The default of something that can be handed in: of a parameter, or on the right of `??`. */
function isDefault(node: SyntaxNode, ancestors: readonly SyntaxNode[]): boolean {
  const parent = ancestors.at(-1);
  const owner = parent?.type === "CallExpression" && parent["callee"] === node ? ancestors.at(-2) : parent;
  const value = owner === parent ? node : parent;
  if (owner === undefined) return false;
  return owner["right"] === value && (owner.type === "AssignmentPattern" || owner["operator"] === "??");
}

function memberName(node: SyntaxNode): string | undefined {
  const { object, property } = node;
  if (node.type !== "MemberExpression" || !isNode(object) || !isNode(property) || object.type !== "Identifier") return undefined;
  return `${String(object["name"])}.${String(property["name"])}`;
}

function isDateOfNow(node: SyntaxNode): boolean {
  const callee = node["callee"];
  if (node.type !== "NewExpression" || !isNode(callee) || callee["name"] !== "Date") return false;
  return (node["arguments"] as unknown[]).length === 0;
}
