import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { testVault } from "../keys/vault/vault.suite.ts";
import type { OpenBao } from "./openbao.ts";
import { startOpenBao } from "./openbao.ts";

let folder: string;
let openBao: OpenBao;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-openbao-"));
  openBao = await startOpenBao(folder);
});

after(async () => {
  await openBao.stop();
  await rm(folder, { recursive: true });
});

testVault("OpenBao", () => openBao);
