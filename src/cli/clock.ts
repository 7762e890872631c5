import { OptionError } from "../config/OptionError.ts";
import { DURATION_FORM, readDuration, readTime, TIME_FORM } from "../config/times.ts";
import type { TestClockMove } from "../store/testClock.ts";
import { moveTestClock, RESET, SHOW } from "../store/testClock.ts";
import type { Command } from "./Command.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";
import { describeTestClock } from "./describeClock.ts";

const USAGE = `Use: holdfast clock show
     holdfast clock advance DURATION     such as "31 days", 1h30m or P31D
     holdfast clock set TIME             such as 2030-01-31 or 2030-01-31T12:00:00Z
     holdfast clock reset
All take [--data FOLDER], and want a server on it that was started with --test-clock.`;

/** `holdfast clock`: shows and moves the test clock of a running server; all its processes heed it from their next request on. */
export const clock: Command = async (args) => {
  const { settings, positionals } = readDataArguments(args, { positionals: true });
  const move = moveOf(positionals);
  const aheadMs = await onDataFolder(settings, (store, { run }) => moveTestClock(store, run, move));
  process.stdout.write(`${describeTestClock(aheadMs)}\n`);
  return 0;
};

function moveOf([action, ...words]: readonly string[]): TestClockMove {
  const given = words.join(" ");
  if (action === "show" && given === "") return SHOW;
  if (action === "reset" && given === "") return RESET;
  if (action === "advance" && given !== "") {
    const lengthMs = orRefuse(readDuration(given), given, DURATION_FORM);
    return (nowMs) => nowMs + lengthMs;
  }
  if (action === "set" && given !== "") {
    const timeMs = orRefuse(readTime(given), given, TIME_FORM);
    return () => timeMs;
  }
  throw new OptionError(USAGE);
}

function orRefuse(value: number | undefined, given: string, form: string): number {
  if (value === undefined) throw new OptionError(`"${given}" is not ${form}.`);
  return value;
}
