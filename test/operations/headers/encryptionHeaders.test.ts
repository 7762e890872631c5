import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { checkEncryptionHeaders } from "../../../src/operations/headers/encryptionHeaders.ts";
import { contextFor, CUSTOMER_KEY } from "../contextFor.ts";

/** Each fault also comes with all that follow it in S3's order. */
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
    "an unknown algorithm",
    "InvalidEncryptionAlgorithmError",
    { SSECustomerAlgorithm: "ROT13" },
    "The Encryption request you specified is not valid. Supported value: AES256.",
    /is "ROT13"; it can be AES256/,
  ],
  [
    "no key",
    "InvalidArgument",
    { SSECustomerKey: undefined },
    "Requests specifying Server Side Encryption with Customer provided keys must provide an appropriate secret key.",
    /customer-key is missing/,
  ],
  [
    "a short key",
    "InvalidArgument",
    { SSECustomerKey: Buffer.alloc(16, "k").toString("base64") },
    "The secret key was invalid for the specified algorithm.",
    /The key has 16 bytes; AES256 takes 32/,
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
] as const;

for (const [index, [fault, code, members, message, says]] of FAULTS.entries()) {
  test(`Customer keys: ${fault} is ${code}, whatever else is wrong behind it`, () => {
    const context = contextFor({ secure: true });
    for (const later of [...FAULTS.slice(index + 1), undefined]) {
      const input = { ...CUSTOMER_KEY, ...later?.[2], ...members };
      assert.throws(
        () => checkEncryptionHeaders(input, context),
        (error: unknown) => {
          assert.ok(error instanceof S3Error);
          assert.deepEqual([error.code, error.message], [code, message]);
          assert.match(error.explanation!, says);
          assert.ok(!JSON.stringify(error.details).includes(CUSTOMER_KEY.SSECustomerKey));
          return true;
        },
      );
    }
  });
}

test("Customer keys: plain HTTP is InvalidArgument before everything else", () => {
  for (const [, , members] of FAULTS) {
    assert.throws(() => checkEncryptionHeaders({ ...CUSTOMER_KEY, ...members }, contextFor()), {
      code: "InvalidArgument",
      message: "Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.",
    });
  }
});

test("Customer keys: one that is as it should be passes, and so does none", () => {
  checkEncryptionHeaders(CUSTOMER_KEY, contextFor({ secure: true }));
  checkEncryptionHeaders({ ServerSideEncryption: "AES256" }, contextFor());
});
