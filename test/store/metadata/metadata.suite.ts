import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import fc from "fast-check";
import type { Change, MetadataEngine, Page, PagePlan } from "../../../src/store/metadata/MetadataEngine.ts";
import { successorOfPrefix } from "../../../src/store/metadata/byteOrder.ts";

/** What every metadata engine must do; run by a test file per engine. */
export function metadataSuite(engineName: string, open: () => Promise<MetadataEngine>): void {
  describe(`${engineName}: the contract of metadata engines`, () => {
    const opened: MetadataEngine[] = [];
    const fresh = async (): Promise<MetadataEngine> => {
      const engine = await open();
      opened.push(engine);
      return engine;
    };
    after(() => Promise.all(opened.map((engine) => engine.close())));
    readTests(fresh);
    sizeTests(fresh);
    transactTests(fresh);
    raceTests(fresh);
    pageTests(fresh);
  });
}

type Fresh = () => Promise<MetadataEngine>;

const bytes = (text: string): Buffer => Buffer.from(text, "latin1");
const put = (key: string, value = key): Change => ({ key: bytes(key), value: bytes(value) });
const remove = (key: string): Change => ({ key: bytes(key), value: undefined });
const commit = (engine: MetadataEngine, changes: readonly Change[]): Promise<undefined> =>
  engine.transact({ keys: [] }, () => ({ changes, result: undefined }));
const valueOf = async (engine: MetadataEngine, key: string): Promise<string | undefined> => {
  const value = (await engine.read({ keys: [bytes(key)] })).values[0];
  return value === undefined ? undefined : Buffer.from(value).toString("latin1");
};

function readTests(fresh: Fresh): void {
  test("read: values of present keys, undefined for missing ones, in the order asked", async () => {
    const engine = await fresh();
    await commit(engine, [put("a", "1"), put("b", ""), put("a\0", "2")]);
    const { values, ranges } = await engine.read({ keys: ["b", "missing", "a\0", "a"].map(bytes) });
    assert.deepEqual(
      values.map((value) => value && Buffer.from(value).toString()),
      ["", undefined, "2", "1"],
    );
    assert.deepEqual(ranges, []);
  });

  test("read: ranges begin with start, end before end, keep to byte order and limit", async () => {
    const engine = await fresh();
    await commit(
      engine,
      ["b", "a\xff", "a", "c", "a\0", "\x01"].map((key) => put(key)),
    );
    const range = (start: string, end: string, limit: number) => ({ start: bytes(start), end: bytes(end), limit });
    const { ranges } = await engine.read({
      keys: [],
      ranges: [range("a", "b", 9), range("a\0", "c", 2), range("x", "z", 9), range("a", "z", 0), range("a", "c\0", 9)],
    });
    const keys = ranges.map((entries) => entries.map((entry) => Buffer.from(entry.key).toString("latin1")));
    assert.deepEqual(keys, [["a", "a\0", "a\xff"], ["a\0", "a\xff"], [], [], ["a", "a\0", "a\xff", "b", "c"]]);
  });

  test("read: keys no engine can hold are missing, not an error", async () => {
    const engine = await fresh();
    await commit(engine, [put("x"), put("xz")]);
    const long = Buffer.alloc(9_000, "x");
    const result = await engine.read({ keys: [long], ranges: [{ start: long, end: bytes("y"), limit: 9 }] });
    assert.equal(result.values[0], undefined);
    assert.deepEqual(
      result.ranges[0]?.map((entry) => Buffer.from(entry.key).toString()),
      ["xz"],
    );
  });

  test("read: values stay as they were after later reads and writes", async () => {
    const engine = await fresh();
    const large = Buffer.alloc(1_000_000, 7);
    await commit(engine, [
      put("small", "before"),
      { key: bytes("large"), value: large },
      { key: bytes("64k"), value: large.subarray(0, 65_536) },
    ]);
    const first = await engine.read({
      keys: [bytes("small"), bytes("large"), bytes("64k")],
      ranges: [{ start: bytes("a"), end: bytes("z"), limit: 9 }],
    });
    await commit(engine, [put("small", "after!"), { key: bytes("large"), value: Buffer.alloc(1_000_000, 9) }, put("64k")]);
    await engine.read({ keys: [bytes("large"), bytes("small")] });
    assert.equal(Buffer.from(first.values[0]!).toString(), "before");
    assert.ok(large.equals(first.values[1]!));
    assert.ok(large.subarray(0, 65_536).equals(first.values[2]!));
    assert.ok(large.equals(first.ranges[0]![0]!.value));
  });
}

