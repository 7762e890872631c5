import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { testVault } from "./vault.suite.ts";
import { VaultStandIn } from "./vaultStandIn.ts";

let vault: VaultStandIn;
let folder: string;

before(async () => {
  vault = await VaultStandIn.start();
  folder = await mkdtemp(join(tmpdir(), "holdfast-vault-"));
  writeFileSync(join(folder, "token"), `${vault.token}\n`);
});

after(async () => {
  await vault.stop();
  await rm(folder, { recursive: true });
});

testVault("Vault's API", () => ({
  address: vault.address,
  mount: "transit",
  tokenPath: join(folder, "token"),
  operate: async (path, body) => vault.operate(path, body),
}));
