import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { FileRing } from "../../src/keys/FileRing.ts";
import { openKeyRing } from "../../src/keys/openKeyRing.ts";
import { addMaster, createKmsKey, newRing } from "../../src/keys/ringChanges.ts";
import type { RingContent } from "../../src/keys/RingContent.ts";
import { RingMasters } from "../../src/keys/RingMasters.ts";
import { ringText } from "../../src/keys/ringText.ts";
import { tryLock } from "../../src/store/folder/fileLock.ts";
import { newFolder } from "../newFolder.ts";

const at = { nowMs: 1_800_000_000_000, randomBytes };

interface Kept {
  readonly path: string;
  readonly ring: FileRing;
  readonly warnings: unknown[];
}

/** A ring in a file, closed with the test. */
async function keptRing(t: TestContext): Promise<Kept> {
  const path = join(newFolder(t), "keys", "ring.json");
  const warnings: unknown[] = [];
  const ring = await FileRing.make(path, newRing(at), (facts, what) => warnings.push({ ...facts, what }));
  t.after(() => ring.close());
  return { path, ring, warnings };
}

function opened(t: TestContext, path: string): FileRing {
  const ring = FileRing.open(path);
  t.after(() => ring.close());
  return ring;
}

function rotate(ring: FileRing) {
  return ring.change((content) => addMaster(content, at));
}

async function until(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < deadline, "it never came to be so");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a ring in a file: for its owner alone, with its folder, and the same when it is opened again", async (t) => {
  const { path, ring } = await keptRing(t);
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.equal(statSync(join(path, "..")).mode & 0o777, 0o700);
  assert.match(ring.content.ringId, /^[0-9a-f]{32}$/);
  await ring.change((content) => createKmsKey(content, { region: "us-east-1", accountId: "111122223333", alias: "alias/a" }, at));
  await rotate(ring);
  assert.deepEqual(JSON.parse(JSON.stringify(opened(t, path).content)), JSON.parse(JSON.stringify(ring.content)));
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test("a ring in a file: made once, whoever wants to make it at the same time", async (t) => {
  const path = join(newFolder(t), "ring.json");
  const rings = await Promise.all(Array.from({ length: 4 }, () => FileRing.make(path, newRing(at))));
  for (const ring of rings) ring.close();
  assert.equal(new Set(rings.map(({ content }) => content.ringId)).size, 1);
});

test("changes: of two at once none is lost, and both see both", async (t) => {
  const { path, ring } = await keptRing(t);
  const other = opened(t, path);
  const made = await Promise.all(Array.from({ length: 10 }, (_, index) => rotate(index % 2 === 0 ? ring : other)));
  const names = opened(t, path).content.masters.map(({ name }) => name);
  assert.deepEqual(new Set(names), new Set([ring.content.masters[0]!.name, ...made.map(({ name }) => name)]));
  assert.equal(names.length, 11);
});

test("changes: one that throws changes nothing, and lets the next one go", async (t) => {
  const { path, ring } = await keptRing(t);
  const before = readFileSync(path);
  await assert.rejects(
    ring.change(() => {
      throw new Error("no");
    }),
    /^Error: no$/,
  );
  assert.deepEqual(readFileSync(path), before);
  await rotate(ring);
});

test("changes: wait for whoever holds the lock", async (t) => {
  const { path, ring } = await keptRing(t);
  const lock = await tryLock(`${path}.lock`);
  assert.equal(await tryLock(`${path}.lock`), undefined);
  const rotated = rotate(ring);
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(ring.content.masters.length, 1);
  lock!.close();
  await rotated;
  assert.equal(ring.content.masters.length, 2);
});

test("changes of others: seen within a second, and at once by who asks for a key that is not there", async (t) => {
  const { path, ring } = await keptRing(t);
  const masters = new RingMasters(opened(t, path));
  const { name } = await rotate(ring);
  assert.notEqual(masters.current.name, name);
  assert.ok(masters.find(name) !== undefined);
  assert.equal(masters.current.name, name);
  const later = opened(t, path);
  await rotate(ring);
  await until(() => later.content.masters.length === 3);
});

test("a link to the file: stays one when the ring is changed", async (t) => {
  const { path, ring } = await keptRing(t);
  const link = `${path}.link`;
  symlinkSync(path, link);
  await rotate(opened(t, link));
  ring.look();
  assert.equal(ring.content.masters.length, 2);
  assert.equal(readFileSync(link, "utf8"), readFileSync(path, "utf8"));
});

