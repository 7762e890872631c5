import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { excerpt, MAX_EXCERPT_CHARACTERS } from "../../scripts/clients/excerpt.ts";
import { pageOf, sectionOf } from "../../scripts/clients/page.ts";
import type { Row } from "../../scripts/clients/Row.ts";
import { ROWS } from "../../scripts/clients/rows.ts";
import { raisedBy } from "../../src/errors/raisedBy.ts";

const PAGE: string = join(import.meta.dirname, "../../docs/clients.md");
/** As many codes as the page is to show at the least. */
const LEAST_CODES = 25;
const CLIENTS = 5;

const ROW: Row = { code: "NoSuchKey", cause: "an object that is not there", operation: "GetObject", content: ["s3cmd"] };
const PRINTED = {
  aws: "An error occurred (NoSuchKey): gone",
  boto3: "NoSuchKey",
  sdk: "NoSuchKey: gone",
  rclone: undefined,
  s3cmd: "",
};

/** Outputs of clients for NoSuchKey, and what the page shows of each. */
const OUTPUTS: readonly { readonly what: string; readonly output: string; readonly shown: string }[] = [
  {
    what: "the last line that names the code, before any other error",
    output: "WARNING: NoSuchKey, once\nWARNING: NoSuchKey, twice\nERROR: Upload failed too many times\n",
    shown: "WARNING: NoSuchKey, twice",
  },
  { what: "the last error where no line names the code", output: "error: one\nFailed: two\ndone\n", shown: "Failed: two" },
  { what: "the last line where nothing looks like an error", output: "one\n\n  two  \n", shown: "two" },
  { what: "nothing of nothing", output: "\n", shown: "" },
  {
    what: "neither times, ids, ports nor long keys",
    output: `2026/01/02 03:04:05 NoSuchKey of ${"k".repeat(1_025)} at 127.0.0.1:4711, request id: 0123456789ABCDEF, host id: a+b/c=`,
    shown: "NoSuchKey of k… at HOST, request id: …, host id: …",
  },
  {
    what: "the start of a long text",
    output: `NoSuchKey: ${"long ".repeat(50)}`,
    shown: `${`NoSuchKey: ${"long ".repeat(50)}`.slice(0, MAX_EXCERPT_CHARACTERS)}…`,
  },
  {
    what: "code and start of the message behind a long text",
    output: `${"before ".repeat(50)}NoSuchKey: ${"message ".repeat(50)}`,
    shown: `…${"before ".repeat(50).slice(-(MAX_EXCERPT_CHARACTERS - 69))}NoSuchKey: ${"message ".repeat(50).slice(0, 58)}…`,
  },
  {
    what: "code and whole message at the end of a long text",
    output: `${"before ".repeat(50)}NoSuchKey: gone`,
    shown: `…${`${"before ".repeat(50)}NoSuchKey: gone`.slice(-MAX_EXCERPT_CHARACTERS)}`,
  },
];

for (const { what, output, shown } of OUTPUTS) {
  test(`What a client printed: ${what}`, () => assert.equal(excerpt(output, "NoSuchKey"), shown));
}

test("A section of the clients' page: shows lines, a dash without a command, and who saw no error", () => {
  assert.equal(
    sectionOf(ROW, PRINTED),
    `### NoSuchKey

An object that is not there.

| client | prints |
| --- | --- |
| AWS CLI | \`An error occurred (NoSuchKey): gone\` |
| boto3 | \`NoSuchKey\` |
| SDK v3 | \`NoSuchKey: gone\` |
| rclone | – |
| s3cmd | no error |
`,
  );
});

test("A section of the clients' page: a client that no longer names the code stops the run, and so does one that now does", () => {
  assert.throws(
    () => sectionOf(ROW, { ...PRINTED, sdk: "Unknown: UnknownError" }),
    /NoSuchKey: SDK v3 .*was expected to name it/,
  );
  assert.throws(() => sectionOf({ ...ROW, unnamed: ["sdk"] }, PRINTED), /NoSuchKey: SDK v3 .*was expected not to name it/);
});

test("A section of the clients' page: a client that no longer sees an error stops the run, and so does one that now does", () => {
  assert.throws(() => sectionOf({ ...ROW, content: [] }, PRINTED), /NoSuchKey: s3cmd was expected to fail/);
  assert.throws(
    () => sectionOf({ ...ROW, content: ["sdk", "s3cmd"] }, PRINTED),
    /NoSuchKey: SDK v3 .*was expected to see no error and/,
  );
});

test("docs/clients.md: has a section for each code the script brings about, at least 25, each raised by this store", async () => {
  const page = await readFile(PAGE, "utf8");
  const sections = page.split(/^### /m).slice(1);
  const codes = sections.map((section) => /^\w+/.exec(section)![0]);
  assert.ok(codes.length >= LEAST_CODES, `${codes.length} codes`);
  assert.deepEqual(
    codes,
    ROWS.map(({ code }) => code),
  );
  assert.deepEqual(
    codes,
    codes.toSorted((a, b) => a.localeCompare(b, "en")),
  );
  for (const code of codes) assert.ok(code in raisedBy, code);
  for (const section of sections)
    assert.equal(section.match(/^\| (AWS CLI|boto3|SDK v3|rclone|s3cmd) \| /gm)?.length, CLIENTS, section);
  assert.equal(pageOf(sections.map((section) => `### ${section.split("\n## ", 1)[0]!.trimEnd()}\n`)), page);
});
