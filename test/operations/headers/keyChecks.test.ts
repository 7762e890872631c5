import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCompletionKey, checkPartKey, checkReadKey } from "../../../src/operations/headers/keyChecks.ts";
import { checkKeyOf } from "../../../src/operations/objects/readKeys.ts";
import type { Encryption } from "../../../src/store/records/Encryption.ts";

const KEY = { bytes: Buffer.alloc(32, "k"), md5: "md5 of k" };
const OTHER_KEY = { bytes: Buffer.alloc(32, "o"), md5: "md5 of o" };

const MANAGED: Encryption = {
  kind: "AES256",
  keyName: "master",
  serviceKey: undefined,
  context: "",
  bucketKey: false,
  sealedKey: Buffer.alloc(60),
  checkValue: undefined,
  layers: 1,
};
const CUSTOMERS: Encryption = { ...MANAGED, kind: "customer", keyName: KEY.md5 };

/** Everything that is not encrypted with a customer's key. */
const OTHERS = [undefined, MANAGED, { ...MANAGED, kind: "aws:kms" }] as const;

test("Keys for reading: an object of a customer's key needs that key, and no other object has one", () => {
  checkReadKey(CUSTOMERS, KEY);
  assert.throws(() => checkReadKey(CUSTOMERS, undefined), {
    code: "InvalidRequest",
    message:
      "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
  });
  assert.throws(() => checkKeyOf({ encryption: CUSTOMERS }, OTHER_KEY), {
    code: "AccessDenied",
    message: "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
  });
  for (const other of OTHERS) {
    checkReadKey(other, undefined);
    assert.throws(() => checkReadKey(other, KEY), {
      code: "InvalidRequest",
      message: "The encryption parameters are not applicable to this object.",
    });
  }
});

const UNLIKE_UPLOAD = {
  code: "InvalidRequest",
  message:
    "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
};
const OTHER_THAN_UPLOADS = {
  code: "InvalidRequest",
  message: "The provided encryption parameters did not match the ones used originally.",
};

test("Keys for parts: every part brings the key of its upload, and none where that has none", () => {
  checkPartKey(CUSTOMERS, KEY);
  assert.throws(() => checkPartKey(CUSTOMERS, undefined), UNLIKE_UPLOAD);
  assert.throws(() => checkPartKey(CUSTOMERS, OTHER_KEY), OTHER_THAN_UPLOADS);
  for (const other of OTHERS) {
    checkPartKey(other, undefined);
    assert.throws(() => checkPartKey(other, KEY), UNLIKE_UPLOAD);
  }
});

test("Keys for completions: one is needed where checksums of parts are named, and one that is not needed has to be right", () => {
  for (const names of [true, false]) {
    checkCompletionKey(CUSTOMERS, KEY, names);
    assert.throws(() => checkCompletionKey(CUSTOMERS, OTHER_KEY, names), OTHER_THAN_UPLOADS);
    for (const other of OTHERS) {
      checkCompletionKey(other, undefined, names);
      assert.throws(() => checkCompletionKey(other, KEY, names), UNLIKE_UPLOAD);
    }
  }
  checkCompletionKey(CUSTOMERS, undefined, false);
  assert.throws(() => checkCompletionKey(CUSTOMERS, undefined, true), {
    code: "InvalidRequest",
    message:
      "The object was stored using a form of Server Side Encryption. Correct SSE-C request parameters are required for this request when specifying checksums for each part.",
  });
});
