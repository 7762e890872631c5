import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { isMissing } from "../../../errors/systemCode.ts";

/**
 * Looks at the file of an index without opening it as one: LMDB maps it into memory, and a process that reads what a cut file no longer
 * has ends by SIGBUS, without a word.
 *
 * Two pages at its front, written in turn, each describe a state of the index: the size of a page, the last page, and the roots of two
 * trees, one of free pages and one of the rows. The layout is that of `mdb.c` in the package lmdb (data version 2), on 64 bits.
 */

/** The file of an index, in its folder. */
export const INDEX_FILE = "data.mdb";
/** The file in which processes that have an index open know of each other. */
export const INDEX_LOCK_FILE = "lock.mdb";

/** MDB_page_header: number and transaction of 8 bytes each, then these. */
const FLAGS_OFFSET = 18;
const LOWER_OFFSET = 20;
const HEADER_SIZE_BYTES = 24;
const BRANCH_FLAG = 0x01;
const LEAF_FLAG = 0x02;

/** MDB_meta, behind the header of its page. */
const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const VERSION_OFFSET = 4;
const DATABASES_OFFSET = 24;
const LAST_PAGE_OFFSET = 120;
const TRANSACTION_OFFSET = 128;
const META_SIZE_BYTES: number = HEADER_SIZE_BYTES + 136;

/** MDB_db: of the tree of free pages, the first member is the size of a page. */
const DATABASE_SIZE_BYTES = 48;
const ROOT_OFFSET = 40;
/** The root of an empty tree: all bits set, which as a number is this. */
const NO_PAGE: number = 2 ** 64;

/** MDB_node: a page number or a size in 6 bytes, of which flags take the last two, then the size of the key, the key, the value. */
const NODE_FLAGS_OFFSET = 4;
const KEY_SIZE_OFFSET = 6;
const NODE_HEADER_SIZE_BYTES = 8;
const OVERFLOW_FLAG = 0x01;
/** MDB_ovpage: where a large value lies, by whom, in how many pages. */
const OVERFLOW_PAGES_OFFSET = 16;

/** A state of the index. */
interface State {
  readonly transaction: number;
  readonly pageSizeBytes: number;
  readonly pages: number;
  readonly roots: readonly number[];
}

/**
 * What is wrong with the index in a folder, in words that go on after its path; `undefined` when it can be opened, or made. `wasThere`: not
 * to be there is wrong. May run beside processes that have it open. Throws what the file system throws.
 */
export async function findIndexProblem(folder: string, wasThere: boolean): Promise<string | undefined> {
  const file = await open(join(folder, INDEX_FILE), "r").catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (file === undefined) return wasThere ? "is missing" : undefined;
  try {
    return await problemOf(file, wasThere);
  } finally {
    await file.close();
  }
}

async function problemOf(file: FileHandle, wasThere: boolean): Promise<string | undefined> {
  for (;;) {
    const state = await newestState(file);
    const { size } = await file.stat();
    if (size === 0) return wasThere ? "is empty" : undefined;
    if (state === undefined) return "is damaged: it does not begin as an index does";
    const wanted = state.pages * state.pageSizeBytes;
    // The file may be shorter while the pages at its end are free.
    if (size >= wanted || !(await namesMore(file, state, Math.floor(size / state.pageSizeBytes)))) return undefined;
    // Beside a writer, the pages of a state may be used again for later ones.
    if ((await newestState(file))?.transaction === state.transaction) return `was cut short: it has ${size} bytes of ${wanted}`;
  }
}

async function newestState(file: FileHandle): Promise<State | undefined> {
  const first = await stateAt(file, 0);
  const second = first === undefined ? undefined : await stateAt(file, first.pageSizeBytes);
  if (first === undefined || second === undefined) return undefined;
  return second.transaction > first.transaction ? second : first;
}

async function stateAt(file: FileHandle, position: number): Promise<State | undefined> {
  const bytes = Buffer.alloc(META_SIZE_BYTES);
  const { bytesRead } = await file.read(bytes, 0, META_SIZE_BYTES, position);
  const meta = bytes.subarray(HEADER_SIZE_BYTES);
  if (bytesRead < META_SIZE_BYTES || meta.readUInt32LE() !== MAGIC || meta.readUInt16LE(VERSION_OFFSET) !== DATA_VERSION) {
    return undefined;
  }
  const [free, main] = [DATABASES_OFFSET, DATABASES_OFFSET + DATABASE_SIZE_BYTES];
  return {
    transaction: numberAt(meta, TRANSACTION_OFFSET),
    pageSizeBytes: meta.readUInt32LE(free),
    pages: numberAt(meta, LAST_PAGE_OFFSET) + 1,
    roots: [numberAt(meta, free + ROOT_OFFSET), numberAt(meta, main + ROOT_OFFSET)],
  };
}

/** Whether the trees of a state name a page that is not among the first `pages` of the file. Walks both, unless it finds one. */
async function namesMore(file: FileHandle, { roots, pageSizeBytes }: State, pages: number): Promise<boolean> {
  const page = Buffer.alloc(pageSizeBytes);
  const unread = roots.filter((root) => root !== NO_PAGE);
  for (let number = unread.pop(); number !== undefined; number = unread.pop()) {
    if (number >= pages) return true;
    await file.read(page, 0, pageSizeBytes, number * pageSizeBytes);
    for (const named of pagesNamedIn(page)) {
      if (named.end > pages) return true;
      if (named.isTree) unread.push(named.end - 1);
    }
  }
  return false;
}

/** What a page of a tree names: further pages of it, and the ends of runs of pages that hold large values. */
function pagesNamedIn(page: Buffer): { readonly end: number; readonly isTree: boolean }[] {
  const flags = page.readUInt16LE(FLAGS_OFFSET);
  const named = [];
  for (let index = 0; index < page.readUInt16LE(LOWER_OFFSET) >> 1; index += 1) {
    const node = page.subarray(HEADER_SIZE_BYTES + page.readUInt16LE(HEADER_SIZE_BYTES + 2 * index));
    if ((flags & BRANCH_FLAG) !== 0) named.push({ end: node.readUIntLE(0, 6) + 1, isTree: true });
    if ((flags & LEAF_FLAG) === 0 || (node.readUInt16LE(NODE_FLAGS_OFFSET) & OVERFLOW_FLAG) === 0) continue;
    const value = node.subarray(NODE_HEADER_SIZE_BYTES + node.readUInt16LE(KEY_SIZE_OFFSET));
    named.push({ end: numberAt(value, 0) + numberAt(value, OVERFLOW_PAGES_OFFSET), isTree: false });
  }
  return named;
}

function numberAt(bytes: Buffer, offset: number): number {
  return Number(bytes.readBigUInt64LE(offset));
}
