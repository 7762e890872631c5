import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { errorCodes } from "../../../src/errors/catalogue.ts";
import { raisedBy } from "../../../src/errors/raisedBy.ts";

const ROOT = join(import.meta.dirname, "../../..");

interface Printed {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `holdfast errors` as a person does, from a folder that is not the repository. */
function holdfastErrors(...words: string[]): Promise<Printed> {
  return new Promise((resolve) => {
    const args = [join(ROOT, "src/main.ts"), "errors", ...words];
    execFile(process.execPath, args, { cwd: import.meta.dirname }, (failure, stdout, stderr) => {
      resolve({ exitCode: Number(failure?.code ?? 0), stdout, stderr });
    });
  });
}

function firstWords(text: string): string[] {
  return text.split("\n").map((line) => line.split(/\s+/)[1] ?? "");
}

test("holdfast errors: lists the codes that Holdfast sends, a line each, and tells of the others", async () => {
  const { exitCode, stdout } = await holdfastErrors();
  assert.equal(exitCode, 0);
  const listed = firstWords(stdout.split("\n\n", 1)[0]!);
  assert.deepEqual(
    listed,
    errorCodes().filter((code) => code in raisedBy),
  );
  assert.match(stdout, /S3 has 387/);
});

test("holdfast errors CODE: tells all that is known of a code, in whatever letters it is asked for", async () => {
  const { exitCode, stdout } = await holdfastErrors("NOSUCHKEY");
  assert.equal(exitCode, 0);
  assert.ok(stdout.startsWith("NoSuchKey\n"));
  for (const part of ["cause ", "remedy ", "no: the same request", "404", "Client.NoSuchKey", "details     Key", "GetObject"]) {
    assert.ok(stdout.includes(part), part);
  }
  assert.match(
    stdout,
    /<\?xml version="1\.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code><Message>The specified key does not exist\.<\/Message><Key>.+<\/Key><Details>.+<\/Details><Resource>.+<\/Resource><RequestId>.+<\/RequestId><HostId>.+<\/HostId><\/Error>\n$/,
  );
});

test("holdfast errors CODE: shows every text of a code that has several, and what it waits for or why it never comes", async () => {
  const [several, waiting, unreachable] = await Promise.all([
    holdfastErrors("IncompleteBody"),
    holdfastErrors("AmbiguousFieldName"),
    holdfastErrors("InvalidOutpostState"),
  ]);
  assert.match(several.stdout, /number of bytes specified by\s+the Content-Length HTTP header/);
  assert.match(several.stdout, /- The request body terminated unexpectedly\n.*\n/);
  assert.match(waiting.stdout, /waits for SelectObjectContent/);
  assert.match(unreachable.stdout, /none\. Outposts/);
});

test("holdfast errors WORDS: finds codes by their names, statuses, texts and causes, when all words occur", async () => {
  const [byCause, byOption, byStatus] = await Promise.all([
    holdfastErrors("ascending", "multipart"),
    holdfastErrors("--search", "ascending multipart"),
    holdfastErrors("507"),
  ]);
  assert.ok(firstWords(byCause.stdout).includes("InvalidPartOrder"), byCause.stdout);
  assert.equal(byOption.stdout, byCause.stdout);
  assert.deepEqual(firstWords(byStatus.stdout), ["InsufficientCapacity", ""]);
});

test("holdfast errors: a near miss is named, and what is nowhere ends with exit code 2", async () => {
  const [near, nowhere] = await Promise.all([holdfastErrors("NoSuchKy"), holdfastErrors("qwertyuiop")]);
  assert.deepEqual([near.exitCode, near.stdout], [2, ""]);
  assert.match(near.stderr, /did you mean NoSuchKey\?/);
  assert.deepEqual([nowhere.exitCode, nowhere.stdout], [2, ""]);
  assert.match(nowhere.stderr, /no error "qwertyuiop"/);
});
