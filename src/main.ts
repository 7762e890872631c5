#!/usr/bin/env node
/** The command line. This file parses on any Node, so that an old one can say what is wrong. */
import * as nodeModule from "node:module";
import { join } from "node:path";
import { nodeRefusal } from "./config/nodeVersion.ts";

const refusal = nodeRefusal(process.versions.node);
if (refusal !== undefined) {
  process.stderr.write(`${refusal}\n`);
  process.exitCode = 2;
} else {
  // What Node makes of the sources, kept for the next start, which takes half the time and a quarter less memory then. It lies beside the
  // code, and not in a folder for temporary files: only who may change the code may change what is made of it. Where the folder cannot be
  // written, nothing is kept.
  nodeModule.enableCompileCache(join(import.meta.dirname, "..", ".cache"));
  import("./cli/run.ts").then(
    ({ run }) => run(process.argv.slice(2)),
    (cause: unknown) => {
      process.stderr.write(`Holdfast cannot start: ${String(cause)}\n`);
      process.exitCode = 1;
    },
  );
}
