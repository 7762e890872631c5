import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { element } from "../server/TestServer.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal, Row } from "./refusals.ts";
import { invalidArgument, invalidRequest, malformedXml, refusals } from "./refusals.ts";

/** PutBucketLifecycleConfiguration, GetBucketLifecycleConfiguration and DeleteBucketLifecycle over the wire. */

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const EXPIRATION = "<Expiration><Days>1</Days></Expiration>";
const MINIMUM = "x-amz-transition-default-minimum-object-size";

/** Gives the bucket rules. */
function put(rules: string, headers: Readonly<Record<string, string>> = {}): Asked {
  const body = `<LifecycleConfiguration xmlns="${NAMESPACE}">${rules}</LifecycleConfiguration>`;
  const md5 = createHash("md5").update(body).digest("base64");
  return { method: "PUT", path: "/bucket", query: { lifecycle: "" }, headers: { "Content-MD5": md5, ...headers }, body };
}

/** A rule for everything, unless `about` says otherwise. */
function rule(actions: string, about = "<Filter/>"): string {
  return `<Rule><ID>r</ID>${about}<Status>Enabled</Status>${actions}</Rule>`;
}

function refused(cause: string, rules: string, answer: Refusal): Row {
  return { cause, asked: put(rules), stage: "operation", readsBody: true, declaration: false, answer };
}

refusals("PutBucketLifecycleConfiguration", [
  refused("no rule", "", malformedXml("LifecycleConfiguration lacks its element Rule.")),
  refused("a rule without status", "<Rule><Filter/></Rule>", malformedXml("Rule lacks its element Status.")),
  refused(
    "a status in small letters",
    rule(EXPIRATION).replace("Enabled", "enabled"),
    malformedXml('Status is "enabled"; it can be Disabled, Enabled.'),
  ),
  refused(
    "a rule for nothing",
    rule(EXPIRATION, ""),
    malformedXml(
      "A Rule says by a Filter what it is about, an empty one for all objects, or by a Prefix, as older ones do; one of the two.",
    ),
  ),
  refused(
    "two elements in a filter",
    rule(EXPIRATION, "<Filter><Prefix>p</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>"),
    malformedXml("A Filter holds one element; join several by an And inside it."),
  ),
  refused(
    "an And of one",
    rule(EXPIRATION, "<Filter><And><Prefix>p</Prefix></And></Filter>"),
    malformedXml("An And joins two or more of Prefix, Tag and the sizes; say a single one without it."),
  ),
  refused(
    "an expiration with days and delete markers",
    rule("<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"),
    malformedXml("An Expiration has one of Days, Date and ExpiredObjectDeleteMarker."),
  ),
  refused(
    "a date that HTTP would write",
    rule("<Expiration><Date>Fri, 01 Jan 2027 00:00:00 GMT</Date></Expiration>"),
    malformedXml('Date is "Fri, 01 Jan 2027 00:00:00 GMT", which is not a date.'),
  ),
  refused(
    "a class that is none of a transition's",
    rule("<Transition><Days>1</Days><StorageClass>STANDARD</StorageClass></Transition>"),
    malformedXml(
      'StorageClass is "STANDARD"; it can be DEEP_ARCHIVE, GLACIER, GLACIER_IR, INTELLIGENT_TIERING, ONEZONE_IA, STANDARD_IA.',
    ),
  ),
  refused(
    "a date at noon",
    rule("<Expiration><Date>2027-01-01T12:00:00Z</Date></Expiration>"),
    invalidArgument(
      "'Date' must be at midnight GMT",
      "Date",
      "2027-01-01T12:00:00.000Z",
      "A Date is 2027-01-01T12:00:00.000Z; rules act on whole days, so say 00:00:00Z.",
    ),
  ),
  refused(
    "no days",
    rule("<Expiration><Days>0</Days></Expiration>"),
    invalidArgument(
      "'Days' for Expiration action must be a positive integer",
      "Days",
      "0",
      "Days of a rule's Expiration is 0; it can be 1 or more.",
    ),
  ),
  refused(
    "no action",
    rule(""),
    invalidRequest(
      "At least one action needs to be specified in a rule",
      "A rule says which objects it is about and not what is to be done with them; give it an Expiration, a Transition or another action.",
    ),
  ),
  refused(
    "the end before a transition",
    rule(`<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>${EXPIRATION}`),
    invalidArgument(
      "'Days' in the Expiration action for filter '()' must be greater than 'Days' in the Transition action",
      "Days",
      "1",
      "What a rule expires it cannot move to another class at the same time, or later.",
    ),
  ),
  {
    cause: "a minimum that there is not",
    asked: put(rule(EXPIRATION), { [MINIMUM]: "128K" }),
    stage: "operation",
    declaration: false,
    answer: invalidRequest(
      "Invalid TransitionDefaultMinimumObjectSize found: 128K",
      `${MINIMUM} is "128K"; it can be all_storage_classes_128K, varies_by_storage_class.`,
    ),
  },
  {
    cause: "neither MD5 nor checksum",
    asked: { ...put(rule(EXPIRATION)), headers: {} },
    stage: "operation",
    declaration: false,
    answer: invalidRequest(
      "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
      "PutBucketLifecycleConfiguration must bring a checksum of its body, and neither header came.",
    ),
  },
  {
    cause: "a document of more than 1000 KiB",
    asked: put(rule(EXPIRATION) + " ".repeat(1000 * 1024)),
    stage: "operation",
    declaration: false,
    answer: {
      status: 400,
      code: "MaxMessageLengthExceeded",
      message: "Your request was too big.",
      details: { MaxMessageLengthBytes: "1024000" },
      says: `The body has ${put(rule(EXPIRATION) + " ".repeat(1000 * 1024)).body!.length} bytes; this operation takes 1024000 at most.`,
    },
  },
  {
    cause: "no document",
    asked: { ...put(""), headers: { "Content-MD5": createHash("md5").digest("base64") }, body: "" },
    stage: "operation",
    declaration: false,
    answer: {
      status: 400,
      code: "MissingRequestBodyError",
      message: "Request Body is empty",
      says: "PutBucketLifecycleConfiguration needs a document in its body, and the body is empty.",
    },
  },
]);

