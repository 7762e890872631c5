import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { nativeMemoryVariables } from "../../../../src/config/nativeMemory.ts";
import { newFolder } from "../../../newFolder.ts";
import { ServerProcess } from "../../../serverProcess.ts";
import { workersOf } from "./workersOf.ts";

test("nativeMemoryVariables: threads share what they gave back, unless the operator has chosen otherwise", () => {
  assert.deepEqual(nativeMemoryVariables({}), { MALLOC_ARENA_MAX: "2" });
  assert.deepEqual(nativeMemoryVariables({ MALLOC_ARENA_MAX: "8" }), {});
});

test("npm start: native memory is bounded as that of a worker", async () => {
  const { scripts } = JSON.parse(await readFile("package.json", "utf8")) as { scripts: Record<string, string> };
  for (const [name, value] of Object.entries(nativeMemoryVariables({})))
    assert.ok(scripts["start"]!.startsWith(`${name}=\${${name}:-${value}} `));
});

test("Workers: they are started with these variables", async (t) => {
  const data = newFolder(t);
  const server = await ServerProcess.start(data, { args: ["--workers", "2"] });
  t.after(() => server.stop());
  const workers = await workersOf(server);
  assert.equal(workers.length, 2);
  for (const pid of workers) {
    const environment = (await readFile(`/proc/${pid}/environ`, "utf8")).split("\0");
    assert.ok(environment.includes(`MALLOC_ARENA_MAX=${process.env["MALLOC_ARENA_MAX"] ?? "2"}`));
  }
});
