import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { unwrappedOutputs } from "../../src/protocol/deviations.ts";
import { enums } from "../../src/protocol/generated/enums.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import type { TypeOfMember } from "../../src/protocol/Shape.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";
import { escapeXml } from "../../src/errors/escapeXml.ts";
import { writeXml } from "../../src/protocol/xml/writeXml.ts";
import { interpretedXml } from "./interpretedXml.ts";
import { sample } from "./sampleValues.ts";
import { anyCharacter } from "../anyCharacter.ts";

/** The answer of SelectObjectContent is a stream of events, no document. */
const EVENT_STREAM = "SelectObjectContentEventStream";

/** The structures that are documents in answers, read off the routes and not the writers. */
function documents(): string[] {
  const found = (Object.keys(routes) as OperationName[]).flatMap((name) => {
    const { output } = routes[name];
    if (output === undefined || unwrappedOutputs.has(name)) return [];
    const { members } = shapeOf(output);
    const payload = members.find((member) => member.in === "payload" && member.type === "structure");
    return payload !== undefined ? [payload.shape!] : members.some((member) => member.in === "body") ? [output] : [];
  });
  return [...new Set(found)].filter((name) => name !== EVENT_STREAM);
}

/** Awkward texts, among them those whose ends are quotes, as entity tags have them. */
const texts = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 8 }),
  fc.constantFrom("", '"', '""', '"abc-3"', '"a"b"', "a&b"),
  fc.string({ unit: anyCharacter, maxLength: 4 }).map((inside) => `"${inside}"`),
);

/** Values of a structure with any members there or absent. Structures below a depth are empty: some contain many of others. */
function structures(shapeName: string, depth = 4): fc.Arbitrary<Record<string, unknown>> {
  const members = shapeOf(shapeName).members.filter(({ in: place }) => place === "body" || place === "attribute");
  if (depth === 0) return fc.constant({});
  const each = members.map((member) => [member.name, fc.option(values(member, member.enum, depth), { nil: undefined })] as const);
  return fc.record(Object.fromEntries(each), { requiredKeys: [] });
}

function values(type: TypeOfMember, enumeration: string | undefined, depth: number): fc.Arbitrary<unknown> {
  switch (type.type) {
    case "number":
      return fc.maxSafeNat();
    case "boolean":
      return fc.boolean();
    case "timestamp":
      return fc.date({ min: new Date(0), max: new Date(4_102_444_800_000), noInvalidDate: true });
    case "blob":
      return fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes));
    case "structure":
      return structures(type.shape!, depth - 1);
    case "list":
      return fc.array(values(type.item!, enumeration, depth), { maxLength: 3 });
    default:
      return enumeration === undefined ? texts : fc.constantFrom(...enums[enumeration]!);
  }
}

test("writeXml: loads the writers for the first document, and has the others at once", async () => {
  assert.ok(writeXml("Root", "GetBucketVersioningOutput", {}) instanceof Promise);
  await writeXml("Root", "GetBucketVersioningOutput", {});
  assert.equal(typeof writeXml("Root", "GetBucketVersioningOutput", {}), "string");
});

describe("The writers of documents", () => {
  for (const name of documents()) {
    test(`${name}: is written as its shape says, whatever is there and whatever is not`, async () => {
      for (const value of [{}, sample(name, "minimal"), sample(name, "maximal")]) {
        assert.equal(await writeXml("Root", name, value), interpretedXml("Root", name, value));
      }
      await fc.assert(
        fc.asyncProperty(structures(name), async (value) => {
          assert.equal(await writeXml("Root", name, value), interpretedXml("Root", name, value));
        }),
        { numRuns: 50 },
      );
    });
  }
});

test("escapeXml: writes each character by itself, also between quotes", () => {
  fc.assert(
    fc.property(texts, (text) => {
      assert.equal(escapeXml(text), Array.from(text, (character) => escapeXml(`${character} `).slice(0, -1)).join(""));
    }),
    { numRuns: 500 },
  );
});
