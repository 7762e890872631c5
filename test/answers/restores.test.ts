import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { loggedOperation } from "../../src/protocol/rest/loggedOperation.ts";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer, NOW_MS } from "./AnswerServer.ts";
import { invalidArgument, refusals } from "./refusals.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

function restore(key: string, body: string | undefined, query: Readonly<Record<string, string>> = {}): Asked {
  return { method: "POST", path: `/bucket/${key}`, query: { restore: "", ...query }, body };
}

function putPolicy(statement: object): Asked {
  const body = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const headers = { "content-md5": createHash("md5").update(body).digest("base64") };
  return { method: "PUT", path: "/bucket", query: { policy: "" }, headers, body };
}

const days = (count: number | string, more = ""): string => `<RestoreRequest><Days>${count}</Days>${more}</RestoreRequest>`;
const tier = (name: string): string => `<GlacierJobParameters><Tier>${name}</Tier></GlacierJobParameters>`;

refusals("RestoreObject", [
  {
    cause: "an object that is not archived",
    asked: restore("key", days(1)),
    readsBody: true,
    answer: {
      status: 403,
      code: "InvalidObjectState",
      message: "Restore is not allowed for the object's current storage class",
      details: { StorageClass: "STANDARD" },
      says: "The object is stored as STANDARD, and in no archive: it can be read as it is.",
    },
  },
  {
    cause: "a key that is not there",
    asked: restore("none", days(1)),
    readsBody: true,
    answer: {
      status: 404,
      code: "NoSuchKey",
      message: "The specified key does not exist.",
      details: { Key: "none" },
      says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
    },
  },
  {
    cause: "no days",
    asked: restore("archived", days(0)),
    readsBody: true,
    answer: invalidArgument(
      "restoration days should be at least 1",
      "Days",
      "0",
      "Days is 0; a restored copy stays for 1 to 1000000 days.",
    ),
  },
  {
    cause: "a document without days",
    asked: restore("archived", "<RestoreRequest/>"),
    readsBody: true,
    answer: {
      status: 400,
      code: "MalformedXML",
      message: "The XML you provided was not well-formed or did not validate against our published schema",
      says: "RestoreRequest has no Days; an object of GLACIER is restored for a number of them.",
    },
  },
  {
    cause: "no document",
    asked: restore("archived", undefined),
    readsBody: true,
    answer: {
      status: 400,
      code: "MissingRequestBodyError",
      message: "Request Body is empty",
      says: "RestoreObject needs a RestoreRequest in its body, which says for how many Days; the body is empty.",
    },
  },
]);

test("RestoreObject: documents that are not as the schema has them are malformed", async () => {
  await using answers = await AnswerServer.start();
  for (const body of [
    "<RestoreRequest>",
    "<Restore><Days>1</Days></Restore>",
    days("one"),
    days(1, tier("Fast")),
    days(1, tier("")),
  ]) {
    const answer = await answers.send(restore("archived", body), "header");
    assert.deepEqual([answer.status, element(answer, "Code")], [400, "MalformedXML"], body);
  }
});

test("RestoreObject: 202, 409 while it is under way, 200 after that, each without a body; reads tell of it", async () => {
  const clock = { nowMs: NOW_MS };
  await using answers = await AnswerServer.start({ clock: () => clock.nowMs, realClock: () => NOW_MS });
  Object.assign(answers.server.store, { restoreTimes: "s3" });
  const send = async (asked: Asked) => {
    const answer = await answers.send(asked, "header");
    return [answer.status, answer.body, answer.headers.get("x-amz-restore"), answer.headers.get("x-amz-storage-class")];
  };
  const head: Asked = { method: "HEAD", path: "/bucket/archived" };
  const xmlns = '<?xml version="1.0" encoding="UTF-8"?>\n<RestoreRequest xmlns="http://s3.amazonaws.com/doc/2006-03-01/">';
  const whole = `${xmlns}<Days>2</Days>${tier("Bulk")}<Description>audit</Description></RestoreRequest>`;
  assert.deepEqual(await send(restore("archived", whole)), [202, "", undefined, undefined]);
  assert.deepEqual(await send(head), [200, "", 'ongoing-request="true"', "GLACIER"]);
  const refused = await answers.send(restore("archived", whole), "header");
  assert.deepEqual(
    [refused.status, element(refused, "Code"), element(refused, "Message")],
    [409, "RestoreAlreadyInProgress", "Object restore is already in progress"],
  );
  clock.nowMs += DAY_MS / 2;
  const there = 'ongoing-request="false", expiry-date="Wed, 04 Mar 2026 00:00:00 GMT"';
  assert.deepEqual(await send(head), [200, "", there, "GLACIER"]);
  assert.deepEqual(await send({ method: "GET", path: "/bucket/archived" }), [200, "cold", there, "GLACIER"]);
  assert.deepEqual(await send(restore("archived", days(5))), [200, "", undefined, undefined]);
  const listed = await answers.send(
    {
      method: "GET",
      path: "/bucket",
      query: { "list-type": "2" },
      headers: { "x-amz-optional-object-attributes": "RestoreStatus" },
    },
    "header",
  );
  assert.match(
    listed.body,
    /<StorageClass>GLACIER<\/StorageClass><RestoreStatus><IsRestoreInProgress>false<\/IsRestoreInProgress><RestoreExpiryDate>2026-03-07T00:00:00\.000Z<\/RestoreExpiryDate><\/RestoreStatus><\/Contents>/,
  );
});

