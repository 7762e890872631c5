import fc from "fast-check";
import { errorCodes } from "../../src/errors/catalogue.ts";
import { ACTIONS, FAULT_KINDS, OPERATION_NAMES } from "../../src/faults/actions.ts";
import type { FaultAction, FaultKind } from "../../src/faults/FaultRule.ts";
import { anyCharacter } from "../anyCharacter.ts";

/** Rules as JSON, which can be read. */

const code = fc.constantFrom(...errorCodes());
const text = fc.string({ unit: anyCharacter, minLength: 1, maxLength: 8 });
const wait = fc.integer({ min: 1, max: 600_000 });
const count = fc.integer({ min: 1, max: 20 });
const offset = fc.nat();
const difference = fc.integer({ min: -1_000_000, max: 1_000_000 }).filter((value) => value !== 0);

/** What may stand beside the kind. Without prototypes of their own, `deepEqual` would tell records apart from what JSON makes. */
const MEMBERS: { readonly [Kind in FaultKind]: fc.Arbitrary<object> } = {
  error: partly({ code }, { message: fc.constantFrom("No.", "Nicht so schnell – €") }),
  slowDown: partly({ requestsPerSecond: fc.nat(1000) }, { per: fc.constantFrom("prefix", "bucket", "rule") }),
  status: partly({ status: fc.constantFrom(500, 502, 503, 504) }, { body: text }),
  errorInside200: partly({ code }, {}),
  keyErrors: partly({ code }, { keys: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }) }),
  delay: partly({ delayMs: wait }, {}),
  throttle: partly({ bytesPerSecond: count }, {}),
  stall: partly({ stallMs: wait }, { atByte: offset }),
  disconnect: partly({ how: fc.constantFrom("reset", "end", "halfClose") }, { atByte: offset }),
  contentLength: partly({ byBytes: difference }, {}),
  corrupt: partly({ what: fc.constantFrom("body", "checksum") }, {}),
  clock: partly({ aheadMs: difference }, {}),
  redirect: partly(
    { status: fc.constantFrom(301, 307) },
    { endpoint: fc.constantFrom("s3.eu-west-1.amazonaws.com", "127.0.0.1:9000") },
  ),
  stale: partly({ staleMs: count }, {}),
  disk: fc.oneof(partly({ how: fc.constant("full") }, {}), partly({ how: fc.constant("slow"), delayMs: wait }, {})),
};

function partly(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<object> {
  return fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required), noNullPrototype: true });
}

const chance = partly(
  {},
  {
    nth: fc.uniqueArray(count, { minLength: 1, maxLength: 5 }),
    every: count,
    probability: fc.double({ min: 0.01, max: 1, noNaN: true }),
    seed: fc.maxSafeNat(),
    times: count,
  },
);

function match(kind: FaultKind): fc.Arbitrary<object> {
  const operation = fc.constantFrom(...(ACTIONS[kind].operations ?? OPERATION_NAMES));
  return partly(
    {},
    {
      operations: fc.uniqueArray(operation, { minLength: 1, maxLength: 3 }),
      bucket: text,
      key: text,
      prefix: text,
      method: fc.constantFrom("GET", "PUT"),
      caller: text,
      partNumber: fc.integer({ min: 1, max: 10_000 }),
      from: fc.constantFrom("2026-01-01", "2026-01-31T12:00:00+02:00"),
      until: fc.constantFrom("2030-01-01T00:00Z", "2031-12-31 00:00:00.5"),
    },
  );
}

/** The action of a kind. */
export function anyAction(kind: FaultKind): fc.Arbitrary<FaultAction> {
  return MEMBERS[kind].map((members) => ({ kind, ...members }) as FaultAction);
}

function anyRuleOf(kind: FaultKind): fc.Arbitrary<object> {
  const stage = fc.constantFrom(...ACTIONS[kind].stages);
  return partly({ action: anyAction(kind) }, { match: match(kind), chance, stage });
}

/** A rule that has no id. */
export const anyRule: fc.Arbitrary<object> = fc.oneof(...FAULT_KINDS.map(anyRuleOf));

/** A scenario. */
export const anyScenario: fc.Arbitrary<object> = fc
  .record({
    name: text,
    description: text,
    seed: fc.option(fc.nat(), { nil: undefined }),
    rules: fc.array(anyRule, { minLength: 1, maxLength: 3 }),
    named: fc.boolean(),
  })
  .map(({ name, description, seed, rules, named }) => ({
    name,
    description,
    ...(seed !== undefined && { seed }),
    rules: rules.map((rule, index) => (named ? { ...rule, id: `rule-${index}` } : rule)),
  }));
