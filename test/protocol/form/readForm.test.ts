import assert from "node:assert/strict";
import { test } from "node:test";
import { malformedForm } from "../../../src/protocol/form/formErrors.ts";
import type { Form } from "../../../src/protocol/form/readForm.ts";
import { readForm } from "../../../src/protocol/form/readForm.ts";
import { BodyReader } from "../../../src/protocol/streaming/BodyReader.ts";
import { MultipartReader } from "../../../src/protocol/streaming/multipart/MultipartReader.ts";
import type { Refusal } from "../../auth/expectRefusal.ts";
import { expectRefusal } from "../../auth/expectRefusal.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";

const ERRORS = { malformed: malformedForm, unfinished: malformedForm };

/** A body of these parts: header lines and content of each, with the boundary "b". */
function bodyOf(...parts: readonly (readonly [head: string, content: string])[]): Buffer {
  return Buffer.from(`${parts.map(([head, content]) => `--b\r\n${head}\r\n\r\n${content}\r\n`).join("")}--b--\r\n`);
}

function named(name: string, more = ""): string {
  return `Content-Disposition: form-data; name="${name}"${more}`;
}

/** Reads a form that comes in pieces, up to its file, and then the file's content. */
async function read(body: Buffer, places: readonly number[] = []): Promise<Form & { readonly content: string | undefined }> {
  const cuts = [0, ...places, body.length];
  const pieces = cuts
    .slice(1)
    .map((end, index) => body.subarray(cuts[index], end))
    .filter(({ length }) => length > 0);
  const reader = new BodyReader(wireRequestFor({ body: pieces }).body, 1_000);
  const parts = new MultipartReader(reader, "b", ERRORS);
  const form = await readForm(parts, reader);
  let content: string | undefined;
  if (form.hasFile) {
    content = "";
    for (let piece = await parts.next(); piece !== undefined; piece = await parts.next()) content += piece.toString();
  }
  reader.close();
  return { ...form, content };
}

function fieldsOf({ fields }: Form): Record<string, string> {
  return Object.fromEntries(fields);
}

test("readForm: fields up to the file are read, wherever their bytes are cut", async () => {
  const body = bodyOf(
    [named("Key"), "é/${filename}"],
    [named("acl"), ""],
    [named("file", '; filename="a.txt"'), "content"],
    [named("x"), "y"],
  );
  const expected = { key: "é/a.txt", acl: "" };
  for (let place = 0; place <= body.length; place += 1) {
    const form = await read(body, [place]);
    assert.deepEqual([fieldsOf(form), form.hasFile, form.content], [expected, true, "content"], String(place));
  }
});

test("readForm: a form without a file ends with its fields", async () => {
  const form = await read(bodyOf([named("key"), "k"], [named("files"), "x"], ['Content-Disposition: file; name="file"', "x"]));
  assert.deepEqual([fieldsOf(form), form.hasFile], [{ key: "k", files: "x" }, false]);
});

test("readForm: several fields of one name are one, with commas, whatever their letters' case", async () => {
  const form = await read(
    bodyOf([named("x-amz-meta-tag"), "Ninja"], [named("X-Amz-Meta-Tag"), "Stallman"], [named("x-amz-meta-tag"), ""]),
  );
  assert.deepEqual(fieldsOf(form), { "x-amz-meta-tag": "Ninja,Stallman," });
});

test("readForm: the mark of byte order is a character like others", async () => {
  assert.deepEqual(fieldsOf(await read(bodyOf([named("key"), "\ufeffk\ufeff"]))), { key: "\ufeffk\ufeff" });
});

test("readForm: the name of the file is without folders, in every place of every field", async () => {
  for (const [parameter, name] of [
    ['; filename="/a/b/c.txt"', "c.txt"],
    ['; filename="C:\\a\\b.txt"', "b.txt"],
    ["; filename=plain", "plain"],
    ['; filename="a;b=c.txt"', "a;b=c.txt"],
    ['; filename="say \\"hi\\""', 'say "hi"'],
    ['; FILENAME="$&"; size=1', "$&"],
    ['; filename=""', ""],
    ['; filename="folder/"', ""],
    ["; filename*=UTF-8''a.txt", "${filename}"],
    ["", "${filename}"],
  ] as const) {
    const form = await read(bodyOf([named("key"), "<${filename}|${filename}>${Filename}"], [named("file", parameter), ""]));
    assert.equal(fieldsOf(form)["key"], `<${name}|${name}>\${Filename}`, parameter);
  }
});

/** A form whose bytes before the file's content are as many as given. */
function sized(sizeBytes: number, content = ""): Buffer {
  const rest = bodyOf([named("x-ignore-a"), ""], [named("file"), ""]).length - "\r\n--b--\r\n".length;
  return bodyOf([named("x-ignore-a"), "a".repeat(sizeBytes - rest)], [named("file"), content]);
}

test("readForm: 20 KiB may come before the content of the file, and no byte more", async () => {
  assert.equal((await read(sized(20_480, "x".repeat(100_000)))).content?.length, 100_000);
  const refusal: Refusal = {
    code: "MaxPostPreDataLengthExceeded",
    status: 400,
    details: [["MaxPostPreDataLengthBytes", "20480"]],
  };
  await expectRefusal(() => read(sized(20_481)), refusal);
  await expectRefusal(() => read(bodyOf([named("upload"), "x".repeat(30_000)])), refusal);
  // The name of the file counts in all its places.
  const name = "n".repeat(1_000);
  const within = await read(bodyOf([named("key"), "${filename}".repeat(20)], [named("file", `; filename="${name}"`), ""]));
  assert.equal(fieldsOf(within)["key"]?.length, 20_000);
  await expectRefusal(
    () => read(bodyOf([named("key"), "${filename}".repeat(21)], [named("file", `; filename="${name}"`), ""])),
    refusal,
  );
});
