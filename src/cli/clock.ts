import { OptionError } from "../config/OptionError.ts";
import { DURATION_FORM, readDuration, readTime, TIME_FORM } from "../config/times.ts";
import type { TestClockMove } from "../store/testClock.ts";
import { moveTestClock, RESET, SHOW } from "../store/testClock.ts";
import type { ChosenAction } from "./actions.ts";
import { chosenAction } from "./actions.ts";
import type { Command } from "./Command.ts";
import { onDataFolder, readDataArguments } from "./dataOption.ts";
import { describeTestClock } from "./describeClock.ts";
import { commandNamed } from "./table/commandTable.ts";

const COMMAND = commandNamed("clock");

/** `holdfast clock`: shows and moves the test clock of a running server; all its processes heed it from their next request on. */
export const clock: Command = async (args) => {
  const read = readDataArguments(args, COMMAND);
  const move = moveOf(chosenAction(COMMAND, read));
  const aheadMs = await onDataFolder(read.settings, (store, { run }) => moveTestClock(store, run, move));
  process.stdout.write(`${describeTestClock(aheadMs)}\n`);
  return 0;
};

function moveOf({ action, subject: given = "" }: ChosenAction): TestClockMove {
  switch (action.words) {
    case "reset":
      return RESET;
    case "advance": {
      const lengthMs = orRefuse(readDuration(given), given, DURATION_FORM);
      return (nowMs) => nowMs + lengthMs;
    }
    case "set": {
      const timeMs = orRefuse(readTime(given), given, TIME_FORM);
      return () => timeMs;
    }
    default:
      return SHOW;
  }
}

function orRefuse(value: number | undefined, given: string, form: string): number {
  if (value === undefined) throw new OptionError(`"${given}" is not ${form}.`);
  return value;
}
