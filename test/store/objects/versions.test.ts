import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { LmdbMetadataEngine } from "../../../src/store/metadata/lmdb/LmdbMetadataEngine.ts";
import { MemoryMetadataEngine } from "../../../src/store/metadata/memory/MemoryMetadataEngine.ts";
import { versionsSuite } from "./versions.suite.ts";

let folder = "";
let names = 0;
const opened: LmdbMetadataEngine[] = [];
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-versions-"));
});
after(async () => {
  for (const engine of opened) await engine.close();
  await rm(folder, { recursive: true, force: true });
});

versionsSuite("MemoryMetadataEngine", async () => new MemoryMetadataEngine(), 60);
versionsSuite(
  "LmdbMetadataEngine",
  async () => {
    const engine = await LmdbMetadataEngine.open({
      path: join(folder, `index.${names++}`),
      durability: "written",
      mapSizeBytes: 2 ** 28,
    });
    opened.push(engine);
    return engine;
  },
  10,
);
