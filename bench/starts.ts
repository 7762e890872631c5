import { join } from "node:path";
import type { Durability } from "../src/store/durability.ts";
import { MeasuredProcess } from "./processes.ts";
import { startFloor, startHoldfast, withFolder } from "./servers.ts";
import { median } from "./statistics.ts";

/** Medians of several starts, in milliseconds. */
export interface StartTimes {
  /** From starting `node` to listening, on an empty folder. */
  readonly holdfastMs: number;
  /** The same of the floor: mostly Node itself. */
  readonly floorMs: number;
  /** From starting `node` to a running server in memory. */
  readonly libraryMs: number;
  /** Of that, `import "holdfast"` and `Holdfast.start()`. */
  readonly importMs: number;
  readonly libraryStartMs: number;
}

const TIMES = 5;
const LIBRARY_STARTED = /import ([\d.]+) ms, start\(\) ([\d.]+) ms/;

/** Starts each of them several times, in turn. */
export async function measureStarts(
  processors: readonly number[] | undefined,
  durability: Durability,
  workers: number | undefined,
): Promise<StartTimes> {
  const times = { holdfastMs: [], floorMs: [], libraryMs: [], importMs: [], libraryStartMs: [] } as Record<
    keyof StartTimes,
    number[]
  >;
  for (let time = 0; time < TIMES; time += 1) {
    await withFolder(async (data) => {
      const { process } = await startHoldfast({ name: "start", data, durability, workers, processors, flags: [] });
      times.holdfastMs.push(process.startedInMs);
      await process.stop();
    });
    const floor = await startFloor(processors);
    times.floorMs.push(floor.process.startedInMs);
    await floor.process.stop();
    const library = await MeasuredProcess.start([join(import.meta.dirname, "libraryStart.ts")], {
      processors,
      ready: LIBRARY_STARTED,
    });
    const [, importMs, startMs] = LIBRARY_STARTED.exec(library.announcement)!.map(Number);
    times.libraryMs.push(library.startedInMs);
    times.importMs.push(importMs!);
    times.libraryStartMs.push(startMs!);
    await library.stop();
  }
  return {
    holdfastMs: median(times.holdfastMs),
    floorMs: median(times.floorMs),
    libraryMs: median(times.libraryMs),
    importMs: median(times.importMs),
    libraryStartMs: median(times.libraryStartMs),
  };
}
