import { ACTIONS, FAULT_KINDS, FAULT_STAGES, factsOf, MAX_KEY_CHARACTERS, OPERATION_NAMES } from "./actions.ts";
import type { FaultAction, FaultChance, FaultKind, FaultMatch, FaultStage, NewFaultRule, Scenario } from "./FaultRule.ts";
import { FaultRuleError } from "./FaultRule.ts";
import type { Form, Members } from "./forms.ts";
import {
  inWords,
  listOf,
  memberOf,
  oneOf,
  optional,
  PROBABILITY,
  readMembers,
  required,
  shown,
  text,
  TIME,
  wholeNumber,
} from "./forms.ts";

/** Most rules of a scenario, which are as many as a store keeps. */
export const MAX_SCENARIO_RULES = 1_000;
/** The largest number that counts matches. */
const MAX_MATCH_NUMBER = 1_000_000_000;
/** Most numbers of matches that a rule names. */
const MAX_NTH = 1_000;
/** A rule's JSON text has no more characters than this. */
const MAX_RULE_CHARACTERS = 65_536;
const MAX_ID_CHARACTERS = 64;
const MAX_BUCKET_CHARACTERS = 255;
const MAX_CALLER_CHARACTERS = 128;
const MAX_NAME_CHARACTERS = 200;
const MAX_DESCRIPTION_CHARACTERS = 2_000;
const MAX_PART_NUMBER = 10_000;

/** Ids of rules. */
export const FAULT_ID: Form<string> = text(MAX_ID_CHARACTERS, {
  words: `1 to ${MAX_ID_CHARACTERS} letters, digits, ".", "_" and "-"`,
  pattern: /^[A-Za-z0-9._-]+$/u,
});
/** Seeds. */
export const FAULT_SEED: Form<number> = wholeNumber(0, Number.MAX_SAFE_INTEGER);
const COUNT: Form<number> = wholeNumber(1, MAX_MATCH_NUMBER);

/** What a rule may say of requests. */
export const MATCH_MEMBERS: { readonly [Name in keyof Required<FaultMatch>]: Members[string] } = {
  operations: optional(listOf(oneOf(OPERATION_NAMES, "an operation of S3's"), OPERATION_NAMES.length)),
  bucket: optional(text(MAX_BUCKET_CHARACTERS)),
  key: optional(text(MAX_KEY_CHARACTERS)),
  prefix: optional(text(MAX_KEY_CHARACTERS)),
  method: optional(oneOf(["GET", "HEAD", "PUT", "POST", "DELETE"])),
  caller: optional(text(MAX_CALLER_CHARACTERS)),
  partNumber: optional(wholeNumber(1, MAX_PART_NUMBER)),
  from: optional(TIME),
  until: optional(TIME),
};

/** What it may say of which of them it strikes. */
export const CHANCE_MEMBERS: { readonly [Name in keyof Required<FaultChance>]: Members[string] } = {
  nth: optional(listOf(COUNT, MAX_NTH)),
  every: optional(COUNT),
  probability: optional(PROBABILITY),
  seed: optional(FAULT_SEED),
  times: optional(COUNT),
};

/** Kinds that wait for events, of which there are none yet. */
const EVENT_KINDS: ReadonlySet<unknown> = new Set(["lost", "duplicated", "lostEvent", "duplicatedEvent", "event"]);

const KIND: Form<FaultKind> = oneOf(FAULT_KINDS);
const STAGE: Form<FaultStage> = oneOf(FAULT_STAGES);

const MATCH: Form<FaultMatch> = { words: "an object", schema: {}, read: readMatch };
const CHANCE: Form<FaultChance> = {
  words: "an object",
  schema: {},
  read: (value, path) => readMembers(value, path, CHANCE_MEMBERS),
};
const ACTION: Form<FaultAction> = { words: 'an object with "kind" and what belongs to it', schema: {}, read: readAction };

const RULE_MEMBERS: Members = {
  id: optional(FAULT_ID),
  match: optional(MATCH),
  chance: optional(CHANCE),
  action: required(ACTION),
  stage: optional(STAGE),
};

/**
 * Reads a rule from JSON, with what it leaves out: no match and no chance, the action's first stage, and `seed` for a probability without one.
 * `path` names its place in a file. Throws `FaultRuleError`.
 */
