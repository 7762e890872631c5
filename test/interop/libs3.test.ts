import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { TEST_KEYS } from "../serverProcess.ts";
import { run } from "./commands.ts";
import { AWKWARD_KEYS, fixture } from "./fixture.ts";

/** It signs "./" and "../" as they are, but its HTTP library resolves them before they are sent. */
const KEYS: readonly string[] = AWKWARD_KEYS.filter((key) => !/(?:^|\/)\.\.?\//.test(key));

test("libs3: keys of every awkward kind, a blank sent as a plus among them, are put, listed, copied, got and deleted", async (t) => {
  const { server, folder } = await fixture(t);
  const env = {
    S3_ACCESS_KEY_ID: TEST_KEYS.accessKeyId,
    S3_SECRET_ACCESS_KEY: TEST_KEYS.secretAccessKey,
    S3_HOSTNAME: `127.0.0.1:${server.port}`,
  };
  const s3 = async (...args: string[]): Promise<string> => {
    const { stdout, stderr } = await run("/usr/bin/s3", ["-u", "-r", "0", ...args], { cwd: folder, env });
    // It ends with 0 whatever happened.
    assert.equal(stderr.trim(), "", args.join(" "));
    return stdout;
  };
  // A file that is there it overwrites, and leaves what is longer.
  const getsAs = async (key: string, file: string): Promise<string> => {
    await s3("get", `libs3/${key}`, `filename=${join(folder, file)}`);
    return readFile(join(folder, file), "utf8");
  };
  const sent = join(folder, "sent");
  await s3("create", "libs3");
  for (const [index, key] of KEYS.entries()) {
    await writeFile(sent, `content ${index}`);
    await s3("put", `libs3/${key}`, `filename=${sent}`, "x-amz-meta-colour=blue");
  }
  // Without a marker it sends "(null)" as one. Its table has a size last and a date before it.
  const listed = (await s3("list", "libs3", "marker=")).split("\n").map((line) => line.replace(/ +\S+ +\d+$/, ""));
  const sorted = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  assert.deepEqual(
    listed.slice(2, -1).map((key) => key.trimEnd()),
    sorted.map((key) => key.trimEnd()),
  );
  for (const [index, key] of KEYS.entries()) {
    assert.match(await s3("head", `libs3/${key}`), /colour: blue/, key);
    assert.equal(await getsAs(key, `got ${index}`), `content ${index}`, key);
  }
  // It does not encode the source of a copy: only plain keys can be one.
  await s3("copy", "libs3/plain.txt", "libs3/a copy");
  assert.equal(await getsAs("a copy", "copy"), "content 0");
  for (const key of [...KEYS, "a copy"]) await s3("delete", `libs3/${key}`);
  await s3("delete", "libs3");
});
