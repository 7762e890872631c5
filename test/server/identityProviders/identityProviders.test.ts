import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { verifyWebIdentity } from "../../../src/auth/webIdentity.ts";
import { readIssuers } from "../../../src/config/issuers.ts";
import { identityProviders } from "../../../src/server/identityProviders/identityProviders.ts";
import { AUDIENCE, IdentityProviderFixture } from "../../auth/IdentityProviderFixture.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const folder = await mkdtemp(join(tmpdir(), "holdfast-keys-"));
after(() => rm(folder, { recursive: true }));

/** Verifies a token by a setting that says so where the keys are. */
async function subjectOf(idp: IdentityProviderFixture, place: string): Promise<string> {
  const providers = identityProviders(readIssuers([`${idp.issuer} ${place} ${AUDIENCE}`], "test"));
  return (await verifyWebIdentity(await idp.token(NOW_MS), providers, NOW_MS)).subject;
}

test("identityProviders: keys are read from a file, and again when it is replaced", async () => {
  const path = join(folder, "replaced.json");
  const [first, second] = await Promise.all([1, 2].map(() => IdentityProviderFixture.create()));
  await writeFile(path, JSON.stringify(first!.keys));
  const providers = identityProviders(readIssuers([`${first!.issuer} ${path} ${AUDIENCE}`], "test"));
  await verifyWebIdentity(await first!.token(NOW_MS), providers, NOW_MS);
  await assert.rejects(verifyWebIdentity(await second!.token(NOW_MS), providers, NOW_MS), { code: "InvalidIdentityToken" });
  await writeFile(path, `${JSON.stringify(second!.keys)}\n`);
  await verifyWebIdentity(await second!.token(NOW_MS), providers, NOW_MS);
});

test("identityProviders: keys are fetched from a URL of this machine", async () => {
  const idp = await IdentityProviderFixture.create();
  const server = createServer((_request, response) => response.end(JSON.stringify(idp.keys)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  assert.equal(await subjectOf(idp, `http://127.0.0.1:${port}/keys`), "repo:ann/photos");
  server.close();
  server.closeAllConnections();
});

test("identityProviders: keys that cannot be had, or are none, are IDPCommunicationError", async () => {
  const idp = await IdentityProviderFixture.create();
  const broken = join(folder, "broken.json");
  await writeFile(broken, "{");
  const empty = join(folder, "empty.json");
  await writeFile(empty, "{}");
  const server = createServer((_request, response) => response.writeHead(500).end());
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  for (const place of [join(folder, "missing.json"), broken, empty, `http://127.0.0.1:${port}/keys`]) {
    await assert.rejects(subjectOf(idp, place), { code: "IDPCommunicationError", status: 400 }, place);
  }
  server.close();
});
