import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { memoryKeys } from "../../src/keys/memoryKeys.ts";
import {
  addMaster,
  cancelDeletion,
  createKmsKey,
  removeAlias,
  rotateKmsKey,
  scheduleDeletion,
  setAlias,
  setKmsKeyEnabled,
} from "../../src/keys/ringChanges.ts";

const DAY_MS = 86_400_000;
const NOW_MS: number = Date.UTC(2026, 10, 1);

/** Keys on a clock that the test sets, and changes of their ring at its time. */
function keysAt(nowMs: number = NOW_MS) {
  const clock = { nowMs };
  const keys = memoryKeys({ realClock: () => clock.nowMs, randomBytes, accountId: () => "111122223333" });
  const at = () => ({ nowMs: clock.nowMs, randomBytes });
  const create = (wanted: { alias?: string; region?: string } = {}) =>
    keys.ring.change((content) => createKmsKey(content, { region: "us-east-1", accountId: "111122223333", ...wanted }, at()));
  return { keys, clock, at, create };
}

const context = { "aws:s3:arn": "arn:aws:s3:::b/k", more: "ü" };

test("master keys: the newest seals, and the older ones still open", async () => {
  const { keys, at } = keysAt();
  const { name, key } = keys.masters.current;
  assert.match(name, /^[a-z0-9-]{1,32}$/);
  assert.equal(key.symmetricKeySize, 32);
  const master = await keys.ring.change((content) => addMaster(content, at()));
  assert.equal(keys.masters.current.name, master.name);
  assert.notEqual(master.name, name);
  assert.ok(keys.masters.find(name)?.equals(key));
  assert.equal(keys.masters.find("m-0000000000000000"), undefined);
});

test("data keys: opened with the same context, in whatever order its pairs stand", async () => {
  const { keys } = keysAt();
  const arn = await keys.service.resolve(undefined);
  const { plaintext, ciphertext } = await keys.service.generateDataKey(arn, context);
  assert.equal(plaintext.length, 32);
  assert.ok(ciphertext.length <= 6_144 && !ciphertext.includes(plaintext));
  const turned = { more: "ü", "aws:s3:arn": "arn:aws:s3:::b/k" };
  assert.deepEqual(await keys.service.decrypt(arn, ciphertext, turned), plaintext);
});

test("data keys: another context, another key and any other byte is an InternalError", async () => {
  const { keys, create } = keysAt();
  const { arn } = await create();
  const other = await create();
  const { ciphertext } = await keys.service.generateDataKey(arn, context);
  for (const wrong of [{}, { ...context, more: "u" }, { ...context, further: "" }]) {
    await assert.rejects(keys.service.decrypt(arn, ciphertext, wrong), { code: "InternalError" });
  }
  await assert.rejects(keys.service.decrypt(other.arn, ciphertext, context), { code: "InternalError" });
  for (let at = 0; at < ciphertext.length; at += 1) {
    const changed = Buffer.from(ciphertext);
    changed[at]! ^= 1;
    await assert.rejects(keys.service.decrypt(arn, changed, context), { code: "InternalError" }, `byte ${at}`);
  }
  await assert.rejects(keys.service.decrypt(arn, ciphertext.subarray(1), context), { code: "InternalError" });
});

test("data keys: those of before a rotation are opened after it", async () => {
  const { keys, create, at } = keysAt();
  const { arn, keyId } = await create();
  const before = await keys.service.generateDataKey(arn, context);
  await keys.ring.change((content) => rotateKmsKey(content, keyId, at()));
  const after = await keys.service.generateDataKey(arn, context);
  assert.notDeepEqual(after.ciphertext.subarray(17, 25), before.ciphertext.subarray(17, 25));
  assert.deepEqual(await keys.service.decrypt(arn, before.ciphertext, context), before.plaintext);
  assert.deepEqual(await keys.service.decrypt(arn, after.ciphertext, context), after.plaintext);
});

