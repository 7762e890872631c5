import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBucketName, checkNewBucketName, isPossibleBucketName } from "../../../src/store/buckets/bucketNames.ts";
import { expectRefusal } from "../../auth/expectRefusal.ts";

const NEW_NAMES = [
  "abc",
  "a-b",
  "a.b",
  "0.9",
  "a".repeat(63),
  "a--b",
  "a.-b",
  "1.2.3",
  "1.2.3.4.5",
  "1.2.3.a",
  "a1.2.3.4",
  "xn-bucket",
  "a-xn--b",
  "a-sthree-b",
  "my-amzn-s3-demo-bucket",
  "a-s3alias-b",
  "a--ol-s3-b",
  "a.mrap.b",
  "data-123456789012-an",
  "data-12345678901-eu-an",
  "data-123456789012-eu-an-b",
];

for (const name of NEW_NAMES) {
  test(`checkNewBucketName: a bucket can be called "${name}"`, () => {
    checkNewBucketName(name);
    checkBucketName(name);
    assert.ok(isPossibleBucketName(name));
  });
}

const LENGTH = (length: number): string => `its length is ${length}, and 3 to 63 characters are allowed`;
const CHARACTERS = "only lower-case letters, digits, periods and hyphens are allowed";
const ENDS = "it must begin and end with a letter or digit";
const ADDRESS = "it must not look like an IP address";
const ACCOUNT = "the ending -<account>-<region>-an is reserved for account regional namespaces";

/** Names that no new bucket can have, why, and whether a bucket made long ago may have them. */
const REFUSED: readonly (readonly [name: string, rule: string, isLegacy: boolean])[] = [
  ["", LENGTH(0), false],
  ["ab", LENGTH(2), false],
  ["a".repeat(64), LENGTH(64), true],
  ["a".repeat(255), LENGTH(255), true],
  ["a".repeat(256), LENGTH(256), false],
  ["Abc", CHARACTERS, true],
  ["a_b", CHARACTERS, true],
  ["a b", CHARACTERS, false],
  ["abc\n", CHARACTERS, false],
  ["\nabc", CHARACTERS, false],
  ["äbc", CHARACTERS, false],
  ["-ab", ENDS, true],
  ["ab-", ENDS, true],
  [".ab", ENDS, true],
  ["ab.", ENDS, true],
  ["a..b", "two periods must not stand side by side", true],
  ["1.2.3.4", ADDRESS, true],
  ["192.168.100.200", ADDRESS, true],
  ["xn--bucket", 'the beginning "xn--" is reserved', true],
  ["sthree-bucket", 'the beginning "sthree-" is reserved', true],
  ["amzn-s3-demo-bucket", 'the beginning "amzn-s3-demo-" is reserved', true],
  ["bucket-s3alias", 'the ending "-s3alias" is reserved', true],
  ["bucket--ol-s3", 'the ending "--ol-s3" is reserved', true],
  ["bucket.mrap", 'the ending ".mrap" is reserved', true],
  ["bucket--x-s3", 'the ending "--x-s3" is reserved', true],
  ["bucket--table-s3", 'the ending "--table-s3" is reserved', true],
  ["data-123456789012-eu-west-1-an", ACCOUNT, true],
];

for (const [name, rule, isLegacy] of REFUSED) {
  const shown = JSON.stringify(name.length > 64 ? `${name.slice(0, 8)}…` : name);
  test(`checkNewBucketName: no new bucket can be called ${shown}: ${rule}`, async () => {
    const details = [["BucketName", name]] as const;
    const { explanation } = await expectRefusal(() => checkNewBucketName(name), {
      code: "InvalidBucketName",
      status: 400,
      details,
    });
    assert.ok(explanation?.endsWith(` cannot name a new bucket: ${rule}.`), explanation);
    assert.equal(isPossibleBucketName(name), isLegacy);
    if (isLegacy) return checkBucketName(name);
    const refusal = await expectRefusal(() => checkBucketName(name), { code: "InvalidBucketName", status: 400, details });
    assert.ok(refusal.explanation?.endsWith(`: ${rule}.`), refusal.explanation);
  });
}
