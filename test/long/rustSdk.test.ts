import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { succeed } from "../interop/commands.ts";
import { fixture } from "../interop/fixture.ts";
import { installed } from "../interop/installed.ts";
import { playRounds } from "../interop/rounds.ts";

/** Of the clients, the one that takes minutes to build: see scripts/install-clients.ts. */
test("AWS SDK for Rust: low-level calls", async (t) => {
  await playRounds(t, [join(installed("rust"), "round")], ["multipart", "algorithm", "objects"]);
});

test("AWS SDK for Rust: the program of docs/other-languages.md prints what the page says", async (t) => {
  const { server, endpoint, folder } = await fixture(t);
  await server.client().send(new CreateBucketCommand({ Bucket: "first-bucket" }));
  const program = join(installed("rust"), "greeting");
  assert.equal(await succeed(program, [], { cwd: folder, env: { AWS_ENDPOINT_URL: endpoint } }), "hello\nNoSuchKey\n");
});