let answers: AnswerServer;
before(async () => (answers = await AnswerServer.start()));
after(() => answers[Symbol.asyncDispose]());

/** Rules of all that there is, in the order of S3's documents. */
const WHOLE: readonly string[] = [
  "<Rule><ID>all</ID><Filter/><Status>Enabled</Status>" +
    "<Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>" +
    "<Transition><Days>60</Days><StorageClass>GLACIER</StorageClass></Transition>" +
    "<Expiration><Days>365</Days></Expiration>" +
    "<NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays><StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>" +
    "<NoncurrentVersionExpiration><NoncurrentDays>2</NoncurrentDays><NewerNoncurrentVersions>3</NewerNoncurrentVersions></NoncurrentVersionExpiration>" +
    "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>",
  "<Rule><ID>a &amp; b</ID><Filter><And><Prefix>p/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag><Tag><Key>l</Key><Value></Value></Tag>" +
    "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan><ObjectSizeLessThan>9</ObjectSizeLessThan></And></Filter><Status>Disabled</Status>" +
    "<Expiration><Date>2027-01-01T00:00:00.000Z</Date></Expiration></Rule>",
  "<Rule><ID>markers</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>" +
    "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>",
  "<Rule><ID>tag</ID><Filter><Tag><Key>k</Key><Value>v</Value></Tag></Filter><Status>Enabled</Status>" +
    "<Transition><Date>2027-01-01T00:00:00.000Z</Date><StorageClass>DEEP_ARCHIVE</StorageClass></Transition></Rule>",
];

test("GetBucketLifecycleConfiguration: the document that was put comes back to the byte, and the minimum in a header", async () => {
  const old = "<Rule><ID>old</ID><Prefix>logs/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
  for (const [rules, minimum] of [
    [WHOLE.join(""), "varies_by_storage_class"],
    [old, undefined],
  ] as const) {
    const asked = put(rules, minimum === undefined ? {} : { [MINIMUM]: minimum });
    const answer = await answers.send(asked, "header");
    assert.deepEqual([answer.status, answer.body], [200, ""]);
    assert.equal(answer.headers.get("content-type"), undefined);
    const shown = await answers.send({ method: "GET", path: "/bucket", query: { lifecycle: "" } }, "header");
    for (const { headers } of [answer, shown]) assert.equal(headers.get(MINIMUM), minimum ?? "all_storage_classes_128K");
    assert.equal(shown.headers.get("content-type"), "application/xml");
    assert.equal(shown.body, `<?xml version="1.0" encoding="UTF-8"?>\n${asked.body as string}`);
  }
});

test("DeleteBucketLifecycle: the rules go, and that is 204 without a document", async () => {
  await answers.send(put(rule(EXPIRATION)), "header");
  const answer = await answers.send({ method: "DELETE", path: "/bucket", query: { lifecycle: "" } }, "header");
  assert.deepEqual([answer.status, answer.body], [204, ""]);
  const shown = await answers.send({ method: "GET", path: "/bucket", query: { lifecycle: "" } }, "header");
  assert.equal(element(shown, "Code"), "NoSuchLifecycleConfiguration");
});
