import type { FlagRow, SubjectRow, ValueKind } from "../table/CommandRow.ts";
import type { CompletionNode } from "./completionTree.ts";
import { allNodes, completionTree, valuesOf } from "./completionTree.ts";

/** The function that completes `holdfast` in zsh, from a file of \`fpath\` or read by \`source\`. `scenarios` as for bash. */
export function zshCompletion(scenarios: readonly string[]): string {
  const nodes = allNodes(completionTree());
  return `#compdef holdfast
# Completion of holdfast for zsh. Generated from the table of its commands. Do not edit.

${sharedValues(scenarios)}
${nodes.map((node) => functionOf(node, scenarios)).join("\n")}
if [ "$funcstack[1]" = "_holdfast" ]; then
  _holdfast "$@"
else
  compdef _holdfast holdfast
fi
`;
}

/** Kinds of values that are long, or come several times: functions of their own. */
const SHARED: readonly ValueKind[] = ["errorCode", "operation", "stage", "scenario", "command"];

function sharedValues(scenarios: readonly string[]): string {
  return SHARED.map((kind) => {
    const values = (valuesOf(kind, scenarios) as readonly string[]).join(" ");
    const files = kind === "scenario" ? "\n  _files -g '*.json'" : "";
    return `_holdfast_${kind as string}() {\n  compadd "$@" -- ${values}${files}\n}\n`;
  }).join("\n");
}

function nameOf(path: string): string {
  return `_holdfast${path === "" ? "" : `_${path.replaceAll(" ", "_")}`}`;
}

function functionOf(node: CompletionNode, scenarios: readonly string[]): string {
  const { path, words, flags, subject, hasTail } = node;
  const specs = [
    ...flags.map((row) => flagSpec(row, scenarios)),
    ...(words.size > 0 ? ["'1: :->word'", "'*:: :->behind'"] : []),
    ...(subject === undefined ? [] : [subjectSpec(subject, scenarios)]),
    ...(hasTail ? ["'*:: :_normal'"] : []),
  ];
  const call = `_arguments -s ${words.size > 0 ? "-C " : ""}${specs.map((spec) => `\\\n    ${spec}`).join(" ")}`;
  if (words.size === 0) return `${nameOf(path)}() {\n  ${call}\n}\n`;
  const known = [...words].map(([word, { doc }]) => quoted(`${word}:${doc.replaceAll(":", "\\:")}`));
  const cases = [...words].map(([word, { path: below }]) => `        ${word}) ${nameOf(below)} ;;`);
  return `${nameOf(path)}() {
  local curcontext="$curcontext" state line
  typeset -A opt_args
  local -a known=(${known.map((text) => `\n    ${text}`).join("")}
  )
  ${call}
  case $state in
    word) _describe word known ;;
    behind)
      case $line[1] in
${cases.join("\n")}
      esac
      ;;
  esac
}
`;
}

/** What _arguments is told of a flag. */
function flagSpec({ flag, value, kind, doc, isRepeatable }: FlagRow, scenarios: readonly string[]): string {
  const again = isRepeatable === true ? "*" : "";
  const text = `[${doc.replaceAll(/[[\]]/g, "\\$&").replaceAll(":", "\\:")}]`;
  if (value === undefined) return quoted(`${again}--${flag}${text}`);
  return quoted(`${again}--${flag}=${text}:${value.replaceAll(":", "\\:")}:${valuesSpec(kind, scenarios)}`);
}

function subjectSpec({ name, kind, isLong }: SubjectRow, scenarios: readonly string[]): string {
  return quoted(`${isLong === true ? "*" : "1"}:${name}:${valuesSpec(kind, scenarios)}`);
}

function valuesSpec(kind: ValueKind | undefined, scenarios: readonly string[]): string {
  if (typeof kind === "string" && SHARED.includes(kind)) return `_holdfast_${kind}`;
  const values = valuesOf(kind, scenarios);
  if (values === "path") return "_files";
  return values === "text" ? " " : `(${values.join(" ")})`;
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
