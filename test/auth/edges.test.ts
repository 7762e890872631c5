import assert from "node:assert/strict";
import { createHmac, hash } from "node:crypto";
import { test } from "node:test";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { Authentication } from "../../src/auth/Authentication.ts";
import { ChainedSignatures } from "../../src/auth/ChainedSignatures.ts";
import { declaredPayload } from "../../src/auth/payloadSecurity.ts";
import { rootCaller } from "../../src/auth/rootCaller.ts";
import { basicTime, checkSkew, isDay, isSkewed, parseEpochSeconds, parseTime, withoutDate } from "../../src/auth/requestTime.ts";
import { signingKeyV4 } from "../../src/auth/signingKeys.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { HOST, REGION, signed } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

/** The last and first requests on either side of what is accepted. */

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const MINUTE_MS = 60_000;
const DAY = "20260301";
const SCOPE = `${DAY}/${REGION}/s3/aws4_request`;

function authenticated(parts: RequestParts, nowMs: number = NOW_MS): Promise<Authentication> {
  return authenticate(wireRequestFor(parts), { credentials: exampleCredentials, region: REGION, nowMs });
}

/** What changes a presigned URL of version 4. */
interface Presigning {
  /** YYYYMMDD'T'HHMMSS'Z'. */
  readonly time?: string;
  readonly expires?: string;
  /** Further parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Headers besides host, which are signed. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly payloadHash?: string;
}

/** A GET signed in its query, after the letter of AWS's page. */
function presigned(signing: Presigning = {}): RequestParts {
  const { time = `${DAY}T120000Z`, expires = "60", parameters = {}, headers = {}, payloadHash = "UNSIGNED-PAYLOAD" } = signing;
  const sent: Readonly<Record<string, string>> = { host: HOST, ...headers };
  const names = Object.keys(sent).toSorted();
  const query = Object.entries({
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${EXAMPLE_KEY.accessKeyId}/${SCOPE}`,
    "X-Amz-Date": time,
    "X-Amz-Expires": expires,
    "X-Amz-SignedHeaders": names.join(";"),
    ...parameters,
  })
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const lines = names.map((name) => `${name}:${sent[name]}\n`).join("");
  const canonical = `GET\n/\n${query}\n${lines}\n${names.join(";")}\n${payloadHash}`;
  const text = `AWS4-HMAC-SHA256\n${time}\n${SCOPE}\n${hash("sha256", canonical)}`;
  const key = SCOPE.split("/").reduce(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    Buffer.from(`AWS4${EXAMPLE_KEY.secretAccessKey}`),
  );
  return { target: `/?${query}&X-Amz-Signature=${createHmac("sha256", key).update(text).digest("hex")}`, headers: sent };
}

/** A GET signed by version 2, in its header or, with `expires`, in its query. */
function signedV2(headers: Readonly<Record<string, string>>, place: { date: string } | { expires: string }): RequestParts {
  const time = "date" in place ? place.date : place.expires;
  const amz = Object.keys(headers).filter((name) => name.startsWith("x-amz-"));
  const text = `GET\n\n\n${time}\n${amz.map((name) => `${name}:${headers[name]}\n`).join("")}/`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  if ("date" in place) {
    return { headers: { ...headers, date: time, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}` } };
  }
  const query = new URLSearchParams({ AWSAccessKeyId: EXAMPLE_KEY.accessKeyId, Expires: time, Signature: signature });
  return { target: `/?${query.toString()}`, headers };
}

test("authenticate: a clock may be off by fifteen minutes, in either direction, and not by a second more", async () => {
  for (const sign of [-1, 1]) {
    const edgeMs = NOW_MS + sign * 15 * MINUTE_MS;
    await authenticated(await signed({}, { atMs: edgeMs }));
    const error = await expectRefusal(async () => authenticated(await signed({}, { atMs: edgeMs + sign * 1000 })), {
      code: "RequestTimeTooSkewed",
      status: 403,
    });
    assert.match(error.explanation!, new RegExp(`signed 901 seconds ${sign < 0 ? "before" : "after"} the server's time`));
    const dateOf = (ms: number): { date: string } => ({ date: new Date(ms).toUTCString() });
    await authenticated(signedV2({}, dateOf(edgeMs)));
    await expectRefusal(() => authenticated(signedV2({}, dateOf(edgeMs + sign * 1000))), {
      code: "RequestTimeTooSkewed",
      status: 403,
    });
  }
});

