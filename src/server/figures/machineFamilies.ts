import type { DiskFigures } from "./DiskSpace.ts";
import { family, familyIfAny } from "./families.ts";
import type { Samples } from "./families.ts";
import type { ProcessUse } from "./ProcessUse.ts";

/** What runs, in which version: one sample that is always 1. */
export function buildFamily({ version, node }: { readonly version: string; readonly node: string }): string {
  const labels = `{version="${version}",node="${node}"}`;
  return family("holdfast_build_info", "gauge", "1, with the versions of Holdfast and of Node.", new Map([[labels, 1]]));
}

/** What each process takes of the machine. */
export function processFamilies(processes: readonly ProcessUse[]): string[] {
  const samples = (figure: (use: ProcessUse) => number | undefined): Samples =>
    samplesOf(processes, ({ name }) => `{process="${name}"}`, figure);
  return [
    ...familyIfAny(
      "holdfast_process_resident_memory_bytes",
      "gauge",
      "Memory of each process.",
      samples((use) => use.residentSizeBytes),
    ),
    ...familyIfAny(
      "holdfast_process_heap_bytes",
      "gauge",
      "Memory of JavaScript's objects in each process.",
      samples((use) => use.heapSizeBytes),
    ),
    ...familyIfAny(
      "holdfast_process_cpu_seconds_total",
      "counter",
      "Seconds of a processor that each process has used.",
      samples((use) => use.cpuSeconds),
    ),
    ...familyIfAny(
      "holdfast_process_start_time_seconds",
      "gauge",
      "When each process began, in seconds since 1970.",
      samples((use) => use.startedAtSeconds),
    ),
    ...familyIfAny(
      "holdfast_process_open_fds",
      "gauge",
      "Files and sockets that each process has open.",
      samples((use) => use.openFiles),
    ),
    ...familyIfAny(
      "holdfast_process_max_fds",
      "gauge",
      "Files and sockets that each process may have open.",
      samples((use) => (use.maxOpenFiles === Infinity ? undefined : use.maxOpenFiles)),
    ),
  ];
}

/** How full the disks are. */
export function diskFamilies(disks: readonly DiskFigures[]): string[] {
  const samples = (figure: (disk: DiskFigures) => number | undefined): Samples =>
    samplesOf(disks, ({ folder }) => `{folder="${folder}"}`, figure);
  return [
    ...familyIfAny(
      "holdfast_disk_size_bytes",
      "gauge",
      "Size of the disk below each folder.",
      samples((disk) => disk.sizeBytes),
    ),
    ...familyIfAny(
      "holdfast_disk_free_bytes",
      "gauge",
      "Bytes that the server may still write to it.",
      samples((disk) => disk.freeBytes),
    ),
    ...familyIfAny(
      "holdfast_disk_free_files",
      "gauge",
      "Files that it may still hold.",
      samples((disk) => disk.freeFiles),
    ),
  ];
}

function samplesOf<Thing>(
  things: readonly Thing[],
  labels: (thing: Thing) => string,
  figure: (thing: Thing) => number | undefined,
): Samples {
  const samples = new Map<string, number>();
  for (const thing of things) {
    const value = figure(thing);
    if (value !== undefined) samples.set(labels(thing), value);
  }
  return samples;
}
