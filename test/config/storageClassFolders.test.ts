import assert from "node:assert/strict";
import { test } from "node:test";
import { OptionError } from "../../src/config/OptionError.ts";
import { readStorageClassFolders } from "../../src/config/storageClassFolders.ts";

function refusal(...values: string[]): string {
  try {
    readStorageClassFolders(values, "--storage-class");
  } catch (error) {
    assert.ok(error instanceof OptionError);
    return error.message;
  }
  return assert.fail("nothing was refused");
}

test("readStorageClassFolders: a folder for each class, which several may share", () => {
  const read = readStorageClassFolders(["GLACIER=/a", "DEEP_ARCHIVE=/a", "STANDARD_IA=/b=c"], "--storage-class");
  assert.deepEqual(
    [...read],
    [
      ["GLACIER", "/a"],
      ["DEEP_ARCHIVE", "/a"],
      ["STANDARD_IA", "/b=c"],
    ],
  );
});

test("readStorageClassFolders: classes that nothing is stored as, and two folders for one, are refused", () => {
  assert.match(
    refusal("OUTPOSTS=/a"),
    /^--storage-class: there is no storage class "OUTPOSTS"; there are STANDARD, .*DEEP_ARCHIVE\.$/,
  );
  assert.equal(refusal("GLACIER=/a", "GLACIER=/b"), "--storage-class names the storage class GLACIER twice.");
  assert.match(refusal("GLACIER"), /must be a storage class and its folder/);
});
