import assert from "node:assert/strict";
import { test } from "node:test";
import type { MetadataEngine } from "../../../src/store/metadata/MetadataEngine.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { put as putRow } from "../../../src/store/records/Row.ts";
import { versionRow } from "../../../src/store/records/versionRows.ts";
import { LIFECYCLE_RUN_ROW } from "../../../src/store/records/LifecycleRunRecord.ts";
import { newVersionId } from "../../../src/store/objects/versionIds.ts";
import { readRow } from "../../../src/store/transact.ts";
import type { LifecycleRunOptions } from "../../../src/tasks/lifecycle/LifecycleRun.ts";
import { LifecycleRounds } from "../../../src/tasks/lifecycle/LifecycleRounds.ts";
import type { TestStore } from "../../store/testStore.ts";
import { BUCKET, commit } from "../../store/testStore.ts";
import { DAY_MS, openAgingStore, put, run, runTold, setRules, shown } from "./agingStore.ts";

const MANY = 2_000;
/** Rows of a page. */
const PAGE = 256;

interface Counted {
  readonly store: TestStore;
  /** Rows read, and calls, since it was last asked. */
  readonly taken: () => { readonly rows: number; readonly calls: number };
}

/** A store that counts what is read of it. */
async function openCountedStore(versioning?: "Enabled"): Promise<Counted> {
  const inner = new MemoryMetadataEngine();
  let rows = 0;
  let calls = 0;
  const count = ({ keys, ranges = [] }: Parameters<MetadataEngine["read"]>[0]): void => {
    calls += 1;
    rows += keys.length + ranges.reduce((sum, { limit }) => sum + limit, 0);
  };
  const metadata: MetadataEngine = {
    read: (readSet) => (count(readSet), inner.read(readSet)),
    transact: (readSet, decide) => (count(readSet), inner.transact(readSet, decide)),
    pages: (plans) => inner.pages(plans),
    statistics: () => inner.statistics(),
    close: () => inner.close(),
  };
  const store = await openAgingStore(versioning, { metadata });
  const taken = (): { rows: number; calls: number } => {
    const was = { rows, calls };
    [rows, calls] = [0, 0];
    return was;
  };
  return { store, taken };
}

/** Gives a key so many versions below its current object, without the time it would take to put each. */
async function deepen(store: TestStore, key: string, count: number): Promise<void> {
  const first = await put(store, key);
  await put(store, key);
  const rows = Array.from({ length: count - 1 }, (_, index) => {
    const sequence = first.sequence - 1 - index;
    const record = {
      ...first,
      content: { kind: "empty" } as const,
      sizeBytes: 0,
      sequence,
      versionId: newVersionId(sequence, { realNowMs: 0, newId: () => String(index) }),
    };
    return putRow(versionRow(BUCKET.id, key, sequence), record);
  });
  await commit(store, rows);
}

test("lifecycle: many versions of one key cost their pages, and hold up nobody behind them", async () => {
  const { store, taken } = await openCountedStore("Enabled");
  await setRules(store, { NoncurrentVersionExpiration: { NoncurrentDays: 30 } });
  await deepen(store, "a", MANY);
  await put(store, "b");
  await put(store, "b");
  store.nowMs += DAY_MS;
  taken();
  await run(store);
  const { rows, calls } = taken();
  const pages = Math.ceil(MANY / PAGE);
  assert.ok(calls <= 2 * pages + 8, `${calls} calls`);
  assert.ok(rows <= (pages + 4) * (PAGE + 2), `${rows} rows`);
});

test("lifecycle: a rule with a prefix looks at nothing else", async () => {
  const { store } = await openCountedStore();
  for (let index = 0; index < 300; index++) await put(store, `a${index}`);
  await put(store, "logs/1");
  await put(store, "z");
  await setRules(
    store,
    { Filter: { Prefix: "logs/" }, Expiration: { Days: 1 } },
    { Filter: { Prefix: "logs/1" }, Expiration: { Days: 2 } },
  );
  assert.equal((await run(store)).looked, 1);
});

/** A run that is cut short after so many pages. */
async function cutShort(store: TestStore, pages: number, said: Partial<LifecycleRunOptions> = {}): Promise<void> {
  const abort = new AbortController();
  let left = pages;
  const rounds = roundsOf(store, { ...said, signal: abort.signal }, async () => {
    if (--left === 0) abort.abort();
  });
  await rounds.look();
}

function roundsOf(
  store: TestStore,
  said: Partial<LifecycleRunOptions>,
  pause: () => Promise<void> = async () => undefined,
): LifecycleRounds {
  return new LifecycleRounds(store, {
    signal: new AbortController().signal,
    intervalMs: 60 * 60 * 1000,
    onFailure: (what, cause) => assert.fail(`${what}: ${String(cause)}`),
    ...said,
    pause,
  });
}

test("lifecycle: a run that was cut short goes on where it was, and looks at nothing twice but a page", async () => {
  const { store } = await openCountedStore();
  await setRules(store, { Expiration: { Days: 9 } });
  for (let index = 0; index < 4 * PAGE; index++) await put(store, `k${String(index).padStart(5, "0")}`);
  store.nowMs += DAY_MS;
  await cutShort(store, 1);
  assert.equal((await readRow(store, LIFECYCLE_RUN_ROW))?.key, "k00255");
  const again = roundsOf(store, {});
  await again.look();
  assert.equal(again.figures.total.looked, 3 * PAGE + 1);
  assert.equal(again.figures.endedAtMs, store.nowMs);
  await again.look();
  assert.equal(again.figures.total.looked, 3 * PAGE + 1);
});

test("lifecycle: a run is due when a day begins, after its interval, and after the clock was set back", async () => {
  const { store } = await openCountedStore();
  await setRules(store, { Expiration: { Days: 900 } });
  await put(store, "a");
  store.nowMs = Date.parse("2030-01-01T23:30:00Z");
  const rounds = roundsOf(store, {});
  const looked = async (time: string): Promise<number> => {
    store.nowMs = Date.parse(time);
    await rounds.look();
    return rounds.figures.total.looked;
  };
  assert.equal(await looked("2030-01-01T23:30:00Z"), 1);
  assert.equal(await looked("2030-01-01T23:59:59.999Z"), 1);
  assert.equal(await looked("2030-01-02T00:00:00Z"), 2);
  assert.equal(await looked("2030-01-02T00:59:59Z"), 2);
  assert.equal(await looked("2030-01-02T01:00:00Z"), 3);
  assert.equal(await looked("2020-01-02T01:00:00Z"), 4);
  // Another process, after a restart, knows of it.
  const next = roundsOf(store, {});
  await next.look();
  assert.equal(next.figures.total.looked, 0);
});

test("lifecycle: where no bucket has one, nothing is written", async () => {
  const { store } = await openCountedStore();
  await put(store, "a");
  await roundsOf(store, {}).look();
  assert.equal(await readRow(store, LIFECYCLE_RUN_ROW), undefined);
});

test("lifecycle: thousands of objects that are due go, in order, whatever the page ends with", async () => {
  const { store } = await openCountedStore("Enabled");
  await setRules(store, { Expiration: { ExpiredObjectDeleteMarker: true }, NoncurrentVersionExpiration: { NoncurrentDays: 1 } });
  for (let index = 0; index < 150; index++) {
    for (let version = 0; version < 1 + (index % 5); version++) await put(store, `k${index}`);
  }
  store.nowMs += 3 * DAY_MS;
  const told = await runTold(store);
  assert.equal(told.length, 300);
  assert.ok(Object.values(await shown(store)).every((versions) => versions === "STANDARD"));
});