test("isSkewed: where the server's time was moved, a clock may go by the real time, or by any in between", () => {
  const movedMs = 60 * MINUTE_MS;
  for (const [nowMs, realMs] of [
    [NOW_MS, NOW_MS + movedMs],
    [NOW_MS + movedMs, NOW_MS],
  ] as const) {
    const skewed = (offMs: number): boolean => isSkewed(NOW_MS + offMs, nowMs, () => realMs);
    for (const offMs of [-15 * MINUTE_MS, 0, 30 * MINUTE_MS, movedMs, movedMs + 15 * MINUTE_MS])
      assert.equal(skewed(offMs), false);
    for (const offMs of [-15 * MINUTE_MS - 1, movedMs + 15 * MINUTE_MS + 1]) assert.equal(skewed(offMs), true);
  }
});

test("checkSkew: the milliseconds count, too", () => {
  checkSkew(NOW_MS, "sent", NOW_MS + 15 * MINUTE_MS);
  assert.throws(() => checkSkew(NOW_MS, "sent", NOW_MS + 15 * MINUTE_MS + 1), { code: "RequestTimeTooSkewed" });
});

test("parseTime, parseEpochSeconds: 1970 begins with its first second, and the last is that of 9999", () => {
  for (const first of ["19700101T000000Z", "Thu, 01 Jan 1970 00:00:00 GMT"]) assert.equal(parseTime(first), 0);
  assert.equal(parseTime("Wed, 31 Dec 1969 23:59:59 GMT"), undefined);
  assert.equal(parseEpochSeconds("0"), 0);
  assert.equal(parseEpochSeconds("253402300799"), 253_402_300_799_000);
  assert.equal(parseEpochSeconds("253402300800"), undefined);
});

test("withoutDate: it says whether a time came that is none", () => {
  assert.match(withoutDate("").explanation!, /\. Neither came\.$/);
  assert.match(withoutDate("soon").explanation!, /\. "soon" is no time\.$/);
});

