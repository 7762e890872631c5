import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { addMfaDevice, enableMfaDevice } from "../../src/store/accounts/mfaDevices.ts";
import { codesOf, STEP_MS } from "../store/accounts/authenticator.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal, invalidArgument, invalidRequest } from "./refusals.ts";

/** MFA delete over the wire, to the byte; a test has moved S3's clock, and the device lives in real time. */

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
const VERSIONING = { method: "PUT", path: "/bucket", query: { versioning: "" } };
const INVALID = {
  status: 400,
  code: "TokenCodeInvalidError",
  message: "The serial number and/or token code you provided is not valid.",
};

function configuration(inside: string): string {
  return `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</VersioningConfiguration>`;
}

/** A server whose first user has a device; each `mfa()` is the next x-amz-mfa. */
async function start(mfaWithoutTls: boolean) {
  let realNowMs = NOW_MS - YEAR_MS;
  const answers = await AnswerServer.start({ realClock: () => realNowMs, mfaWithoutTls });
  const { store } = answers.server;
  const { serial, secret } = await addMfaDevice(store, "tester");
  const mfa = (): string => `${serial} ${codesOf(secret, (realNowMs += STEP_MS))[1]}`;
  const refused = async (asked: Asked, answer: Refusal): Promise<void> => {
    const readsBody = asked.body !== undefined;
    const sent = await answers.send(asked, "header");
    assertRefusal(answers, { cause: answer.code, asked, answer, readsBody }, sent);
  };
  const done = async (asked: Asked): Promise<string> => {
    const { status, body } = await answers.send(asked, "header");
    assert.ok(status === 200 || status === 204, body);
    return body.replace(/^<\?xml .*\?>\n/, "");
  };
  return {
    serial,
    mfa,
    refused,
    done,
    enable: () => enableMfaDevice(store, "tester", codesOf(secret, realNowMs)),
    [Symbol.asyncDispose]: () => answers[Symbol.asyncDispose](),
  };
}

test("MFA delete: it is set, shown, asked for and refused as on S3", async () => {
  await using server = await start(true);
  const { serial, mfa, refused, done, enable } = server;
  const body = configuration("<Status>Enabled</Status><MfaDelete>Enabled</MfaDelete>");
  const missing = {
    status: 403,
    code: "AccessDenied",
    message: "Mfa Authentication must be used for this request",
    says: "MFA delete needs x-amz-mfa for this: the serial number of the bucket owner's MFA device, a space, and the code it shows.",
  };
  const digest = { "Content-MD5": createHash("md5").update(body).digest("base64") };
  await refused({ ...VERSIONING, body, headers: digest }, missing);
  await refused(
    { ...VERSIONING, body, headers: { ...digest, "x-amz-mfa": mfa() } },
    {
      status: 400,
      code: "DeviceNotActiveError",
      message: "The device is not currently active.",
      says: "You have no MFA device in use; the operator makes one with holdfast user mfa add, and enables it.",
    },
  );
  await enable();
  await done({ ...VERSIONING, body, headers: { ...digest, "x-amz-mfa": mfa() } });
  assert.equal(await done({ ...VERSIONING, method: "GET" }), body);
  const version = { method: "DELETE", path: "/bucket/key", query: { versionId: "null" } };
  await refused(version, missing);
  await refused(
    { ...version, headers: { "x-amz-mfa": "970589" } },
    invalidArgument(
      "Mfa header is invalid -- the header should be formatted as {serialNumber}(space){tokenCode}",
      "x-amz-mfa",
      "970589",
      "x-amz-mfa holds a serial number and a code, with one space between them.",
    ),
  );
  await refused(
    { ...version, headers: { "x-amz-mfa": "arn:aws:iam::123456789012:mfa/root-account-mfa-device 123456" } },
    {
      status: 400,
      code: "NotDeviceOwnerError",
      message: "The device that generated the token is not owned by the authenticated user.",
      says: `The serial number is not that of your MFA device, which is ${serial}.`,
    },
  );
  await refused(
    { ...version, headers: { "x-amz-mfa": "20899872 301749" } },
    { ...INVALID, says: `The serial number is not that of your MFA device, which is ${serial}.` },
  );
  const once = mfa();
  await done({ ...version, headers: { "x-amz-mfa": once } });
  await refused(
    { ...version, headers: { "x-amz-mfa": once } },
    { ...INVALID, says: "This code, or a later one, was used before; wait for the next one." },
  );
  const wrong = "Your MFA device does not show this code now; send the present one, and look at the device's clock.";
  for (let tries = 0; tries < 5; tries++) {
    await refused({ ...version, headers: { "x-amz-mfa": `${serial} 12345x` } }, { ...INVALID, says: wrong });
  }
  await refused(
    { ...version, headers: { "x-amz-mfa": mfa() } },
    {
      ...INVALID,
      says: "Too many wrong codes came for your MFA device; until a quarter of an hour after the last, none is looked at.",
    },
  );
});

test("MFA delete: x-amz-mfa does not come over plain HTTP", async () => {
  await using server = await start(false);
  await server.enable();
  await server.refused(
    { method: "DELETE", path: "/bucket/key", headers: { "x-amz-mfa": server.mfa() } },
    invalidRequest(
      "Requests that include x-amz-mfa must use HTTPS.",
      "The code came over plain HTTP, which shows it to everybody on the way; use https, or have the operator allow it with --mfa-without-tls.",
    ),
  );
});