test("RestoreObject: who may read may not restore, and who may restore may not read", async () => {
  await using answers = await AnswerServer.start();
  const policy = (Action: string): Asked =>
    putPolicy({ Effect: "Allow", Principal: "*", Action, Resource: "arn:aws:s3:::bucket/*" });
  const statuses = async () => [
    (await answers.send(restore("archived", days(1)), "stranger")).status,
    (await answers.send({ method: "HEAD", path: "/bucket/archived" }, "stranger")).status,
  ];
  assert.deepEqual(await statuses(), [403, 403]);
  await answers.send({ method: "DELETE", path: "/bucket", query: { publicAccessBlock: "" } }, "header");
  assert.equal((await answers.send(policy("s3:GetObject"), "header")).status, 204);
  assert.deepEqual(await statuses(), [403, 200]);
  assert.equal((await answers.send(policy("s3:RestoreObject"), "header")).status, 204);
  assert.deepEqual(await statuses(), [202, 403]);
});

test("Storage classes: a policy can ask for the class of what is written", async () => {
  await using answers = await AnswerServer.start();
  const Condition = { StringNotEquals: { "s3:x-amz-storage-class": ["GLACIER", "STANDARD_IA"] } };
  const statement = { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/*", Condition };
  assert.equal((await answers.send(putPolicy(statement), "header")).status, 204);
  const write = async (headers: Readonly<Record<string, string>>): Promise<number[]> => [
    (await answers.send({ method: "PUT", path: "/bucket/new", headers, body: "x" }, "header")).status,
    (await answers.send({ method: "POST", path: "/bucket/new", query: { uploads: "" }, headers }, "header")).status,
    (
      await answers.send(
        { method: "PUT", path: "/bucket/new", headers: { ...headers, "x-amz-copy-source": "bucket/key" } },
        "header",
      )
    ).status,
  ];
  assert.deepEqual(await write({ "x-amz-storage-class": "STANDARD_IA" }), [200, 200, 200]);
  assert.deepEqual(await write({ "x-amz-storage-class": "DEEP_ARCHIVE" }), [403, 403, 403]);
});

test("Storage classes: headers leave STANDARD out, and lists, attributes and uploads show every class", async () => {
  await using answers = await AnswerServer.startEmpty();
  await answers.send({ method: "PUT", path: "/bucket" }, "header");
  const classes = [
    "STANDARD",
    "REDUCED_REDUNDANCY",
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
  ];
  for (const name of classes) {
    const headers = { "x-amz-storage-class": name };
    await answers.send({ method: "PUT", path: `/bucket/${name}`, headers, body: "x" }, "header");
    const shown = (await answers.send({ method: "HEAD", path: `/bucket/${name}` }, "header")).headers.get("x-amz-storage-class");
    assert.equal(shown, name === "STANDARD" ? undefined : name);
    const asked = {
      method: "GET",
      path: `/bucket/${name}`,
      query: { attributes: "" },
      headers: { "x-amz-object-attributes": "StorageClass" },
    };
    assert.equal(element(await answers.send(asked, "header"), "StorageClass"), name);
    const begun = await answers.send({ method: "POST", path: `/bucket/${name}`, query: { uploads: "" }, headers }, "header");
    const uploadId = element(begun, "UploadId")!;
    const parts = await answers.send({ method: "GET", path: `/bucket/${name}`, query: { uploadId } }, "header");
    assert.equal(element(parts, "StorageClass"), name);
  }
  const shown = async (query: Readonly<Record<string, string>>): Promise<string[]> => {
    const { body } = await answers.send({ method: "GET", path: "/bucket", query }, "header");
    return [...body.matchAll(/<StorageClass>(\w+)<\/StorageClass>/g)].map(([, name]) => name!);
  };
  for (const query of [{}, { "list-type": "2" }, { versions: "" }, { uploads: "" }])
    assert.deepEqual(await shown(query), classes.toSorted());
});

test("Storage classes: those that no object of a bucket can have are refused", async () => {
  await using answers = await AnswerServer.start();
  for (const name of ["OUTPOSTS", "SNOW", "EXPRESS_ONEZONE", "FSX_OPENZFS", "FSX_ONTAP", "AWS_BACKUP_WARM", "standard", "COLD"]) {
    const headers = { "x-amz-storage-class": name };
    const answer = await answers.send({ method: "PUT", path: "/bucket/new", headers, body: "x" }, "header");
    assert.deepEqual(
      [answer.status, element(answer, "Code"), element(answer, "StorageClassRequested")],
      [400, "InvalidStorageClass", name],
    );
  }
});

test("Access log: a restore is called REST.POST.RESTORE", () => {
  assert.equal(loggedOperation("POST", "RestoreObject", "key"), "REST.POST.RESTORE");
});