test("authenticate: a presigned URL is valid from fifteen minutes before its date to the end of its life", async () => {
  const url = presigned();
  await authenticated(url, NOW_MS - 15 * MINUTE_MS);
  await authenticated(url, NOW_MS + 60_000);
  const early = await expectRefusal(() => authenticated(url, NOW_MS - 15 * MINUTE_MS - 1), {
    code: "AccessDenied",
    status: 403,
    message: "Request is not yet valid",
  });
  assert.match(early.explanation!, /valid from 2026-03-01T12:00:00Z, and the server's time is 2026-03-01T11:44:59Z/);
  const late = await expectRefusal(() => authenticated(url, NOW_MS + 60_001), {
    code: "AccessDenied",
    status: 403,
    message: "Request has expired",
  });
  assert.match(late.explanation!, /valid for 60 seconds, until 2026-03-01T12:01:00Z/);
});

test("authenticate: a presigned URL may live a week, or no second", async () => {
  const week = presigned({ expires: "604800" });
  await authenticated(week, NOW_MS + 604_800_000);
  await expectRefusal(() => authenticated(week, NOW_MS + 604_800_001), { code: "AccessDenied", status: 403 });
  await authenticated(presigned({ expires: "0" }));
  for (const expires of ["1e2", "0x10", "6.5", " 60", "60 ", "", "1234567890123456"]) {
    await expectRefusal(() => authenticated(presigned({ expires })), {
      code: "AuthorizationQueryParametersError",
      status: 400,
      message: "X-Amz-Expires should be a number",
    });
  }
});

test("authenticate: a URL of version 2 is valid until Expires, and takes whole seconds alone", async () => {
  const url = signedV2({}, { expires: String(NOW_MS / 1000) });
  await authenticated(url);
  await expectRefusal(() => authenticated(url, NOW_MS + 1), {
    code: "AccessDenied",
    status: 403,
    message: "Request has expired",
  });
  for (const expires of ["-1", "1e3", "9.5", " 2000000000", "2000000000 ", "1234567890123"]) {
    await expectRefusal(() => authenticated(signedV2({}, { expires })), {
      code: "AccessDenied",
      status: 403,
      message: `Invalid date (should be seconds since epoch): ${expires}`,
    });
  }
});

const HASH = hash("sha256", "body");

test("authenticate: the hash of a presigned body stands in its header or in the query, the header first, and is signed", async () => {
  const declared = { mode: "hashed", sha256: HASH, chunks: undefined };
  const inHeader = { "x-amz-content-sha256": HASH };
  const inQuery = { "X-Amz-Content-Sha256": HASH };
  const other = { "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD" };
  for (const signing of [{ headers: inHeader }, { parameters: inQuery }, { headers: inHeader, parameters: other }]) {
    const { payload } = await authenticated(presigned({ ...signing, payloadHash: HASH }));
    assert.deepEqual(payload, declared);
    await expectRefusal(() => authenticated(presigned(signing)), { code: "SignatureDoesNotMatch", status: 403 });
  }
});

test("authenticate: a token beside a long-term key is InvalidToken in every form of signature, the header's first", async () => {
  const token = "x-amz-security-token";
  const refused = (parts: RequestParts, value: string): Promise<unknown> =>
    expectRefusal(() => authenticated(parts), { code: "InvalidToken", status: 400, details: [["Token-0", value]] });
  await refused(presigned({ headers: { [token]: "in header" } }), "in header");
  await refused(presigned({ parameters: { "X-Amz-Security-Token": "in-query" } }), "in-query");
  await refused(presigned({ headers: { [token]: "a" }, parameters: { "X-Amz-Security-Token": "b" } }), "a");
  await refused(signedV2({ [token]: "a" }, { date: new Date(NOW_MS).toUTCString() }), "a");
  // In the query it is signed as the header it was.
  const { target } = signedV2({ [token]: "b" }, { expires: "2000000000" });
  await refused({ headers: {}, target: `${target}&${token}=b` }, "b");
  const both = signedV2({ [token]: "a" }, { expires: "2000000000" });
  await refused({ ...both, target: `${both.target}&${token}=b` }, "a");
});

test("declaredPayload: a hash is 64 hexadecimal digits of either case, and nothing near them", () => {
  assert.deepEqual(declaredPayload(HASH.toUpperCase()), { mode: "hashed", sha256: HASH, chunks: undefined });
  assert.equal(declaredPayload("0123456789abcdefABCDEF".padEnd(64, "0")).mode, "hashed");
  for (const neighbour of ["/", ":", "@", "G", "`", "g", " ", "\u0130"]) {
    assert.throws(() => declaredPayload(neighbour + "0".repeat(63)), { code: "InvalidArgument" }, neighbour);
    assert.throws(() => declaredPayload("0".repeat(63) + neighbour), { code: "InvalidArgument" }, neighbour);
  }
  for (const length of [63, 65]) assert.throws(() => declaredPayload("0".repeat(length)), { code: "InvalidArgument" });
});

test("declaredPayload: each word is a mode of its own", () => {
  const modes = [
    ["UNSIGNED-PAYLOAD", "unsigned"],
    ["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "unsignedChunksWithTrailer"],
    ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "signedChunks"],
    ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "signedChunksWithTrailer"],
  ] as const;
  for (const [word, mode] of modes) assert.deepEqual(declaredPayload(word), { mode, sha256: undefined, chunks: undefined });
});

test("declaredPayload: who signs chunks with version 4A is told so, and others what they sent", () => {
  const told = (header: string): string => {
    try {
      declaredPayload(header);
    } catch (error) {
      return (error as { explanation: string }).explanation;
    }
    return "accepted";
  };
  assert.match(told("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"), /^Chunks signed with Signature Version 4A cannot be verified/);
  assert.match(told("none"), /^x-amz-content-sha256 is "none", neither/);
});

