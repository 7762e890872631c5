import assert from "node:assert/strict";
import { test } from "node:test";
import { isHeaderName, isHeaderValue } from "../../src/protocol/rest/headerTexts.ts";

test("isHeaderName: only a token can stand in the name of a header, and an empty one can, too", () => {
  for (const name of ["", "colour", "Colour-2", "!#$%&'*+-.^_`|~"]) assert.ok(isHeaderName(name), name);
  for (const name of [" a", "a ", "a:b", "a/b", "(a)", "é", "a\r", "\na"]) assert.ok(!isHeaderName(name), JSON.stringify(name));
});

test("isHeaderValue: a header holds any text but controls, of which a tab is none", () => {
  for (const value of ["", "a b", "\t", "é", "日本", "~", "\u0080"]) assert.ok(isHeaderValue(value), JSON.stringify(value));
  for (const value of ["\0", "\b", "a\nb", "a\r", "\u000b", "\u001f", "\u007f"])
    assert.ok(!isHeaderValue(value), JSON.stringify(value));
});
