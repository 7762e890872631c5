import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { TEST_KEYS } from "../serverProcess.ts";
import { succeed } from "./commands.ts";
import { fixture, writeTree } from "./fixture.ts";

for (const version of ["signature version 4", "signature version 2"]) {
  test(`s3cmd with ${version}: put, sync, get, copy and delete make their full round, byte for byte`, async (t) => {
    const { server, folder } = await fixture(t);
    const config = join(folder, "s3cfg");
    const host = `127.0.0.1:${server.port}`;
    const lines = [
      "[default]",
      `access_key = ${TEST_KEYS.accessKeyId}`,
      `secret_key = ${TEST_KEYS.secretAccessKey}`,
      `host_base = ${host}`,
      `host_bucket = ${host}`,
      "use_https = False",
      `signature_v2 = ${version.endsWith("2") ? "True" : "False"}`,
      "multipart_chunk_size_mb = 5",
    ];
    await writeFile(config, `${lines.join("\n")}\n`);
    const s3cmd = (...args: string[]): Promise<string> =>
      succeed("/usr/bin/s3cmd", ["-c", config, "--no-progress", ...args], { cwd: folder });
    const tree = await writeTree(folder);
    await s3cmd("mb", "s3://s3cmd");
    await s3cmd("put", join(tree, "dir/large.bin"), "s3://s3cmd/large.bin");
    await s3cmd("get", "--force", "s3://s3cmd/large.bin", join(folder, "back.bin"));
    assert.ok((await readFile(join(folder, "back.bin"))).equals(await readFile(join(tree, "dir/large.bin"))));
    await s3cmd("sync", `${tree}/`, "s3://s3cmd/tree/");
    await s3cmd("sync", "s3://s3cmd/tree/", `${join(folder, "back")}/`);
    await succeed("diff", ["-r", tree, join(folder, "back")]);
    await s3cmd("cp", "s3://s3cmd/tree/dir/small.txt", "s3://s3cmd/copy.txt");
    assert.match(await s3cmd("ls", "-r", "s3://s3cmd"), /copy\.txt/);
    for (const target of ["s3://s3cmd", "s3://s3cmd/copy.txt"]) {
      assert.match(await s3cmd("info", target), /Policy: +none\n +CORS: +none\n +ACL: +[0-9a-f]{64}: FULL_CONTROL\n/);
    }
    const rule = "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>";
    await writeFile(join(folder, "cors.xml"), `<CORSConfiguration>${rule}</CORSConfiguration>`);
    await s3cmd("setcors", join(folder, "cors.xml"), "s3://s3cmd");
    assert.ok((await s3cmd("info", "s3://s3cmd")).includes(rule));
    await s3cmd("delcors", "s3://s3cmd");
    await s3cmd("rm", "-r", "--force", "s3://s3cmd");
    await s3cmd("rb", "s3://s3cmd");
  });
}
