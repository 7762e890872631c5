/**
 * What the SDK's schemas leave out and its type declarations and sources still say: which members hold an enumeration, which
 * operations must bring a checksum, which errors an operation models.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import * as sdk from "@aws-sdk/client-s3";

const packageFolder = dirname(createRequire(import.meta.url).resolve("@aws-sdk/client-s3/package.json"));

function read(...path: string[]): string {
  return readFileSync(join(packageFolder, ...path), "utf8");
}

/** Name and version the model was read from. */
export function sdkVersion(): string {
  return (JSON.parse(read("package.json")) as { version: string }).version;
}

/** The enumerations and their values. */
export function enumerations(): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [, name] of read("dist-types", "models", "enums.d.ts").matchAll(/export declare const (\w+): \{/g)) {
    const values = (sdk as unknown as Record<string, Record<string, string> | undefined>)[name!];
    assert(values !== undefined, `the enumeration ${name} is declared but not exported`);
    found.set(name!, Object.values(values));
  }
  assert(found.size > 70, "the declarations of the enumerations are not where they were");
  return found;
}

/** Of each structure, the members whose values (or, for lists, whose items) come from an enumeration. */
export function enumeratedMembers(names: ReadonlySet<string>): Map<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let count = 0;
  for (const file of readdirSync(join(packageFolder, "dist-types", "models")).filter((name) =>
    /^models_\d+\.d\.ts$/.test(name),
  )) {
    for (const [, structure, body] of read("dist-types", "models", file).matchAll(
      /export interface (\w+)[^{]*\{\n([\s\S]*?)\n\}/g,
    )) {
      const members = new Map<string, string>();
      for (const [, member, type] of body!.matchAll(/^ {4}(\w+)\??: (\w+)(?:\[\])?(?: \| undefined)?;$/gm)) {
        if (names.has(type!)) members.set(member!, type!);
      }
      count += members.size;
      found.set(structure!, members);
    }
  }
  assert(count > 250, `only ${count} enumerated members found: the declarations are written differently`);
  return found;
}

/** Operations whose request must carry Content-MD5 or a checksum. */
export function operationsThatRequireChecksum(): Set<string> {
  const builder = read("dist-es", "commandBuilder.js");
  const requiring = new Set<string>();
  for (const definition of builder.split("export const ").slice(1)) {
    const [name] = definition.split(" ", 1);
    if (name!.startsWith("_mw") && definition.includes("requestChecksumRequired: true")) requiring.add(name!);
  }
  const operations = new Set<string>();
  for (const file of readdirSync(join(packageFolder, "dist-es", "commands")).filter((name) => name.endsWith("Command.js"))) {
    const source = read("dist-es", "commands", file);
    const used = /command\(_ep\d+, (_mw\d+), "(\w+)"/.exec(source);
    if (used !== null && requiring.has(used[1]!)) operations.add(used[2]!);
    else if (source.includes("requestChecksumRequired: true")) operations.add(/"(\w+)", \w+\$/.exec(source)![1]!);
  }
  assert(operations.size === 25, `${operations.size} operations require a checksum, not 25`);
  return operations;
}

/** The operations that model an error, by its name, from the declarations of the commands. */
export function modelledErrors(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const operations = new Set<string>();
  for (const file of readdirSync(join(packageFolder, "dist-types", "commands")).filter((name) => name.endsWith("Command.d.ts"))) {
    const operation = file.replace("Command.d.ts", "");
    for (const [, error] of read("dist-types", "commands", file).matchAll(/@throws \{@link (\w+)\}/g)) {
      if (error === "S3ServiceException") continue;
      found.set(error!, [...(found.get(error!) ?? []), operation]);
      operations.add(operation);
    }
  }
  assert(
    operations.size === 20,
    `${operations.size} operations declare errors, not 20: the @throws lines are not where they were`,
  );
  return found;
}
