import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Debian's packages of the clients, by the program or file that shows they are there. */
const DEBIAN_PACKAGES: Readonly<Record<string, string>> = {
  "/usr/bin/aws": "awscli",
  "/usr/bin/rclone": "rclone",
  "/usr/bin/s3cmd": "s3cmd",
  "/usr/lib/python3/dist-packages/boto3/__init__.py": "python3-boto3",
  "/usr/bin/curl": "curl",
  "/usr/bin/s3": "libs3-2",
};

/** The sources of the clients that are no packages of Debian. */
export const CLIENT_SOURCES: string = join(import.meta.dirname, "clients");

/** What each of those clients is made of, below the sources. With other files it is another installation. */
const MADE_OF = {
  python: ["python/requirements.txt"],
  s3fs: ["python/s3fs.requirements.txt"],
  go: ["go/go.mod", "go/go.sum", "go/main.go"],
  java: ["java/pom.xml", "java/Round.java"],
  rust: ["rust/Cargo.toml", "rust/Cargo.lock", "rust/src/main.rs"],
} as const;

/** A client that comes from the registry of its language: an environment of Python, or a program built of the sources. */
export type Client = keyof typeof MADE_OF;

/** All of them. */
export const CLIENTS: readonly Client[] = Object.keys(MADE_OF) as Client[];

/** The file in a client's folder that says its installation came to its end. */
export const COMPLETE = "complete";

/** Where the clients are installed: a folder of the user's, so that clones share it. */
export function cacheFolder(): string {
  return join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "holdfast-clients");
}

/** Where this very version of a client is installed, or would be. */
export function folderOf(client: Client): string {
  const hash = createHash("sha256");
  for (const file of MADE_OF[client]) hash.update(readFileSync(join(CLIENT_SOURCES, file)));
  return join(cacheFolder(), `${client}-${hash.digest("hex").slice(0, 16)}`);
}

/** Debian's packages that are missing. */
export function missingPackages(): string[] {
  return Object.entries(DEBIAN_PACKAGES).flatMap(([path, name]) => (existsSync(path) ? [] : [name]));
}

/** Throws an error that says what to do, unless all of Debian's packages are there. */
export function requirePackages(): void {
  const missing = missingPackages();
  if (missing.length > 0) throw new Error(`Run npm run install:clients: Debian's packages ${missing.join(", ")} are missing.`);
}

/** The folder of an installed client. Throws an error that says what to do if it is not installed. */
export function installed(client: Client): string {
  const folder = folderOf(client);
  if (!existsSync(join(folder, COMPLETE))) throw new Error(`Run npm run install:clients -- ${client}: ${folder} is missing.`);
  return folder;
}
