import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { RequestDocument } from "../../src/access/conditionKeys/RequestDocument.ts";
import { ANONYMOUS } from "../../src/auth/authenticate.ts";
import type { Caller } from "../../src/auth/Caller.ts";
import { S3Error } from "../../src/errors/S3Error.ts";
import type { AnyOperation } from "../../src/operations/Operation.ts";
import type { RequestLife } from "../../src/server/requests/RequestLife.ts";
import { element, TestServer } from "./TestServer.ts";

/** A life as its operation sees it, of a request that is over. */
async function anyLife(): Promise<RequestLife> {
  let seen: unknown;
  await using server = await TestServer.start({
    adapt(service) {
      const operation = {
        ...service.operations.get("ListObjects"),
        handle: async (_input: unknown, context: unknown) => ((seen = context), { output: {} }),
      };
      return { ...service, operations: new Map([...service.operations, ["ListObjects", operation as AnyOperation]]) };
    },
  });
  await server.request("GET", "/bucket");
  return seen as RequestLife;
}

/** Somebody about whom nothing can be decided before the tags in the document are known: as by a policy that names them. */
function callerByDocument(life: RequestLife): Caller {
  return {
    ...ANONYMOUS,
    get displayName() {
      life.document.get("objectTags");
      return "";
    },
    get kind() {
      life.document.get("objectTags");
      return "anonymous" as const;
    },
  };
}

const isAccessDenied = (error: unknown): boolean => error instanceof S3Error && error.code === "AccessDenied";
const NEED = { action: "s3:PutObjectTagging", bucket: "bucket", key: "key" };

test("Postponed questions: what depends on the document is decided when that is read, and refused then", async () => {
  const life = await anyLife();
  life.document = new RequestDocument({ objectTags: () => [] });
  life.caller = callerByDocument(life);
  await life.require(NEED);
  await assert.rejects(life.readDocument({}), isAccessDenied);
});

test("Postponed questions: what does not depend on the document is decided at once", async () => {
  const life = await anyLife();
  life.document = new RequestDocument({ objectTags: () => [] });
  life.caller = ANONYMOUS;
  await assert.rejects(async () => life.require(NEED), isAccessDenied);
  await life.readDocument({});
});

test("Postponed questions: a document that cannot say what is asked for postpones nothing", async () => {
  const life = await anyLife();
  life.document = new RequestDocument({ legalHold: () => "ON" });
  life.caller = callerByDocument(life);
  await assert.rejects(async () => life.require(NEED), isAccessDenied);
});

test("Postponed questions: one after the document is read is decided at once", async () => {
  const life = await anyLife();
  life.document = new RequestDocument({ objectTags: () => [] });
  life.caller = callerByDocument(life);
  await life.readDocument({});
  await assert.rejects(async () => life.require(NEED), isAccessDenied);
});

/** What documents say, by operation; the answer is that of the operation's own handler. */
const DOCUMENTS = [
  [
    "PutObjectTagging",
    "PUT",
    "/bucket/key",
    { tagging: "" },
    "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>",
    { objectTags: [["a", "1"]] },
  ],
  [
    "PutBucketTagging",
    "PUT",
    "/bucket",
    { tagging: "" },
    "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>",
    { tags: [["a", "1"]] },
  ],
  [
    "PutObjectRetention",
    "PUT",
    "/bucket/key",
    { retention: "" },
    "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2040-01-01T00:00:00Z</RetainUntilDate></Retention>",
    { lockMode: "GOVERNANCE", retainUntil: new Date("2040-01-01T00:00:00Z") },
  ],
  [
    "PutObjectLegalHold",
    "PUT",
    "/bucket/key",
    { "legal-hold": "" },
    "<LegalHold><Status>ON</Status></LegalHold>",
    { legalHold: "ON" },
  ],
  [
    "CreateBucket",
    "PUT",
    "/other",
    {},
    "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint><Tags><Tag><Key>a</Key><Value>1</Value></Tag></Tags></CreateBucketConfiguration>",
    { locationConstraint: "eu-west-1", tags: [["a", "1"]] },
  ],
  ["CreateBucket", "PUT", "/other", {}, "", { locationConstraint: undefined, tags: [] }],
] as const;

test("Postponed questions: each operation says what policies can ask of its document", async () => {
  for (const [name, method, path, query, body, expected] of DOCUMENTS) {
    let document: RequestDocument | undefined;
    await using server = await TestServer.start({
      adapt(service) {
        const own = service.operations.get(name)!;
        const handle = async (_input: unknown, context: unknown): Promise<unknown> => {
          ({ document } = context as RequestLife);
          return { output: {} };
        };
        return { ...service, operations: new Map([...service.operations, [name, { ...own, handle } as AnyOperation]]) };
      },
    });
    const headers = { "Content-MD5": createHash("md5").update(body).digest("base64") };
    const answer = await server.request(method, path, { query, headers, body });
    assert.equal(answer.status, 200, element(answer, "Message"));
    for (const [fact, value] of Object.entries(expected))
      assert.deepEqual(document!.get(fact as never), value, `${name} ${fact}`);
    assert.equal(document!.unanswered, 0);
  }
});
