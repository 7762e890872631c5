import { id, integer, list, recordCodec, text } from "./recordCodec.ts";
import { rememberedRows } from "./rememberedRows.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, nameInKey, tableRange, TABLES } from "./tables.ts";

/** What a store holds of planned faults. Written with every change of its rules, and not when they are counted. */
export interface FaultsRecord {
  /** Never the same for two states of any rules. */
  readonly revision: string;
  readonly rules: number;
  /** Of the rule that is added next. */
  readonly nextSequence: number;
}

/** The state of planned faults as bytes. */
export const faultsCodec: Codec<FaultsRecord, Buffer> = recordCodec<FaultsRecord>(
  () => ({ revision: "", rules: 0, nextSequence: 0 }),
  [text(1, "revision"), integer(2, "rules", 0), integer(3, "nextSequence", 0)],
);

/** The one state of a store; without the row, it never had a rule. */
export const FAULTS_ROW: Row<FaultsRecord> = rememberedRows(TABLES.faults, faultsCodec)("");

/** A rule of planned faults. */
export interface FaultRuleRecord {
  /** Rules go by it: the one that was added first comes first. */
  readonly sequence: number;
  /** The rule as whoever added it writes it down, without its id. */
  readonly document: string;
}

/** Rules as bytes. */
export const faultRuleCodec: Codec<FaultRuleRecord, Buffer> = recordCodec<FaultRuleRecord>(
  () => ({ sequence: 0, document: "" }),
  [integer(1, "sequence", 0), text(2, "document")],
);

/** A rule by its id. */
export function faultRuleRow(ruleId: string): Row<FaultRuleRecord> {
  return { key: namedKey(TABLES.faultRules, ruleId), codec: faultRuleCodec };
}

/** The rules with their ids, by id. */
export function faultRules(limit: number): Rows<FaultRuleRecord & { readonly id: string }> {
  const decode: ReturnType<typeof faultRules>["decode"] = ({ key, value }) => ({
    ...faultRuleCodec.decode(value, key),
    id: nameInKey(key),
  });
  return { ...tableRange(TABLES.faultRules), limit, decode };
}

/** The ids of the rules. */
export function faultRuleIds(limit: number): Rows<string> {
  return { ...tableRange(TABLES.faultRules), limit, decode: ({ key }) => nameInKey(key) };
}

/** How often a rule has matched, and struck. There as long as the rule. */
export interface FaultCountsRecord {
  readonly matched: number;
  readonly struck: number;
  /** The second in which budgets were used last, counted from 1970, */
  readonly second: number;
  /** and how many requests each of them let go on in it. */
  readonly budgets: readonly FaultBudget[];
}

/** What of a budget is used. */
export interface FaultBudget {
  readonly name: string;
  readonly passed: number;
}

/** What a rule begins with. */
export const NO_FAULT_COUNTS: FaultCountsRecord = { matched: 0, struck: 0, second: 0, budgets: [] };

/** Counts as bytes. */
export const faultCountsCodec: Codec<FaultCountsRecord, Buffer> = recordCodec<FaultCountsRecord>(
  () => ({ ...NO_FAULT_COUNTS, budgets: [] }),
  [
    integer(1, "matched", 0),
    integer(2, "struck", 0),
    integer(3, "second", 0),
    list("budgets", () => ({ name: "", passed: 0 }), [id(4, "name"), integer(5, "passed")]),
  ],
);

/** The counts of a rule, by its id. */
export function faultCountsRow(ruleId: string): Row<FaultCountsRecord> {
  return { key: namedKey(TABLES.faultCounts, ruleId), codec: faultCountsCodec };
}

/** The counts of all rules, by id. */
export function faultCounts(limit: number): Rows<FaultCountsRecord> {
  return rowsIn(tableRange(TABLES.faultCounts), limit, faultCountsCodec);
}

/** All of it, for whoever looks at all records. */
export function faultTables(limit: number): readonly Rows<unknown>[] {
  return [rowsIn(tableRange(TABLES.faults), limit, faultsCodec), faultRules(limit), faultCounts(limit)];
}
