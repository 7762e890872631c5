import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findIndexProblem } from "../../../src/store/metadata/lmdb/indexFile.ts";
import { openFilesBelow } from "../openFiles.ts";

/**
 * Files laid out as LMDB lays out an index, page by page: what real ones hold is up to LMDB, and `indexFile.test.ts` holds the layout to those.
 */
const PAGE_SIZE_BYTES = 4096;
const HEADER_SIZE_BYTES = 24;
const NODE_SIZE_BYTES = 64;
const NO_PAGE = 2n ** 64n - 1n;
const [BRANCH, LEAF] = [0x01, 0x02];
const KEY = Buffer.from("a key");

const scratch = mkdtempSync(join(tmpdir(), "holdfast-forged-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

interface State {
  readonly transaction: number;
  readonly lastPage: number;
  /** The roots of the trees: of free pages, and of rows. */
  readonly free?: number;
  readonly rows?: number;
  readonly magic?: number;
  readonly version?: number;
}

function statePage({ transaction, lastPage, free, rows, magic = 0xbeefc0de, version = 2 }: State): Buffer {
  const page = Buffer.alloc(PAGE_SIZE_BYTES);
  const state = page.subarray(HEADER_SIZE_BYTES);
  state.writeUInt32LE(magic, 0);
  state.writeUInt16LE(version, 4);
  state.writeUInt32LE(PAGE_SIZE_BYTES, 24);
  state.writeBigUInt64LE(free === undefined ? NO_PAGE : BigInt(free), 64);
  state.writeBigUInt64LE(rows === undefined ? NO_PAGE : BigInt(rows), 112);
  state.writeBigUInt64LE(BigInt(lastPage), 120);
  state.writeBigUInt64LE(BigInt(transaction), 128);
  return page;
}

function treePage(flags: number, nodes: readonly Buffer[]): Buffer {
  const page = Buffer.alloc(PAGE_SIZE_BYTES);
  page.writeUInt16LE(flags, 18);
  page.writeUInt16LE(2 * nodes.length, 20);
  for (const [index, node] of nodes.entries()) {
    const place = PAGE_SIZE_BYTES - HEADER_SIZE_BYTES - (index + 1) * NODE_SIZE_BYTES;
    page.writeUInt16LE(place, HEADER_SIZE_BYTES + 2 * index);
    node.copy(page, HEADER_SIZE_BYTES + place);
  }
  return page;
}

/** A page of a tree that leads to others. */
function branch(...pages: readonly number[]): Buffer {
  const nodes = pages.map((page) => {
    const node = Buffer.alloc(NODE_SIZE_BYTES);
    node.writeUIntLE(page, 0, 6);
    node.writeUInt16LE(KEY.length, 6);
    KEY.copy(node, 8);
    return node;
  });
  return treePage(BRANCH, nodes);
}

/** A page of rows: each value lies in it, or in so many pages from `at` on. */
function leaf(...values: readonly ({ readonly at: number; readonly pages: number } | "here")[]): Buffer {
  const nodes = values.map((value) => {
    const node = Buffer.alloc(NODE_SIZE_BYTES, 0xee);
    node.writeUInt16LE(value === "here" ? 0 : 1, 4);
    node.writeUInt16LE(KEY.length, 6);
    KEY.copy(node, 8);
    if (value === "here") return node;
    node.writeBigUInt64LE(BigInt(value.at), 8 + KEY.length);
    node.writeBigUInt64LE(BigInt(value.pages), 8 + KEY.length + 16);
    return node;
  });
  return treePage(LEAF, nodes);
}

/** The pages of a value, which may look like any other. */
const ofValue: Buffer = branch(1_000_000);

let folders = 0;
/** A folder with an index of these pages, cut after so many of them. */
function forge(pages: readonly Buffer[], cutAfter = pages.length): { folder: string; file: string } {
  const folder = mkdtempSync(join(scratch, String(folders++)));
  const file = join(folder, "data.mdb");
  writeFileSync(file, Buffer.concat(pages).subarray(0, cutAfter * PAGE_SIZE_BYTES));
  return { folder, file };
}

const problemOf = (pages: readonly Buffer[], cutAfter?: number): Promise<string | undefined> =>
  findIndexProblem(forge(pages, cutAfter).folder, true);

const cutShort = (left: number, pages: number): string =>
  `was cut short: it has ${left * PAGE_SIZE_BYTES} bytes of ${pages * PAGE_SIZE_BYTES}`;

/** Where a tree of rows lies, beside one of free pages, and the first page that none of both names. */
const TREES: Readonly<Record<string, { readonly state: Omit<State, "transaction" | "lastPage">; readonly pages: Buffer[] }>> = {
  "rows in one page": { state: { rows: 2 }, pages: [leaf("here", "here")] },
  "rows in one page, behind one that is free": { state: { rows: 3 }, pages: [ofValue, leaf("here")] },
  "free pages in one page": { state: { free: 3, rows: 2 }, pages: [leaf("here"), leaf("here")] },
  "rows alone, with a tree of free pages before": { state: { free: 2, rows: 3 }, pages: [leaf("here"), leaf("here")] },
  "a branch that leads to a page behind it": { state: { rows: 2 }, pages: [branch(3, 4), leaf("here"), leaf("here")] },
  "a branch that leads first to the last page": { state: { rows: 2 }, pages: [branch(4, 3), leaf("here"), leaf("here")] },
  "two branches, one below the other": { state: { rows: 4 }, pages: [leaf("here"), branch(2, 5), branch(3), leaf("here")] },
  "a large value in one page": { state: { rows: 2 }, pages: [leaf("here", { at: 3, pages: 1 }), ofValue] },
  "a large value first, in many pages": {
    state: { rows: 2 },
    pages: [leaf({ at: 3, pages: 3 }, "here"), ofValue, ofValue, ofValue],
  },
  "a large value below a branch": { state: { rows: 2 }, pages: [branch(3), leaf("here", { at: 4, pages: 2 }), ofValue, ofValue] },
};

for (const [what, { state, pages }] of Object.entries(TREES)) {
  test(`findIndexProblem: pages at the end may be missing if they are free, and no other: ${what}`, async () => {
    const [used, free] = [2 + pages.length, 3];
    const whole = { ...state, transaction: 5, lastPage: used + free - 1 };
    const states = [statePage(whole), statePage({ ...whole, transaction: 4 })];
    const all = [...states, ...pages, ...Array.from({ length: free }, () => Buffer.alloc(PAGE_SIZE_BYTES, 0xff))];
    for (const left of [used + free, used + free - 1, used + 0.5, used])
      assert.equal(await problemOf(all, left), undefined, `${left}`);
    assert.deepEqual(openFilesBelow(scratch), []);
    for (const left of [used - 0.5, used - 1]) assert.equal(await problemOf(all, left), cutShort(left, used + free));
  });
}

test("findIndexProblem: an index whose trees are empty needs none of its pages", async () => {
  const state = { transaction: 1, lastPage: 20 };
  assert.equal(await problemOf([statePage(state), statePage(state)]), undefined);
});

test("findIndexProblem: the newest of both states counts, whichever page it stands in", async () => {
  const needsAll = { rows: 2, lastPage: 3 };
  const needsNone = { lastPage: 3 };
  const pages = [branch(3), leaf("here")];
  for (const [first, second, problem] of [
    [{ ...needsAll, transaction: 9 }, { ...needsNone, transaction: 8 }, cutShort(3, 4)],
    [{ ...needsNone, transaction: 8 }, { ...needsAll, transaction: 9 }, cutShort(3, 4)],
    [{ ...needsAll, transaction: 8 }, { ...needsNone, transaction: 9 }, undefined],
    [{ ...needsNone, transaction: 9 }, { ...needsAll, transaction: 8 }, undefined],
  ] as const) {
    assert.equal(await problemOf([statePage(first), statePage(second), ...pages], 3), problem);
  }
});

test("findIndexProblem: what does not begin as an index, twice, is damaged", async () => {
  const state = { transaction: 1, lastPage: 1 };
  const whole = statePage(state);
  assert.equal(await problemOf([whole, whole]), undefined);
  for (const other of [
    statePage({ ...state, version: 1 }),
    statePage({ ...state, version: 3 }),
    statePage({ ...state, magic: 0xbeefc0df }),
    Buffer.alloc(PAGE_SIZE_BYTES),
  ]) {
    for (const pages of [
      [other, whole],
      [whole, other],
    ]) {
      assert.equal(await problemOf(pages), "is damaged: it does not begin as an index does");
    }
  }
  // The second state ends with the last byte that is read of it.
  const [least, less] = [1 + 160 / PAGE_SIZE_BYTES, 1 + 159 / PAGE_SIZE_BYTES];
  assert.equal(await problemOf([whole, whole], least), undefined);
  assert.match((await problemOf([whole, whole], less)) ?? "", /^is damaged/);
});

test("findIndexProblem: while another process writes, the state it has left is looked at again, not taken for a cut", async (t) => {
  const before = { transaction: 8, lastPage: 9, rows: 2 };
  const { folder, file } = forge([statePage(before), statePage({ ...before, transaction: 7 }), branch(9)]);
  const first = await open(file);
  const handles = Object.getPrototypeOf(first) as FileHandle;
  await first.close();
  const read = handles.read as (...args: unknown[]) => Promise<unknown>;
  let isWritten = false;
  t.mock.method(handles, "read", async function (this: FileHandle, ...args: unknown[]) {
    const position = args[3];
    if (position === 2 * PAGE_SIZE_BYTES && !isWritten) {
      isWritten = true;
      const later = { transaction: 9, lastPage: 9, rows: 2 };
      writeFileSync(file, Buffer.concat([statePage(before), statePage(later), leaf("here")]));
      // As it was read when it belonged to the state before.
      return branch(9).copy(args[0] as Buffer);
    }
    return read.apply(this, args);
  } as never);
  assert.equal(await findIndexProblem(folder, true), undefined);
  assert.ok(isWritten);
});

test("findIndexProblem: what keeps the file from being read is not taken for a missing one", async () => {
  const { file } = forge([]);
  for (const wasThere of [true, false]) await assert.rejects(findIndexProblem(file, wasThere), { code: "ENOTDIR" });
});
