import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Row } from "./refusals.ts";
import { refusals } from "./refusals.ts";

/** PutBucketLogging and GetBucketLogging over the wire. */

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

function put(inside: string): Asked {
  return { method: "PUT", path: "/bucket", query: { logging: "" }, body: `<BucketLoggingStatus>${inside}</BucketLoggingStatus>` };
}

function enabled(inside: string): Asked {
  return put(`<LoggingEnabled>${inside}</LoggingEnabled>`);
}

function malformed(says: string): Row["answer"] {
  const message = "The XML you provided was not well-formed or did not validate against our published schema";
  return { status: 400, code: "MalformedXML", message, says };
}

/** What the whole document is to be, where a part of it lacks something. */
const TO_BUCKET = "<TargetBucket>bucket</TargetBucket><TargetPrefix></TargetPrefix>";

refusals("PutBucketLogging", [
  {
    cause: "a target that is not there",
    asked: enabled("<TargetBucket>none-here</TargetBucket><TargetPrefix>p/</TargetPrefix>"),
    stage: "operation",
    readsBody: true,
    answer: {
      status: 400,
      code: "InvalidTargetBucketForLogging",
      message: "The target bucket for logging does not exist",
      details: { TargetBucket: "none-here" },
      says: 'There is no bucket called "none-here" here; create it before access is logged there.',
    },
  },
  {
    cause: "a target of another account",
    asked: enabled("<TargetBucket>strangers</TargetBucket><TargetPrefix/>"),
    stage: "operation",
    readsBody: true,
    answer: {
      status: 400,
      code: "InvalidTargetBucketForLogging",
      message: "The owner for the bucket to be logged and the target bucket must be the same.",
      details: { TargetBucket: "strangers" },
      says: 'The bucket "strangers" belongs to another account than "bucket"; log to one of the same account.',
    },
  },
  {
    cause: "grants for a target without ACLs",
    asked: enabled(
      `${TO_BUCKET}<TargetGrants><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group">` +
        "<URI>http://acs.amazonaws.com/groups/global/AllUsers</URI></Grantee><Permission>READ</Permission></Grant></TargetGrants>",
    ),
    stage: "operation",
    readsBody: true,
    answer: {
      status: 400,
      code: "AccessControlListNotSupported",
      message: "Target grants not allowed for bucket owner enforced buckets",
      says: '"bucket" has ACLs disabled (Object Ownership is BucketOwnerEnforced): leave TargetGrants out, and give others access to the logs by its bucket policy.',
    },
  },
  {
    cause: "a target without a prefix",
    asked: enabled("<TargetBucket>bucket</TargetBucket>"),
    stage: "operation",
    readsBody: true,
    answer: malformed("LoggingEnabled lacks its element TargetPrefix."),
  },
  {
    cause: "an empty LoggingEnabled",
    asked: enabled(""),
    stage: "operation",
    readsBody: true,
    answer: malformed("LoggingEnabled lacks its element TargetBucket."),
  },
  {
    cause: "a format of keys of two forms",
    asked: enabled(`${TO_BUCKET}<TargetObjectKeyFormat><SimplePrefix/><PartitionedPrefix/></TargetObjectKeyFormat>`),
    stage: "operation",
    readsBody: true,
    answer: malformed("TargetObjectKeyFormat has a SimplePrefix or a PartitionedPrefix, one of the two."),
  },
  {
    cause: "a source of dates that is none",
    asked: enabled(
      `${TO_BUCKET}<TargetObjectKeyFormat><PartitionedPrefix><PartitionDateSource>Now</PartitionDateSource></PartitionedPrefix></TargetObjectKeyFormat>`,
    ),
    stage: "operation",
    readsBody: true,
    answer: malformed('PartitionDateSource is "Now"; it can be DeliveryTime, EventTime.'),
  },
]);

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

async function done(asked: Asked): Promise<string> {
  const answer = await answers.send(asked, "header");
  assert.equal(answer.status, 200, answer.body);
  return answer.body;
}

async function shown(): Promise<string> {
  return done({ method: "GET", path: "/bucket", query: { logging: "" } });
}

function status(inside: string): string {
  const open = `BucketLoggingStatus xmlns="${NAMESPACE}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${inside === "" ? `<${open}/>` : `<${open}>${inside}</BucketLoggingStatus>`}`;
}

test("GetBucketLogging: shows what was put, without a checksum as the oldest clients do, and nothing once it is off", async () => {
  assert.equal(await done(enabled(`${TO_BUCKET}<TargetObjectKeyFormat><SimplePrefix/></TargetObjectKeyFormat>`)), "");
  assert.equal(
    await shown(),
    status(`<LoggingEnabled>${TO_BUCKET}<TargetObjectKeyFormat><SimplePrefix/></TargetObjectKeyFormat></LoggingEnabled>`),
  );
  await done(put(""));
  assert.equal(await shown(), status(""));
});

test("GetBucketLogging: shows grants with their grantees", async () => {
  const { canonicalId } = await answers.owner();
  await done({
    method: "PUT",
    path: "/bucket",
    query: { ownershipControls: "" },
    headers: { "x-amz-sdk-checksum-algorithm": "CRC32", "x-amz-checksum-crc32": "Z6X+AA==" },
    body: "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>",
  });
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>${canonicalId}</ID></Grantee>`;
  const grants = `<TargetGrants><Grant>${grantee}<Permission>READ</Permission></Grant></TargetGrants>`;
  await done(enabled(TO_BUCKET + grants));
  assert.equal(await shown(), status(`<LoggingEnabled>${TO_BUCKET}${grants}</LoggingEnabled>`));
});
