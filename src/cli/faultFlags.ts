import { OptionError } from "../config/OptionError.ts";
import { DURATION_FORM, readDuration } from "../config/times.ts";
import type { NewFaultRule } from "../faults/FaultRule.ts";
import { readFaultRule } from "../faults/readFaultRule.ts";

/** Flags of `holdfast fault add`, which make the JSON that a rule is read from: what they may be, that says. */

type Flags = ReadonlyMap<string, string | readonly string[]>;
type Json = Record<string, unknown>;

/** How the text of a flag becomes a value. */
type Reading = (given: string) => unknown;

const asText: Reading = (given) => given;
/** A number; what is none is refused where the rule is read. */
const asNumber: Reading = (given) => (/^[+-]?\d+(?:\.\d+)?$/.test(given) ? Number(given) : given);
const asNumbers: Reading = (given) => given.split(",").map((each) => asNumber(each.trim()));
/** Milliseconds as a number, or a length of time. */
const asMilliseconds: Reading = (given) => {
  if (/^\d+$/.test(given)) return Number(given);
  const lengthMs = readDuration(given);
  if (lengthMs === undefined) throw new OptionError(`"${given}" is neither a number of milliseconds nor ${DURATION_FORM}.`);
  return lengthMs;
};
const asDifference: Reading = (given) => {
  const aheadMs = asMilliseconds(given.replace(/^[+-]/, "")) as number;
  return given.startsWith("-") ? -aheadMs : aheadMs;
};

interface Flag {
  readonly member: string;
  readonly read: Reading;
}

/** Flags that say which requests are meant; `operation` is not among them, for it may be given again. */
const MATCH_FLAGS: Readonly<Record<string, Flag>> = {
  bucket: { member: "bucket", read: asText },
  key: { member: "key", read: asText },
  prefix: { member: "prefix", read: asText },
  method: { member: "method", read: asText },
  caller: { member: "caller", read: asText },
  part: { member: "partNumber", read: asNumber },
  from: { member: "from", read: asText },
  until: { member: "until", read: asText },
};

const CHANCE_FLAGS: Readonly<Record<string, Flag>> = {
  nth: { member: "nth", read: asNumbers },
  every: { member: "every", read: asNumber },
  probability: { member: "probability", read: asNumber },
  seed: { member: "seed", read: asNumber },
  times: { member: "times", read: asNumber },
};

interface ActionFlag extends Flag {
  readonly kind: string;
}

const HOW: ReadonlyMap<string, string> = new Map([["half-close", "halfClose"]]);

/** Flags that say what happens, of which a rule has one. */
const ACTION_FLAGS: Readonly<Record<string, ActionFlag>> = {
  error: { kind: "error", member: "code", read: asText },
  status: { kind: "status", member: "status", read: asNumber },
  "slow-down-over": { kind: "slowDown", member: "requestsPerSecond", read: asNumber },
  "error-inside-200": { kind: "errorInside200", member: "code", read: asText },
  "key-error": { kind: "keyErrors", member: "code", read: asText },
  delay: { kind: "delay", member: "delayMs", read: asMilliseconds },
  throttle: { kind: "throttle", member: "bytesPerSecond", read: asNumber },
  stall: { kind: "stall", member: "stallMs", read: asMilliseconds },
  disconnect: { kind: "disconnect", member: "how", read: (given) => HOW.get(given) ?? given },
  "content-length": { kind: "contentLength", member: "byBytes", read: asNumber },
  corrupt: { kind: "corrupt", member: "what", read: asText },
  clock: { kind: "clock", member: "aheadMs", read: asDifference },
  redirect: { kind: "redirect", member: "status", read: asNumber },
  stale: { kind: "stale", member: "staleMs", read: asMilliseconds },
  disk: { kind: "disk", member: "how", read: asText },
};

/** Flags that say more of what happens; to which actions they belong, the rule's reading knows. */
const DETAIL_FLAGS: Readonly<Record<string, Flag>> = {
  message: { member: "message", read: asText },
  body: { member: "body", read: asText },
  per: { member: "per", read: asText },
  "at-byte": { member: "atByte", read: asNumber },
  endpoint: { member: "endpoint", read: asText },
  "disk-delay": { member: "delayMs", read: asMilliseconds },
};

/** May be given several times. */
const OPERATION_FLAG = "operation";

/** The flags that say what happens, of which a rule has one. */
export const RULE_ACTIONS: readonly string[] = Object.keys(ACTION_FLAGS);

/** All flags that make a rule. */
export const RULE_FLAGS: readonly string[] = [
  ...[OPERATION_FLAG, "id", "stage"],
  ...[MATCH_FLAGS, CHANCE_FLAGS, ACTION_FLAGS, DETAIL_FLAGS].flatMap((flags) => Object.keys(flags)),
];

/** The rule that flags make; `undefined` where they name no action, or several. Throws `FaultRuleError` and `OptionError`. */
export function ruleOfFlags(flags: Flags): NewFaultRule | undefined {
  const [named, ...more] = Object.keys(ACTION_FLAGS).filter((name) => flags.has(name));
  if (named === undefined || more.length > 0) return undefined;
  const { kind, member, read } = ACTION_FLAGS[named]!;
  const operations = flags.get(OPERATION_FLAG);
  return readFaultRule({
    id: flags.get("id"),
    match: { ...(operations !== undefined && { operations }), ...membersOf(MATCH_FLAGS, flags) },
    chance: membersOf(CHANCE_FLAGS, flags),
    action: { kind, [member]: read(flags.get(named) as string), ...membersOf(DETAIL_FLAGS, flags) },
    stage: flags.get("stage"),
  });
}

function membersOf(table: Readonly<Record<string, Flag>>, flags: Flags): Json {
  const members: Json = {};
  for (const [name, { member, read }] of Object.entries(table)) {
    const given = flags.get(name);
    if (given !== undefined) members[member] = read(given as string);
  }
  return members;
}
