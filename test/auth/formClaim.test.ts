import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { test } from "node:test";
import type { Claim } from "../../src/auth/Authentication.ts";
import { authenticateForm } from "../../src/auth/authenticateForm.ts";
import { formClaimOf } from "../../src/auth/formClaim.ts";
import type { WireRequest } from "../../src/protocol/WireRequest.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const TIME = "20260301T120000Z";
const MINUTE_MS = 60_000;
const BODY_SHA256 = sha256("Action=GetCallerIdentity&Version=2011-06-15");

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** The signature of a canonical request, by the steps that AWS describes. */
function signatureOf(canonical: string, time: string, [day, region, service]: readonly [string, string, string]): string {
  const stringToSign = `AWS4-HMAC-SHA256\n${time}\n${day}/${region}/${service}/aws4_request\n${sha256(canonical)}`;
  const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
  const key = [day, region, service, "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${EXAMPLE_KEY.secretAccessKey}`);
  return hmac(key, stringToSign).toString("hex");
}

interface Form {
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly time?: string;
  readonly date?: Readonly<Record<string, string>>;
  readonly credential?: string;
  readonly signedHeaders?: string;
  readonly authorization?: string;
  readonly nowMs?: number;
  readonly realClock?: () => number;
}

const SCOPE = ["20260301", "us-east-1", "sts"] as const;
const CREDENTIAL = `${EXAMPLE_KEY.accessKeyId}/${SCOPE.join("/")}/aws4_request`;

/** What a form claims that is signed in its header; all is well but what is given. */
function byHeader(form: Form = {}): Claim {
  const { time = TIME, date = { "x-amz-date": time }, credential = CREDENTIAL, nowMs = NOW_MS, realClock } = form;
  const headers: Record<string, string> = { host: "sts.amazonaws.com", ...date, ...form.headers };
  const names = Object.keys(headers).toSorted();
  const { query = "", signedHeaders = names.join(";") } = form;
  const lines = names.map((name) => `${name}:${headers[name]}\n`).join("");
  const signature = signatureOf(`POST\n/\n${query}\n${lines}\n${names.join(";")}\n${BODY_SHA256}`, time, SCOPE);
  const parts = `Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`;
  const { authorization = `AWS4-HMAC-SHA256 ${parts}` } = form;
  const request = wireRequestFor({ method: "POST", target: `/?${query}`, headers: { ...headers, authorization } });
  return formClaimOf(request, {
    service: "sts",
    bodySha256: BODY_SHA256,
    nowMs,
    ...(realClock === undefined ? {} : { realClock }),
  })!;
}

type Query = Readonly<Record<string, string | undefined>>;

/** What a presigned address claims; all is well but the parameters given, `undefined` for those that are missing. */
function byQuery(given: Query = {}, nowMs = NOW_MS, headers: Readonly<Record<string, string>> = {}): Claim {
  return formClaimOf(presignedRequest(given, headers), { service: "sts", bodySha256: sha256(""), nowMs })!;
}

function presignedRequest(given: Query = {}, headers: Readonly<Record<string, string>> = {}): WireRequest {
  const parameters = {
    Action: "GetCallerIdentity",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": CREDENTIAL,
    "X-Amz-Date": TIME,
    "X-Amz-Expires": "60",
    "X-Amz-SignedHeaders": "host",
    ...given,
  };
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).toSorted();
  const canonical = `GET\n/\n${query.join("&")}\nhost:sts.amazonaws.com\n\nhost\n${sha256("")}`;
  const signature = signatureOf(canonical, TIME, SCOPE);
  const sent = "X-Amz-Signature" in given ? query : [...query, `X-Amz-Signature=${signature}`];
  return wireRequestFor({ target: `/?${sent.join("&")}`, headers: { host: "sts.amazonaws.com", ...headers } });
}

