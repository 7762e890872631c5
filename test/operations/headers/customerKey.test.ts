import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { sentCustomerKey, sentSourceKey } from "../../../src/operations/headers/customerKey.ts";
import { contextFor, CUSTOMER_KEY } from "../contextFor.ts";

/** A key of another size, with its own MD5. */
function keyOf(sizeBytes: number) {
  const bytes = Buffer.alloc(sizeBytes, "k");
  const md5 = createHash("md5").update(bytes).digest("base64");
  return { SSECustomerKey: bytes.toString("base64"), SSECustomerKeyMD5: md5 };
}

/** Each fault also comes with all that follow it in S3's order, as far as one request can have both. */
const FAULTS = [
  [
    "another encryption as well",
    "InvalidArgument",
    { ServerSideEncryption: "AES256" },
    "Server Side Encryption with Customer provided key is incompatible with the encryption method specified",
    /is "AES256", and a customer's key came too/,
  ],
  [
    "no algorithm",
    "InvalidArgument",
    { SSECustomerAlgorithm: undefined },
    "Requests specifying Server Side Encryption with Customer provided keys must provide a valid encryption algorithm.",
    /customer-algorithm is missing; it is AES256/,
  ],
  [
    "no key",
    "InvalidArgument",
    { SSECustomerKey: undefined },
    "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
    /customer-key is missing/,
  ],
  [
    "an empty key",
    "InvalidArgument",
    { SSECustomerKey: "" },
    "The secret key was invalid - too short.",
    /customer-key holds nothing in base64/,
  ],
  [
    "no MD5",
    "InvalidArgument",
    { SSECustomerKeyMD5: undefined },
    "Requests specifying Server Side Encryption with Customer provided keys must provide the client calculated MD5 of the secret key.",
    /customer-key-MD5 is missing/,
  ],
  [
    "another MD5",
    "InvalidArgument",
    { SSECustomerKeyMD5: "1B2M2Y8AsgTpgAmY7PhCfg==" },
    "The calculated MD5 hash of the key did not match the hash that was provided.",
    /not the MD5 of the key that came/,
  ],
  [
    "an unknown algorithm",
    "InvalidEncryptionAlgorithmError",
    { SSECustomerAlgorithm: "ROT13" },
    "The Encryption request you specified is not valid. Supported value: AES256.",
    /is "ROT13"; it can be AES256/,
  ],
  [
    "a short key",
    "InvalidArgument",
    keyOf(16),
    "The secret key was invalid for the specified algorithm.",
    /The key has 16 bytes; AES256 takes 32/,
  ],
  [
    "a long key",
    "InvalidArgument",
    keyOf(33),
    "The secret key was invalid for the specified algorithm.",
    /The key has 33 bytes; AES256 takes 32/,
  ],
] as const;

for (const [index, [fault, code, members, message, says]] of FAULTS.entries()) {
  test(`Customer keys: ${fault} is ${code}, whatever else is wrong behind it`, () => {
    const context = contextFor({ secure: true });
    for (const later of [...FAULTS.slice(index + 1), undefined]) {
      const input = { ...CUSTOMER_KEY, ...later?.[2], ...members };
      assert.throws(
        () => sentCustomerKey(input, context),
        (error: unknown) => {
          assert.ok(error instanceof S3Error);
          assert.deepEqual([error.code, error.message], [code, message]);
          assert.match(error.explanation!, says);
          assert.deepEqual(error.details[0], ["ArgumentName", "x-amz-server-side-encryption"]);
          assert.ok(!JSON.stringify(error.details).includes(CUSTOMER_KEY.SSECustomerKey));
          return true;
        },
      );
    }
  });
}

test("Customer keys: plain HTTP is InvalidArgument before everything else", () => {
  for (const [, , members] of FAULTS) {
    assert.throws(() => sentCustomerKey({ ...CUSTOMER_KEY, ...members }, contextFor()), {
      code: "InvalidArgument",
      message: "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
    });
  }
});

test("Customer keys: one that is as it should be is found, over plain HTTP where that is allowed, and none where none came", () => {
  const found = { bytes: Buffer.alloc(32, "k"), md5: CUSTOMER_KEY.SSECustomerKeyMD5 };
  assert.deepEqual(sentCustomerKey(CUSTOMER_KEY, contextFor({ secure: true })), found);
  assert.deepEqual(sentCustomerKey(CUSTOMER_KEY, contextFor({ takesKeys: true })), found);
  assert.equal(sentCustomerKey({ ServerSideEncryption: "AES256" }, contextFor()), undefined);
});

test("Customer keys: a member that came empty came, and one that did not come did not", () => {
  for (const member of ["SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5"]) {
    assert.throws(() => sentCustomerKey({ [member]: "" }, contextFor({ secure: true })), S3Error);
  }
});

test("Customer keys: that of a copy's source is checked alike", () => {
  const source = {
    CopySourceSSECustomerAlgorithm: "AES256",
    CopySourceSSECustomerKey: CUSTOMER_KEY.SSECustomerKey,
    CopySourceSSECustomerKeyMD5: CUSTOMER_KEY.SSECustomerKeyMD5,
  };
  const context = contextFor({ secure: true });
  assert.equal(sentSourceKey(source, context)?.md5, CUSTOMER_KEY.SSECustomerKeyMD5);
  assert.equal(sentSourceKey(CUSTOMER_KEY as object, context), undefined);
  assert.throws(() => sentSourceKey({ ...source, CopySourceSSECustomerKey: undefined }, context), { code: "InvalidArgument" });
});
