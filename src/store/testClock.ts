import type { ReadResult, ReadSet } from "./metadata/MetadataEngine.ts";
import { put } from "./records/Row.ts";
import type { TestClockRecord } from "./records/TestClockRecord.ts";
import { TEST_CLOCK_ROW } from "./records/TestClockRecord.ts";
import type { Clock, Store } from "./Store.ts";
import { readRow, transact } from "./transact.ts";

/**
 * A clock that tests move: a row of the store says how far it is from real time, and it runs on from there. So every process heeds it from
 * its next request on, and forks and snapshots of a store have the clock they were made with.
 */

/** A test clock goes no further: S3's forms of time end with the year 9999, and time goes on. */
export const LATEST_TEST_TIME_MS: number = Date.UTC(9999, 0);

/** Thrown when a test clock cannot be moved, or not there; the message says why. */
export class TestClockError extends RangeError {
  override readonly name = "TestClockError";
}

/** An engine whose index lies in this process, so that what it reads is at hand. */
interface IndexAtHand {
  read(readSet: ReadSet): ReadResult;
}

const READ_SET: ReadSet = { keys: [TEST_CLOCK_ROW.key] };

/** A store's test clock. It looks the row up whenever it is asked. */
export function testClock(metadata: IndexAtHand, realClock: Clock): Clock {
  return () => {
    const bytes = metadata.read(READ_SET).values[0];
    return realClock() + (bytes === undefined ? 0 : offsetOf(TEST_CLOCK_ROW.codec.decode(bytes, TEST_CLOCK_ROW.key)));
  };
}

/** How far a store's test clock is ahead of real time, in milliseconds; below 0 when it is behind. */
export async function testClockOffset(store: Store): Promise<number> {
  return offsetOf(await readRow(store, TEST_CLOCK_ROW));
}

/** Makes a store's test clock that of a run of a server, as it stands; resolves with how far it is ahead, in milliseconds. */
export function takeTestClock(store: Store, run: string): Promise<number> {
  return transact(store, { clock: TEST_CLOCK_ROW }, ({ clock }) => {
    const record = { movedAtMs: 0, movedToMs: 0, ...clock, run };
    return { changes: [put(TEST_CLOCK_ROW, record)], result: offsetOf(record) };
  });
}

/** Where a test clock is to go, in milliseconds since 1970; `nowMs` is what it shows. */
export type TestClockMove = (nowMs: number, realNowMs: number) => number;

/** To stay as it is: for who wants to know what it shows. */
export const SHOW: TestClockMove = (nowMs) => nowMs;

/** Back to real time. */
export const RESET: TestClockMove = (_nowMs, realNowMs) => realNowMs;

/**
 * Moves the test clock that a run of a server goes by. Resolves with how far it is ahead of real time then, in milliseconds. Throws
 * `TestClockError` when that server has none, and when the move leads out of the years 1970 to 9998.
 */
export function moveTestClock(store: Store, run: string, move: TestClockMove): Promise<number> {
  return transact(store, { clock: TEST_CLOCK_ROW }, ({ clock }, { realNowMs }) => {
    if ((clock?.run ?? "") !== run) throw new TestClockError(NO_TEST_CLOCK);
    const nowMs = realNowMs + offsetOf(clock);
    const movedToMs = move(nowMs, realNowMs);
    if (!(movedToMs >= 0 && movedToMs < LATEST_TEST_TIME_MS)) throw new TestClockError(OUT_OF_RANGE);
    const changes = movedToMs === nowMs ? [] : [put(TEST_CLOCK_ROW, { run, movedAtMs: realNowMs, movedToMs })];
    return { changes, result: movedToMs - realNowMs };
  });
}

const NO_TEST_CLOCK =
  "No server with a test clock runs on this data folder. Start one with --test-clock (in the library: testClock: true).";
const OUT_OF_RANGE = "The test clock would leave the years 1970 to 9998.";

function offsetOf(clock: TestClockRecord | undefined): number {
  return clock === undefined ? 0 : clock.movedToMs - clock.movedAtMs;
}
