import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";
import { requirePackages } from "./installed.ts";

/** Keys that have broken servers and clients before. */
export const AWKWARD_KEYS: readonly string[] = [
  "plain.txt",
  "a//b",
  "/leading",
  "a/b/../../up",
  "dir/../x",
  "./dot",
  "100%",
  "%20",
  "%2F",
  "a+b",
  "a b",
  " leading space",
  "trailing space ",
  "trailing/",
  "ünïcödé",
  "日本語",
  "emoji-😀",
  "quotes'\"",
  "amp&<>",
  "star*?",
  "hash#tag",
  "semi;colon:",
  "equals=&also=1",
  "back\\slash",
  "tilde~!@$^()[]{}|`,",
];

/** Keys that XML has trouble with: control characters. */
export const CONTROL_KEYS: readonly string[] = ["tab\tkey", "line\nbreak", "return\rkey", "bell\u0007key"];

/** What a test wants of its server besides, and what it does once that has stopped. */
interface Wishes {
  readonly args?: readonly string[];
  readonly cleanUp?: () => Promise<void>;
}

/** A server on a new folder, and a folder for files; both go when the test ends, after what `cleanUp` does. */
export async function fixture(
  t: TestContext,
  { args = [], cleanUp }: Wishes = {},
): Promise<{ server: ServerProcess; endpoint: string; folder: string }> {
  requirePackages();
  const folder = newFolder(t);
  const server = await ServerProcess.start(join(folder, "data"), { args: ["--workers", "2", ...args] });
  t.after(async () => {
    await server.stop();
    await cleanUp?.();
  });
  return { server, endpoint: `http://127.0.0.1:${server.port}`, folder };
}

/** A tree of files of many sizes, names with spaces and letters beyond ASCII among them. */
export async function writeTree(folder: string): Promise<string> {
  const root = join(folder, "tree");
  const files: Record<string, number> = {
    empty: 0,
    "one byte": 1,
    "dir/small.txt": 5_000,
    "dir/sub dir/ümlaut+plus.bin": 70_000,
    "dir/large.bin": 12_000_000,
  };
  for (const [name, sizeBytes] of Object.entries(files)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, randomBytes(sizeBytes));
  }
  return root;
}
