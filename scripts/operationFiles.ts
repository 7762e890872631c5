import type { SourceFile } from "./checks/SourceFile.ts";

/** An operation is a file with its name. The other files of the folder begin with a small letter, but for the two contracts. */
const OPERATION = /^src\/operations\/(?!Operation\.ts|RequestContext\.ts)([A-Z]\w*)\.ts$/;
/** A setting of a bucket is a file with the setting's name, and has the operations that show, set and delete it. */
const SETTING = /^src\/operations\/settings\/[A-Z]\w*\.ts$/;

/** The operations that a file is there for, by S3's names; none, for most files. */
export function operationsOf(file: SourceFile): string[] {
  const name = OPERATION.exec(file.path)?.[1];
  if (name !== undefined) return [name];
  return SETTING.test(file.path) ? exportedNames(file) : [];
}

/** The names a file exports. */
export function exportedNames(file: SourceFile): string[] {
  return file.module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name ?? "default"));
}
