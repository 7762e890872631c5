import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DataFolder, DataFolderInUseError } from "../../../../src/store/folder/dataFolder.ts";

/** Another process that opens the folder, says so, and holds it until it is killed. */
const HOLDER_PROGRAM = `
  import { DataFolder } from ${JSON.stringify(new URL("../../../../src/store/folder/dataFolder.ts", import.meta.url).href)};
  const folder = await DataFolder.open(process.argv[1]).catch((error) => error);
  if (folder instanceof DataFolder) await folder.announce("http://127.0.0.1:9000");
  process.stdout.write(folder instanceof DataFolder ? "open" : folder.name);
  setInterval(() => folder, 1000);
`;

async function startHolder(path: string): Promise<{ child: ChildProcess; said: string; warnings: () => string }> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", HOLDER_PROGRAM, path], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding("utf8").once("data", resolve);
    child.once("exit", () => reject(new Error(complaints)));
  });
  return { child, said, warnings: () => complaints };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

test("DataFolder: a second server elsewhere is told who holds the folder, and gets it once that one is killed", async (t) => {
  const path = mkdtempSync(join(tmpdir(), "holdfast-data-"));
  t.after(() => rmSync(path, { recursive: true }));
  const holder = await startHolder(path);
  assert.equal(holder.said, "open");
  await assert.rejects(DataFolder.open(path), (error) => {
    assert.ok(error instanceof DataFolderInUseError);
    assert.equal(error.holder?.pid, holder.child.pid);
    assert.match(error.message, new RegExp(`process ${holder.child.pid} on .*serving http://127\\.0\\.0\\.1:9000`));
    return true;
  });
  assert.equal((await DataFolder.join(path)).run, JSON.parse(readFileSync(join(path, "holder.json"), "utf8")).run);
  await kill(holder.child);
  assert.equal(holder.warnings(), "");
  const folder = await DataFolder.open(path);
  const other = await startHolder(path);
  assert.equal(other.said, "DataFolderInUseError");
  await kill(other.child);
  folder.close();
});
