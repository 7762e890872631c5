import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";

const PAGE: string = readFileSync(join(import.meta.dirname, "../../docs/websites.md"), "utf8");

/** The commands of the page, in its order, but for the server's start. */
const COMMANDS: string = [...PAGE.matchAll(/^```sh\n(.*?)^```$/gms)]
  .map(([, commands]) => commands!)
  .filter((commands) => !commands.includes("npm"))
  .join("\n");

/** The same for a server on a port, with keys from the environment, and each answer to a visitor on a line behind ">". */
function commandsFor(port: number): string {
  const keysAsPrinted = /^export AWS_.*\n/m;
  assert.match(COMMANDS, keysAsPrinted);
  return COMMANDS.replace(keysAsPrinted, "")
    .replaceAll("127.0.0.1:9000", `127.0.0.1:${port}`)
    .replaceAll("localhost:9000", `localhost:${port}`)
    .replaceAll(/^(curl .*?) *#.*$/gm, "echo \"> $($1 -s | tr '\\r\\n' '  ')\"");
}

test("docs/websites.md: its commands make a site, and show what the page says", async (t) => {
  const { server, folder } = await fixture(t);
  const printed = await succeed("/bin/bash", ["-ec", commandsFor(server.port)], { cwd: folder });
  const answers = printed.split("\n").filter((line) => line.startsWith("> "));
  const site = `site.s3-website.localhost:${server.port}`;
  for (const [index, expected] of [
    "<h1>Welcome</h1>",
    "<h1>Docs</h1>",
    "<h1>There is no such page</h1>",
    " Location: /docs/ ",
    ` Location: http://${site}/docs/?a=b `,
  ].entries()) {
    assert.ok(answers[index]?.includes(expected), `${answers[index]} instead of ${expected}`);
  }
  const none = await succeed("/usr/bin/curl", ["-s", "-o", "/dev/null", "-w", "%{http_code}", `http://${site}/none`]);
  assert.equal(none, "404");
});

test("s3cmd: makes a bucket a website, shows it, and ends it", async (t) => {
  const { server, folder } = await fixture(t);
  const s3cmd = (...args: string[]): Promise<string> => {
    const address = `127.0.0.1:${server.port}`;
    return succeed("/usr/bin/s3cmd", ["--no-ssl", `--host=${address}`, `--host-bucket=${address}`, ...args], { cwd: folder });
  };
  await s3cmd("mb", "s3://site");
  await s3cmd("ws-create", "--ws-index=index.html", "--ws-error=404.html", "s3://site");
  const shown = await s3cmd("ws-info", "s3://site");
  assert.match(shown, /Index document: *index\.html/);
  assert.match(shown, /Error document: *404\.html/);
  await s3cmd("ws-delete", "s3://site");
  assert.doesNotMatch(await s3cmd("ws-info", "s3://site"), /Index document/);
});
