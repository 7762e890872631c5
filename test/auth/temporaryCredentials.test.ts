import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { Authentication } from "../../src/auth/Authentication.ts";
import type { Credential, CredentialSource } from "../../src/auth/Caller.ts";
import type { Session } from "../../src/auth/Session.ts";
import { invalidToken } from "../../src/auth/sessionTokens.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { presigned, REGION, signed } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const TOKEN = "a-session-token+/=";
const SESSION: Session = {
  kind: "GetSessionToken",
  issuedAtMs: NOW_MS,
  expiresAtMs: NOW_MS + 900_000,
  mfaAtMs: undefined,
  sourceIdentity: undefined,
  transitiveTagKeys: [],
  federatedProvider: undefined,
  policies: undefined,
  policyArns: [],
};
const KEY: Credential = {
  ...EXAMPLE_KEY,
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  caller: { ...EXAMPLE_KEY.caller, accessKeyId: "ASIAIOSFODNN7EXAMPLE", session: SESSION },
};
const LOST = "ASIAIOSFODNN7EXAMPLF";

/** Knows the long-term key of the examples, and temporary credentials; those called LOST are of somebody who is not there any more. */
const credentials: CredentialSource = {
  find: (accessKeyId) => (accessKeyId === EXAMPLE_KEY.accessKeyId ? EXAMPLE_KEY : undefined),
  open: (token, accessKeyId) => {
    if (token !== TOKEN) throw invalidToken(token, "Not here.");
    return accessKeyId === LOST ? undefined : KEY;
  },
};

function authenticated(parts: RequestParts, nowMs: number = NOW_MS): Promise<Authentication> {
  return authenticate(wireRequestFor(parts), { credentials, region: REGION, nowMs });
}

function signedWith(
  token: string | undefined,
  options: { accessKeyId?: string; secretAccessKey?: string } = {},
): Promise<RequestParts> {
  const headers: Record<string, string> = token === undefined ? {} : { "x-amz-security-token": token };
  return signed({ headers }, { accessKeyId: KEY.accessKeyId, ...options, atMs: NOW_MS });
}

/** A GET signed by version 2, in its header or, with `expires`, in its query. */
function signedV2(place: { date: string } | { expires: string }): RequestParts {
  const time = "date" in place ? place.date : place.expires;
  const text = `GET\n\n\n${time}\nx-amz-security-token:${TOKEN}\n/`;
  const signature = createHmac("sha1", KEY.secretAccessKey).update(text).digest("base64");
  if ("date" in place) {
    return { headers: { "x-amz-security-token": TOKEN, date: time, authorization: `AWS ${KEY.accessKeyId}:${signature}` } };
  }
  const query = { AWSAccessKeyId: KEY.accessKeyId, Expires: time, Signature: signature, "x-amz-security-token": TOKEN };
  return { target: `/?${new URLSearchParams(query).toString()}`, headers: {} };
}

test("authenticate: temporary credentials are known by key and token together, in every form of signature", async () => {
  const inAnHour = String(NOW_MS / 1000 + 3600);
  const forms = [
    await signedWith(TOKEN),
    await presigned({}, { accessKeyId: KEY.accessKeyId, sessionToken: TOKEN, atMs: NOW_MS }),
    signedV2({ date: new Date(NOW_MS).toUTCString() }),
    signedV2({ expires: inAnHour }),
  ];
  for (const parts of forms) assert.equal((await authenticated(parts)).caller, KEY.caller);
});

test("authenticate: temporary credentials end with the session, and so do the URLs presigned with them", async () => {
  const url = await presigned({}, { accessKeyId: KEY.accessKeyId, sessionToken: TOKEN, atMs: NOW_MS, expiresInSeconds: 3600 });
  await authenticated(url, SESSION.expiresAtMs - 1);
  const error = await expectRefusal(() => authenticated(url, SESSION.expiresAtMs), {
    code: "ExpiredToken",
    status: 400,
    details: [["Token-0", TOKEN]],
  });
  assert.equal(error.message, "The provided token has expired.");
  assert.match(error.explanation!, /ended at 2026-03-01T12:15:00Z/);
});

