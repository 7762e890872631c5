import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bashCompletion } from "../src/cli/completion/bash.ts";
import { zshCompletion } from "../src/cli/completion/zsh.ts";
import { scenarioSchema } from "../src/faults/schema.ts";
import { scenarioNames } from "../src/server/faults/scenarioFile.ts";
import { openApi } from "../src/server/admin/description/openApi.ts";
import { readSources } from "./checks/SourceFile.ts";
import { generateKernels } from "./generate-kernels.ts";
import { generateProtocol } from "./generate-protocol.ts";
import { generateQuery } from "./generate-query.ts";
import { generateRegistry } from "./generate-registry.ts";
import { raisedByFile } from "./ledger/raisedByFile.ts";
import { raisedCodes } from "./ledger/raisedCodes.ts";
import { manualPage } from "./manualPage.ts";

/** Every generated file, by its path in the repository, as it should be now. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>(await generateProtocol());
  for (const [path, text] of generateQuery()) files.set(path, text);
  files.set("docs/openapi.json", `${JSON.stringify(openApi(), undefined, 2)}\n`);
  files.set("faults/schema.json", `${JSON.stringify(scenarioSchema(), undefined, 2)}\n`);
  files.set("src/kernels/generated/kernels.ts", generateKernels());
  const scenarios = await scenarioNames();
  files.set("packaging/completion.bash", bashCompletion(scenarios));
  files.set("packaging/_holdfast", zshCompletion(scenarios));
  files.set("packaging/holdfast.1", manualPage(packageVersion()));
  const sources = readSources(join(import.meta.dirname, ".."));
  files.set("src/operations/registry.ts", generateRegistry(sources));
  files.set("src/errors/raisedBy.ts", raisedByFile(raisedCodes(sources)));
  // Loaded last: the pages read the registry's operations.
  const { generateDocs } = await import("./generate-docs.ts");
  for (const [name, text] of generateDocs()) files.set(`docs/${name}`, text);
  return files;
}

function packageVersion(): string {
  const text = readFileSync(join(import.meta.dirname, "..", "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
