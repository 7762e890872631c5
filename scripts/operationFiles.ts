import type { SourceFile } from "./checks/SourceFile.ts";

/** A file with a capital below the folder of operations is one of S3's operations, or a setting with those that show, set and delete it. */
const OPERATIONS = /^src\/operations\/\w+\/[A-Z]\w*\.ts$/;

/** The operations that a file is there for, by S3's names; none, for most files. */
export function operationsOf(file: SourceFile): string[] {
  return OPERATIONS.test(file.path) ? exportedNames(file) : [];
}

/** The names a file exports. */
export function exportedNames(file: SourceFile): string[] {
  return file.module.staticExports.flatMap(({ entries }) => entries.map(({ exportName }) => exportName.name ?? "default"));
}