test("the default key: made when first needed, once for each region", async () => {
  const { keys } = keysAt();
  const arn = await keys.service.resolve(undefined);
  assert.match(
    arn,
    /^arn:aws:kms:us-east-1:111122223333:key\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  assert.equal(await keys.service.resolve(undefined), arn);
  assert.equal(await keys.service.resolve("alias/aws/s3"), arn);
  const elsewhere = await keys.service.resolve(undefined, "eu-west-1");
  assert.match(elsewhere, /^arn:aws:kms:eu-west-1:/);
  assert.equal(await keys.service.resolve(undefined, "eu-west-1"), elsewhere);
});

test("names of keys: id, ARN, alias and ARN of an alias are all the key", async () => {
  const { keys, create } = keysAt();
  const { arn, keyId } = await create({ alias: "alias/mine" });
  const names = [keyId, arn, "alias/mine", "arn:aws:kms:us-east-1:111122223333:alias/mine"];
  for (const name of names) assert.equal(await keys.service.resolve(name), arn, name);
});

test("names of keys: what is no key is KMS.NotFoundException, in KMS's words", async () => {
  const { keys, create } = keysAt();
  const { keyId } = await create({ alias: "alias/mine", region: "eu-west-1" });
  const place = "arn:aws:kms:us-east-1:111122223333";
  const cases: [string, string][] = [
    ["", "Invalid keyId ''"],
    ["not a key", "Invalid keyId 'not a key'"],
    ["arn:aws:kms:us-east-1:111122223333:table/x", "Invalid keyId 'arn:aws:kms:us-east-1:111122223333:table/x'"],
    ["alias/", "Invalid keyId 'alias/'"],
    ["1234abcd", `Key '${place}:key/1234abcd' does not exist`],
    [`${place}:key/1234abcd`, `Key '${place}:key/1234abcd' does not exist`],
    ["arn:aws:kms:us-east-1:444455556666:key/x", "Key 'arn:aws:kms:us-east-1:444455556666:key/x' does not exist"],
    ["alias/other", `Alias ${place}:alias/other is not found.`],
    ["arn:aws:kms:us-east-1:444455556666:alias/aws/s3", "Alias arn:aws:kms:us-east-1:444455556666:alias/aws/s3 is not found."],
    ["alias/mine", `Alias ${place}:alias/mine is not found.`],
    [keyId, `Key '${place}:key/${keyId}' does not exist`],
    [`arn:aws:kms:eu-west-1:111122223333:key/${keyId}`, "Invalid arn eu-west-1"],
  ];
  for (const [name, message] of cases) {
    await assert.rejects(keys.service.resolve(name), { code: "KMS.NotFoundException", status: 400, message }, name);
  }
});

test("a disabled key: neither seals nor opens, until it is enabled", async () => {
  const { keys, create, at } = keysAt();
  const { arn, keyId } = await create();
  const { plaintext, ciphertext } = await keys.service.generateDataKey(arn, {});
  const enable = (isEnabled: boolean) => keys.ring.change((content) => setKmsKeyEnabled(content, keyId, isEnabled, at()));
  await enable(false);
  const refusal = { code: "KMS.DisabledException", status: 400, message: `${arn} is disabled.` };
  await assert.rejects(keys.service.generateDataKey(arn, {}), refusal);
  await assert.rejects(keys.service.decrypt(arn, ciphertext, {}), refusal);
  assert.equal(await keys.service.resolve(keyId), arn);
  await enable(true);
  assert.deepEqual(await keys.service.decrypt(arn, ciphertext, {}), plaintext);
});

test("a deleted key: pending for its days, then gone; a cancelled deletion leaves it disabled", async () => {
  const { keys, create, at, clock } = keysAt();
  const { arn, keyId } = await create({ alias: "alias/mine" });
  const { ciphertext } = await keys.service.generateDataKey(arn, {});
  const change = (what: typeof cancelDeletion) => keys.ring.change((content) => what(content, keyId, at()));
  const remove = (days: number) => keys.ring.change((content) => scheduleDeletion(content, keyId, days, at()));
  for (const days of [6, 31, 7.5, Number.NaN]) await assert.rejects(remove(days), /7 to 30 days/);
  await assert.rejects(change(cancelDeletion), /not pending deletion/);
  await remove(7);
  const pending = { code: "KMS.KMSInvalidStateException", status: 400, message: `${arn} is pending deletion.` };
  await assert.rejects(keys.service.generateDataKey(arn, {}), pending);
  await assert.rejects(remove(7), /already/);
  await assert.rejects(change(rotateKmsKey), /cancel that first/);
  await assert.rejects(
    keys.ring.change((content) => setKmsKeyEnabled(content, keyId, true, at())),
    /cancel that first/,
  );
  await change(cancelDeletion);
  await assert.rejects(keys.service.generateDataKey(arn, {}), { code: "KMS.DisabledException" });
  await remove(7);
  clock.nowMs += 7 * DAY_MS - 1;
  await assert.rejects(keys.service.decrypt(arn, ciphertext, {}), pending);
  clock.nowMs += 1;
  const gone = { code: "KMS.NotFoundException", message: `Key '${arn}' does not exist` };
  await assert.rejects(keys.service.decrypt(arn, ciphertext, {}), gone);
  await assert.rejects(keys.service.resolve(keyId), gone);
  await assert.rejects(change(cancelDeletion), /has no KMS key/);
  // Its alias is free again, and the next change takes the key itself.
  await create({ alias: "alias/mine" });
  assert.deepEqual(
    keys.ring.content.kmsKeys.filter((key) => key.keyId === keyId),
    [],
  );
});

test("aliases: one key's at a time in a region, moved by setting them, and never the service's own", async () => {
  const { keys, create, at } = keysAt();
  const first = await create({ alias: "alias/mine" });
  const second = await create();
  const elsewhere = await create({ alias: "alias/mine", region: "eu-west-1" });
  await assert.rejects(create({ alias: "alias/mine" }), /is an alias of arn/);
  for (const wrong of ["mine", "alias/", "alias/a b", `alias/${"x".repeat(251)}`]) {
    await assert.rejects(create({ alias: wrong }), /is no alias/, wrong);
  }
  await assert.rejects(create({ alias: "alias/aws/mine" }), /service's own/);
  await keys.ring.change((content) => setAlias(content, second.keyId, "alias/mine", at()));
  assert.equal(await keys.service.resolve("alias/mine"), second.arn);
  assert.equal(await keys.service.resolve("alias/mine", "eu-west-1"), elsewhere.arn);
  await assert.rejects(
    keys.ring.change((content) => removeAlias(content, first.keyId, "alias/mine", at())),
    /has no alias/,
  );
  await keys.ring.change((content) => removeAlias(content, second.keyId, "alias/mine", at()));
  await assert.rejects(keys.service.resolve("alias/mine"), { code: "KMS.NotFoundException" });
});

test("the default key: can be neither disabled nor deleted", async () => {
  const { keys, at } = keysAt();
  const keyId = (await keys.service.resolve(undefined)).split("/")[1]!;
  await assert.rejects(
    keys.ring.change((content) => setKmsKeyEnabled(content, keyId, false, at())),
    /cannot be disabled/,
  );
  await assert.rejects(
    keys.ring.change((content) => scheduleDeletion(content, keyId, 7, at())),
    /cannot be deleted/,
  );
});