test("authenticate: the explanation names the component of the header, or the parameter, that is missing", async () => {
  const told = async (parts: RequestParts): Promise<string> => {
    const thrown: unknown = await authenticated(parts).catch((error: unknown) => error);
    return (thrown as { explanation: string }).explanation;
  };
  const headers = { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": `${DAY}T120000Z` };
  const components = ["Credential=a", "SignedHeaders=b", "Signature=c"];
  for (const [index, component] of components.entries()) {
    const authorization = `AWS4-HMAC-SHA256 ${components.toSpliced(index, 1).join(", ")}`;
    const name = component.slice(0, -2);
    assert.equal(
      await told({ headers: { ...headers, authorization } }),
      `The Authorization header has no ${name}; sign the request again.`,
    );
  }
  assert.equal(await told({ target: "/?X-Amz-Signature=00" }), "The URL lacks X-Amz-Algorithm.");
  const parameters = ["AWSAccessKeyId=a", "Signature=b", "Expires=1"];
  for (const [index, parameter] of parameters.entries()) {
    const target = `/?${parameters.toSpliced(index, 1).join("&")}`;
    assert.equal(await told({ target }), `The URL lacks ${parameter.slice(0, -2)}.`);
  }
});

test("authenticate: one parameter of a version suffices to be taken for an attempt at it", async () => {
  for (const name of ["X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"]) {
    await expectRefusal(() => authenticated({ target: `/?${name}=AWS4-HMAC-SHA256` }), {
      code: "AuthorizationQueryParametersError",
      status: 400,
      message:
        "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, " +
        "X-Amz-SignedHeaders, and X-Amz-Expires parameters.",
    });
  }
  for (const name of ["Signature", "AWSAccessKeyId"]) {
    await expectRefusal(() => authenticated({ target: `/?${name}=a` }), {
      code: "AccessDenied",
      status: 403,
      message: "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters",
    });
  }
});

test("authenticate: an access key may hold slashes, and the scope is what stands behind the last of them", async () => {
  const headers = { host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": `${DAY}T120000Z` };
  const signature = "SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=00";
  const authorization = `AWS4-HMAC-SHA256 Credential=A/B//C/${SCOPE}, ${signature}`;
  await expectRefusal(() => authenticated({ headers: { ...headers, authorization } }), {
    code: "InvalidAccessKeyId",
    status: 403,
    details: [["AWSAccessKeyId", "A/B//C"]],
  });
});

test("authenticate: a disabled key is refused as one that nobody has, well signed or not", async () => {
  const credentials = { find: () => ({ ...EXAMPLE_KEY, disabled: true }) };
  const request = wireRequestFor(await signed({}, { atMs: NOW_MS }));
  await expectRefusal(() => authenticate(request, { credentials, region: REGION, nowMs: NOW_MS }), {
    code: "InvalidAccessKeyId",
    status: 403,
    message: "The AWS Access Key Id you provided does not exist in our records.",
    details: [["AWSAccessKeyId", EXAMPLE_KEY.accessKeyId]],
  });
});

test("authenticate: in version 4 a time before 1970 is a time, too far back", async () => {
  const sent = "19691231T235959Z";
  await expectRefusal(
    () =>
      authenticated({
        headers: {
          ...{ host: HOST, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": sent },
          authorization: "AWS4-HMAC-SHA256 Credential=a",
        },
      }),
    {
      ...{ code: "RequestTimeTooSkewed", status: 403 },
      details: [
        ["RequestTime", sent],
        ["ServerTime", "2026-03-01T12:00:00Z"],
        ["MaxAllowedSkewMilliseconds", "900000"],
      ],
    },
  );
});

test("authenticate: a region that the server answers for beside its own may be signed for", async () => {
  const request = wireRequestFor(await signed({}, { atMs: NOW_MS, region: "eu-west-1" }));
  const options = { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS };
  const { signature } = await authenticate(request, { ...options, otherRegions: ["eu-central-1", "eu-west-1"] });
  assert.equal(signature?.region, "eu-west-1");
  await expectRefusal(() => authenticate(request, { ...options, otherRegions: ["eu-central-1"] }), {
    ...{ code: "AuthorizationHeaderMalformed", status: 400, headers: { "x-amz-bucket-region": REGION } },
  });
});

test("authenticate: version 4A is UnsupportedSignature in a URL, whatever it goes on with", async () => {
  for (const algorithm of ["AWS4-ECDSA-P256-SHA256", "AWS4-ECDSA-P256-SHA256-PAYLOAD"]) {
    await expectRefusal(() => authenticated({ target: `/?X-Amz-Algorithm=${algorithm}` }), {
      ...{ code: "UnsupportedSignature", status: 400 },
    });
  }
});

test("rootCaller: its ARN and its id are the account's", () => {
  const names = { accountId: "111122223333", canonicalId: "c0".repeat(32), displayName: "tester" };
  assert.deepEqual(rootCaller(names, "AKIAEXAMPLE"), {
    ...names,
    kind: "root",
    accessKeyId: "AKIAEXAMPLE",
    arn: "arn:aws:iam::111122223333:root",
    userId: "111122223333",
    userName: undefined,
    principalArn: "arn:aws:iam::111122223333:root",
    tags: {},
    session: undefined,
  });
});

test("authenticate: version 2 with a Date that is none is refused as without one", async () => {
  await expectRefusal(() => authenticated(signedV2({}, { date: "soon" })), {
    code: "AccessDenied",
    status: 403,
    message: "AWS authentication requires a valid Date or x-amz-date header",
  });
});

test("ChainedSignatures: each chunk and the trailer must continue what came before, and a refusal says which did not", () => {
  const signingKey = signingKeyV4(EXAMPLE_KEY.accessKeyId, EXAMPLE_KEY.secretAccessKey, DAY, REGION);
  const time = `${DAY}T120000Z`;
  const { accessKeyId } = EXAMPLE_KEY;
  const chain = (): ChainedSignatures =>
    new ChainedSignatures({ accessKeyId, signingKey, seedSignature: "seed", time, scope: SCOPE });
  const sign = (kind: string, before: string, hashes: string): string =>
    signingKey.sign(`AWS4-HMAC-SHA256-${kind}\n${time}\n${SCOPE}\n${before}\n${hashes}`);
  const first = sign("PAYLOAD", "seed", `${hash("sha256", "")}\naa`);
  const second = sign("PAYLOAD", first, `${hash("sha256", "")}\nbb`);
  const trailer = sign("TRAILER", second, "cc");
  const whole = chain();
  whole.verifyChunk("aa", first);
  whole.verifyChunk("bb", second);
  whole.verifyTrailer("cc", trailer);

  const cut = chain();
  const refused = { code: "SignatureDoesNotMatch" };
  assert.throws(() => cut.verifyChunk("bb", second), { ...refused, explanation: /^Chunk 1 is not what its sender signed/ });
  const changed = chain();
  changed.verifyChunk("aa", first);
  assert.throws(() => changed.verifyChunk("b0", second), { ...refused, explanation: /^Chunk 2 is not what its sender signed/ });
  const other = chain();
  other.verifyChunk("aa", first);
  other.verifyChunk("bb", second);
  assert.throws(() => other.verifyTrailer("c0", trailer), {
    ...refused,
    explanation: "The trailer is not what its sender signed.",
  });
});

test("isDay, basicTime: eight digits are a day, and times are written as they are read", () => {
  assert.deepEqual(["20260301", "09876543", "99999999"].map(isDay), [true, true, true]);
  assert.deepEqual(["2026030", "202603011", "2026-3-1", "2026030:", "/0260301"].map(isDay), [false, false, false, false, false]);
  assert.equal(basicTime(Date.UTC(2027, 10, 29, 23, 58, 57, 999)), "20271129T235857Z");
});

test("signingKeyV4: the oldest of a thousand keys is made anew when it is asked for again, the others are kept", () => {
  const keyOf = (index: number): unknown => signingKeyV4(`AKIDOFMANY${index}`, "secret", DAY, REGION);
  const keys = Array.from({ length: 1_000 }, (_, index) => keyOf(index));
  assert.equal(keyOf(0), keys[0]);
  const newest = keyOf(1_000);
  assert.equal(keyOf(1), keys[1]);
  assert.equal(keyOf(1_000), newest);
  assert.notEqual(keyOf(0), keys[0]);
});
