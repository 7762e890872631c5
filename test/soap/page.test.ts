import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { requirePackages } from "../interop/installed.ts";
import { succeed } from "../interop/commands.ts";
import { newFolder } from "../newFolder.ts";
import { ServerProcess } from "../serverProcess.ts";

const PAGE: string = readFileSync(join(import.meta.dirname, "../../docs/soap.md"), "utf8");

/** The example of a language that has a word in it, as it stands on the page. */
function example(language: string, word: string): string {
  return [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].find(([, name, text]) => name === language && text!.includes(word))![2]!;
}

test("docs/soap.md: its examples do what the page says", async (t) => {
  requirePackages("soapDebian");
  const folder = newFolder(t);
  const server = await ServerProcess.start(join(folder, "data"), { args: ["--soap-over-http", "--workers", "1"] });
  t.after(() => server.stop());
  const here = (text: string): string => text.replaceAll("127.0.0.1:9000", `127.0.0.1:${server.port}`);

  const keysAsPrinted = /^export AWS_.*\n/;
  const shell = example("sh", "curl");
  assert.match(shell, keysAsPrinted);
  const answers = (await succeed("/bin/bash", ["-c", here(shell.replace(keysAsPrinted, ""))])).trim().split("\n");
  assert.match(answers[0]!, /<CreateBucketReturn><BucketName>quotes<\/BucketName>/);
  assert.match(answers[1]!, /<PutObjectInlineResponse><ETag>/);
  assert.match(answers[2]!, /<Data>aGEtaGE=<\/Data>/);
  const shown = example("xml", "Fault").replaceAll("\n", "").split("…")[0]!;
  assert.ok(answers[3]!.includes(shown), answers[3]);

  const printed = await succeed("/usr/bin/python3", ["-c", here(example("python", "zeep"))]);
  assert.match(printed, /'Data': b"d'oh"/);
});
