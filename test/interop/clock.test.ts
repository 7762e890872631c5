import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { newFolder } from "../newFolder.ts";
import { holdfast } from "../processes/cli/command.ts";
import { ServerProcess } from "../serverProcess.ts";
import { succeed } from "./commands.ts";
import { requirePackages } from "./installed.ts";
import { python } from "./python.ts";

test("Test clock: the AWS CLI, boto3 and the AWS SDK go on, with their first try, wherever it is advanced to", async (t) => {
  requirePackages();
  const folder = newFolder(t);
  const data = join(folder, "data");
  const server = await ServerProcess.start(data, { args: ["--workers", "2", "--test-clock"] });
  t.after(() => server.stop());
  const endpoint = `http://127.0.0.1:${server.port}`;
  const client = server.client();
  for (const length of ["31 days", "52 weeks"]) {
    assert.equal((await holdfast(["clock", "advance", length, "--data", data], { folder })).code, 0);
    await succeed("/usr/bin/aws", ["--endpoint-url", endpoint, "s3", "ls"], { cwd: folder });
    const { stdout, stderr } = await python("round.py", endpoint, ["key"]);
    assert.equal(stdout.trim(), "OK", stderr);
    await client.send(new ListBucketsCommand({}));
  }
});
