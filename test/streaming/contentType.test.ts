import assert from "node:assert/strict";
import { test } from "node:test";
import { parseContentType } from "../../src/protocol/streaming/multipart/contentType.ts";

function parsed(text: string): [type: string, parameters: Record<string, string>] {
  const { type, parameters } = parseContentType(text);
  return [type, Object.fromEntries(parameters)];
}

test("parseContentType: the type in lower case, and parameters by names in lower case, of which the first counts", () => {
  for (const [text, type, parameters] of [
    ["", "", {}],
    ["text/xml", "text/xml", {}],
    [" Text/XML ", "text/xml", {}],
    ["text/xml;", "text/xml", {}],
    ["a=b", "a=b", {}],
    ["text/xml; Charset = UTF-8 ;boundary=B;charset=x", "text/xml", { charset: "UTF-8", boundary: "B" }],
    [";boundary=b", "", { boundary: "b" }],
    ["a/b;c=", "a/b", { c: "" }],
  ] as const)
    assert.deepEqual(parsed(text), [type, parameters], text);
});

test("parseContentType: a value in quotes may have semicolons, and anything behind a backslash", () => {
  assert.deepEqual(parsed('a/b; c="d;e=f" ; g="h\\"i\\\\"; j=k'), ["a/b", { c: "d;e=f", g: 'h"i\\', j: "k" }]);
  assert.deepEqual(parsed('a/b;c="\\\n"'), ["a/b", { c: "\n" }]);
  const { parameters } = parseContentType('a/b; c="C:\\x"; d=C:\\x', (quoted) => `<${quoted}>`);
  assert.deepEqual(Object.fromEntries(parameters), { c: "<C:\\x>", d: "C:\\x" });
});

test("parseContentType: what is no parameter ends the list of them", () => {
  for (const end of ['c="d', 'c="d"e', "c", 'c=d"e"', '"c"=d'])
    assert.deepEqual(parsed(`a/b; x=y; ${end}; z=z`), ["a/b", { x: "y" }], end);
});
