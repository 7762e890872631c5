import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";
import { succeed } from "./commands.ts";
import { CLIENT_SOURCES, installed, requirePackages } from "./installed.ts";

const PAGE = readFileSync(join(import.meta.dirname, "../../docs/other-languages.md"), "utf8");

/** The port that the page's programs speak to, and that somebody else may have. */
const PAGE_ENDPOINT = "http://127.0.0.1:9000";

/** What the page says that each of its programs prints. */
const PRINTED = "hello\nNoSuchKey\n";

/** The page's only program of a language. */
function programIn(language: string): string {
  const found = [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, "gm"))];
  assert.equal(found.length, 1, language);
  return found[0]![1]!;
}

/** The page's program in a file of a folder, and a server with the bucket it needs. */
async function greeting(
  t: TestContext,
  language: string,
  file: string,
): Promise<{ cwd: string; path: string; env: Record<string, string> }> {
  requirePackages();
  const cwd = newFolder(t);
  const server = await ServerProcess.start(join(cwd, "data"), { args: ["--workers", "1"] });
  t.after(() => server.stop());
  await server.client().send(new CreateBucketCommand({ Bucket: "first-bucket" }));
  const path = join(cwd, file);
  writeFileSync(path, programIn(language).replaceAll(PAGE_ENDPOINT, `http://127.0.0.1:${server.port}`));
  const searched = ["/usr/local/go/bin", "/usr/bin", "/bin", process.env["PATH"]].join(delimiter);
  return { cwd, path, env: { PATH: searched, HOME: homedir(), AWS_REGION: "us-east-1" } };
}

test("docs/other-languages.md: the program in Python prints what the page says", async (t) => {
  const { path, ...options } = await greeting(t, "python", "greeting.py");
  for (const python of ["/usr/bin/python3", join(installed("python"), "bin/python3")])
    assert.equal(await succeed(python, [path], options), PRINTED);
});

test("docs/other-languages.md: the program in Go prints what the page says", async (t) => {
  const { path, ...options } = await greeting(t, "go", "main.go");
  installed("go");
  for (const name of ["go.mod", "go.sum"]) cpSync(join(CLIENT_SOURCES, "go", name), join(options.cwd, name));
  assert.equal(await succeed("go", ["run", path], options), PRINTED);
});

test("docs/other-languages.md: the program in Java prints what the page says", async (t) => {
  const { path, ...options } = await greeting(t, "java", "Greeting.java");
  assert.equal(await succeed("java", ["-cp", join(installed("java"), "lib/*"), path], options), PRINTED);
});

test("docs/other-languages.md: the program in PHP prints what the page says", async (t) => {
  const { path, ...options } = await greeting(t, "php", "greeting.php");
  assert.equal(await succeed("/usr/bin/php", [path], options), PRINTED);
});

test("docs/other-languages.md: the program in Rust is the one that is compiled", () => {
  assert.equal(programIn("rust"), readFileSync(join(CLIENT_SOURCES, "rust/src/bin/greeting.rs"), "utf8"));
});
