import assert from "node:assert/strict";
import { test } from "node:test";
import { likely, nearest, suggestion } from "../../src/config/nearest.ts";

test("nearest: a name that differs in a few letters, and fewer of a short one", () => {
  const names = ["port", "host", "durability"];
  assert.equal(nearest("prot", names), "port");
  assert.equal(nearest("durabilty", names), "durability");
  assert.equal(nearest("pots", names), undefined);
  assert.equal(nearest("dur", names), undefined, "a beginning alone is not near");
});

test("likely: what begins alike was meant where nothing is near; of several the shortest", () => {
  const names = ["tls-cert", "tls-key", "host", "synced"];
  assert.equal(likely("tls-certificate", names), "tls-cert");
  assert.equal(likely("hostname", names), "host");
  assert.equal(likely("sync", names), "synced");
  assert.equal(likely("tls", names), "tls-key");
  assert.equal(likely("sy", names), undefined, "two letters say too little");
  assert.equal(likely("vault", names), undefined);
});

test("suggestion: the end of a sentence either way", () => {
  assert.equal(
    `There is no "prot"${suggestion("prot", ["port"], (name) => `"${name}"`)}`,
    'There is no "prot"; did you mean "port"?',
  );
  assert.equal(`There is no "x"${suggestion("x", ["port"], (name) => name)}`, 'There is no "x".');
});
