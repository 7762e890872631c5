import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { DataFolder, DataFolderFormatError, DataFolderInUseError } from "../../../src/store/folder/dataFolder.ts";

const scratch = mkdtempSync(join(tmpdir(), "holdfast-data-"));
after(() => rmSync(scratch, { recursive: true, force: true }));

let folders = 0;
function newPath(): string {
  return join(scratch, String(folders++));
}

test("DataFolder: a new folder gets its layout, for its owner alone", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path);
  assert.deepEqual(readdirSync(path).sort(), ["format", "holder.json", "lock", "reserve"]);
  assert.equal(statSync(path).mode & 0o777, 0o700);
  for (const name of ["format", "holder.json", "lock", "reserve"]) assert.equal(statSync(join(path, name)).mode & 0o077, 0, name);
  assert.match(folder.run, /^[0-9a-z]+$/);
  assert.deepEqual([folder.path, folder.metadataPath, folder.blobsPath], [path, join(path, "metadata"), join(path, "blobs")]);
  folder.close();
});

test("DataFolder: the first user's keys are kept, and only their owner may read them", async () => {
  const path = newPath();
  const keys = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "a secret" };
  const first = await DataFolder.open(path);
  assert.equal(await first.credentials(), undefined);
  await first.keepCredentials(keys);
  first.close();
  const second = await DataFolder.open(path);
  assert.deepEqual(await second.credentials(), keys);
  assert.equal(statSync(join(path, "credentials.json")).mode & 0o777, 0o600);
  for (const damaged of [
    ...["", "{", "{}", "null", "[]", '"AKIAEXAMPLE"', '{"accessKeyId":"AKIAEXAMPLE"}', '{"secretAccessKey":"a secret"}'],
    ...['{"accessKeyId":1,"secretAccessKey":"a secret"}', '{"accessKeyId":"AKIAEXAMPLE","secretAccessKey":null}'],
  ]) {
    writeFileSync(join(path, "credentials.json"), damaged);
    await assert.rejects(second.credentials(), DataFolderFormatError, damaged);
  }
  second.close();
});

test("DataFolderInUseError: names whoever holds the folder, as far as they are known", () => {
  const told = (holder: DataFolderInUseError["holder"]): string => new DataFolderInUseError("/data", holder).message;
  const holder = { pid: 7, host: "h", startedAt: "2026-03-01T12:00:00.000Z", endpoint: undefined, run: "r", identity: undefined };
  const rest = "Stop that server, or choose another folder with --data.";
  assert.equal(told(undefined), `The data folder /data is in use by another server. ${rest}`);
  const who = "The data folder /data is in use by process 7 on h, started 2026-03-01T12:00:00.000Z";
  assert.equal(told(holder), `${who}. ${rest}`);
  assert.equal(told({ ...holder, endpoint: "http://h:1" }), `${who}, serving http://h:1. ${rest}`);
});

test("DataFolder: who is refused is told who holds it, unless what they wrote of themselves is damaged", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path, Date.UTC(2026, 2, 1, 12));
  await folder.announce("http://localhost:9000");
  const holder = async (): Promise<unknown> =>
    DataFolder.open(path).then(
      () => assert.fail("the folder was opened twice"),
      (error: DataFolderInUseError) => error.holder,
    );
  const { pid, startedAt, endpoint, run } = (await holder()) as Record<string, unknown>;
  assert.deepEqual(
    [pid, startedAt, endpoint, run],
    [process.pid, "2026-03-01T12:00:00.000Z", "http://localhost:9000", folder.run],
  );
  const whole = { pid: 1, host: "h", startedAt: "s", run: "r" };
  const file = join(path, "holder.json");
  for (const member of Object.keys(whole)) {
    for (const value of [undefined, null, {}]) {
      writeFileSync(file, JSON.stringify({ ...whole, [member]: value }));
      assert.equal(await holder(), undefined, `${member} ${String(value)}`);
    }
  }
  for (const text of ["", "{", "null", "7"]) {
    writeFileSync(file, text);
    assert.equal(await holder(), undefined, text);
  }
  writeFileSync(file, JSON.stringify({ ...whole, endpoint: 7, identity: {} }));
  assert.deepEqual(await holder(), { ...whole, endpoint: undefined, identity: undefined });
  folder.close();
});

test("DataFolder: a second server in the same process is refused", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path);
  await assert.rejects(DataFolder.open(path), { name: "DataFolderInUseError" });
  folder.close();
  (await DataFolder.open(path)).close();
});

test("DataFolder: who has let go of it does not seem to hold it, and leaves alone what is in its place", async () => {
  const path = newPath();
  const first = await DataFolder.open(path);
  renameSync(path, `${path}-moved`);
  const second = await DataFolder.open(path);
  first.close();
  assert.ok(existsSync(join(path, "holder.json")));
  second.close();
  assert.ok(!existsSync(join(path, "holder.json")));
});

