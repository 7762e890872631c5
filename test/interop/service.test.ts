import assert from "node:assert/strict";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { test } from "node:test";
import { newFolder } from "../newFolder.ts";
import { run, succeed } from "./commands.ts";
import { requirePackages } from "./installed.ts";

const PACKAGING = join(import.meta.dirname, "..", "..", "packaging");
/** Tenths of systemd's figure for how much a service may do: 0 is nothing, 100 everything. */
const MAX_EXPOSURE = 15;

/** A copy of a file of packaging/ in which some things are another. */
async function changed(t: TestContext, name: string, ...changes: readonly (readonly [string, string])[]): Promise<string> {
  requirePackages("packagingDebian");
  let text = await readFile(join(PACKAGING, name), "utf8");
  for (const [one, other] of changes) {
    assert.ok(text.includes(one), `${name} does not say ${one}`);
    text = text.replaceAll(one, other);
  }
  const path = join(newFolder(t), name);
  await writeFile(path, text);
  await chmod(path, 0o644);
  return path;
}

test("systemd unit: systemd-analyze has nothing to say against it", async (t) => {
  // It wants the program to be there.
  const unit = await changed(t, "holdfast.service", ["/opt/holdfast/bin/holdfast serve", "/bin/true serve"]);
  assert.deepEqual(await run("/usr/bin/systemd-analyze", ["verify", "--man=no", unit]), { code: 0, stdout: "", stderr: "" });
});

test("systemd unit: the service may do little", async (t) => {
  const unit = await changed(t, "holdfast.service");
  const { code, stdout } = await run("/usr/bin/systemd-analyze", [
    "security",
    "--offline=true",
    `--threshold=${MAX_EXPOSURE}`,
    "--no-pager",
    unit,
  ]);
  assert.equal(code, 0, stdout);
});

test("systemd-sysusers: makes the unit's user", async (t) => {
  const users = await changed(t, "holdfast.sysusers");
  const root = newFolder(t);
  await mkdir(join(root, "etc"));
  await succeed("/usr/bin/systemd-sysusers", [`--root=${root}`, users]);
  const [, name, home] = /^(\S+?):x:\d+:\d+:[^:]+:([^:]+):/m.exec(await readFile(join(root, "etc/passwd"), "utf8"))!;
  const unit = await readFile(join(PACKAGING, "holdfast.service"), "utf8");
  assert.match(unit, new RegExp(`^User=${name}$`, "m"));
  assert.ok(unit.includes(`HOLDFAST_DATA=${home} `), home);
});

test("logrotate: takes the log away, keeps it, and has the server told", async (t) => {
  const folder = newFolder(t);
  const log = join(folder, "access.log");
  await writeFile(log, '{"status":200}\n');
  const configuration = await changed(
    t,
    "holdfast.logrotate",
    ["/var/log/holdfast/access.log", log],
    ["su holdfast holdfast", "su root root"],
    ["systemctl reload holdfast.service", `echo reloaded > ${join(folder, "told")}`],
  );
  await succeed("/usr/sbin/logrotate", ["--force", "--state", join(folder, "state"), configuration]);
  assert.equal(await readFile(`${log}.1`, "utf8"), '{"status":200}\n');
  assert.equal(await readFile(join(folder, "told"), "utf8"), "reloaded\n");
  await assert.rejects(readFile(log), { code: "ENOENT" });
});