const MEBIBYTE = 1024 * 1024;

function sizeTests(fresh: Fresh): void {
  test("read, page: a walk over values of all sizes, the largest ones first, last or between", async () => {
    const engine = await fresh();
    const sizes = [5, 20 * MEBIBYTE, 0, 3, 18 * MEBIBYTE, 25 * MEBIBYTE, 70_000, 1];
    const value = (index: number): Buffer => Buffer.alloc(sizes[index]!, index + 1);
    await commit(
      engine,
      sizes.map((_, index) => ({ key: bytes(`k${index}`), value: value(index) })),
    );
    for (let first = 0; first < sizes.length; first++) {
      const { ranges } = await engine.read({ keys: [], ranges: [{ start: bytes(`k${first}`), end: bytes("l"), limit: 99 }] });
      const nothing = bytes("");
      const plan = { base: bytes("k"), prefix: nothing, delimiter: nothing, limit: 99 };
      const [page] = await engine.pages([{ ...plan, after: first === 0 ? nothing : bytes(String(first - 1)) }]);
      const shownValues = page!.items.map((item) => ("value" in item ? item.value : undefined));
      for (const values of [ranges[0]!.map((entry) => entry.value), shownValues]) {
        assert.equal(values.length, sizes.length - first);
        assert.ok(values.every((found, index) => value(first + index).equals(found!)));
      }
    }
  });
}

