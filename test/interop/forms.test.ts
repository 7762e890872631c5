import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";
import { installed } from "./installed.ts";
import { python } from "./python.ts";

for (const version of ["Debian's", "the newest"]) {
  test(`boto3, ${version}, and curl: forms with both signatures, temporary credentials, and every kind of refusal`, async (t) => {
    const { endpoint } = await fixture(t);
    const interpreter = version === "the newest" ? join(installed("python"), "bin/python3") : undefined;
    const { stdout, stderr } = await python("forms.py", endpoint, {}, interpreter);
    assert.equal(stdout.trim(), "OK", stderr);
  });
}

test("docs/browser-uploads.md: its Python does what the page says", async (t) => {
  const { endpoint } = await fixture(t);
  const page = readFileSync(join(import.meta.dirname, "../../docs/browser-uploads.md"), "utf8");
  const program = /^```python\n(.*?)^```$/ms.exec(page)![1]!.replaceAll("http://127.0.0.1:9000", endpoint);
  const create = `import boto3\nboto3.client("s3", endpoint_url="${endpoint}", region_name="us-east-1").create_bucket(Bucket="pictures")\n`;
  const printed = await succeed("/usr/bin/python3", ["-c", create + program]);
  assert.match(printed, /^HTTP\/1\.1 204 No Content\n/);
  assert.match(printed, /\nLocation: http:\/\/127\.0\.0\.1:\d+\/pictures\/cats%2Fhostname\n/);
});
