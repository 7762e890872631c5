import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { authenticate } from "../../src/auth/authenticate.ts";
import type { Authentication } from "../../src/auth/Authentication.ts";
import { SIGNED_PARAMETERS } from "../../src/auth/signatureV2.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import { EXAMPLE_KEY, exampleCredentials } from "./exampleKey.ts";
import { expectRefusal } from "./expectRefusal.ts";
import { HOST, REGION } from "./sdkSigner.ts";
import type { RequestParts } from "./wireRequestFor.ts";
import { wireRequestFor } from "./wireRequestFor.ts";

const NOW_MS = Date.UTC(2026, 2, 1, 12);
const TIME = "20260301T120000Z";

function authenticated(parts: RequestParts): Promise<Authentication> {
  return authenticate(wireRequestFor(parts), { credentials: exampleCredentials, region: REGION, nowMs: NOW_MS });
}

test("SIGNED_PARAMETERS: names every parameter that decides which operation a request means", () => {
  const deciding = Object.values(routes).flatMap(({ query, requiredQuery }) => [
    // Clients of version 2 leave list-type=2, x-id=… and the id of an item within a signed sub-resource unsigned.
    ...query.filter(([, value]) => value === "").map(([name]) => name),
    ...requiredQuery.filter((name) => name !== "x-id" && name !== "id"),
  ]);
  assert.deepEqual(
    [...new Set(deciding)].filter((name) => !SIGNED_PARAMETERS.has(name)),
    [],
  );
});

test("SIGNED_PARAMETERS: names everything that replaces a header of the answer", () => {
  const overrides = ["cache-control", "content-disposition", "content-encoding", "content-language", "content-type", "expires"];
  for (const header of overrides) assert.ok(SIGNED_PARAMETERS.has(`response-${header}`), header);
});

test("authenticate: version 2 signs x-amz-date in the place of Date, sub-resources and overrides by name, decoded", async () => {
  const text = `GET\n\n\n\nx-amz-date:${TIME}\n/b/k?partNumber=1&response-content-type=a b&uploadId=x+y`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const { caller } = await authenticated({
    target: "/b/k?uploadId=x%2By&prefix=unsigned&response-content-type=a%20b&partNumber=1",
    headers: {
      host: HOST,
      date: "Mon, 01 Jan 2001 00:00:00 GMT",
      "x-amz-date": TIME,
      authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}`,
    },
  });
  assert.equal(caller.displayName, "example");
});

test("authenticate: in version 2, a bucket by its path may be signed with a slash behind it or without", async () => {
  for (const path of ["/bucket", "/bucket/"]) {
    const text = `GET\n\n\n\nx-amz-date:${TIME}\n${path}?acl`;
    const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
    const headers = { "x-amz-date": TIME, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}` };
    assert.equal((await authenticated({ target: "/bucket?acl", headers })).caller.displayName, "example");
    await expectRefusal(() => authenticated({ target: "/bucket/key?acl", headers }), {
      code: "SignatureDoesNotMatch",
      status: 403,
    });
  }
});

test("authenticate: in a URL of version 2, x-amz headers in the query are signed as headers, and those sent count more", async () => {
  const expires = String(NOW_MS / 1000 + 60);
  const text = `PUT\n\n\n${expires}\nx-amz-acl:private\nx-amz-meta-a:from the header\nx-amz-meta-b:b c\n/b/k`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const own = `AWSAccessKeyId=${EXAMPLE_KEY.accessKeyId}&Expires=${expires}&Signature=${encodeURIComponent(signature)}`;
  const target = `/b/k?${own}&X-Amz-Meta-b=b%20c&x-amz-meta-b=other&x-amz-meta-a=a&x-amz-acl=private`;
  const headers = { "x-amz-meta-a": "from the header" };
  assert.equal((await authenticated({ method: "PUT", target, headers })).caller.displayName, "example");
  for (const change of [target.replace("b%20c", "x"), target.replace("x-amz-acl=private", ""), `${target}&x-amz-meta-c=c`])
    await expectRefusal(() => authenticated({ method: "PUT", target: change, headers }), {
      code: "SignatureDoesNotMatch",
      status: 403,
    });
});

