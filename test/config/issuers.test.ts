import assert from "node:assert/strict";
import { test } from "node:test";
import { readIssuers } from "../../src/config/issuers.ts";

test("readIssuers: an issuer, its keys and its audiences, with spaces between", () => {
  assert.deepEqual(readIssuers(["https://idp.example/a /etc/keys.json sts.amazonaws.com other"], "--oidc-issuer"), [
    { issuer: "https://idp.example/a", keys: "/etc/keys.json", audiences: ["sts.amazonaws.com", "other"] },
  ]);
  assert.deepEqual(readIssuers([], "--oidc-issuer"), []);
});

for (const keys of [
  "keys.json",
  "https://idp.example/jwks",
  "http://localhost:8080/jwks",
  "http://127.0.0.1/jwks",
  "http://[::1]/jwks",
]) {
  test(`readIssuers: keys may be at ${keys}`, () => {
    assert.equal(readIssuers([`https://idp.example ${keys} sts`], "test")[0]!.keys, keys);
  });
}

for (const keys of [
  "http://idp.example/jwks",
  "ftp://localhost/jwks",
  "file:///etc/keys.json",
  "http://127.0.0.1.example/jwks",
]) {
  test(`readIssuers: keys cannot be at ${keys}`, () => {
    assert.throws(() => readIssuers([`https://idp.example ${keys} sts`], "--oidc-issuer"), {
      name: "OptionError",
      message: `--oidc-issuer: the keys "${keys}" must be a file, an https:// URL, or an http:// URL of this machine.`,
    });
  });
}

test("readIssuers: what is no URL is no issuer, and nobody is named twice", () => {
  assert.throws(() => readIssuers(["idp.example keys.json sts"], "test"), /the issuer "idp.example" must be a URL/);
  assert.throws(() => readIssuers(["https://idp.example?a keys.json sts"], "test"), /must be a URL/);
  assert.throws(
    () => readIssuers(["https://a keys.json sts", "https://a other.json sts"], "test"),
    /names the issuer https:\/\/a twice/,
  );
});
