import { suggestion } from "../config/nearest.ts";
import { OptionError } from "../config/OptionError.ts";
import type { FaultRule, NewFaultRule } from "../faults/FaultRule.ts";
import { FaultRuleError } from "../faults/FaultRule.ts";
import { readFaultRule } from "../faults/readFaultRule.ts";
import { openScenario } from "../server/faults/scenarioFile.ts";
import type { ListedFault } from "../server/faults/storedRules.ts";
import { addFaults, applyScenario, listFaults } from "../server/faults/storedRules.ts";
import { clearFaultRules, removeFaultRule } from "../store/faults/faultRules.ts";
import { commandOfActions, flagOf } from "./actions.ts";
import { listed } from "./columns.ts";
import type { Command } from "./Command.ts";
import type { DataArguments } from "./dataOption.ts";
import { onDataFolder } from "./dataOption.ts";
import { RULE_ACTIONS, RULE_FLAGS, ruleOfFlags } from "./faultFlags.ts";
import { commandNamed } from "./table/commandTable.ts";
import { wrongUse } from "./usage.ts";

const COMMAND = commandNamed("fault");
const ADDING = COMMAND.actions.filter(({ words }) => words === "add");
const ACTION_NAMES = RULE_ACTIONS.map((flag) => `--${flag}`).join(", ");
const SEED_FLAG = "seed";
const JSON_FLAG = "json";
const REMINDER = "Rules strike only in servers that were started with --faults.\n";

/** `holdfast fault`: planned faults of a data folder, also while servers run on it; their processes heed them from their next request on. */
export const fault: Command = commandOfActions("fault", { add, apply, list, remove, clear });

async function add(read: DataArguments, json: string): Promise<string> {
  const rule = json === "" ? ruleOfFlags(read.flags) : ruleOfJson(json);
  const hasBoth = json !== "" && RULE_FLAGS.some((flag) => read.flags.has(flag));
  if (hasBoth) throw wrongUse(COMMAND, "A rule is made by flags or in JSON, and not by both.", ADDING);
  if (rule === undefined) throw wrongUse(COMMAND, `One flag says what happens: ${ACTION_NAMES}.`, ADDING);
  const [added] = await onDataFolder(read.settings, (store) => addFaults(store, [rule]));
  return `added ${added!.id}\n${REMINDER}`;
}

function ruleOfJson(json: string): NewFaultRule {
  try {
    return readFaultRule(JSON.parse(json));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new OptionError(`The rule is no JSON: ${cause.message}.`);
    throw cause;
  }
}

async function apply(read: DataArguments, nameOrPath: string): Promise<string> {
  const given = flagOf(read, SEED_FLAG);
  const seed = given === undefined ? undefined : Number(given);
  const scenario = await openScenario(nameOrPath, seed);
  await onDataFolder(read.settings, (store) => applyScenario(store, scenario));
  const { name, rules } = scenario;
  return `${name}: ${rules.length === 1 ? "1 rule" : `${rules.length} rules`}, seed ${scenario.seed}; those before are gone\n${REMINDER}`;
}

/** A line for each rule: its id, how often it matched and struck, what it does where, to which requests and which of them. */
async function list(read: DataArguments): Promise<string> {
  const rules = await onDataFolder(read.settings, listFaults);
  if (read.flags.get(JSON_FLAG) === "true") return `${JSON.stringify(rules.map(asJson), undefined, 2)}\n`;
  if (rules.length === 0) return "There are no rules.\n";
  const heads = ["rule", "matched", "struck", "does", "at", "to", "of these"];
  return listed([heads, ...rules.map(rowOf)]) + REMINDER;
}

function asJson({ id, rule, problem, matched, struck }: ListedFault): object {
  return { ...(rule ?? { id, problem }), matched, struck };
}

function rowOf({ id, rule, problem, matched, struck }: ListedFault): string[] {
  const counts = [id, String(matched), String(struck)];
  if (rule === undefined) return [...counts, `nothing, for this version cannot read it: ${problem}`, "", "", ""];
  return [...counts, doneBy(rule), rule.stage, inPairs(rule.match) || "all", inPairs(rule.chance) || "all"];
}

function doneBy({ action: { kind, ...members } }: FaultRule): string {
  return `${kind} ${inPairs(members)}`;
}

function inPairs(members: object): string {
  return Object.entries(members)
    .map(([name, value]) => `${name}=${[value].flat().map(asWord).join(",")}`)
    .join(" ");
}

/** A value in a line, in quotes where it would not be seen what belongs to it, or where a terminal would do something about it. */
function asWord(value: string | number): string {
  return typeof value === "string" && !/^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(value) ? JSON.stringify(value) : String(value);
}

async function remove(read: DataArguments, id: string): Promise<string> {
  await onDataFolder(read.settings, async (store) => {
    if (await removeFaultRule(store, id)) return;
    const ids = (await listFaults(store)).map((rule) => rule.id);
    throw new FaultRuleError(`There is no rule "${id}"${suggestion(id, ids, (similar) => `"${similar}"`)}`);
  });
  return `removed ${id}\n`;
}

async function clear(read: DataArguments): Promise<string> {
  const count = await onDataFolder(read.settings, clearFaultRules);
  return `removed ${count === 1 ? "1 rule" : `${count} rules`}\n`;
}
