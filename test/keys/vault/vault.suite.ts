import assert from "node:assert/strict";
import { test } from "node:test";
import { VaultClient } from "../../../src/keys/vault/VaultClient.ts";
import { VaultKeyService } from "../../../src/keys/vault/VaultKeyService.ts";

/** A Vault to test on, with an empty transit engine. */
export interface VaultUnderTest {
  readonly address: string;
  /** A file with a token that may do everything. */
  readonly tokenPath: string;
  readonly mount: string;
  /** Sends what its operator would, below the engine. Throws for any answer but a good one. */
  operate(path: string, body: object): Promise<void>;
}

const ACCOUNT_ID = "111122223333";
const PLACE = `arn:aws:kms:us-east-1:${ACCOUNT_ID}:key/`;
const context = { "aws:s3:arn": "arn:aws:s3:::b/k", more: "ü" };

/** A key service on it. */
function serviceOn({ address, mount, tokenPath }: VaultUnderTest): VaultKeyService {
  const client = new VaultClient({ address, mount, tokenPath });
  return new VaultKeyService({ client, region: "us-east-1", accountId: () => ACCOUNT_ID });
}

/** What holds of keys in Vault's transit engine, whoever speaks its API. */
export function testVault(name: string, vault: () => VaultUnderTest): void {
  testDataKeys(name, vault);
  testKeys(name, vault);
}

function testDataKeys(name: string, vault: () => VaultUnderTest): void {
  for (const kind of [{}, { derived: true }, { type: "chacha20-poly1305" }]) {
    test(`${name}: a data key of ${JSON.stringify(kind)} is opened in its context alone`, async () => {
      const key = ["plain", ...Object.values(kind)].join("-");
      await vault().operate(`keys/${key}`, kind);
      const keys = serviceOn(vault());
      const arn = await keys.resolve(key);
      assert.equal(arn, PLACE + key);
      const { plaintext, ciphertext } = await keys.generateDataKey(arn, context);
      const other = await keys.generateDataKey(arn, context);
      assert.equal(plaintext.length, 32);
      assert.notDeepEqual(other.plaintext, plaintext);
      assert.ok(ciphertext.length < 200 && !ciphertext.includes(plaintext));
      assert.deepEqual(await keys.decrypt(arn, ciphertext, { more: "ü", "aws:s3:arn": "arn:aws:s3:::b/k" }), plaintext);
      for (const wrong of [{}, { ...context, more: "u" }]) {
        await assert.rejects(keys.decrypt(arn, ciphertext, wrong), { code: "InternalError" });
      }
    });
  }

  test(`${name}: a data key that was changed, or is another key's, is an InternalError`, async () => {
    await vault().operate("keys/one", {});
    await vault().operate("keys/two", {});
    const keys = serviceOn(vault());
    const { ciphertext } = await keys.generateDataKey(`${PLACE}one`, context);
    await assert.rejects(keys.decrypt(`${PLACE}two`, ciphertext, context), { code: "InternalError" });
    const cut = ciphertext.subarray(0, 16);
    const inCheck = Buffer.from(ciphertext);
    inCheck[0]! ^= 1;
    const inVaults = Buffer.from(ciphertext);
    inVaults[40] = inVaults[40] === 65 ? 66 : 65;
    const prefix = Buffer.from(ciphertext);
    prefix.write("x", 16);
    for (const wrong of [cut, Buffer.alloc(0), inCheck, inVaults, prefix]) {
      await assert.rejects(keys.decrypt(`${PLACE}one`, wrong, context), { code: "InternalError" });
    }
  });

  test(`${name}: a key that was rotated opens what it sealed before, unless its older versions are barred`, async () => {
    await vault().operate("keys/turned", {});
    const keys = serviceOn(vault());
    const arn = `${PLACE}turned`;
    const { plaintext, ciphertext } = await keys.generateDataKey(arn, {});
    await vault().operate("keys/turned/rotate", {});
    assert.deepEqual(await keys.decrypt(arn, ciphertext, {}), plaintext);
    await vault().operate("keys/turned/config", { min_decryption_version: 2 });
    await assert.rejects(keys.decrypt(arn, ciphertext, {}), { code: "KMS.KMSInvalidStateException", status: 400 });
  });
}

function testKeys(name: string, vault: () => VaultUnderTest): void {
  test(`${name}: the default key is made when it is first needed`, async () => {
    const keys = serviceOn(vault());
    const arn = await keys.resolve(undefined);
    assert.equal(arn, `${PLACE}aws-s3`);
    assert.equal(await keys.resolve("alias/aws/s3"), arn);
    const { plaintext, ciphertext } = await keys.generateDataKey(arn, {});
    assert.deepEqual(await serviceOn(vault()).decrypt(arn, ciphertext, {}), plaintext);
  });

  test(`${name}: a key that is not there is KMS.NotFoundException, and is not made`, async () => {
    const keys = serviceOn(vault());
    const arn = await keys.resolve("nobody");
    const refusal = { code: "KMS.NotFoundException", status: 400, message: `Key '${PLACE}nobody' does not exist` };
    await assert.rejects(keys.generateDataKey(arn, {}), refusal);
    await assert.rejects(keys.generateDataKey(arn, {}), refusal);
    await vault().operate("keys/there", {});
    const { ciphertext } = await keys.generateDataKey(`${PLACE}there`, {});
    await assert.rejects(keys.decrypt(arn, ciphertext, {}), refusal);
  });

  test(`${name}: a key that only signs is KMS.InvalidKeyUsageException`, async () => {
    await vault().operate("keys/signs", { type: "ed25519" });
    await assert.rejects(serviceOn(vault()).generateDataKey(`${PLACE}signs`, {}), {
      code: "KMS.InvalidKeyUsageException",
      status: 400,
    });
  });
}