test("DataFolder: it remembers that it held a store, and finds traces of one that an older version left", async () => {
  const path = newPath();
  const heldStore = async (): Promise<boolean> => {
    const folder = await DataFolder.open(path);
    folder.close();
    return (await DataFolder.join(path)).heldStore && folder.heldStore;
  };
  assert.equal(await heldStore(), false);
  assert.equal(await heldStore(), false);
  const folder = await DataFolder.open(path);
  await folder.noteStore();
  folder.close();
  assert.equal(await heldStore(), true);
  for (const [name, trace] of Object.entries({
    "credentials.json": "{}",
    "holder.json": JSON.stringify({ pid: 1, host: "h", startedAt: "t", run: "r", endpoint: "http://127.0.0.1:9000" }),
  })) {
    writeFileSync(join(path, "format"), JSON.stringify({ format: 1 }));
    rmSync(join(path, "credentials.json"), { force: true });
    writeFileSync(join(path, name), trace);
    const older = await DataFolder.open(path);
    assert.equal(older.heldStore, true, name);
    await older.noteStore();
    older.close();
    rmSync(join(path, name), { force: true });
    assert.equal(await heldStore(), true, name);
  }
});

test("DataFolder: every process of a run has its name, the next run another", async () => {
  const path = newPath();
  const first = await DataFolder.open(path);
  assert.equal((await DataFolder.join(path)).run, first.run);
  first.close();
  const second = await DataFolder.open(path);
  assert.notEqual(second.run, first.run);
  assert.equal((await DataFolder.join(path)).run, second.run);
  second.close();
});

test("DataFolder: a folder with other files in it is refused and left alone", async () => {
  const path = newPath();
  mkdirSync(path);
  writeFileSync(join(path, "thesis.txt"), "");
  await assert.rejects(DataFolder.open(path), /not a Holdfast data folder.*thesis\.txt/);
  assert.deepEqual(readdirSync(path), ["thesis.txt"]);
  const missing = newPath();
  // The last one lies under a file.
  for (const none of [path, missing, join(path, "thesis.txt")]) {
    const message = `${none} is not a Holdfast data folder: it has no "format" file.`;
    await assert.rejects(DataFolder.join(none), { name: "DataFolderFormatError", message });
  }
  assert.ok(!existsSync(missing));
});

test("DataFolder: that it held a store is written once", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path);
  await folder.noteStore();
  assert.deepEqual(JSON.parse(readFileSync(join(path, "format"), "utf8")), { format: 4, heldStore: true });
  folder.close();
  const again = await DataFolder.open(path);
  rmSync(join(path, "format"));
  for (const noted of [folder, again]) await noted.noteStore();
  assert.ok(!existsSync(join(path, "format")));
  again.close();
});

test("DataFolder: who joins a folder that nobody serves has a name of their own", async () => {
  const path = newPath();
  const folder = await DataFolder.open(path, 1);
  folder.close();
  const joined = await DataFolder.join(path);
  assert.match(joined.run, /^[0-9a-z]+$/);
  assert.notEqual(joined.run, folder.run);
  joined.close();
});

test("DataFolder: who is said to hold it and has ended keeps nobody out", async () => {
  const path = newPath();
  (await DataFolder.open(path)).close();
  const ended = { pid: process.pid, host: "h", startedAt: "s", run: "r", identity: "of a process that had this number before" };
  writeFileSync(join(path, "holder.json"), JSON.stringify(ended));
  const folder = await DataFolder.open(path);
  assert.notEqual(folder.run, ended.run);
  folder.close();
});

test("DataFolder: a lock that is no lock, and files that cannot be read, are not taken for another server or for none", async () => {
  const path = newPath();
  (await DataFolder.open(path)).close();
  writeFileSync(join(path, "lock"), "no lock".repeat(1000));
  await assert.rejects(DataFolder.open(path), (error: Error) => /not a database/.test(error.message));
  rmSync(join(path, "lock"));
  for (const name of ["holder.json", "credentials.json"]) {
    mkdirSync(join(path, name));
    await assert.rejects(DataFolder.join(path), { code: "EISDIR" }, name);
    rmSync(join(path, name), { recursive: true });
  }
  (await DataFolder.open(path)).close();
});

test("DataFolder: a first start that was cut short is begun again", async () => {
  const path = newPath();
  mkdirSync(path);
  for (const name of ["lock", "format.new"]) writeFileSync(join(path, name), "");
  (await DataFolder.open(path)).close();
  assert.ok(existsSync(join(path, "format")));
});

test("DataFolder: a layout of another version, or a damaged one, is refused with a remedy", async () => {
  const path = newPath();
  (await DataFolder.open(path)).close();
  writeFileSync(join(path, "format"), JSON.stringify({ format: 99 }));
  await assert.rejects(DataFolder.open(path), /layout 99.*newer/);
  writeFileSync(join(path, "format"), "\0\0");
  await assert.rejects(DataFolder.open(path), /damaged/);
  writeFileSync(join(path, "format"), JSON.stringify({ format: 1 }));
  (await DataFolder.open(path)).close();
});
