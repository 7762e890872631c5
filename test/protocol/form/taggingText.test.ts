import assert from "node:assert/strict";
import { test } from "node:test";
import { taggingText } from "../../../src/protocol/form/taggingText.ts";

const tag = (key: string, value: string): string => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`;
const tagging = (inside: string): string => `<Tagging><TagSet>${inside}</TagSet></Tagging>`;

test("taggingText: a document's tags as the header has them", () => {
  assert.equal(taggingText(tagging(tag("a b", "1&amp;2") + tag("ä", ""))), "a%20b=1%262&%C3%A4=");
  assert.equal(taggingText(` \n${tagging(tag("a", "1"))}\n `), "a=1");
  assert.equal(taggingText(tagging("")), "");
});

test("taggingText: nothing, and an element with nothing in it whatever it is called, has no tags", () => {
  for (const document of ["", "  ", "<Tagging/>", "<a />", "<Tagging></Tagging>", "<x:y.z-1> \n</x:y.z-1 >"])
    assert.equal(taggingText(document), "", document);
});

test("taggingText: what is no such document, or names half a character, is MalformedXML", () => {
  for (const document of [
    "x",
    "<a></b>",
    "<Tagging/>x",
    "x<Tagging/>",
    "<Tagging><Tag/></Tagging>",
    tagging("<Tag><Key>a</Key></Tag>"),
  ])
    assert.throws(() => taggingText(document), { code: "MalformedXML" }, document);
  for (const half of ["&#xD800;", "&#xDC00;"]) {
    assert.throws(() => taggingText(tagging(tag(half, "1"))), { code: "MalformedXML" });
    assert.throws(() => taggingText(tagging(tag("a", half))), { code: "MalformedXML" });
  }
});
