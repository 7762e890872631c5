import assert from "node:assert/strict";
import { test } from "node:test";
import { SIGNED_PARAMETERS } from "../../src/auth/signatureV2.ts";
import { routes } from "../../src/protocol/generated/routes.ts";

test("SIGNED_PARAMETERS: names every parameter that decides which operation a request means", () => {
  const deciding = Object.values(routes).flatMap(({ query, requiredQuery }) => [
    // Clients of version 2 leave list-type=2, x-id=… and the id of an item within a signed sub-resource unsigned.
    ...query.filter(([, value]) => value === "").map(([name]) => name),
    ...requiredQuery.filter((name) => name !== "x-id" && name !== "id"),
  ]);
  assert.deepEqual(
    [...new Set(deciding)].filter((name) => !SIGNED_PARAMETERS.has(name)),
    [],
  );
});
