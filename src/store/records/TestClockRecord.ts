import { integer, recordCodec, text } from "./recordCodec.ts";
import type { Codec, Row, Rows } from "./Row.ts";
import { rowsIn } from "./Row.ts";
import { namedKey, tableRange, TABLES } from "./tables.ts";

/** Where the test clock of a store stands; times in milliseconds since 1970. */
export interface TestClockRecord {
  /** The run of the server that last served the store with a test clock; "" where a store has one server all its life. */
  readonly run: string;
  /** Real time when the clock was moved, */
  readonly movedAtMs: number;
  /** and what it was moved to. It has been running from there since. */
  readonly movedToMs: number;
}

/** The test clock as bytes. */
export const testClockCodec: Codec<TestClockRecord, Buffer> = recordCodec<TestClockRecord>(
  () => ({ run: "", movedAtMs: 0, movedToMs: 0 }),
  [text(1, "run"), integer(2, "movedAtMs"), integer(3, "movedToMs")],
);

/** The one test clock of a store; without the row, it shows real time. */
export const TEST_CLOCK_ROW: Row<TestClockRecord> = { key: namedKey(TABLES.testClock, ""), codec: testClockCodec };

/** The same, for whoever looks at all records. */
export function testClocks(limit: number): Rows<TestClockRecord> {
  return rowsIn(tableRange(TABLES.testClock), limit, testClockCodec);
}
