#!/usr/bin/env node
/** The command line. This file parses on any Node, so that an old one can say what is wrong. */
const LOWEST_NODE_MAJOR = 24;

const major = Number(process.versions.node.split(".")[0]);
if (major < LOWEST_NODE_MAJOR) {
  process.stderr.write(`Holdfast needs Node ${LOWEST_NODE_MAJOR} or newer; this is ${process.version}.\n`);
  process.exitCode = 2;
} else {
  import("./cli/run.ts").then(
    ({ run }) => run(process.argv.slice(2)),
    (cause: unknown) => {
      process.stderr.write(`Holdfast cannot start: ${String(cause)}\n`);
      process.exitCode = 1;
    },
  );
}
