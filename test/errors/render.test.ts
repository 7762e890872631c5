import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeXml } from "../../src/errors/escapeXml.ts";
import { renderRestError } from "../../src/errors/render.ts";
import type { ErrorAnswer } from "../../src/errors/render.ts";
import { S3Error } from "../../src/errors/S3Error.ts";

const ANSWER: ErrorAnswer = { requestId: "4442587FB7D0A2F9", hostId: "host+/=", resource: "/bucket/key" };
const END = "<Resource>/bucket/key</Resource><RequestId>4442587FB7D0A2F9</RequestId><HostId>host+/=</HostId></Error>";

function rendered(error: S3Error, changes: Partial<ErrorAnswer> = {}): string {
  return renderRestError(error, { ...ANSWER, ...changes }).toString("utf8");
}

test("Error body: Code, Message, details in their order, Details, Resource, RequestId, HostId, and one line break", () => {
  const error = new S3Error("InvalidArgument", {
    message: "Part number must be an integer between 1 and 10000, inclusive",
    details: [
      ["ArgumentName", "partNumber"],
      ["ArgumentValue", "0"],
    ],
    explanation: "Parts count from 1.",
  });
  assert.equal(
    rendered(error),
    '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>InvalidArgument</Code>' +
      "<Message>Part number must be an integer between 1 and 10000, inclusive</Message>" +
      "<ArgumentName>partNumber</ArgumentName><ArgumentValue>0</ArgumentValue>" +
      `<Details>Parts count from 1.</Details>${END}`,
  );
});

test("Error body: an error without details and explanation has neither", () => {
  assert.equal(
    rendered(new S3Error("AccessDenied"), { declaration: false }),
    `<Error><Code>AccessDenied</Code><Message>Access Denied</Message>${END}`,
  );
});

test("Error body: the declaration is left out where the operation's answers have none", () => {
  assert.ok(rendered(new S3Error("NoSuchKey")).startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<Error>'));
  assert.ok(rendered(new S3Error("NoSuchKey"), { declaration: true }).startsWith("<?xml "));
  assert.ok(rendered(new S3Error("NoSuchKey"), { declaration: false }).startsWith("<Error><Code>"));
});

test("Error body: a detail without a value is left out, an empty one is an empty element, and so is an empty message", () => {
  const error = new S3Error("InvalidArgument", {
    message: "",
    details: [
      ["ArgumentName", "key"],
      ["ArgumentValue", ""],
      ["Region", undefined],
    ],
  });
  const body = rendered(error);
  assert.ok(body.includes("<Message/><ArgumentName>key</ArgumentName><ArgumentValue/><Resource>"), body);
  assert.ok(!body.includes("Region"), body);
});

test("Error body: what a client sent cannot leave its element", () => {
  const hostile = `</Key><Code>Hurrah</Code>&amp;"'`;
  const body = rendered(new S3Error("NoSuchKey", { details: [["Key", hostile]], explanation: `There is no ${hostile}.` }), {
    resource: `/bucket/${hostile}`,
  });
  const escaped = `&lt;/Key&gt;&lt;Code&gt;Hurrah&lt;/Code&gt;&amp;amp;&quot;'`;
  assert.ok(body.includes(`<Key>${escaped}</Key><Details>There is no ${escaped}.</Details>`), body);
  assert.ok(body.includes(`<Resource>/bucket/${escaped}</Resource>`), body);
  assert.equal(body.match(/<Code>/g)?.length, 1);
});

test("Error body: text beyond ASCII is UTF-8", () => {
  const body = renderRestError(new S3Error("NoSuchKey", { details: [["Key", "snø/🐟"]] }), ANSWER);
  assert.ok(body.includes(Buffer.from("<Key>snø/🐟</Key>", "utf8")));
});

test("XML text: control characters and what XML has no form for are numeric references", () => {
  assert.equal(escapeXml("a\u0000b\u0001c\u001fd"), "a&#x0;b&#x1;c&#x1f;d");
  assert.equal(escapeXml("one\rtwo\nthree\tfour"), "one&#13;two\nthree\tfour");
  assert.equal(escapeXml("\ufffe \uffff \ud800"), "&#xfffe; &#xffff; &#xd800;");
  assert.equal(escapeXml("\u{1f41f}"), "\u{1f41f}");
});

test("XML text: nothing else changes", () => {
  const plain = "AZaz09 -_.!*'()/:;=+@,?#[]{}|\\^~%$ äöüß €";
  assert.equal(escapeXml(plain), plain);
});
