import type { Problem } from "./Problem.ts";
import type { SourceFile } from "./SourceFile.ts";

/** What a room may import of others: rooms, folders of rooms, or single files. A room may always import itself. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  kernels: [],
  // What programs load that talk to a server: nothing of the server's.
  clientErrors: ["errors"],
  protocol: ["errors", "kernels"],
  // Words that the store shares: what a body is, the names of the checksums, and what callers are.
  store: [
    "errors",
    "kernels",
    "keys",
    "protocol/Payload.ts",
    "protocol/checksumAlgorithms.ts",
    "auth/Caller.ts",
    "auth/rootCaller.ts",
  ],
  // Files that a crash leaves whole, and how two processes take turns, are the same for a ring.
  keys: ["errors", "store/folder/durableFiles.ts", "store/folder/fileLock.ts"],
  auth: ["protocol", "errors"],
  access: ["auth", "store", "protocol", "errors"],
  accessLogs: ["access", "store", "protocol", "errors"],
  operations: ["protocol", "auth", "access", "store", "errors"],
  tasks: ["store", "errors"],
  // How times are written, and which name was meant.
  faults: ["protocol", "errors", "config/times.ts", "config/nearest.ts"],
  journal: ["errors"],
  // These files of the store are words that options are checked by.
  config: [
    ...["store/durability.ts", "store/restoreTimes.ts", "store/objects/storageClasses.ts"],
    ...["store/accounts/accountForms.ts", "store/buckets/bucketNames.ts"],
  ],
  server: [
    "config",
    "keys",
    "protocol",
    "auth",
    "access",
    "accessLogs",
    "faults",
    "operations",
    "tasks",
    "journal",
    "store",
    "errors",
  ],
  // Documents that people hand in are read before they are stored.
  trial: ["auth", "protocol", "faults", "journal", "index.ts"],
  cli: [
    ...["config", "keys", "server", "faults", "trial", "tasks", "journal", "store", "errors"],
    ...["access/policies/parseIdentityPolicy.ts", "access/policies/parseTrustPolicy.ts"],
  ],
  library: ["server", "faults", "journal", "store"],
  "index.ts": ["config", "keys", "server", "protocol", "faults", "tasks", "journal", "library", "store", "errors"],
  "main.ts": ["cli", "config/nodeVersion.ts"],
};

/** The engines behind the store's two ports. Only who opens a store chooses one. */
const ENGINES = /^src\/store\/(?:metadata|blobs)\/\w+\//;
const OPENERS = /^src\/(?:server\/|index\.ts$)/;
/** What engines share whose index lies in this process; nobody else knows it, the port least of all. */
const SHARED_BY_ENGINES = /^src\/store\/metadata\/local\//;
/** Rooms that decide and translate, and touch neither network nor disk. */
const PURE_ROOMS: ReadonlySet<string> = new Set([
  "errors",
  "clientErrors",
  "kernels",
  "protocol",
  "auth",
  "access",
  "accessLogs",
  "operations",
  "faults",
]);
const SYSTEM = /^node:(?:fs|http|https|http2|net|tls|dgram|dns|child_process|cluster|worker_threads|os)\b/;
const NETWORK = /^node:(?:http|https|http2|net|tls)\b/;

/** Imports point one way: server → protocol, auth, access, operations → store → errors. Engines know no HTTP, operations no engines. */
export function checkRooms(files: readonly SourceFile[]): Problem[] {
  const problems: Problem[] = [];
  for (const file of files.filter(({ path }) => path.startsWith("src/"))) {
    for (const { specifier, offset } of importsOf(file)) {
      const reason = refusal(file, specifier);
      if (reason !== undefined) problems.push(file.problem(offset, reason));
    }
  }
  return problems;
}

function refusal(file: SourceFile, specifier: string): string | undefined {
  const room = roomOf(file.path);
  const target = file.resolve(specifier);
  if (target === undefined) {
    if (PURE_ROOMS.has(room) && SYSTEM.test(specifier))
      return `${room} touches neither network nor disk, but imports ${specifier}`;
    if (room === "store" && NETWORK.test(specifier)) return `the store knows no network, but imports ${specifier}`;
    return undefined;
  }
  const allowed = ALLOWED[room];
  if (allowed === undefined) return `${room} is no room of the house; see docs/architecture.md`;
  if (!target.startsWith("src/")) return `the product imports ${target}, which is not part of it`;
  if (SHARED_BY_ENGINES.test(target)) {
    return ENGINES.test(file.path) ? undefined : `${target} is shared by engines; nobody else may know it`;
  }
  if (ENGINES.test(target) && !OPENERS.test(file.path) && folderOf(target) !== folderOf(file.path)) {
    return `${target} is an engine; only who opens a store may know it`;
  }
  const inside = target.slice("src/".length);
  if (roomOf(target) === room || allowed.some((place) => inside === place || inside.startsWith(`${place}/`))) return undefined;
  return `${room} must not import ${inside}`;
}

/** A cycle of imports, types included, is one thing in several files. */
export function checkCycles(files: readonly SourceFile[]): Problem[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const finished = new Set<string>();
  const problems: Problem[] = [];
  const visit = (file: SourceFile, trail: readonly string[]): void => {
    if (finished.has(file.path)) return;
    const open = [...trail, file.path];
    for (const { specifier, offset } of importsOf(file)) {
      const target = file.resolve(specifier);
      const next = target === undefined ? undefined : byPath.get(target);
      if (next === undefined) continue;
      const from = open.indexOf(next.path);
      if (from === -1) visit(next, open);
      else problems.push(file.problem(offset, `a cycle of imports: ${[...open.slice(from), next.path].join(" → ")}`));
    }
    finished.add(file.path);
  };
  for (const file of files) visit(file, []);
  return problems;
}

/** Everything a file imports or exports from elsewhere, by name or dynamically. */
export function importsOf(file: SourceFile): { readonly specifier: string; readonly offset: number }[] {
  const { staticImports, staticExports, dynamicImports } = file.module;
  return [
    ...staticImports.map(({ moduleRequest }) => ({ specifier: moduleRequest.value, offset: moduleRequest.start })),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) =>
        moduleRequest === null ? [] : [{ specifier: moduleRequest.value, offset: moduleRequest.start }],
      ),
    ),
    ...dynamicImports.flatMap(({ moduleRequest }) => {
      const literal = /^["'](.*)["']$/.exec(file.text.slice(moduleRequest.start, moduleRequest.end));
      return literal === null ? [] : [{ specifier: literal[1]!, offset: moduleRequest.start }];
    }),
  ];
}

function roomOf(path: string): string {
  return path.split("/")[1]!;
}

function folderOf(path: string): string {
  return ENGINES.exec(path)?.[0] ?? path;
}