test("authenticate: in version 2, there are the years from 1970 to 9999", async () => {
  for (const date of ["Wed, 31 Dec 1969 23:59:59 GMT", "Sat, 01 Jan 10000 00:00:00 GMT", "19691231T235959Z"])
    for (const name of ["date", "x-amz-date"])
      await expectRefusal(() => authenticated({ headers: { [name]: date, authorization: "AWS a:b" } }), {
        code: "AccessDenied",
        status: 403,
        message: "AWS authentication requires a valid Date or x-amz-date header",
      });
  for (const expires of ["-1", "253402300800", "99999999999999"])
    await expectRefusal(() => authenticated({ target: `/?AWSAccessKeyId=a&Signature=b&Expires=${expires}` }), {
      code: "AccessDenied",
      status: 403,
      message: `Invalid date (should be seconds since epoch): ${expires}`,
      details: [],
    });
  const lastSecond = "/?AWSAccessKeyId=a&Signature=b&Expires=253402300799";
  await expectRefusal(() => authenticated({ target: lastSecond }), { code: "InvalidAccessKeyId", status: 403 });
});

test("authenticate: a request of version 2 says how it is signed; a URL says its end, not when it was made", async () => {
  const sign = (text: string): string => createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const headers = {
    "x-amz-date": TIME,
    authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${sign(`GET\n\n\n\nx-amz-date:${TIME}\n/b/k`)}`,
  };
  const byHeader = (await authenticated({ target: "/b/k", headers })).signature!;
  assert.deepEqual([byHeader.version, byHeader.authType, byHeader.signedAtMs], ["AWS", "REST-HEADER", NOW_MS]);
  const expires = String(NOW_MS / 1000 + 60);
  const signature = encodeURIComponent(sign(`GET\n\n\n${expires}\n/b/k`));
  const target = `/b/k?AWSAccessKeyId=${EXAMPLE_KEY.accessKeyId}&Expires=${expires}&Signature=${signature}`;
  const byQuery = (await authenticated({ target })).signature!;
  assert.deepEqual([byQuery.version, byQuery.authType, byQuery.signedAtMs], ["AWS", "REST-QUERY-STRING", undefined]);
});

test("authenticate: version 2 signs the values of x-amz headers without blanks around them, in the order of their names", async () => {
  const text = `GET\n\n\n\nx-amz-date:${TIME}\nx-amz-meta-a:b c\n/`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const headers = { "x-amz-meta-a": " b c\t", "x-amz-date": TIME, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}` };
  assert.equal((await authenticated({ headers })).caller.displayName, "example");
});

test("authenticate: in version 2, nothing but a bucket by its path may be signed with another slash, and that not wrongly", async () => {
  const signedFor = (path: string): Record<string, string> => {
    const text = `GET\n\n\n\nx-amz-date:${TIME}\n${path}`;
    const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
    return { "x-amz-date": TIME, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}` };
  };
  const wrong: readonly (readonly [sent: RequestParts, signed: string])[] = [
    [{ target: "/" }, "//"],
    [{ target: "//" }, "///"],
    [{ target: "/bucket/key" }, "/bucket/key/"],
    [{ target: "/key", virtualBucket: "bucket" }, "/bucket/key/"],
    [{ target: "/bucket" }, "/other"],
    [{ target: "/bucket" }, "/other/"],
  ];
  for (const [parts, path] of wrong) {
    await expectRefusal(() => authenticated({ ...parts, headers: signedFor(path) }), {
      code: "SignatureDoesNotMatch",
      status: 403,
    });
  }
  await authenticated({ target: "/key", virtualBucket: "bucket", headers: signedFor("/bucket/key") });
});

test("authenticate: version 2 signs the declared hash of the body, which then must be the body's", async () => {
  const hash = "0".repeat(64);
  const text = `GET\n\n\n\nx-amz-content-sha256:${hash}\nx-amz-date:${TIME}\n/`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const headers = {
    "x-amz-content-sha256": hash,
    "x-amz-date": TIME,
    authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}`,
  };
  assert.deepEqual((await authenticated({ headers })).payload, { mode: "hashed", sha256: hash, chunks: undefined });
});

test("authenticate: in version 2 by header, x-amz parameters of the query are no headers", async () => {
  const text = `GET\n\n\n\nx-amz-date:${TIME}\n/b/k`;
  const signature = createHmac("sha1", EXAMPLE_KEY.secretAccessKey).update(text).digest("base64");
  const headers = { "x-amz-date": TIME, authorization: `AWS ${EXAMPLE_KEY.accessKeyId}:${signature}` };
  assert.equal((await authenticated({ target: "/b/k?x-amz-meta-a=a", headers })).caller.displayName, "example");
});

test("authenticate: in version 2 what stands before the colon is the access key, be it empty", async () => {
  await expectRefusal(() => authenticated({ headers: { "x-amz-date": TIME, authorization: "AWS :signature" } }), {
    ...{ code: "InvalidAccessKeyId", status: 403, details: [["AWSAccessKeyId", ""]] },
  });
});
