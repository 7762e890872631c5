import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { idInFolder } from "../../../src/store/blobs/folderIds.ts";
import { claimClassFolders, joinClassFolders } from "../../../src/store/folder/classFolders.ts";
import { DataFolderFormatError } from "../../../src/store/folder/dataFolder.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { deadBlobRow, namedBlobRow } from "../../../src/store/records/blobRows.ts";
import { mark, put, remove } from "../../../src/store/records/Row.ts";
import type { Change } from "../../../src/store/metadata/MetadataEngine.ts";
import { newFolder } from "../../newFolder.ts";

const MARKER = "holdfast-folder.json";

/** An index, and a place for folders with some made in it. */
function opened(t: TestContext, ...names: string[]) {
  const root = newFolder(t);
  for (const name of names) mkdirSync(join(root, name));
  const metadata = new MemoryMetadataEngine();
  const commit = (change: Change) => metadata.transact({ keys: [] }, () => ({ changes: [change], result: undefined }));
  return {
    metadata,
    root,
    at: (name: string) => join(root, name),
    claim: (wanted: Record<string, string>) =>
      claimClassFolders(
        metadata,
        new Map(Object.entries(wanted).map(([name, folder]) => [name, join(root, folder)])),
        randomBytes,
      ),
    nameBlob: (tag: string) => commit(mark(namedBlobRow(idInFolder(tag, "gen-000")))),
    buryBlob: async (tag: string) => {
      await commit(remove(namedBlobRow(idInFolder(tag, "gen-000"))));
      await commit(put(deadBlobRow(idInFolder(tag, "gen-000")), { diedAtMs: 1, contentId: "" }));
    },
    forgetBlob: (tag: string) => commit(remove(deadBlobRow(idInFolder(tag, "gen-000")))),
  };
}

function refused(claim: Promise<unknown>, message: RegExp): Promise<void> {
  return assert.rejects(claim, (error: unknown) => {
    assert.ok(error instanceof DataFolderFormatError, String(error));
    assert.match(error.message, message);
    return true;
  });
}

test("claimClassFolders: a fresh folder becomes the store's, and stays it", async (t) => {
  const { metadata, claim, at } = opened(t, "cold", "other");
  mkdirSync(at("cold/lost+found"));
  const [first, ...more] = await claim({ GLACIER: "cold", DEEP_ARCHIVE: "cold" });
  assert.deepEqual(more, []);
  assert.deepEqual([first!.path, first!.classes, first!.blobsPath], [at("cold"), ["GLACIER", "DEEP_ARCHIVE"], at("cold/blobs")]);
  assert.deepEqual(JSON.parse(readFileSync(at(`cold/${MARKER}`), "utf8")), { format: 1, tag: first!.tag });
  assert.deepEqual(await joinClassFolders(metadata), [first]);
  const again = await claim({ GLACIER: "cold", STANDARD_IA: "other" });
  assert.deepEqual(
    again.map(({ tag, classes }) => [tag === first!.tag, classes]),
    [
      [true, ["GLACIER"]],
      [false, ["STANDARD_IA"]],
    ],
  );
});

test("claimClassFolders: folders that are missing, files, or somebody else's are refused, and nothing is written", async (t) => {
  const { metadata, claim, at } = opened(t, "full");
  writeFileSync(at("full/letter.txt"), "");
  writeFileSync(at("file"), "");
  await refused(
    claim({ GLACIER: "missing" }),
    /^The folder .*missing of the storage class GLACIER does not exist\. Make it, or mount/,
  );
  await refused(claim({ GLACIER: "file" }), /does not exist/);
  await refused(claim({ GLACIER: "full" }), /has no "holdfast-folder\.json" but holds "letter\.txt"\. Choose an empty folder\.$/);
  assert.deepEqual(readdirSync(at("full")), ["letter.txt"]);
  assert.deepEqual(await joinClassFolders(metadata), []);
  writeFileSync(at(`full/${MARKER}`), "{");
  await refused(claim({ GLACIER: "full" }), /is damaged, or of a later version/);
});

test("claimClassFolders: a folder of another store is refused", async (t) => {
  const { at, claim } = opened(t, "cold");
  const other = opened(t, "cold");
  await other.claim({ GLACIER: "cold" });
  rmSync(at("cold"), { recursive: true });
  renameSync(other.at("cold"), at("cold"));
  await refused(claim({ GLACIER: "cold" }), /belongs to another store/);
});

test("claimClassFolders: a disk that is not mounted is noticed before its mount point is used", async (t) => {
  const { metadata, claim, at, nameBlob } = opened(t, "cold");
  const [folder] = await claim({ GLACIER: "cold" });
  await nameBlob(folder!.tag);
  rmSync(at(`cold/${MARKER}`));
  await refused(claim({ GLACIER: "cold" }), /is empty, and bytes of objects lay in it\. Is its disk mounted\?/);
  await refused(joinClassFolders(metadata), /is not there, or is another one/);
  assert.deepEqual(readdirSync(at("cold")), []);
});

test("claimClassFolders: a start that was cut short before the marker goes on with the same tag", async (t) => {
  const { claim, at } = opened(t, "cold");
  const [folder] = await claim({ GLACIER: "cold" });
  renameSync(at(`cold/${MARKER}`), at(`cold/${MARKER}.new`));
  const [again] = await claim({ GLACIER: "cold" });
  assert.equal(again!.tag, folder!.tag);
});

test("claimClassFolders: no folder is left out in which bytes lie, be they dead", async (t) => {
  const { metadata, claim, at, nameBlob, buryBlob, forgetBlob } = opened(t, "cold", "new");
  const [folder] = await claim({ GLACIER: "cold" });
  await nameBlob(folder!.tag);
  const message =
    /^Bytes of objects lie in .*cold, which no --storage-class names\. Start with --storage-class GLACIER=.*cold again/;
  await refused(claim({}), message);
  await refused(claim({ GLACIER: "new" }), message);
  await buryBlob(folder!.tag);
  await refused(claim({}), message);
  await forgetBlob(folder!.tag);
  assert.deepEqual(await claim({}), []);
  assert.deepEqual(await joinClassFolders(metadata), []);
  // It is still the store's, for whoever wants it again.
  assert.equal((await claim({ GLACIER: "cold" }))[0]!.tag, folder!.tag);
  assert.ok(at("cold"));
});

test("claimClassFolders: a folder may move, but not be there twice", async (t) => {
  const { claim, at, nameBlob } = opened(t, "cold");
  const [folder] = await claim({ GLACIER: "cold" });
  await nameBlob(folder!.tag);
  cpSync(at("cold"), at("copy"), { recursive: true });
  await refused(claim({ GLACIER: "cold", DEEP_ARCHIVE: "copy" }), /are copies of one folder/);
  rmSync(at("cold"), { recursive: true });
  symlinkSync(at("copy"), at("link"));
  const moved = await claim({ GLACIER: "link", DEEP_ARCHIVE: "copy" });
  assert.deepEqual(
    moved.map(({ tag, path, classes }) => [tag, path, classes]),
    [[folder!.tag, at("copy"), ["GLACIER", "DEEP_ARCHIVE"]]],
  );
});
