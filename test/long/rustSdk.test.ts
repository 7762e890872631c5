import { join } from "node:path";
import { test } from "node:test";
import { installed } from "../interop/installed.ts";
import { playRounds } from "../interop/rounds.ts";

/** Of the clients, the one that takes minutes to build: see scripts/install-clients.ts. */
test("AWS SDK for Rust: low-level calls", async (t) => {
  await playRounds(t, [join(installed("rust"), "round")], ["multipart", "algorithm", "objects"]);
});
