/** `npm run mutate`: puts small faults into the sources, one at a time, and names those that no test notices. See docs/testing.md. */
import { join } from "node:path";
import { mutate } from "./mutate/mutate.ts";
import { HELP, OptionError, parseOptions } from "./mutate/options.ts";

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());
try {
  const options = parseOptions(process.argv.slice(2));
  if (options === undefined) process.stdout.write(HELP);
  else {
    process.exitCode = await mutate(options, {
      root: join(import.meta.dirname, ".."),
      signal: stop.signal,
      print: (line) => process.stdout.write(`${line}\n`),
      progress: (line) => process.stderr.write(`${line}\n`),
    });
  }
} catch (cause) {
  if (!(cause instanceof OptionError)) throw cause;
  process.stderr.write(`${cause.message}\n\n${HELP}`);
  process.exitCode = 2;
}
