#!/usr/bin/env node
/** The command line. This file parses on any Node, so that an old one can say what is wrong. */
import * as nodeModule from "node:module";
import { join } from "node:path";

/**
 * What Node makes of the sources, kept for the next start, which takes half the time and a quarter less memory then. It lies beside the
 * code, and not in a folder for temporary files: only who may change the code may change what is made of it.
 */
const COMPILE_CACHE_PATH = join(import.meta.dirname, "..", ".cache");
const LOWEST_NODE_MAJOR = 24;

const major = Number(process.versions.node.split(".")[0]);
if (major < LOWEST_NODE_MAJOR) {
  process.stderr.write(`Holdfast needs Node ${LOWEST_NODE_MAJOR} or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  // Where the folder cannot be written, nothing is kept.
  nodeModule.enableCompileCache(COMPILE_CACHE_PATH);
  import("./cli/run.ts").then(
    ({ run }) => run(process.argv.slice(2)),
    (cause: unknown) => {
      process.stderr.write(`Holdfast cannot start: ${String(cause)}\n`);
      process.exitCode = 1;
    },
  );
}
