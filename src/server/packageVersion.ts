import { readFileSync } from "node:fs";

let known: string | undefined;

/** The version of this package, such as "0.1.0". */
export function packageVersion(): string {
  return (known ??= readVersion());
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