test("a ring that goes wrong while it is used: the keys stay, it is told once, and no change is made over it", async (t) => {
  const { path, ring, warnings } = await keptRing(t);
  const { content } = ring;
  const whole = readFileSync(path, "utf8");
  const wrongs: [() => void, RegExp][] = [
    [() => writeFileSync(path, whole.slice(0, 100)), /damaged/],
    [() => writeFileSync(path, ringText(newRing(at)), { mode: 0o600 }), /another or an older one/],
    [() => rmSync(path), /missing/],
    [() => writeFileSync(path, whole, { mode: 0o644 }), /its mode is 644/],
  ];
  for (const [breakIt, problem] of wrongs) {
    breakIt();
    ring.look();
    ring.look();
    assert.deepEqual(ring.content, content);
    assert.match((warnings.at(-1) as { problem: string }).problem, problem);
    await assert.rejects(rotate(ring), { name: "KeyRingError", message: problem });
    assert.deepEqual(ring.content, content);
  }
  assert.equal(warnings.length, wrongs.length);
  chmodSync(path, 0o600);
  await rotate(ring);
  assert.equal(ring.content.masters.length, 2);
  assert.ok(!JSON.stringify(warnings).includes(content.masters[0]!.secret));
});

test("an older copy of the ring, put back while it is used: not taken", async (t) => {
  const { path, ring, warnings } = await keptRing(t);
  const old = `${path}.old`;
  writeFileSync(old, readFileSync(path), { mode: 0o600 });
  const { name } = await rotate(ring);
  renameSync(old, path);
  ring.look();
  assert.equal(ring.content.masters.at(-1)!.name, name);
  assert.equal(warnings.length, 1);
});

/** What opening says, and that it changed nothing. */
async function refusalOf(path: string, used: { ringId: string; masterName: string } | undefined): Promise<string> {
  const before = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const mayBeRead = before !== undefined;
  let message = "";
  await assert.rejects(openKeyRing({ path, used, making: at }), (cause: Error) => {
    message = cause.message;
    return cause.name === "KeyRingError";
  });
  assert.equal(existsSync(path), mayBeRead);
  if (mayBeRead) assert.equal(readFileSync(path, "utf8"), before);
  return message;
}

function usedOf({ ringId, masters }: RingContent) {
  return { ringId, masterName: masters.at(-1)!.name };
}

test("opening: a ring is made where none was ever used, and taken where one is", async (t) => {
  const path = join(newFolder(t), "ring.json");
  await assert.rejects(openKeyRing({ path, used: undefined }), { name: "KeyRingError", message: /is missing/ });
  const made = await openKeyRing({ path, used: undefined, making: at });
  made.close();
  for (const used of [undefined, usedOf(made.content)]) {
    const again = await openKeyRing({ path, used, making: at });
    again.close();
    assert.deepEqual(again.content.masters, made.content.masters);
  }
});

test("opening: a lost ring is refused, and none is made in its place", async (t) => {
  const path = join(newFolder(t), "ring.json");
  const message = await refusalOf(path, usedOf(newRing(at)));
  assert.match(message, /^The key ring .*ring\.json is missing, and what is stored here is encrypted .* --key-ring .* backup/);
});

test("opening: another ring is refused, and so is one that is older than the data", async (t) => {
  const { path, ring } = await keptRing(t);
  assert.match(await refusalOf(path, usedOf(newRing(at))), /is not the one that this data is encrypted with/);
  const later = { ...usedOf(ring.content), masterName: "m-0123456789abcdef" };
  assert.match(await refusalOf(path, later), /is older than the data: it lacks the master key m-0123456789abcdef/);
});

test("opening: a ring that is damaged at any byte, cut, of a later format or no ring is refused", async (t) => {
  const { path, ring } = await keptRing(t);
  const whole = readFileSync(path);
  const used = usedOf(ring.content);
  // Blanks between the members say nothing.
  const inside = [...whole.keys()].filter((index) => !/\s/.test(String.fromCharCode(whole[index]!)));
  for (const index of inside.filter((_, order) => order % 7 === 0)) {
    const changed = Buffer.from(whole);
    changed[index]! ^= 1;
    writeFileSync(path, changed);
    assert.match(await refusalOf(path, used), /The key ring .* (?:is damaged|has format)/, String(index));
  }
  for (const sizeBytes of [0, 1, whole.length - 3]) {
    writeFileSync(path, whole.subarray(0, sizeBytes));
    assert.match(await refusalOf(path, used), /is damaged/);
  }
  for (const text of ["null", "[]", "7", "{}", '{"format":1}', '{"format":1,"checksum":"x","ring":{}}']) {
    writeFileSync(path, text);
    assert.match(await refusalOf(path, used), /is damaged/, text);
  }
  writeFileSync(path, '{"format":2}');
  assert.match(await refusalOf(path, used), /has format 2, .* newer one/);
});

test("opening: a ring that others may read, a folder, and one that cannot be read is refused", async (t) => {
  const { path, ring } = await keptRing(t);
  for (const mode of [0o604, 0o640, 0o660, 0o601]) {
    chmodSync(path, mode);
    assert.match(await refusalOf(path, usedOf(ring.content)), new RegExp(`its mode is ${mode.toString(8)}\\. Say chmod 600 `));
  }
  chmodSync(path, 0o600);
  await assert.rejects(openKeyRing({ path: join(path, ".."), used: usedOf(ring.content) }), { message: /is no file/ });
  // A path that leads through a file is as good as a missing one.
  await assert.rejects(openKeyRing({ path: join(path, "more"), used: undefined }), { message: /is missing/ });
});