test("authenticate: the end of the session is told before a wrong signature, and that after a wrong token", async () => {
  const forged = await signedWith(TOKEN, { secretAccessKey: "another-secret" });
  await expectRefusal(() => authenticated(forged), { code: "SignatureDoesNotMatch", status: 403 });
  await expectRefusal(() => authenticated(forged, SESSION.expiresAtMs), { code: "ExpiredToken", status: 400 });
  const both = await signedWith("another-token", { secretAccessKey: "another-secret" });
  await expectRefusal(() => authenticated(both), { code: "InvalidToken", status: 400, details: [["Token-0", "another-token"]] });
});

test("authenticate: the key of temporary credentials alone is InvalidAccessKeyId, and says that the token is missing", async () => {
  const details = [["AWSAccessKeyId", KEY.accessKeyId]] as const;
  const error = await expectRefusal(async () => authenticated(await signedWith(undefined)), {
    code: "InvalidAccessKeyId",
    status: 403,
    details,
  });
  assert.match(error.explanation!, /send their session token as well/);
});

test("authenticate: temporary credentials of who is disabled are InvalidAccessKeyId, and not said to be unknown", async () => {
  const disabled: CredentialSource = { ...credentials, open: () => ({ ...KEY, disabled: true }) };
  const request = wireRequestFor(await signedWith(TOKEN));
  const error = await expectRefusal(() => authenticate(request, { credentials: disabled, region: REGION, nowMs: NOW_MS }), {
    code: "InvalidAccessKeyId",
    status: 403,
    details: [["AWSAccessKeyId", KEY.accessKeyId]],
  });
  assert.match(error.explanation!, /is disabled/);
});

test("authenticate: where nobody issues temporary credentials, their key is one that nobody has", async () => {
  const request = wireRequestFor(await signedWith(TOKEN));
  await expectRefusal(() => authenticate(request, { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS }), {
    ...{ code: "InvalidAccessKeyId", status: 403, details: [["AWSAccessKeyId", KEY.accessKeyId]] },
  });
});

test("authenticate: temporary credentials of who is not there any more are InvalidAccessKeyId", async () => {
  const error = await expectRefusal(async () => authenticated(await signedWith(TOKEN, { accessKeyId: LOST })), {
    code: "InvalidAccessKeyId",
    status: 403,
    details: [["AWSAccessKeyId", LOST]],
  });
  assert.match(error.explanation!, /not there any more/);
});

test("authenticate: a token of temporary credentials beside a long-term key is InvalidToken", async () => {
  const { accessKeyId } = EXAMPLE_KEY;
  await expectRefusal(async () => authenticated(await signedWith(TOKEN, { accessKeyId })), {
    code: "InvalidToken",
    status: 400,
    details: [["Token-0", TOKEN]],
  });
});

test("authenticate: a token in a header that is not signed is refused as any such header is", async () => {
  const parts = await signedWith(undefined);
  await expectRefusal(() => authenticated({ ...parts, headers: { ...parts.headers, "x-amz-security-token": TOKEN } }), {
    code: "AccessDenied",
    status: 403,
    details: [["HeadersNotSigned", "x-amz-security-token"]],
  });
});

test("authenticate: a token taken out of a presigned URL, or put into one, breaks its signature", async () => {
  const url = await presigned({}, { accessKeyId: KEY.accessKeyId, sessionToken: TOKEN, atMs: NOW_MS });
  const without = url.target!.replace(/X-Amz-Security-Token=[^&]*&?/, "");
  await expectRefusal(() => authenticated({ ...url, target: without }), { code: "InvalidAccessKeyId", status: 403 });
  const plain = await presigned({}, { accessKeyId: KEY.accessKeyId, atMs: NOW_MS });
  const put = `${plain.target}&X-Amz-Security-Token=${encodeURIComponent(TOKEN)}`;
  await expectRefusal(() => authenticated({ ...plain, target: put }), { code: "SignatureDoesNotMatch", status: 403 });
});
