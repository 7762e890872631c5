import assert from "node:assert/strict";
import { test } from "node:test";
import { maskedHeader, maskedSignedText, maskedTarget, secretsAmong, withoutSecrets } from "../../src/journal/masked.ts";

const HIDDEN = /^\(hidden, sha256 [0-9a-f]{8}\)$/;

test("maskedHeader: what is secret as a whole is hidden, and two that are equal can be told to be", () => {
  for (const name of [
    "Cookie",
    "X-Amz-Security-Token",
    "x-amz-s3session-token",
    "x-amz-server-side-encryption-customer-key",
    "x-amz-server-side-encryption-customer-key-MD5",
    "x-amz-copy-source-server-side-encryption-customer-key",
    "x-amz-copy-source-server-side-encryption-customer-key-MD5",
  ]) {
    assert.match(maskedHeader(name, "secret-value"), HIDDEN, name);
    assert.equal(maskedHeader(name, "secret-value"), maskedHeader(name, "secret-value"));
    assert.notEqual(maskedHeader(name, "secret-value"), maskedHeader(name, "another-value"));
  }
  assert.equal(maskedHeader("Content-Type", "text/plain"), "text/plain");
});

test("maskedHeader: what is found by trying keeps nothing of itself", () => {
  assert.equal(maskedHeader("x-amz-mfa", "serial 123456"), "(hidden)");
  assert.equal(maskedHeader("Proxy-Authorization", "Basic dXNlcjpwYXNz"), "(hidden)");
  assert.equal(maskedHeader("Authorization", "Basic dXNlcjpwYXNz"), "Basic (hidden)");
  assert.equal(maskedHeader("Authorization", "Bearer eyJhbGciOi"), "Bearer (hidden)");
  assert.equal(maskedHeader("Authorization", "token-without-scheme"), "(hidden)");
});

test("maskedHeader: of an Authorization of AWS's only the signature is hidden, in both versions", () => {
  const version4 = "AWS4-HMAC-SHA256 Credential=KEY/20260301/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0123abcd";
  assert.match(
    maskedHeader("authorization", version4),
    /^AWS4-HMAC-SHA256 Credential=KEY\/.*SignedHeaders=host, Signature=\(hidden, sha256 \w{8}\)$/,
  );
  assert.match(maskedHeader("Authorization", "AWS KEY:c2lnbg=="), /^AWS KEY:\(hidden, sha256 \w{8}\)$/);
  assert.equal(maskedHeader("Authorization", "AWS4-HMAC-SHA256 nothing"), "AWS4-HMAC-SHA256 nothing");
});

test("maskedTarget: signatures, tokens, keys and codes in a query are hidden, however their names are written", () => {
  for (const name of [
    "X-Amz-Signature",
    "x-amz-signature",
    "Signature",
    "X-Amz-Security-Token",
    "x-amz-server-side-encryption-customer-key",
    "WebIdentityToken",
    "X%2DAmz%2DSignature",
  ]) {
    const [path, value] = maskedTarget(`/bucket/key?a=b&${name}=abcdef&c=d`).split(`${name}=`);
    assert.equal(path, "/bucket/key?a=b&");
    assert.match(value!.slice(0, -"&c=d".length), HIDDEN, name);
  }
  assert.equal(maskedTarget("/?Action=GetSessionToken&TokenCode=123456"), "/?Action=GetSessionToken&TokenCode=(hidden)");
  assert.equal(maskedTarget("/bucket/Signature=a?list-type=2&%=x"), "/bucket/Signature=a?list-type=2&%=x");
  assert.match(maskedHeader("Referer", "https://a.example/b?X-Amz-Signature=abcdef"), /Signature=\(hidden/);
});

test("maskedSignedText: secrets in header lines and in the query are hidden, whether encoded or not, and nothing else changes", () => {
  const lines = [
    "GET",
    "/bucket/key",
    "X-Amz-Security-Token=a%2Fb",
    "host:example",
    "x-amz-security-token:a/b",
    "",
    "host",
    "UNSIGNED-PAYLOAD",
  ];
  const masked = maskedSignedText(lines.join("\n")).split("\n");
  const hidden = maskedHeader("x-amz-security-token", "a/b");
  assert.deepEqual(masked, lines.with(2, `X-Amz-Security-Token=${hidden}`).with(4, `x-amz-security-token:${hidden}`));
  const version2 = "GET\n\ntext/plain\nSun, 01 Mar 2026 12:00:00 GMT\nx-amz-security-token:a/b\n/bucket/key?acl";
  assert.equal(maskedSignedText(version2), version2.replace(":a/b", `:${hidden}`));
});

test("withoutSecrets: a text that repeats a secret of the request does not, as a whole or by its beginning", () => {
  const token = "longtoken".repeat(20);
  const headers = [
    ["X-Amz-Security-Token", token],
    ["Authorization", "AWS4-HMAC-SHA256 Credential=KEY/x, SignedHeaders=host, Signature=feedfacefeedface"],
  ] as const;
  const secrets = secretsAmong(headers, "/bucket?Signature=q%2Bsecret&x=y");
  const hidden = withoutSecrets(
    {
      details: [
        ["Token-0", token],
        ["SignatureProvided", "feedfacefeedface"],
      ],
      explanation: `The token is "${token.slice(0, 100)}…" (180 characters); it is q+secret or q%2Bsecret.`,
      count: 7,
      nothing: null,
    },
    secrets,
  );
  const text = JSON.stringify(hidden);
  for (const secret of ["longtoken", "feedface", "q+secret", "q%2Bsecret"])
    assert.ok(!text.includes(secret), `${secret} in ${text}`);
  assert.deepEqual([hidden.count, hidden.nothing], [7, null]);
});

test("withoutSecrets: a whole Authorization header that a text repeats has no signature left", () => {
  const text =
    'The header is "AWS4-HMAC-SHA256 Credential=KEY/x, SignedHeaders=host, Signature=0123456789abcdef0123456789abcdef".';
  assert.doesNotMatch(withoutSecrets(text, []), /0123456789abcdef/);
  assert.equal(withoutSecrets("the form: AWS key:signature", []), "the form: AWS key:signature");
});

test("secretsAmong: short values, and more than there could be, are looked for nowhere", () => {
  assert.equal(secretsAmong([["cookie", "a=b"]], "/").length, 0);
  const query = Array.from({ length: 1_000 }, (_, index) => `Signature=secret-${index}`).join("&");
  assert.ok(secretsAmong([], `/?${query}`).length <= 33);
});
