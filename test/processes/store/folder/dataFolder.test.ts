import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { DataFolder, DataFolderInUseError } from "../../../../src/store/folder/dataFolder.ts";
import { processIdentity } from "../../../../src/store/folder/processIdentity.ts";
import { newFolder } from "../../../newFolder.ts";

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

function newPath(t: TestContext): string {
  const path = newFolder(t);
  return path;
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

test("DataFolder: a second server elsewhere is told who holds the folder, and gets it once that one is killed", async (t) => {
  const path = newPath(t);
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

test("DataFolder: a lock file removed by hand lets nobody in while the server runs", async (t) => {
  const path = newPath(t);
  const holder = await startHolder(path);
  rmSync(join(path, "lock"));
  // The second time, a lock that nobody holds is there.
  for (let time = 0; time < 2; time += 1) {
    await assert.rejects(DataFolder.open(path), (error) => {
      assert.ok(error instanceof DataFolderInUseError);
      assert.match(error.message, new RegExp(`process ${holder.child.pid} on `));
      return true;
    });
  }
  assert.equal(JSON.parse(readFileSync(join(path, "holder.json"), "utf8")).pid, holder.child.pid);
  await kill(holder.child);
  (await DataFolder.open(path)).close();
});

test("processIdentity: a running process has one for ever, another process another, and none when it has ended", async () => {
  const own = await processIdentity(process.pid);
  assert.match(own ?? "", /^[0-9a-f-]+\.\d+$/);
  assert.equal(await processIdentity(process.pid), own);
  const child = spawn("sleep", ["60"]);
  const its = await processIdentity(child.pid!);
  assert.ok(its !== undefined && its !== own);
  await kill(child);
  assert.equal(await processIdentity(child.pid!), undefined);
});