export function readFaultRule(value: unknown, path = "", seed = 0): NewFaultRule {
  const read = readMembers(value, path, RULE_MEMBERS) as Partial<NewFaultRule> & Pick<NewFaultRule, "action">;
  const { action, match = {}, chance = {} } = read;
  const { stages, operations } = factsOf(action);
  const stage = read.stage ?? stages[0]!;
  if (!stages.includes(stage)) {
    throw new FaultRuleError(
      `${memberOf(path, "stage")} is ${shown(stage)}, and has to be ${inWords(stages)} for the kind ${shown(action.kind)}.`,
    );
  }
  const other = operations === undefined ? undefined : match.operations?.find((name) => !operations.includes(name));
  if (other !== undefined) {
    throw new FaultRuleError(
      `${memberOf(path, "match.operations")} has ${shown(other)}, which the kind ${shown(action.kind)} cannot strike: it is for ${inWords(operations!, "and")}.`,
    );
  }
  const rule: NewFaultRule = { id: read.id, match, chance: seeded(chance, seed), action, stage };
  if (JSON.stringify(rule).length > MAX_RULE_CHARACTERS) {
    throw new FaultRuleError(`${path === "" ? "The rule" : path} is larger than ${MAX_RULE_CHARACTERS} characters of JSON.`);
  }
  return rule;
}

/** Text of a rule that reads as the same rule, without its id. */
export function faultRuleText({ match, chance, action, stage }: NewFaultRule): string {
  return JSON.stringify({ match, chance, action, stage });
}

/** What the ids of rules without one begin with: the code, or the kind. */
export function faultIdStem({ action }: NewFaultRule): string {
  if (action.kind === "slowDown") return "SlowDown";
  return "code" in action ? action.code.replaceAll(/[^A-Za-z0-9._-]/g, "-") : action.kind;
}

/** Names of scenarios. */
export const SCENARIO_NAME: Form<string> = text(MAX_NAME_CHARACTERS);
/** What scenarios say of themselves. */
export const SCENARIO_DESCRIPTION: Form<string> = text(MAX_DESCRIPTION_CHARACTERS);

const SCENARIO_MEMBERS: Members = {
  // For editors.
  $schema: optional(SCENARIO_NAME),
  name: required(SCENARIO_NAME),
  description: required(SCENARIO_DESCRIPTION),
  seed: optional(FAULT_SEED),
  rules: required({
    words: `a list of 1 to ${MAX_SCENARIO_RULES} rules`,
    schema: {},
    // Read behind the seed, which they need.
    read: (value) => value,
  }),
};

/** Reads a scenario from JSON; `seed` counts instead of the scenario's own. Throws `FaultRuleError`. */
export function readScenario(value: unknown, seed?: number): Scenario {
  const read = readMembers(value, "", SCENARIO_MEMBERS);
  const given = seed === undefined ? ((read["seed"] as number | undefined) ?? 0) : FAULT_SEED.read(seed, "seed");
  const { rules } = read;
  if (!Array.isArray(rules) || rules.length === 0 || rules.length > MAX_SCENARIO_RULES) {
    throw new FaultRuleError(`rules is ${shown(rules)}, and has to be ${SCENARIO_MEMBERS["rules"]!.form.words}.`);
  }
  const all = rules.map((rule, index) => readFaultRule(rule, `rules[${index}]`, given));
  const ids = all.flatMap(({ id }) => id ?? []);
  const again = ids.find((id, index) => ids.indexOf(id) !== index);
  if (again !== undefined) throw new FaultRuleError(`Two rules have the id ${shown(again)}.`);
  return { name: read["name"] as string, description: read["description"] as string, seed: given, rules: all };
}

function seeded(chance: FaultChance, seed: number): FaultChance {
  return chance.probability === undefined || chance.seed !== undefined ? chance : { ...chance, seed };
}

function readMatch(value: unknown, path: string): FaultMatch {
  const match: FaultMatch = readMembers(value, path, MATCH_MEMBERS);
  const { from, until } = match;
  if (from !== undefined && until !== undefined && Date.parse(from) >= Date.parse(until))
    throw new FaultRuleError(`${path}.until is ${shown(until)}, and has to be later than ${path}.from, ${shown(from)}.`);
  return match;
}

function readAction(value: unknown, path: string): FaultAction {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new FaultRuleError(`${path} is ${shown(value)}, and has to be ${ACTION.words}.`);
  }
  const { kind: named, ...rest } = value as { readonly kind?: unknown };
  if (EVENT_KINDS.has(named))
    throw new FaultRuleError(`${path}.kind is ${shown(named)}: events are not built yet, so none can be lost or come twice.`);
  if (named === undefined) throw new FaultRuleError(`${path}.kind is missing; it has to be ${KIND.words}.`);
  const kind = KIND.read(named, `${path}.kind`);
  const { members, check } = ACTIONS[kind];
  const action = { kind, ...readMembers(rest, path, members) } as FaultAction;
  check?.(action, path);
  return action;
}
