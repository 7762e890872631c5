import assert from "node:assert/strict";
import { test } from "node:test";
import { configurationPage } from "../../src/config/optionTexts.ts";
import { MAX_REQUESTS_UNDER_WAY } from "../../src/server/limits/Places.ts";
import { MAX_PREFIX_DEPTH } from "../../src/server/limits/prefixOf.ts";
import { MAX_TOKEN_WAIT_MS, MAX_WAITING_REQUESTS } from "../../src/server/limits/RequestLimiter.ts";

test("Limits: docs/configuration.md tells the numbers that count", () => {
  const page = configurationPage().replaceAll(/\s+/g, " ");
  const number = (value: number): string => value.toLocaleString("en");
  assert.ok(page.includes(`waits up to ${MAX_TOKEN_WAIT_MS} ms`));
  assert.ok(page.includes(`at most ${number(MAX_WAITING_REQUESTS)} wait in each process`));
  assert.ok(page.includes(`while it works on ${number(MAX_REQUESTS_UNDER_WAY)} requests`));
  assert.equal(MAX_PREFIX_DEPTH, 4);
  assert.ok(page.includes("at most four folders deep"));
});
