import { generateProtocol } from "./generate-protocol.ts";
import { generateRegistry } from "./generate-registry.ts";

/** Every generated file, by its path in the repository, as it should be now. */
export async function generatedFiles(): Promise<Map<string, string>> {
  const files = new Map<string, string>(await generateProtocol());
  files.set("src/operations/registry.ts", generateRegistry());
  // Loaded last: the pages read the registry's operations.
  const { generateDocs } = await import("./generate-docs.ts");
  for (const [name, text] of generateDocs()) files.set(`docs/${name}`, text);
  return files;
}
