import assert from "node:assert/strict";
import { test } from "node:test";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import { raisedBy } from "../../src/errors/raisedBy.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import { soapDialect } from "../../src/protocol/soap/SoapDialect.ts";
import { soapOperations } from "../../src/protocol/soap/soapOperations.ts";
import { wireRequest } from "../protocol/wireRequest.ts";

/** The faults that S3's error guide calls the server's; all others are the client's. */
const SERVER_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "InternalError",
  "NotImplemented",
  "ServiceUnavailable",
  "SlowDown",
]);

/** What SOAP can ask S3's operations for, and what every request can bring. */
const RAISERS: ReadonlySet<string> = new Set([
  "any request",
  "HeadObject",
  ...[...soapOperations.values()].map(({ operation }) => operation),
]);

/** The codes that a message of SOAP can bring. That nothing has changed is no fault, but an answer. */
function soapCodes(): ErrorCode[] {
  const codes = Object.keys(raisedBy) as ErrorCode[];
  return codes.filter((code) => code !== "NotModified" && raisedBy[code]!.some((by) => RAISERS.has(by)));
}

test("SOAP: every code that a message can bring is a fault of the side that S3's error guide says, with status 500", () => {
  const codes = soapCodes();
  assert.ok(codes.length > 70, `${codes.length} codes`);
  for (const code of codes) {
    const dialect = soapDialect(wireRequest("POST", "/soap"), true);
    const error = dialect.translate(new S3Error(code, { explanation: "Why." }));
    assert.deepEqual([error.code, error.status, error.headers], [code, 500, {}]);
    const ids = { requestId: "id", hostId: "host", resource: "/soap", reason: "", operation: undefined, begun: false };
    const side = SERVER_FAULTS.has(code) ? "Server" : "Client";
    const document = dialect.renderError(error, ids).toString();
    assert.ok(document.includes(`<soapenv:Fault><faultcode>soapenv:${side}.${code}</faultcode><faultstring>`), document);
    assert.ok(document.includes("<detail><Details>Why.</Details></detail></soapenv:Fault>"), document);
  }
});
