import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../src/errors/S3Error.ts";
import { StorageFullError } from "../../src/errors/StorageFullError.ts";
import { isMissing, isNowhere, systemCode } from "../../src/errors/systemCode.ts";
import { AccountError } from "../../src/store/accounts/accountForms.ts";
import { IdentityError } from "../../src/store/accounts/IdentityError.ts";
import { BlobDamagedError } from "../../src/store/blobs/BlobEngine.ts";
import { DataFolderFormatError, DataFolderInUseError } from "../../src/store/folder/dataFolder.ts";
import { ContentDamagedError, ContentGoneError } from "../../src/store/objects/content.ts";
import { HistoryChangedError } from "../../src/store/objects/KeyHistory.ts";
import { UnreadableRecordError } from "../../src/store/records/UnreadableRecordError.ts";
import { TestClockError } from "../../src/store/testClock.ts";

test("Errors of the store: each is called by its class, which is what a log says of it", () => {
  for (const error of [
    new AccountError("a"),
    new BlobDamagedError("a-000", "is gone"),
    new ContentDamagedError("c"),
    new ContentGoneError({ kind: "empty" }),
    new DataFolderFormatError("d"),
    new DataFolderInUseError("d", undefined),
    new HistoryChangedError(),
    new IdentityError("NoSuchEntity", "i"),
    new S3Error("NoSuchKey"),
    new StorageFullError("s"),
    new TestClockError("t"),
    new UnreadableRecordError(Buffer.from([1, 97]), "is empty"),
  ]) {
    assert.equal(error.name, error.constructor.name);
    assert.ok(String(error).startsWith(`${error.constructor.name}: `) || error.message === "");
  }
});

test("systemCode: an error of the system has one, any other none", () => {
  const withCode = (code: string): Error => Object.assign(new Error(code), { code });
  assert.equal(systemCode(withCode("EIO")), "EIO");
  assert.equal(systemCode(new Error("other")), undefined);
  assert.deepEqual(
    ["ENOENT", "ENOTDIR", "EACCES"].map((code) => [isMissing(withCode(code)), isNowhere(withCode(code))]),
    [
      [true, true],
      [false, true],
      [false, false],
    ],
  );
});
