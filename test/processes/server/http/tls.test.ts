import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { newFolder } from "../../../newFolder.ts";
import { putAndGet } from "../../../server/http/putAndGet.ts";
import { CERTIFICATE_PATH, PRIVATE_KEY_PATH } from "../../../server/http/testCertificate.ts";
import { holdfast, Server, withoutLog } from "../../cli/command.ts";

const TLS_FLAGS = ["--tls-cert", CERTIFICATE_PATH, "--tls-key", PRIVATE_KEY_PATH];

for (const workers of ["1", "2"]) {
  test(`TLS: objects go in and out over https, of a durable server (workers: ${workers})`, async (t) => {
    const keys = { accessKeyId: "HFTEST", secretAccessKey: "a-secret-for-tests" };
    const environment = { HOLDFAST_ACCESS_KEY_ID: keys.accessKeyId, HOLDFAST_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const server = await Server.start(t, [...TLS_FLAGS, "--workers", workers], { folder: newFolder(t), environment });
    assert.match(server.endpoint, /^https:/);
    await putAndGet({ endpoint: server.endpoint, region: "us-east-1", credentials: keys, forcePathStyle: true });
    const { code, stderr } = await server.end("SIGTERM");
    assert.equal(code, 0);
    assert.equal(withoutLog(stderr), "Stopping: requests under way are finished.\n");
  });
}

test("TLS: a certificate or a key that cannot be used ends with a sentence, exit code 2 and no data folder", async (t) => {
  const folder = newFolder(t);
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  await writeFile(join(folder, "other.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(
    join(folder, "locked.key"),
    privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" }),
  );
  await writeFile(join(folder, "text.pem"), "no certificate");
  const expected: readonly (readonly [certificate: string, key: string, sentence: string])[] = [
    [
      "missing.pem",
      PRIVATE_KEY_PATH,
      "The certificate missing.pem cannot be used: ENOENT: no such file or directory, open 'missing.pem'.",
    ],
    [
      CERTIFICATE_PATH,
      "missing.key",
      "The private key missing.key cannot be used: ENOENT: no such file or directory, open 'missing.key'.",
    ],
    [".", PRIVATE_KEY_PATH, "The certificate . cannot be used: EISDIR: illegal operation on a directory, read."],
    ["text.pem", PRIVATE_KEY_PATH, "text.pem holds no certificate in PEM."],
    [CERTIFICATE_PATH, "text.pem", "text.pem holds no private key in PEM that opens without a passphrase."],
    [CERTIFICATE_PATH, "locked.key", "locked.key holds no private key in PEM that opens without a passphrase."],
    [CERTIFICATE_PATH, "other.key", `The private key other.key is not that of the certificate ${CERTIFICATE_PATH}.`],
  ];
  for (const [certificate, key, sentence] of expected) {
    const { code, stderr } = await holdfast(["--data", "data", "--tls-cert", certificate, "--tls-key", key], { folder });
    assert.equal(stderr, `${sentence}\n`);
    assert.equal(code, 2);
  }
  const one = await holdfast(["--data", "data", "--tls-cert", CERTIFICATE_PATH], { folder });
  assert.equal(one.stderr, "HTTPS needs both a certificate and its private key: --tls-cert and --tls-key.\n");
  assert.equal(one.code, 2);
  await assert.rejects(readFile(join(folder, "data", "format")), { code: "ENOENT" });
});
