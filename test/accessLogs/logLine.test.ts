import assert from "node:assert/strict";
import { test } from "node:test";
import type { LogEntry } from "../../src/accessLogs/logLine.ts";
import { logLine } from "../../src/accessLogs/logLine.ts";

const OWNER = "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be";
const HOST_ID = "BNaBsXZQQDbssi6xMBdBU2sLt+Yf5kZDmeBUP35sFoKa3sLLeMC78iwEIWxs99CRUrbS4n11234=";

/** The third example of S3's page, as a server would know it. */
const EXAMPLE: LogEntry = {
  bucketOwnerId: OWNER,
  bucket: "amzn-s3-demo-bucket1",
  timeMs: Date.UTC(2019, 1, 6, 0, 0, 38, 999),
  remoteAddress: "192.0.2.3",
  requester: OWNER,
  requestId: "A1206F460EXAMPLE",
  operation: "REST.GET.BUCKETPOLICY",
  key: undefined,
  head: {
    method: "GET",
    target: "/amzn-s3-demo-bucket1?policy",
    httpVersion: "1.1",
    referer: undefined,
    userAgent: "S3Console/0.4",
  },
  status: 404,
  errorCode: "NoSuchBucketPolicy",
  sentSizeBytes: 297,
  objectSizeBytes: undefined,
  totalMs: 38.4,
  turnAroundMs: undefined,
  versionId: undefined,
  hostId: HOST_ID,
  signatureVersion: "SigV4",
  cipherSuite: "ECDHE-RSA-AES128-GCM-SHA256",
  authenticationType: "AuthHeader",
  hostHeader: "amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com",
  tlsVersion: "1.2",
  aclRequired: false,
};

function line(more: Partial<LogEntry>): string {
  return logLine({ ...EXAMPLE, ...more });
}

test("Log line: S3's example, with all the fields that its page lists today", () => {
  assert.equal(
    logLine(EXAMPLE),
    `${OWNER} amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] 192.0.2.3 ${OWNER} A1206F460EXAMPLE REST.GET.BUCKETPOLICY - ` +
      '"GET /amzn-s3-demo-bucket1?policy HTTP/1.1" 404 NoSuchBucketPolicy 297 - 38 - "-" "S3Console/0.4" - ' +
      `${HOST_ID} SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader amzn-s3-demo-bucket1.s3.us-west-1.amazonaws.com TLSv1.2 - - -\n`,
  );
});

test("Log line: whatever is there stands in its field, an empty object too", () => {
  const put = line({
    operation: "REST.PUT.OBJECT",
    key: "s3-dg.pdf",
    errorCode: undefined,
    status: 200,
    sentSizeBytes: 0,
    objectSizeBytes: 0,
    turnAroundMs: 27.5,
    versionId: "3HL4kqtJvjVBH40Nrjfkd",
    aclRequired: true,
  });
  assert.match(put, / REST\.PUT\.OBJECT s3-dg\.pdf "GET [^"]*" 200 - - 0 38 28 "-" "S3Console\/0\.4" 3HL4kqtJvjVBH40Nrjfkd /);
  assert.match(put, / TLSv1\.2 - Yes -\n$/);
});

test("Log line: what is unknown is a hyphen, in quotation marks where the request had a head", () => {
  const nothing = line({
    remoteAddress: undefined,
    requester: undefined,
    head: undefined,
    errorCode: undefined,
    status: 204,
    sentSizeBytes: 0,
    totalMs: undefined,
    signatureVersion: undefined,
    cipherSuite: undefined,
    authenticationType: undefined,
    hostHeader: undefined,
    tlsVersion: undefined,
  });
  assert.equal(
    nothing.slice(OWNER.length),
    ` amzn-s3-demo-bucket1 [06/Feb/2019:00:00:38 +0000] - - A1206F460EXAMPLE REST.GET.BUCKETPOLICY - - 204 - - - - - - - - ${HOST_ID} - - - - - - - -\n`,
  );
  const withoutAgent = line({ head: { ...EXAMPLE.head!, userAgent: undefined, referer: "http://a.example/" } });
  assert.match(withoutAgent, / "http:\/\/a\.example\/" "-" /);
});

test("Log line: keys are encoded twice, but slashes; those of batches once", () => {
  const key = 'a b/%é"';
  assert.match(line({ key }), / REST\.GET\.BUCKETPOLICY a%2520b\/%2525%25C3%25A9%2522 "/);
  assert.match(line({ key, operation: "BATCH.DELETE.OBJECT" }), / BATCH\.DELETE\.OBJECT a%20b\/%25%C3%A9%22 "/);
});

test("Log line: quotation marks of clients stay what they are where the field has its own, and no field beside them can be broken", () => {
  const head = { ...EXAMPLE.head!, target: '/b/"', referer: 'x"" y', userAgent: "é" };
  const hostile = line({ head, hostHeader: 'a b"c\td', versionId: "v 1", remoteAddress: "1 2" });
  assert.match(hostile, / "GET \/b\/" HTTP\/1\.1" 404 .* "x"" y" "é" v%201 /);
  assert.match(hostile, / a%20b%22c%09d TLSv1\.2 /);
  assert.match(hostile, /\+0000\] 1%202 /);
  assert.equal(hostile.indexOf("\n"), hostile.length - 1);
});

test("Log line: the time is in UTC, with the month by its English name", () => {
  const names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  for (const [month, name] of names.entries()) {
    assert.match(line({ timeMs: Date.UTC(2026, month, 9, 23, 59, 59) }), new RegExp(` \\[09/${name}/2026:23:59:59 \\+0000\\] `));
  }
});

test("Log line: the signature of a presigned URL is hidden, however its name is written, and nothing else", () => {
  const uriOf = (target: string): string => /"GET (\S+) HTTP/.exec(line({ head: { ...EXAMPLE.head!, target } }))![1]!;
  const hidden = "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX";
  for (const [target, shown] of [
    [
      "/b/k?X-Amz-Expires=60&X-Amz-Signature=0a1b&x-id=GetObject",
      `/b/k?X-Amz-Expires=60&X-Amz-Signature=${hidden}&x-id=GetObject`,
    ],
    ["/b/k?AWSAccessKeyId=AKIA&Expires=1&Signature=a%2Bb%3D", `/b/k?AWSAccessKeyId=AKIA&Expires=1&Signature=${hidden}`],
    ["/b/k?X%2damz-Signature=0a1b&X%2DAmz-%53ignature=0a=1b", `/b/k?X%2damz-Signature=0a1b&X%2DAmz-%53ignature=${hidden}`],
    ["/b/Signature=k&Signature=0a", "/b/Signature=k&Signature=0a"],
    ["/b/k?prefix=Signature&Signatures=1&%=2", "/b/k?prefix=Signature&Signatures=1&%=2"],
    ["/b/k?Signature", "/b/k?Signature"],
    ["/b/k?", "/b/k?"],
  ] as const) {
    assert.equal(uriOf(target), shown);
  }
});
