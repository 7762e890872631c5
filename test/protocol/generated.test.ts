import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, test } from "node:test";
import { generateProtocol } from "../../scripts/generate-protocol.ts";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { catalogueEntry } from "../../src/errors/catalogue.ts";
import { elementOrder } from "../../src/protocol/deviations.ts";
import { modelledErrors } from "../../src/protocol/generated/errors.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import { shapeOf } from "../../src/protocol/Shape.ts";

/** An error of HEAD requests that the client names after the status, for want of a body. */
const WITHOUT_CODE = new Set(["NotFound"]);

describe("The generated tables", () => {
  for (const [code, { status }] of Object.entries(modelledErrors)) {
    if (WITHOUT_CODE.has(code)) continue;
    test(`${code} is in the catalogue with the status the SDK knows`, () => {
      assert.equal(catalogueEntry(code as ErrorCode).status, status);
    });
  }

  test("are what the generator makes of the SDK's schemas and the deviations", async () => {
    for (const [path, text] of await generateProtocol()) {
      assert.equal(text, await readFile(join(import.meta.dirname, "../..", path), "utf8"), `${path}: run npm run generate`);
    }
  });

  test("25 operations require a checksum", () => {
    assert.equal(Object.values(routes).filter(({ requiresChecksum }) => requiresChecksum).length, 25);
  });

  test("only the documented groups share a method, a path and a literal query", () => {
    const groups = Map.groupBy(Object.entries(routes), ([, { method, pattern }]) => `${method} ${pattern}`);
    const shared = [...groups].filter(([, group]) => group.length > 1).map(([target]) => target);
    assert.deepEqual(shared.toSorted(), [
      "DELETE /{Bucket}/{Key+}",
      "GET /",
      "GET /{Bucket}/{Key+}",
      "GET /{Bucket}/{Key+}?annotation",
      "GET /{Bucket}?analytics",
      "GET /{Bucket}?intelligent-tiering",
      "GET /{Bucket}?inventory",
      "GET /{Bucket}?metrics",
      "PUT /{Bucket}/{Key+}",
    ]);
  });
});

describe("The deviations", () => {
  for (const [shape, order] of Object.entries(elementOrder)) {
    test(`the order of ${shape} names elements it has`, () => {
      const elements = new Set(
        shapeOf(shape)
          .members.filter((member) => member.in === "body")
          .map(({ wire }) => wire!),
      );
      assert.deepEqual(
        order.split(" ").filter((name) => !elements.has(name)),
        [],
      );
    });
  }
});