function transactTests(fresh: Fresh): void {
  test("transact: ranges show what decisions before it changed, also those that share its commit", async () => {
    const engine = await fresh();
    await commit(engine, [put("b", "2"), put("c", "3"), put("e", "5")]);
    const ranges = [{ start: bytes("a"), end: bytes("z"), limit: 9 }];
    const [, , seen] = await Promise.all([
      commit(engine, [put("a", "1"), put("c", "new")]),
      commit(engine, [remove("b"), put("d", "4")]),
      engine.transact({ keys: [], ranges }, (records) => ({
        changes: [put("a", "changed")],
        result: records.ranges[0]!.map(({ key, value }) => `${Buffer.from(key).toString()}=${Buffer.from(value).toString()}`),
      })),
    ]);
    assert.deepEqual(seen, ["a=1", "c=new", "d=4", "e=5"]);
    assert.equal(await valueOf(engine, "a"), "changed");
  });

  test("transact: sees the records, commits every change, returns the result", async () => {
    const engine = await fresh();
    await commit(engine, [put("a", "1"), put("gone")]);
    const result = await engine.transact(
      { keys: [bytes("a")], ranges: [{ start: bytes("g"), end: bytes("h"), limit: 1 }] },
      (records) => ({
        changes: [put("b", `${Buffer.from(records.values[0]!).toString()}2`), remove("gone"), remove("never")],
        result: records.ranges[0]!.length,
      }),
    );
    assert.equal(result, 1);
    assert.equal(await valueOf(engine, "b"), "12");
    assert.equal(await valueOf(engine, "gone"), undefined);
  });

  test("transact: the caller's buffers may be used again once it resolved", async () => {
    const engine = await fresh();
    const change = put("a", "1");
    await commit(engine, [change]);
    change.key.fill(0);
    change.value!.fill(0);
    assert.equal(await valueOf(engine, "a"), "1");
  });

  test("transact: a throw changes nothing and rejects with what was thrown, beside others that succeed", async () => {
    const engine = await fresh();
    const refusal = new Error("no");
    const outcomes = await Promise.allSettled([
      commit(engine, [put("a")]),
      engine.transact({ keys: [bytes("a")] }, () => {
        throw refusal;
      }),
      commit(engine, [put("b")]),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.equal((outcomes[1] as PromiseRejectedResult).reason, refusal);
    assert.equal(await valueOf(engine, "b"), "b");
  });

  test("transact: the last of several changes of a key counts", async () => {
    const engine = await fresh();
    await commit(engine, [put("a", "1"), remove("a"), put("b", "1"), put("b", "2")]);
    assert.deepEqual([await valueOf(engine, "a"), await valueOf(engine, "b")], [undefined, "2"]);
  });

  test("statistics: entries are counted", async () => {
    const engine = await fresh();
    await commit(engine, [put("a"), put("b"), put("c")]);
    await commit(engine, [put("a", "longer"), remove("c")]);
    const { entries, sizeBytes } = await engine.statistics();
    assert.equal(entries, 2);
    assert.ok(sizeBytes > 0);
  });
}

function raceTests(fresh: Fresh): void {
  test("transact: many writers on few keys lose no update", async () => {
    const engine = await fresh();
    const writers = Array.from({ length: 200 }, (_, index) => bytes(`counter${index % 3}`));
    await Promise.all(
      writers.map((key) =>
        engine.transact({ keys: [key] }, ({ values }) => ({
          changes: [{ key, value: bytes(String(Number(values[0] === undefined ? 0 : Buffer.from(values[0])) + 1)) }],
          result: undefined,
        })),
      ),
    );
    assert.deepEqual(await Promise.all(["counter0", "counter1", "counter2"].map((key) => valueOf(engine, key))), [
      "67",
      "67",
      "66",
    ]);
  });

  test("transact: of writers that want a key to be absent exactly one wins", async () => {
    const engine = await fresh();
    const wins = await Promise.all(
      Array.from({ length: 50 }, (_, writer) =>
        engine.transact({ keys: [bytes("only")] }, ({ values }) =>
          values[0] === undefined ? { changes: [put("only", String(writer))], result: true } : { changes: [], result: false },
        ),
      ),
    );
    assert.equal(wins.filter(Boolean).length, 1);
    assert.equal(await valueOf(engine, "only"), String(wins.indexOf(true)));
  });
}

/** What a page must show, found by looking at every key. */
function naivePage(keys: readonly string[], plan: PagePlan): { readonly items: readonly string[]; readonly more: boolean } {
  const latin1 = (part: Uint8Array): string => Buffer.from(part).toString("latin1");
  const [base, prefix, delimiter, start] = [plan.base, plan.prefix, plan.delimiter, plan.after].map(latin1) as [
    string,
    string,
    string,
    string,
  ];
  const fold = (key: string): string | undefined => {
    if (delimiter === "" || !key.startsWith(prefix)) return undefined;
    const found = key.indexOf(delimiter, prefix.length);
    return found === -1 ? undefined : key.slice(0, found + delimiter.length);
  };
  const skipped = start !== "" ? fold(start) : undefined;
  const items: string[] = [];
  for (const key of [...keys].sort((left, right) => Buffer.compare(bytes(left), bytes(right)))) {
    if (!key.startsWith(base + prefix)) continue;
    const relative = key.slice(base.length);
    if (start !== "" && Buffer.compare(bytes(relative), bytes(start)) <= 0) continue;
    if (skipped !== undefined && relative.startsWith(skipped)) continue;
    const folded = fold(relative);
    const item = folded === undefined ? `key ${relative}` : `prefix ${folded}`;
    if (items.at(-1) !== item) items.push(item);
  }
  return { items: items.slice(0, plan.limit), more: items.length > plan.limit };
}

/** What stands before each key of these tests. */
const BASE = "\x02B";

/** Pages show each key with its value; in these tests keys are their own values. */
function checkValues(page: Page): void {
  for (const item of page.items) if ("value" in item) assert.ok(item.key.equals(item.value));
}

function shown(page: Page): { readonly items: readonly string[]; readonly more: boolean } {
  const items = page.items.map((item) =>
    "commonPrefix" in item
      ? `prefix ${item.commonPrefix.toString("latin1", BASE.length)}`
      : `key ${item.key.toString("latin1", BASE.length)}`,
  );
  return { items, more: page.more };
}

function pageTests(fresh: Fresh): void {
  // Few letters make many shared prefixes; 0xF4 begins the highest UTF-8 characters, 0x00 and 0xFF are the ends of the order.
  const letters = fc.constantFrom("a", "b", "/", "-", "\0", "\xf4", "\xff");
  const word = (maxLength: number, minLength = 0) => fc.array(letters, { minLength, maxLength }).map((parts) => parts.join(""));
  const plans = fc.record({
    keys: fc.uniqueArray(word(6, 1), { maxLength: 30 }),
    prefix: word(3),
    delimiter: fc.oneof(fc.constant(""), fc.constant("/"), fc.constant("--"), fc.constant("\xff"), word(3)),
    after: fc.oneof(fc.constant(""), word(6)),
    limit: fc.integer({ min: 0, max: 8 }),
  });

  test("page: shows what looking at every key shows, whatever prefix, delimiter and position", async () => {
    const engine = await fresh();
    const neighbours = ["\x01zz", "\x03", "\x02"];
    await fc.assert(
      fc.asyncProperty(plans, async (given) => {
        const stored = [...neighbours, ...given.keys.map((key) => BASE + key)];
        await commit(
          engine,
          stored.map((key) => put(key)),
        );
        const plan: PagePlan = {
          base: bytes(BASE),
          prefix: bytes(given.prefix),
          delimiter: bytes(given.delimiter),
          after: bytes(given.after),
          limit: given.limit,
        };
        const page = (await engine.pages([plan]))[0]!;
        assert.deepEqual(shown(page), naivePage(stored, plan));
        checkValues(page);
        await commit(engine, stored.map(remove));
      }),
      { numRuns: 150 },
    );
  });

  test("page: where no key can be above, it goes on to the last one", async () => {
    const engine = await fresh();
    const keys = ["\x02", "a", "\xff", "\xff/a", "\xff/b", "\xff\xff"];
    await commit(
      engine,
      keys.map((key) => put(key)),
    );
    const page = async (base: string, prefix: string, delimiter: string, position = ""): Promise<string[]> => {
      const plan = { base: bytes(base), prefix: bytes(prefix), delimiter: bytes(delimiter), after: bytes(position), limit: 9 };
      const { items, more } = (await engine.pages([plan]))[0]!;
      assert.ok(!more);
      return items.map((item) => ("commonPrefix" in item ? item.commonPrefix : item.key).toString("latin1"));
    };
    assert.deepEqual(await page("", "", ""), keys);
    assert.deepEqual(await page("", "", "/"), ["\x02", "a", "\xff", "\xff/", "\xff\xff"]);
    assert.deepEqual(await page("\xff", "", ""), keys.slice(2));
    assert.deepEqual(await page("\xff", "", "/", "/a"), ["\xff\xff"]);
    assert.deepEqual(await page("\xff", "\xff", "\xff"), ["\xff\xff"]);
    assert.deepEqual(await page("", "", "\xff", "\xff"), []);
  });

  test("page: following the last item of each page shows every item once", async () => {
    const engine = await fresh();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(word(5, 1), { maxLength: 25 }),
        word(2),
        fc.integer({ min: 1, max: 4 }),
        async (keys, delimiter, limit) => {
          const stored = keys.map((key) => BASE + key);
          await commit(
            engine,
            stored.map((key) => put(key)),
          );
          const plan = { base: bytes(BASE), prefix: bytes(""), delimiter: bytes(delimiter) };
          const items: string[] = [];
          let position: Uint8Array = bytes("");
          for (let more = true; more;) {
            const page = (await engine.pages([{ ...plan, after: position, limit }]))[0]!;
            items.push(...shown(page).items);
            const last = page.items.at(-1);
            if (last !== undefined) position = ("commonPrefix" in last ? last.commonPrefix : last.key).subarray(BASE.length);
            more = page.more;
          }
          assert.deepEqual(items, naivePage(stored, { ...plan, after: bytes(""), limit: 1_000 }).items);
          await commit(engine, stored.map(remove));
        },
      ),
      { numRuns: 40 },
    );
  });

  test("successorOfPrefix: the lowest string above all that begin with the prefix", () => {
    assert.deepEqual(successorOfPrefix(bytes("a\xff\xff")), bytes("b"));
    assert.deepEqual(successorOfPrefix(bytes("ab")), bytes("ac"));
    assert.equal(successorOfPrefix(bytes("\xff\xff")), undefined);
    assert.equal(successorOfPrefix(bytes("")), undefined);
  });
}
