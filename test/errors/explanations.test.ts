import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { importsOf } from "../../scripts/checks/rooms.ts";
import { readSources } from "../../scripts/checks/SourceFile.ts";

const sources = readSources(join(import.meta.dirname, "../.."));

test("Explanations: nobody but the command, clients, the catalogue's own pages and the stories of requests loads them", () => {
  const readers = sources
    .filter((file) => file.path.startsWith("src/") && !file.path.startsWith("src/errors/"))
    .filter((file) =>
      importsOf(file).some(({ specifier }) =>
        /errors\/(?:explan|unraised|raisedBy|exampleError)/.test(file.resolve(specifier) ?? ""),
      ),
    );
  assert.deepEqual(
    readers.map(({ path }) => path),
    ["src/cli/errorSearch.ts", "src/cli/errors.ts", "src/clientErrors/lookUp.ts", "src/journal/why/explainCode.ts"],
  );
});

test("Explanations: what tells stories of requests is loaded for a story, and not for a server that tells none", () => {
  const loaders = sources
    .filter(({ path }) => path.startsWith("src/") && !path.startsWith("src/journal/why/") && path !== "src/cli/why.ts")
    .filter((file) =>
      file.module.staticImports.some(
        ({ moduleRequest, entries }) =>
          /^src\/journal\/why\/(?!Explained)/.test(file.resolve(moduleRequest.value) ?? "") &&
          entries.some(({ isType }) => !isType),
      ),
    );
  assert.deepEqual(
    loaders.map(({ path }) => path),
    [],
  );
});

test("Explanations: within the catalogue, only what explains knows them", () => {
  const light = new Set(["catalogue.ts", "S3Error.ts", "render.ts", "toServiceError.ts", "escapeXml.ts"]);
  for (const file of sources.filter(({ path }) => light.has(path.replace("src/errors/", "")))) {
    for (const { specifier } of importsOf(file)) assert.doesNotMatch(specifier, /[eE]xplan|unraised|raisedBy/, file.path);
  }
});
