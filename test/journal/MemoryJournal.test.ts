import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryJournal } from "../../src/journal/MemoryJournal.ts";
import { idsOf, SOME_DAY_MS, someRecord, someStory } from "./someRecord.ts";

const clock = (): number => SOME_DAY_MS;

test("MemoryJournal: remembers the latest requests in their order, as many as it has room for", async () => {
  const journal = new MemoryJournal({ capacity: 3, clock });
  const records = Array.from({ length: 8 }, () => someRecord());
  for (const [index, record] of records.entries()) {
    journal.enter(record);
    assert.deepEqual(await journal.find({}), records.slice(Math.max(0, index - 2), index + 1));
  }
  assert.deepEqual(await journal.find({ limit: 2 }), records.slice(-2));
});

test("MemoryJournal: long stories push out more than short ones", async () => {
  const journal = new MemoryJournal({ sizeBytes: 20_000, clock });
  const small = Array.from({ length: 4 }, () => someRecord());
  for (const record of small) journal.enter(record);
  assert.equal((await journal.find({})).length, 4);
  const large = someRecord({ story: someStory({ headers: [["X-Long", "x".repeat(19_200)]] }) });
  journal.enter(large);
  assert.deepEqual(idsOf(await journal.find({})), idsOf([large]));
  journal.enter(someRecord({ story: someStory({ stack: "x".repeat(30_000) }) }));
  assert.deepEqual(await journal.find({}), []);
});

test("MemoryJournal: what is too old is not found, and after clear nothing is", async () => {
  let nowMs = SOME_DAY_MS;
  const journal = new MemoryJournal({ ageMs: 1_000, clock: () => nowMs });
  journal.enter(someRecord({ atMs: nowMs }));
  assert.equal((await journal.find({})).length, 1);
  nowMs += 1_003;
  assert.equal((await journal.find({})).length, 0);
  nowMs = SOME_DAY_MS;
  await journal.clear();
  assert.equal((await journal.find({})).length, 0);
  journal.enter(someRecord({ atMs: nowMs }));
  assert.equal((await journal.find({})).length, 1);
});

test("MemoryJournal: find waits for the record of a request whose client may have the answer, and for no other", async () => {
  const journal = new MemoryJournal({ clock });
  const answered = { awaitsRecord: true };
  const running = { awaitsRecord: false };
  journal.watch(() => [answered, running]);
  const finding = journal.find({});
  const record = someRecord();
  setImmediate(() =>
    setImmediate(() => {
      answered.awaitsRecord = false;
      journal.enter(record, answered);
    }),
  );
  assert.deepEqual(await finding, [record]);
  assert.deepEqual(await journal.find({}), [record]);
});

test("MemoryJournal: find waits a second at the most for a record that does not come", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const journal = new MemoryJournal({ clock });
  journal.watch(() => [{ awaitsRecord: true }]);
  const finding = journal.find({});
  await new Promise((resolve) => setImmediate(resolve));
  t.mock.timers.tick(1_000);
  assert.deepEqual(await finding, []);
});