const incomplete = (message: string | RegExp) => ({ code: "IncompleteSignature", message });
const mismatch = (message: string | RegExp) => ({ code: "SignatureDoesNotMatch", message });

test("form claim: the request that AWS's documentation signs", () => {
  const headers = {
    "content-type": "application/x-www-form-urlencoded; charset=utf-8",
    host: "iam.amazonaws.com",
    "x-amz-date": "20150830T123600Z",
    authorization:
      "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, SignedHeaders=content-type;host;x-amz-date, " +
      "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
  };
  const request = wireRequestFor({ target: "/?Action=ListUsers&Version=2010-05-08", headers });
  const nowMs = Date.UTC(2015, 7, 30, 12, 36);
  const claim = formClaimOf(request, { service: "iam", bodySha256: sha256(""), nowMs });
  assert.equal(claim?.accessKeyId, "AKIDEXAMPLE");
  const key = { ...EXAMPLE_KEY, accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" };
  assert.equal(claim.prove(key).mode, "unsigned");
  assert.throws(() => claim.prove(EXAMPLE_KEY), { code: "SignatureDoesNotMatch", explanation: /\nhost:iam\.amazonaws\.com\n/ });
});

test("form claim: what is not signed claims nothing", () => {
  const options = { service: "sts", bodySha256: sha256(""), nowMs: NOW_MS } as const;
  assert.equal(formClaimOf(wireRequestFor({ target: "/?Action=a&X-Amz-Date=b" }), options), undefined);
});

test("form claim: by header, with the time in x-amz-date or in Date, of whatever form", () => {
  const claim = byHeader({ headers: { "x-amz-security-token": "token" } });
  assert.equal(claim.prove(EXAMPLE_KEY).mode, "unsigned");
  assert.equal(claim.signedAtMs, NOW_MS);
  assert.equal(claim.authType, "REST-HEADER");
  assert.equal(claim.sessionToken, "token");
  assert.equal(byHeader().sessionToken, undefined);
  assert.equal(byHeader({ date: { date: TIME } }).prove(EXAMPLE_KEY).mode, "unsigned");
  const inWords = byHeader({ date: { date: "Sun, 01 Mar 2026 12:00:00 GMT" } });
  assert.equal(inWords.prove(EXAMPLE_KEY).mode, "unsigned");
  assert.equal(inWords.signedAtMs, NOW_MS);
  assert.throws(() => byHeader().prove({ ...EXAMPLE_KEY, secretAccessKey: "another" }), { code: "SignatureDoesNotMatch" });
});

test("form claim: by header, what looks like a signature in the query is signed as anything else there", () => {
  assert.equal(byHeader({ query: "X-Amz-Signature=a" }).prove(EXAMPLE_KEY).mode, "unsigned");
});

test("form claim: by header, without a time or with another algorithm it is incomplete", () => {
  const noTime =
    /^Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header\. Authorization=AWS4-HMAC-SHA256$/;
  assert.throws(() => byHeader({ date: {} }), { ...incomplete(noTime), explanation: "Neither came." });
  assert.throws(() => byHeader({ date: { date: "soon" } }), { ...incomplete(noTime), explanation: /^"?soon"? is no time\.$/ });
  for (const authorization of ["AWS key:signature", "AWS4-HMAC-SHA256", "Bearer x"])
    assert.throws(() => byHeader({ authorization }), {
      ...incomplete("Authorization header requires the algorithm AWS4-HMAC-SHA256."),
      explanation: `The Authorization header begins with "${authorization.split(" ")[0]}".`,
    });
});

test("form claim: parts of the header that are missing are named, and spaces between them don't count", () => {
  const parts = "Credential, Credentials, SignedHeaders=host,=x";
  assert.throws(
    () => byHeader({ authorization: `AWS4-HMAC-SHA256 ${parts}` }),
    incomplete("Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter."),
  );
  assert.throws(
    () => byHeader({ authorization: "AWS4-HMAC-SHA256 Credential=a,  Signature=b" }),
    incomplete("Authorization header requires 'SignedHeaders' parameter."),
  );
  assert.throws(
    () => byHeader({ authorization: "AWS4-HMAC-SHA256 Credential=a, SignedHeaders=host" }),
    incomplete("Authorization header requires 'Signature' parameter."),
  );
  assert.throws(
    () => byHeader({ authorization: "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=b" }),
    incomplete("Authorization header requires 'Credential' parameter."),
  );
});

test("form claim: a clock may be a quarter of an hour off, and go by the real time where the server's was moved", () => {
  for (const minutes of [-15, 15]) assert.equal(byHeader({ nowMs: NOW_MS + minutes * MINUTE_MS }).signedAtMs, NOW_MS);
  assert.throws(
    () => byHeader({ nowMs: NOW_MS + 16 * MINUTE_MS }),
    mismatch("Signature expired: 20260301T120000Z is now earlier than 20260301T120100Z (20260301T121600Z - 15 min.)"),
  );
  assert.throws(
    () => byHeader({ nowMs: NOW_MS - 16 * MINUTE_MS }),
    mismatch("Signature not yet current: 20260301T120000Z is still later than 20260301T115900Z (20260301T114400Z + 15 min.)"),
  );
  assert.equal(byHeader({ nowMs: NOW_MS + 60 * MINUTE_MS, realClock: () => NOW_MS }).signedAtMs, NOW_MS);
  assert.throws(() => byHeader({ nowMs: NOW_MS + 60 * MINUTE_MS, realClock: () => NOW_MS + 30 * MINUTE_MS }), {
    code: "SignatureDoesNotMatch",
  });
});

test("form claim: the scope has five elements, is the service's, and of the day of the request", () => {
  const of = (credential: string) => () => byHeader({ credential });
  const [day, region] = SCOPE;
  assert.throws(
    of(`${day}/${region}/sts/aws4_request`),
    incomplete(/^Credential must have exactly 5 slash-delimited elements, .*, got '20260301/),
  );
  assert.equal(of(`a/b/${SCOPE.join("/")}/aws4_request`)().accessKeyId, "a/b");
  assert.throws(of(`a/${day}/${region}/iam/aws4_request`), mismatch("Credential should be scoped to correct service: 'sts'."));
  assert.throws(
    of(`a/${day}/${region}/sts/aws4`),
    mismatch("Credential should be scoped with a valid terminator: 'aws4_request', not 'aws4'."),
  );
  for (const other of ["20260302", "2026030", "202603", "", "20260301T"])
    assert.throws(
      of(`a/${other}/${region}/sts/aws4_request`),
      mismatch(
        `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${other}' != '20260301', from '${TIME}'.`,
      ),
    );
});

test("form claim: host, time and token must be signed", () => {
  const headers = { "x-amz-security-token": "token" };
  const of = (signedHeaders: string) => () => byHeader({ headers, signedHeaders });
  const missing = (name: string) => mismatch(`${name} must be a 'SignedHeader' in the AWS Authorization.`);
  assert.throws(of("x-amz-date;x-amz-security-token"), missing("'Host' or ':authority'"));
  assert.throws(of("host;x-amz-security-token"), missing("'x-amz-date'"));
  assert.throws(of("host;x-amz-date"), missing("'x-amz-security-token'"));
});

test("form claim: by a presigned address, within the time that it gives itself", () => {
  const claim = byQuery({ "X-Amz-Security-Token": "token" });
  assert.equal(claim.prove(EXAMPLE_KEY).mode, "unsigned");
  assert.equal(claim.authType, "REST-QUERY-STRING");
  assert.equal(claim.signedAtMs, NOW_MS);
  assert.equal(claim.accessKeyId, EXAMPLE_KEY.accessKeyId);
  assert.equal(claim.sessionToken, "token");
  assert.equal(byQuery().sessionToken, undefined);
  const at = (seconds: number, expires?: string) => () => byQuery({ "X-Amz-Expires": expires }, NOW_MS + seconds * 1000);
  const tooLate = { code: "SignatureDoesNotMatch", message: /^Signature expired/ };
  for (const [expires, seconds] of [
    ["60", 60],
    ["1", 1],
    ["604800", 604_800],
    [undefined, 900],
    ["0", 900],
    ["-1", 900],
    ["604801", 900],
    ["soon", 900],
  ] as const) {
    assert.equal(at(seconds, expires)().signedAtMs, NOW_MS, String(expires));
    assert.throws(at(seconds + 1, expires), tooLate, String(expires));
  }
  assert.throws(at(120, "30"), mismatch(/ is now earlier than 20260301T120130Z \(20260301T120200Z - 1 min\.\)$/));
  assert.throws(at(120, "60"), mismatch(/ is now earlier than 20260301T120100Z \(20260301T120200Z - 1 min\.\)$/));
  assert.equal(at(-900, "60")().signedAtMs, NOW_MS);
  assert.throws(at(-901, "60"), { code: "SignatureDoesNotMatch", message: /^Signature not yet current/ });
});

test("form claim: a presigned address that lacks a part is incomplete", () => {
  assert.throws(
    () => byQuery({ "X-Amz-Signature": undefined, "X-Amz-SignedHeaders": undefined }),
    incomplete(
      "AWS query-string parameters requires 'Signature' parameter. AWS query-string parameters requires 'SignedHeaders' parameter.",
    ),
  );
  assert.throws(
    () => byQuery({ "X-Amz-Credential": undefined }),
    incomplete("AWS query-string parameters requires 'Credential' parameter."),
  );
  const lacking = incomplete(/^AWS query-string parameters must include 'X-Amz-Algorithm' and 'X-Amz-Date'\./);
  for (const given of [
    { "X-Amz-Algorithm": undefined },
    { "X-Amz-Algorithm": "AWS3" },
    { "X-Amz-Date": undefined },
    { "X-Amz-Date": "x" },
  ])
    assert.throws(() => byQuery(given), lacking);
  for (const [date, shown] of [
    [undefined, '""'],
    ["x", '"x"'],
  ] as const)
    assert.throws(() => byQuery({ "X-Amz-Date": date }), {
      explanation: `X-Amz-Algorithm is AWS4-HMAC-SHA256, and X-Amz-Date a time such as 20260301T120000Z, which ${shown} is not.`,
    });
});

test("form claim: a presigned address is signed for its host", () => {
  assert.throws(() => byQuery({ "X-Amz-SignedHeaders": "x-amz-date" }), { code: "SignatureDoesNotMatch" });
  const headers = { "x-amz-security-token": "token" };
  assert.throws(() => byQuery({}, NOW_MS, headers), mismatch(/^'x-amz-security-token' must be a 'SignedHeader'/));
});

test("authenticateForm: who does not sign is nobody, where that may be, and else refused", async () => {
  const form = { service: "sts", bodySha256: sha256("") } as const;
  const options = { ...form, region: "us-east-1", nowMs: NOW_MS, credentials: exampleCredentials };
  const { caller, signature } = await authenticateForm(wireRequestFor(), { ...options, mayBeUnsigned: true });
  assert.equal(caller.kind, "anonymous");
  assert.equal(signature, undefined);
  const refused = { code: "MissingAuthenticationToken" };
  await assert.rejects(authenticateForm(wireRequestFor(), { ...options, mayBeUnsigned: false }), refused);
  for (const mayBeUnsigned of [true, false]) {
    const signed = await authenticateForm(presignedRequest(), { ...options, mayBeUnsigned });
    assert.equal(signed.caller, EXAMPLE_KEY.caller);
    assert.equal(signed.signature?.authType, "REST-QUERY-STRING");
  }
});
