import assert from "node:assert/strict";
import { test } from "node:test";
import { FormHeaders } from "../../../src/protocol/form/FormHeaders.ts";
import { HeaderList } from "../../../src/protocol/HeaderList.ts";

const of = (fields: Readonly<Record<string, string>>): FormHeaders => new FormHeaders(new Map(Object.entries(fields)));
const linesOf = (fields: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(of(fields).lines);
const TAGGING = "<Tagging><TagSet><Tag><Key>a b</Key><Value>1</Value></Tag></TagSet></Tagging>";

test("FormHeaders: fields of what a PUT has headers for are those headers, some under other names", () => {
  const same = {
    "content-type": "text/plain",
    "cache-control": "no-cache",
    "content-encoding": "gzip",
    "x-amz-storage-class": "STANDARD",
    "x-amz-grant-read": "id=a",
    "x-amz-checksum-crc32": "AAAAAA==",
    "x-amz-checksum-made-up": "x",
    "if-none-match": "*",
  };
  assert.deepEqual(linesOf(same), same);
  assert.deepEqual(linesOf({ acl: "private", "x-amz-checksum-algorithm": "CRC32" }), {
    "x-amz-acl": "private",
    "x-amz-sdk-checksum-algorithm": "CRC32",
  });
  assert.deepEqual(linesOf({ tagging: TAGGING }), { "x-amz-tagging": "a%20b=1" });
});

test("FormHeaders: the rest of a form means nothing, its length too", () => {
  const rest = { key: "k", policy: "p", file: "f", "content-length": "5", success_action_status: "201", bucket: "b", "": "x" };
  assert.deepEqual(linesOf(rest), {});
});

test("FormHeaders: metadata of the user's that no header can hold is written in encoded words", () => {
  const lines = linesOf({ "x-amz-meta-a": "plain", "x-amz-meta-b": "a\nb", "x-amz-meta-c": "ä" });
  assert.equal(lines["x-amz-meta-a"], "plain");
  for (const name of ["b", "c"]) assert.match(lines[`x-amz-meta-${name}`]!, /^=\?UTF-8\?[BQ]\?.*\?=$/, name);
});

test("FormHeaders: tags that cannot be read are told when the form is checked, and not before", () => {
  const headers = of({ tagging: "<Tagging>" });
  assert.equal(headers.lines.get("x-amz-tagging"), "");
  assert.throws(() => headers.check(), { code: "MalformedXML" });
  of({ tagging: TAGGING }).check();
});

test("FormHeaders: a customer's key is base64 of bytes, and no value has what no header can hold", () => {
  const name = "x-amz-server-side-encryption-customer-key";
  of({ [name]: Buffer.alloc(32).toString("base64") }).check();
  for (const key of ["not base64!", "AAA", "AAAA\n"]) {
    assert.throws(() => of({ [name]: key }).check(), {
      code: "InvalidArgument",
      message: "The secret key was improperly encoded. The secret key must be Base64 encoded.",
      details: [
        ["ArgumentName", "x-amz-server-side-encryption"],
        ["ArgumentValue", undefined],
      ],
    });
  }
  of({ "content-disposition": "inline" }).check();
  assert.throws(() => of({ "content-disposition": "a\nb" }).check(), {
    code: "InvalidArgument",
    details: [
      ["ArgumentName", "content-disposition"],
      ["ArgumentValue", "a\nb"],
    ],
  });
});

test("FormHeaders: a header about the object says what the form says, and others may say what they like", () => {
  const form = of({ "x-amz-acl": "private", acl: "private", "x-amz-meta-a": "1", "content-type": "text/plain" });
  const against =
    (...lines: string[]) =>
    (): void =>
      form.checkAgainst(new HeaderList(lines));
  against("x-amz-acl", "private", "x-amz-meta-a", "1", "Content-Type", "multipart/form-data", "x-amz-date", "d", "host", "h")();
  const refused = { code: "InvalidRequest", message: "Conflicting values provided in HTTP headers and POST form fields." };
  for (const [name, value] of [
    ["x-amz-acl", "public-read"],
    ["X-Amz-Meta-A", "2"],
    ["x-amz-meta-b", "1"],
    ["x-amz-storage-class", "STANDARD"],
    ["if-none-match", "*"],
  ] as const)
    assert.throws(against(name, value), refused, name);
});
