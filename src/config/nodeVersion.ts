/** The lowest major version of Node that Holdfast runs on; `engines` in package.json says the same. */
const LOWEST_NODE_MAJOR = 24;

/** What is wrong with a Node of this version, in a sentence; undefined where nothing is. This file parses and runs on any Node. */
export function nodeRefusal(version: string): string | undefined {
  if (Number(version.split(".")[0]) >= LOWEST_NODE_MAJOR) return undefined;
  return `Holdfast needs Node ${LOWEST_NODE_MAJOR} or newer; this is v${version}.`;
}
