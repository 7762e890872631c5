import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { keyNamed } from "../../src/keys/keyNamed.ts";
import { readKeyName } from "../../src/keys/keyNames.ts";
import { createKmsKey, newRing, scheduleDeletion } from "../../src/keys/ringChanges.ts";

const at = { nowMs: 0, randomBytes };
const HERE = { region: "us-east-1", accountId: "111122223333" };

test("keyNamed: a key by its id, ARN and alias; an alias of two regions names none", () => {
  const first = createKmsKey(newRing(at), { ...HERE, alias: "alias/a" }, at);
  const { arn, keyId } = first.result;
  for (const name of [keyId, arn, "alias/a", "arn:aws:kms:us-east-1:111122223333:alias/a"]) {
    assert.equal(keyNamed(first.content, name, 0).arn, arn, name);
  }
  const second = createKmsKey(first.content, { ...HERE, region: "eu-west-1", alias: "alias/a" }, at);
  assert.throws(() => keyNamed(second.content, "alias/a", 0), /an alias of 2 keys/);
  assert.equal(keyNamed(second.content, "arn:aws:kms:eu-west-1:111122223333:alias/a", 0).arn, second.result.arn);
  const unknown = ["", "alias/b", "1234", arn.replace("us-east-1", "eu-west-1"), arn.replace("111122223333", "444455556666")];
  for (const name of unknown) assert.throws(() => keyNamed(second.content, name, 0), /There is no KMS key/, name);
});

test("keyNamed: a key whose day is over is not there", () => {
  const made = createKmsKey(newRing(at), HERE, at);
  const { content } = scheduleDeletion(made.content, made.result.keyId, 7, at);
  const goneAtMs = content.kmsKeys[0]!.deletionAtMs!;
  assert.equal(keyNamed(content, made.result.keyId, goneAtMs - 1).keyId, made.result.keyId);
  assert.throws(() => keyNamed(content, made.result.keyId, goneAtMs), /There is no KMS key/);
});

test("readKeyName: ids, ARNs and aliases, and nothing else", () => {
  const none = { region: undefined, accountId: undefined, alias: undefined };
  assert.deepEqual(readKeyName("team-key_1.2"), { ...none, keyId: "team-key_1.2" });
  assert.deepEqual(readKeyName("alias/aws/s3"), { ...none, alias: "alias/aws/s3", keyId: "" });
  const inArn = { region: "eu-west-1", accountId: "111122223333", alias: undefined };
  assert.deepEqual(readKeyName("arn:aws:kms:eu-west-1:111122223333:key/x"), { ...inArn, keyId: "x" });
  assert.deepEqual(readKeyName("arn:aws-cn:kms:eu-west-1:111122223333:alias/x"), { ...inArn, alias: "alias/x", keyId: "" });
  const wrong = [
    ...["", "a b", "key/x", "alias/", "alias/ü", "../x", "-x", ".x", "x".repeat(257), `alias/${"x".repeat(251)}`],
    ...["arn:aws:kms:eu-west-1:111122223333:x", "arn:aws:kms:eu-west-1:11112222333:key/x", "arn:aws:s3:eu-west-1:111122223333:key/x"],
    ...["arn:aws:kms::111122223333:key/x", "arn:aws:kms:eu-west-1:111122223333:key/", "arn:aws:kms:eu-west-1:111122223333:key/a/b"],
  ];
  for (const text of wrong) assert.equal(readKeyName(text), undefined, text);
});
