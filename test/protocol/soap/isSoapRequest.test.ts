import assert from "node:assert/strict";
import { test } from "node:test";
import { isSoapRequest } from "../../../src/protocol/soap/isSoapRequest.ts";
import { wireRequest } from "../wireRequest.ts";

test("isSoapRequest: a POST to /soap of one of the types that messages come in", () => {
  for (const type of [
    "text/xml",
    "application/xml",
    "application/soap+xml",
    "application/dime",
    "multipart/related",
    "text/xml; charset=utf-8",
    " Text/XML ;charset=utf-8;x=y",
  ]) {
    assert.equal(isSoapRequest(wireRequest("POST", "/soap", { "content-type": type })), true, type);
  }
});

test("isSoapRequest: any other request is none", () => {
  const type = { "content-type": "text/xml" };
  for (const [method, target, headers] of [
    ["PUT", "/soap", type],
    ["POST", "/soap/", type],
    ["POST", "/soap/key", type],
    ["POST", "/", type],
    ["POST", "/soap?delete", type],
    ["POST", "/soap", {}],
    ["POST", "/soap", { "content-type": "" }],
    ["POST", "/soap", { "content-type": ";text/xml" }],
    ["POST", "/soap", { "content-type": "text/xm" }],
    ["POST", "/soap", { "content-type": "text/xmlx" }],
    ["POST", "/soap", { "content-type": "multipart/form-data; boundary=b" }],
  ] as const) {
    assert.equal(isSoapRequest(wireRequest(method, target, headers)), false, `${method} ${target} ${JSON.stringify(headers)}`);
  }
});
