import { cp, mkdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run, succeed } from "./commands.ts";

/** What the Containerfile runs beside Node and npm. */
const PROGRAMS: readonly string[] = ["dash", "env", "mkdir", "chown", "chmod", "rm", "ln"];

/** The name of the image, for the Containerfile's BASE. */
export const STAND_IN = "localhost/stand-in";

/**
 * Makes an image out of this machine's own Node, npm and a shell, which stands in for the one that the Containerfile names: no registry of
 * images needs to be reached. `buildah` runs buildah's commands.
 */
export async function makeStandInImage(folder: string, buildah: (...args: string[]) => Promise<string>): Promise<void> {
  const root = join(folder, "stand-in");
  for (const path of ["bin", "usr/bin", "usr/local/bin", "usr/local/lib/node_modules"])
    await mkdir(join(root, path), { recursive: true });
  await mkdir(join(root, "tmp"), { mode: 0o1777 });
  await cp(process.execPath, join(root, "usr/local/bin/node"));
  const npm = join((await succeed("npm", ["root", "--global"])).trim(), "npm");
  await cp(npm, join(root, "usr/local/lib/node_modules/npm"), { recursive: true, dereference: true });
  await symlink("../lib/node_modules/npm/bin/npm-cli.js", join(root, "usr/local/bin/npm"));
  for (const name of PROGRAMS) await cp(join("/bin", name), join(root, "bin", name), { dereference: true });
  await symlink("dash", join(root, "bin/sh"));
  await symlink("../../bin/env", join(root, "usr/bin/env"));
  for (const library of await librariesOf([process.execPath, ...PROGRAMS.map((name) => join("/bin", name))])) {
    await mkdir(dirname(join(root, library)), { recursive: true });
    await cp(library, join(root, library), { dereference: true });
  }
  const container = (await buildah("from", "scratch")).trim();
  await buildah("copy", "--quiet", container, root, "/");
  await buildah("config", "--env", "PATH=/usr/local/bin:/usr/bin:/bin", container);
  await buildah("commit", "--quiet", container, STAND_IN);
  await buildah("rm", container);
}

/** The shared libraries that programs are started with. */
async function librariesOf(programs: readonly string[]): Promise<ReadonlySet<string>> {
  const listed = await Promise.all(programs.map((program) => run("/usr/bin/ldd", [program])));
  return new Set(listed.flatMap(({ stdout }) => stdout.match(/\/\S+(?= \()/g) ?? []));
}
