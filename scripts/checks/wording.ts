import { basename } from "node:path/posix";
import type { Problem } from "./Problem.ts";
import type { SourceFile } from "./SourceFile.ts";

/** Marks of unfinished work, as they stand in comments. */
const UNFINISHED = /\b(?:FIXME|TODO|XXX|HACK)\b/;
/** Names that say nothing of what is inside. */
const DRAWERS = /^(?:utils?|helpers?|misc|common|shared|manager|\w+Manager|\w+Utils?|\w+Helpers?)\.ts$/i;
/** Constants that hold a time or a size and do not say in what. */
const UNITLESS = /^(?:export )?const (\w*(?:TIMEOUT|INTERVAL|DELAY|PAUSE|_SIZE))(?:: number)? =/gm;

/** Nothing unfinished, no drawers, units in the names of limits. */
export function checkWording(files: readonly SourceFile[]): Problem[] {
  return files
    .filter((file) => !file.isGenerated)
    .flatMap((file) => [...checkUnfinished(file), ...checkName(file), ...checkUnits(file)]);
}

function checkUnfinished(file: SourceFile): Problem[] {
  return file.comments
    .filter(({ value }) => UNFINISHED.test(value))
    .map(({ start }) => file.problem(start, "says that something is unfinished: finish it, or open an issue and take this out"));
}

function checkName(file: SourceFile): Problem[] {
  if (!DRAWERS.test(basename(file.path))) return [];
  return [{ path: file.path, line: 0, message: "is named as a drawer: name it for what is inside" }];
}

function checkUnits(file: SourceFile): Problem[] {
  return [...file.text.matchAll(UNITLESS)].map((match) =>
    file.problem(match.index, `${match[1]} does not name its unit (_MS, _BYTES …)`),
  );
}
