import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Object as ListedObject } from "../../src/protocol/generated/types.ts";
import { writeListedObject } from "../../src/protocol/xml/writeListedObject.ts";
import { interpretedContent, writeXml } from "../../src/protocol/xml/writeXml.ts";

const text = fc.string({ unit: "binary", maxLength: 12 });
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> => fc.option(value, { nil: undefined });
const objects: fc.Arbitrary<ListedObject> = fc.record({
  Key: maybe(text),
  LastModified: maybe(fc.date({ min: new Date(0), max: new Date(4_102_444_800_000), noInvalidDate: true })),
  ETag: maybe(
    fc.oneof(
      text,
      fc.constant('"d41d8cd98f00b204e9800998ecf8427e-3"'),
      text.map((inside) => `"${inside}"`),
    ),
  ),
  ChecksumAlgorithm: maybe(fc.array(fc.constantFrom("CRC64NVME" as const, "SHA256" as const), { maxLength: 2 })),
  ChecksumType: maybe(fc.constantFrom("FULL_OBJECT" as const, "COMPOSITE" as const)),
  Size: maybe(fc.nat()),
  StorageClass: maybe(fc.constantFrom("STANDARD" as const, "GLACIER_IR" as const)),
  Owner: maybe(fc.oneof(fc.record({ ID: text }), fc.record({ ID: text, DisplayName: text }, { requiredKeys: [] }))),
  RestoreStatus: fc.constantFrom(undefined, undefined, undefined, { IsRestoreInProgress: true }),
});

test("writeListedObject: writes what the interpreter of the shapes writes, or leaves it to that", () => {
  let written = 0;
  fc.assert(
    fc.property(objects, (object) => {
      const fast = writeListedObject(object);
      if (fast !== undefined) assert.equal(fast, interpretedContent("Object", { ...object }));
      written += fast === undefined ? 0 : 1;
    }),
    { numRuns: 500 },
  );
  assert.ok(written > 50, "hardly anything was written the fast way");
});

test("listedPrefixWriter: writes what the interpreter of the shapes writes, also of a common prefix without members", () => {
  fc.assert(
    fc.property(fc.array(fc.record({ Prefix: text }, { requiredKeys: [] }), { maxLength: 4 }), (prefixes) => {
      const elements = prefixes.map((prefix) => interpretedContent("CommonPrefix", prefix));
      const written = elements.map((inside) =>
        inside === "" ? "<CommonPrefixes/>" : `<CommonPrefixes>${inside}</CommonPrefixes>`,
      );
      const page = writeXml("ListBucketResult", "ListObjectsV2Output", { Name: "b", CommonPrefixes: prefixes });
      assert.equal(page.slice(page.indexOf("</Name>")), `</Name>${written.join("")}</ListBucketResult>`);
    }),
  );
});
