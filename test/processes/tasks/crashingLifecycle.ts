/**
 * A program that runs lifecycle on the data folder named by its argument, until it is killed or has come to the end, at a time of S3's that is
 * the second. It prints a line for each thing that it has done.
 */
import { setImmediate as turn } from "node:timers/promises";
import { LifecycleRounds } from "../../../src/tasks/lifecycle/LifecycleRounds.ts";
import { openAgingFolder } from "./agingFolder.ts";

const [, , path, nowMs] = process.argv;
const { store } = await openAgingFolder(path!, Number(nowMs));
const rounds = new LifecycleRounds(store, {
  signal: new AbortController().signal,
  intervalMs: 60_000,
  pause: async () => turn(),
  onFailure: (what, cause) => {
    throw new Error(what, { cause });
  },
  onEvent: ({ action, key }) => process.stdout.write(`${action} ${key}\n`),
});
await rounds.look();
process.stdout.write(`end ${rounds.figures.total.looked}\n`);
process.exit();
