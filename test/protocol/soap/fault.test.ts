import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { ServiceError } from "../../../src/errors/ServiceError.ts";
import { fault } from "../../../src/protocol/soap/fault.ts";

test("fault: S3's code stands behind whose fault it is, by its status where S3 names no side", () => {
  for (const [code, shown] of [
    ["NoSuchKey", "Client.NoSuchKey"],
    ["InternalError", "Server.InternalError"],
    ["SlowDown", "Server.SlowDown"],
    ["InvalidPartNumber", "Client.InvalidPartNumber"],
    ["InsufficientCapacity", "Server.InsufficientCapacity"],
  ] as const) {
    const error = new S3Error(code, {});
    assert.ok(fault(error, "1.1").includes(`<faultcode>soapenv:${shown}</faultcode>`), fault(error, "1.1"));
    assert.ok(fault(error, "1.2").includes(`<soapenv:Value>ns1:${shown}</soapenv:Value>`), fault(error, "1.2"));
  }
});

test("fault: text, details and explanation, escaped, and no detail without a value", () => {
  const details = [
    ["Key", "a<b"],
    ["None", undefined],
  ] as const;
  const error = new S3Error("NoSuchKey", { message: "m&n", details, explanation: "e>f" });
  const detail = "<Key>a&lt;b</Key><Details>e&gt;f</Details>";
  assert.equal(
    fault(error, "1.1"),
    "<soapenv:Fault><faultcode>soapenv:Client.NoSuchKey</faultcode><faultstring>m&amp;n</faultstring>" +
      `<detail>${detail}</detail></soapenv:Fault>`,
  );
  assert.equal(
    fault(error, "1.2"),
    '<soapenv:Fault><soapenv:Code xmlns:ns1="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Value>ns1:Client.NoSuchKey</soapenv:Value>' +
      '</soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">m&amp;n</soapenv:Text></soapenv:Reason>' +
      `<soapenv:Detail>${detail}</soapenv:Detail></soapenv:Fault>`,
  );
});

test("fault: SOAP's own codes stand alone", () => {
  const error = new ServiceError({ code: "VersionMismatch", message: "m", status: 500 });
  assert.ok(fault(error, "1.1").includes("<faultcode>soapenv:VersionMismatch</faultcode>"));
  assert.ok(fault(error, "1.2").includes("<soapenv:Value>soapenv:VersionMismatch</soapenv:Value>"));
});
