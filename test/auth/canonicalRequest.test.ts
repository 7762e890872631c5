import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalRequest } from "../../src/auth/canonicalRequest.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

test("canonicalRequest: method, path, query in the order of its names, signed headers, and the hash of the body", () => {
  const headers = { host: "h", "x-amz-date": "20260301T120000Z", other: "not signed" };
  const request = wireRequestFor({ method: "PUT", target: "/a%20b/%7e?b=2&a=1&a=%2F&B&a-b=3", headers });
  assert.equal(
    canonicalRequest(request, new Set(["host", "x-amz-date", "x-gone"]), "HASH", false),
    "PUT\n/a%20b/~\nB=&a=%2F&a=1&a-b=3&b=2\nhost:h\nx-amz-date:20260301T120000Z\nx-gone:\n\nhost;x-amz-date;x-gone\nHASH",
  );
});

test("canonicalRequest: a presigned address leaves out its signature, and no other request does", () => {
  const request = wireRequestFor({ target: "/?X-Amz-Signature=s&a=1" });
  const query = (presigned: boolean): string => canonicalRequest(request, new Set(), "", presigned).split("\n")[2]!;
  assert.equal(query(true), "a=1");
  assert.equal(query(false), "X-Amz-Signature=s&a=1");
});

test("canonicalRequest: blanks around a header's value are left out, and each run of them within is one", () => {
  const value = (sent: string): string =>
    canonicalRequest(wireRequestFor({ headers: { name: sent } }), new Set(["name"]), "", false).split("\n")[3]!;
  for (const [sent, signed] of [
    ["a b", "a b"],
    ["  a   b  ", "a b"],
    ["a\tb", "a b"],
    ["a b ", "a b"],
    [" a", "a"],
    ["", ""],
    [" ", ""],
    ['"a  b"', '"a b"'],
  ] as const)
    assert.equal(value(sent), `name:${signed}`, JSON.stringify(sent));
});
