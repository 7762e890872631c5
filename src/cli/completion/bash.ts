import type { ValueKind } from "../table/CommandRow.ts";
import type { CompletionNode } from "./completionTree.ts";
import { allNodes, completionTree, valuesOf } from "./completionTree.ts";

/** The script that completes `holdfast` in bash. It needs nothing but bash. `scenarios` are the names of those that Holdfast comes with. */
export function bashCompletion(scenarios: readonly string[]): string {
  const nodes = allNodes(completionTree());
  return `# Completion of holdfast for bash. Generated from the table of its commands. Do not edit.

# What may stand behind the words $1: sets words, flags and tail.
_holdfast_behind() {
  words= flags= tail=
  case "$1" in
${nodes.map(behind).join("\n")}
  esac
}

# What the value of the flag $2 may be behind the words $1, or without a flag what may stand there: sets kind (words, path, text, or
# nothing where there is no value) and values.
_holdfast_values() {
  kind= values=
  case "$1 $2" in
${valueCases(nodes, scenarios).join("\n")}
  esac
}

_holdfast() {
  local cur=\${COMP_WORDS[COMP_CWORD]} given= flag= word words flags tail kind values i
  COMPREPLY=()
  _holdfast_behind ""
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $flag ]]; then
      # bash takes --flag=value apart at the sign.
      [[ $word == = ]] || flag=
    elif [[ $word == -- ]]; then
      if ((i == COMP_CWORD - 1)); then
        mapfile -t COMPREPLY < <(compgen -c -- "$cur")
      else
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      fi
      return
    elif [[ $word == -* ]]; then
      _holdfast_values "$given" "\${word%%=*}"
      [[ -n $kind && $word != *=* ]] && flag=$word
    elif [[ " $words " == *" $word "* ]]; then
      given="\${given:+$given }$word"
      _holdfast_behind "$given"
    fi
  done
  [[ -n $flag && $cur == = ]] && cur=
  if [[ -z $flag && $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$flags $tail" -- "$cur")
    return
  fi
  _holdfast_values "$given" "$flag"
  if [[ $kind == path ]]; then
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    [[ -z $values ]] && return
  fi
  [[ -z $flag ]] && values="$words $values"
  mapfile -t -O "\${#COMPREPLY[@]}" COMPREPLY < <(compgen -W "$values" -- "$cur")
}

complete -F _holdfast holdfast
`;
}

function behind({ path, words, flags, hasTail }: CompletionNode): string {
  const settings = [
    ...(words.size === 0 ? [] : [`words="${[...words.keys()].join(" ")}"`]),
    `flags="${flags.map(({ flag }) => `--${flag}`).join(" ")}"`,
    ...(hasTail ? ["tail=--"] : []),
  ];
  return `    "${path}") ${settings.join(" ")} ;;`;
}

/** A case for each set of values, with the flags and the words that they are for. */
function valueCases(nodes: readonly CompletionNode[], scenarios: readonly string[]): string[] {
  const places = new Map<string, Set<string>>();
  const add = (kind: ValueKind | undefined, place: string): void => {
    const setting = settingOf(kind, scenarios);
    const known = places.get(setting) ?? new Set();
    places.set(setting, known.add(place));
  };
  for (const { path, flags, subject } of nodes) {
    for (const { flag, value, kind } of flags) if (value !== undefined) add(kind, `"${path} --${flag}"`);
    if (subject !== undefined) add(subject.kind, `"${path} "`);
  }
  return [...places].map(([setting, known]) => `    ${[...known].join(" | ")})\n      ${setting} ;;`);
}

function settingOf(kind: ValueKind | undefined, scenarios: readonly string[]): string {
  const values = valuesOf(kind, scenarios);
  if (typeof values === "string") return `kind=${values}`;
  // A scenario may be a file as well.
  return `kind=${kind === "scenario" ? "path" : "words"} values="${values.join(" ")}"`;
}
