import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import type { VaultOptions } from "../../../src/keys/vault/VaultClient.ts";
import { VaultClient } from "../../../src/keys/vault/VaultClient.ts";
import { VaultKeyService } from "../../../src/keys/vault/VaultKeyService.ts";
import { newFolder } from "../../newFolder.ts";
import { VaultStandIn } from "./vaultStandIn.ts";

const CERTIFICATES = join(import.meta.dirname, "../../server/http");
const PLACE = "arn:aws:kms:us-east-1:111122223333:key/";
const ARN: string = `${PLACE}mine`;
const UNAVAILABLE = { code: "ServiceUnavailable", status: 503 };

/** A service on a stand-in that has one key, and what it warned of. */
async function start(t: TestContext, options: Partial<VaultOptions> = {}, tls?: { cert: string; key: string }) {
  const vault = await VaultStandIn.start(tls);
  t.after(() => vault.stop());
  vault.operate("keys/mine", {});
  const tokenPath = join(newFolder(t), "token");
  writeFileSync(tokenPath, vault.token);
  const client = new VaultClient({ address: vault.address, mount: "transit", tokenPath, ...options });
  t.after(() => client.close());
  const warnings: string[] = [];
  const warn = (facts: object, what: string): void => void warnings.push(JSON.stringify({ ...facts, what }));
  const keys = new VaultKeyService({ client, region: "us-east-1", accountId: () => "111122223333", warn });
  return { vault, keys, tokenPath, warnings };
}

test("Vault: a token that is refused is AccessDenied, one that is replaced counts from then on", async (t) => {
  const { vault, keys, tokenPath, warnings } = await start(t);
  writeFileSync(tokenPath, "s.other");
  await assert.rejects(keys.generateDataKey(ARN, {}), { code: "AccessDenied", status: 403 });
  await assert.rejects(keys.generateDataKey(ARN, {}), { code: "AccessDenied" });
  writeFileSync(tokenPath, `${vault.token}\n`);
  await keys.generateDataKey(ARN, {});
  assert.ok(warnings.length >= 1 && !warnings.join().includes("s.other"), warnings.join());
});

test("Vault: one that is asked too often is S3's SlowDown", async (t) => {
  const { vault, keys } = await start(t);
  vault.answer = (_request, response) => void response.writeHead(429).end('{"errors":["request path: rate limit quota exceeded"]}');
  await assert.rejects(keys.generateDataKey(ARN, {}), {
    code: "SlowDown",
    status: 503,
    message: "Please reduce your request rate for operations involving AWS KMS.",
  });
});

test("Vault: one that is sealed, not there, silent, or answers what it should not is ServiceUnavailable, told once", async (t) => {
  const { vault, keys, warnings, tokenPath } = await start(t, { timeoutMs: 200 });
  const { ciphertext } = await keys.generateDataKey(ARN, {});
  const answers: VaultStandIn["answer"][] = [
    (_request, response) => void response.writeHead(503).end('{"errors":["Vault is sealed"]}'),
    (_request, response) => void response.writeHead(500).end("<html>"),
    (_request, response) => void response.writeHead(200).end('{"data":{"plaintext":"AAAA","ciphertext":7}}'),
    (_request, response) => void response.writeHead(200).end("{}"),
    (_request, response) => void response.writeHead(200).end("null"),
    (_request, response) => void response.writeHead(307, { location: "/elsewhere" }).end(),
    (_request, response) => void response.writeHead(200).end(`{"data":"${"x".repeat(70_000)}"}`),
    (request) => void request.socket.destroy(),
    () => undefined,
    (_request, response) => void response.writeHead(200).write('{"data":'),
  ];
  for (const [index, answer] of answers.entries()) {
    vault.answer = answer;
    await assert.rejects(keys.generateDataKey(ARN, {}), UNAVAILABLE, String(index));
  }
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /503: Vault is sealed.*keys of Vault cannot be used/);
  vault.answer = undefined;
  await keys.decrypt(ARN, ciphertext, {});
  await vault.stop();
  await assert.rejects(keys.decrypt(ARN, ciphertext, {}), UNAVAILABLE);
  assert.match(warnings[1]!, /ECONNREFUSED/);
  assert.ok(!warnings.join().includes(readFileSync(tokenPath, "utf8")));
});

test("Vault: an engine that is not mounted and a token that cannot be read are ServiceUnavailable", async (t) => {
  const { keys } = await start(t, { mount: "elsewhere" });
  await assert.rejects(keys.generateDataKey(ARN, {}), UNAVAILABLE);
  const other = await start(t, { tokenPath: "/nowhere/token" });
  await assert.rejects(other.keys.generateDataKey(ARN, {}), UNAVAILABLE);
  assert.match(other.warnings[0]!, /ENOENT/);
});

test("Vault: a key that was deleted and could be restored is pending deletion", async (t) => {
  const { vault, keys } = await start(t);
  vault.answer = (_request, response) => void response.writeHead(400).end('{"errors":["refusing to use soft-deleted key"]}');
  const refusal = { code: "KMS.KMSInvalidStateException", message: `${ARN} is pending deletion.` };
  await assert.rejects(keys.generateDataKey(ARN, {}), refusal);
  await assert.rejects(keys.decrypt(ARN, Buffer.alloc(100), {}), refusal);
});

test("Vault over TLS: believed by the certificates that are given, and by no others", async (t) => {
  const cert = readFileSync(join(CERTIFICATES, "testCertificate.pem"), "utf8");
  const key = readFileSync(join(CERTIFICATES, "testPrivateKey.pem"), "utf8");
  const { keys } = await start(t, { ca: cert }, { cert, key });
  const { plaintext, ciphertext } = await keys.generateDataKey(ARN, {});
  assert.deepEqual(await keys.decrypt(ARN, ciphertext, {}), plaintext);
  const strict = await start(t, {}, { cert, key });
  await assert.rejects(strict.keys.generateDataKey(ARN, {}), UNAVAILABLE);
  assert.deepEqual(strict.vault.seen, []);
});

test("Vault: names of keys are checked before it is asked, and stay inside the engine", async (t) => {
  const { keys, vault } = await start(t);
  const refused: [string, string][] = [
    ["../sys/seal", "Invalid keyId '../sys/seal'"],
    ["a/b", "Invalid keyId 'a/b'"],
    ["alias/mine", "Alias arn:aws:kms:us-east-1:111122223333:alias/mine is not found."],
    ["arn:aws:kms:us-east-1:444455556666:key/mine", "Key 'arn:aws:kms:us-east-1:444455556666:key/mine' does not exist"],
    ["arn:aws:kms:eu-west-1:111122223333:key/mine", "Invalid arn eu-west-1"],
  ];
  for (const [name, message] of refused) {
    await assert.rejects(keys.resolve(name), { code: "KMS.NotFoundException", message }, name);
  }
  assert.equal(await keys.resolve(`${PLACE}mine`), ARN);
  assert.equal(await keys.resolve("mine", "eu-west-1"), "arn:aws:kms:eu-west-1:111122223333:key/mine");
  assert.deepEqual(vault.seen, []);
});
