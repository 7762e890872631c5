import assert from "node:assert/strict";
import { test } from "node:test";
import { HeaderList } from "../../src/protocol/HeaderList.ts";
import { corsQuestion } from "../../src/server/requests/crossOrigin.ts";

test("CORS question: what is asked for counts in place of the request's own method", () => {
  const asked = (...lines: string[]) => corsQuestion({ headers: new HeaderList(lines), method: "OPTIONS" });
  assert.equal(asked("Access-Control-Request-Method", "GET"), undefined);
  assert.equal(asked("Origin", ""), undefined);
  assert.deepEqual(asked("Origin", "null"), { origin: "null", method: "OPTIONS", headers: [] });
  assert.deepEqual(
    asked("Origin", "a", "Access-Control-Request-Method", "PUT", "Access-Control-Request-Headers", " X-B ,, x-a"),
    { origin: "a", method: "PUT", headers: ["x-b", "x-a"] },
  );
});
