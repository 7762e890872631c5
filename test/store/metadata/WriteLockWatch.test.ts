import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import type { TestContext } from "node:test";
import { WriteLockWatch } from "../../../src/store/metadata/lmdb/WriteLockWatch.ts";
import type { WriteLockHolder } from "../../../src/store/metadata/WriteLockHolder.ts";
import { openFilesBelow } from "../openFiles.ts";

/** Only there does the system say who holds a lock. */
const IS_LINUX = process.platform === "linux";
/** How often a lock is looked at beside everything else. */
const WATCH_INTERVAL_MS = 200;
const BEGIN_MS = 1_000_000;
/** What a lock word says beside the thread: that somebody waits, and that the holder died. */
const [WAITED_FOR, HOLDER_DIED] = [0x8000_0000, 0x4000_0000];
/** More than any thread has. */
const NO_THREAD = 0x3fff_fff0;

const scratch = mkdtempSync(join(tmpdir(), "holdfast-watch-lock-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

/** How the C libraries lay out a mutex: where its kind is, where its lock word, and which kind LMDB's is. */
const GLIBC = { kindAt: 16, kind: 0x90, wordAt: 0 };
const MUSL = { kindAt: 0, kind: 0x84, wordAt: 4 };

interface Lock {
  readonly commit?: number;
  readonly word?: number;
  readonly at?: number;
  readonly layout?: typeof GLIBC;
}

/** A folder with a lock file like LMDB's, a watch on it, and a clock for that. */
class WatchedFile {
  readonly watch: WriteLockWatch;
  readonly heard: WriteLockHolder[] = [];
  nowMs = BEGIN_MS;
  #asked = 0;
  readonly #path: string;

  constructor(t: TestContext, lock: Lock = {}) {
    const folder = mkdtempSync(join(scratch, "index-"));
    this.#path = join(folder, "lock.mdb");
    this.write(lock);
    const clock = {
      now: (): number => {
        this.#asked += 1;
        return this.nowMs;
      },
    };
    this.watch = new WriteLockWatch(folder, (holder) => this.heard.push(holder), clock);
    t.after(() => this.watch.close());
  }

  write({ commit = 7, word = 0, at = 64, layout = GLIBC }: Lock): void {
    const bytes = Buffer.alloc(192);
    bytes.writeUInt32LE(commit, 8);
    bytes.writeUInt32LE(layout.kind, at + layout.kindAt);
    bytes.writeUInt32LE(word, at + layout.wordAt);
    this.writeBytes(bytes);
  }

  writeBytes(bytes: Buffer): void {
    writeFileSync(this.#path, bytes);
  }

  /** Lets so much time pass, and several times as much by the clock of the watch. */
  async pass(ms: number): Promise<void> {
    this.nowMs += 5 * ms;
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  /** Resolves once whoever waits has looked several times more. */
  async lookedAgain(): Promise<void> {
    for (const before = this.#asked; this.#asked < before + 5;) await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

for (const [library, layout] of Object.entries({ glibc: GLIBC, musl: MUSL })) {
  for (const at of [64, 128]) {
    test(`WriteLockWatch: it reads the lock as ${library} lays it out, at byte ${at}, waited for or not`, (t) => {
      const file = new WatchedFile(t, { at, layout });
      assert.equal(file.watch.holder(), undefined);
      for (const flags of [0, WAITED_FOR, HOLDER_DIED]) {
        file.write({ at, layout, word: process.pid + flags });
        assert.equal(file.watch.holder()?.pid, IS_LINUX ? process.pid : undefined);
      }
      // Whoever died has let go of it.
      file.write({ at, layout, word: HOLDER_DIED });
      assert.equal(file.watch.holder(), undefined);
    });
  }
}

test("WriteLockWatch: a mutex of another kind, and a file that LMDB has only begun, are held by nobody", (t) => {
  const file = new WatchedFile(t, { layout: { ...GLIBC, kind: 0x10 }, word: process.pid });
  assert.equal(file.watch.holder(), undefined);
  file.writeBytes(Buffer.alloc(192, 0xff));
  assert.equal(file.watch.holder(), undefined);
  file.write({ word: process.pid });
  assert.equal(file.watch.holder() === undefined, !IS_LINUX);
  for (const sizeBytes of [0, 100, 191]) {
    file.writeBytes(Buffer.alloc(sizeBytes));
    assert.equal(file.watch.holder(), undefined);
  }
});

test("WriteLockWatch: the time is that of one holder and one commit", { skip: !IS_LINUX }, (t) => {
  const file = new WatchedFile(t, { word: process.pid });
  const first = file.watch.holder()!;
  assert.equal(first.heldMs, 0);
  file.nowMs += 1_500;
  assert.equal(file.watch.holder()!.heldMs, 1_500);
  assert.equal(first.isHolding(), true);
  file.write({ word: process.pid, commit: 8 });
  assert.equal(first.isHolding(), false);
  const second = file.watch.holder()!;
  file.nowMs += 100;
  assert.deepEqual([second.heldMs, file.watch.holder()!.heldMs, second.isHolding()], [0, 100, true]);
  file.write({ word: NO_THREAD, commit: 8 });
  assert.equal(second.isHolding(), false);
  assert.equal(file.watch.holder()!.heldMs, 0);
  file.write({});
  file.write({ word: NO_THREAD, commit: 8 });
  file.nowMs += 100;
  const third = file.watch.holder()!;
  file.write({ commit: 8 });
  assert.equal(third.isHolding(), false);
  // The same thread and commit, but not the same time it holds it.
  file.write({ word: NO_THREAD, commit: 8 });
  file.nowMs += 100;
  assert.equal(file.watch.holder()!.heldMs, 0);
});

test(
  "WriteLockWatch: who holds it is named without folders and arguments, and a process that cannot be seen is not",
  { skip: !IS_LINUX },
  (t) => {
    const file = new WatchedFile(t, { word: process.pid });
    const { pid, program, stopped } = file.watch.holder()!;
    assert.deepEqual([pid, stopped], [process.pid, false]);
    const scripts = [...process.execArgv, ...process.argv.slice(1)]
      .filter((argument) => !argument.startsWith("-"))
      .map((script) => basename(script));
    assert.ok(
      scripts.some((script) => program === `node ${script}`),
      program,
    );
    // The parent has another file open, if any, and the number of a thread may be one of another container's.
    for (const word of [process.ppid, NO_THREAD]) {
      file.write({ word });
      const { isHolding, ...unseen } = file.watch.holder()!;
      assert.deepEqual(unseen, { pid: undefined, program: undefined, stopped: false, heldMs: 0 });
      assert.equal(isHolding(), true);
    }
  },
);

test("WriteLockWatch: a program that runs no script is named alone", { skip: !IS_LINUX }, (t) => {
  const file = new WatchedFile(t, { word: process.pid });
  const { title } = process;
  t.after(() => (process.title = title));
  // This is what the system then says of its arguments.
  process.title = "/usr/bin/backup";
  const { pid, program } = file.watch.holder()!;
  assert.deepEqual([pid, program], [process.pid, "backup"]);
});

test(
  "WriteLockWatch: whoever waits for the lock hears once a second who keeps it, until another commit begins",
  { skip: !IS_LINUX },
  async (t) => {
    const file = new WatchedFile(t, { word: process.pid });
    let isMoving = false;
    const waiting = file.watch.untilMoving().then(() => (isMoving = true));
    for (const [ms, heard] of [
      [999, 0],
      [1, 1],
      [999, 1],
      [1, 2],
    ] as const) {
      file.nowMs += ms;
      await file.lookedAgain();
      assert.equal(file.heard.length, heard);
    }
    assert.deepEqual(
      file.heard.map(({ pid, heldMs }) => [pid, heldMs]),
      [
        [process.pid, 1_000],
        [process.pid, 2_000],
      ],
    );
    assert.equal(isMoving, false);
    file.write({ word: process.pid, commit: 8 });
    await waiting;
  },
);

test("WriteLockWatch: whoever waits goes on as soon as nobody holds it, and at once where nobody does", async (t) => {
  const file = new WatchedFile(t);
  await file.watch.untilMoving();
  file.write({ word: process.pid });
  const waiting = file.watch.untilMoving();
  if (IS_LINUX) await file.lookedAgain();
  file.write({});
  await waiting;
  assert.deepEqual(file.heard, []);
});

test("WriteLockWatch: it goes on watching beside everything else until it is closed", { skip: !IS_LINUX }, async (t) => {
  const file = new WatchedFile(t);
  file.watch.start();
  // As long as nobody holds it, there is nothing to say.
  await file.pass(2 * WATCH_INTERVAL_MS);
  file.write({ word: process.pid });
  while (file.heard.length === 0) await file.pass(2 * WATCH_INTERVAL_MS);
  assert.equal(file.heard[0]!.pid, process.pid);
  const folder = mkdtempSync(join(scratch, "index-"));
  const closed = new WriteLockWatch(folder, () => assert.fail());
  closed.start();
  closed.close();
  assert.equal(closed.holder(), undefined);
  assert.deepEqual(openFilesBelow(folder), []);
});
