import assert from "node:assert/strict";
import { test } from "node:test";
import { loadSettings } from "../../src/config/loadSettings.ts";
import { configurationPage } from "../../src/config/optionTexts.ts";
import { MAX_REQUESTS_UNDER_WAY } from "../../src/server/limits/Places.ts";
import { MAX_PREFIX_DEPTH } from "../../src/server/limits/prefixOf.ts";
import { MAX_TOKEN_WAIT_MS, MAX_WAITING_REQUESTS } from "../../src/server/limits/RequestLimiter.ts";

function settings(args: readonly string[], environment: Record<string, string> = {}, file = "{}") {
  return loadSettings({ args, environment, readFile: () => file });
}

test("Limits: none by default", () => {
  const { limitRequests, limitPrefix } = settings([]);
  assert.equal(limitRequests, undefined);
  assert.equal(limitPrefix, undefined);
});

test("Limits: from flags, variables and the option file", () => {
  const rates = { writesPerSecond: 3500, readsPerSecond: 5500 };
  assert.equal(settings(["--limit-requests", "100"]).limitRequests, 100);
  assert.deepEqual(settings(["--limit-prefix=3500/5500"]).limitPrefix, rates);
  assert.deepEqual(settings([], { HOLDFAST_LIMIT_PREFIX: "3500/5500" }).limitPrefix, rates);
  const file = JSON.stringify({ limitRequests: 7, limitPrefix: "3500/5500" });
  const both = settings(["--config", "holdfast.json"], {}, file);
  assert.equal(both.limitRequests, 7);
  assert.deepEqual(both.limitPrefix, rates);
});

test("Limits: anything else is refused with what it must be", () => {
  for (const value of ["3500", "3500/", "/5500", "0/5500", "1/2/3", "a/b", "1.5/2", "-1/2", "1/1000001"]) {
    assert.throws(
      () => settings([`--limit-prefix=${value}`]),
      /--limit-prefix is ".*"; it must be: writes\/reads, whole numbers/,
      value,
    );
  }
  assert.throws(() => settings(["--limit-requests", "0"]), /it must be: whole number, 1 to 1000000/);
});

test("Limits: docs/configuration.md tells the numbers that count", () => {
  const page = configurationPage().replaceAll(/\s+/g, " ");
  const number = (value: number): string => value.toLocaleString("en");
  assert.ok(page.includes(`waits up to ${MAX_TOKEN_WAIT_MS} ms`));
  assert.ok(page.includes(`at most ${number(MAX_WAITING_REQUESTS)} wait in each process`));
  assert.ok(page.includes(`while it works on ${number(MAX_REQUESTS_UNDER_WAY)} requests`));
  assert.equal(MAX_PREFIX_DEPTH, 4);
  assert.ok(page.includes("at most four folders deep"));
});
