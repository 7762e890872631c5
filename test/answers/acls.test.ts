import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { accountIdOf } from "../../src/store/accounts/accountIds.ts";
import { findAccount } from "../../src/store/accounts/findAccount.ts";
import type { RawAnswer } from "../server/RawConnection.ts";
import type { Asked } from "./AnswerServer.ts";
import { AnswerServer } from "./AnswerServer.ts";
import type { Refusal } from "./refusals.ts";
import { assertRefusal, invalidArgument, invalidRequest } from "./refusals.ts";

/** ACLs, Object Ownership, public access blocks and who pays, over the wire; one bucket goes through all of it, test by test. */

const NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
const GROUPS = "http://acs.amazonaws.com/groups/";
const NOT_WELL_FORMED = "The XML you provided was not well-formed or did not validate against our published schema";

let answers: AnswerServer;
let ownerId: string;
before(async () => {
  answers = await AnswerServer.start();
  ownerId = (await answers.owner()).canonicalId;
});
after(() => answers[Symbol.asyncDispose]());

function put(
  subresource: string,
  body: string | undefined,
  headers: Readonly<Record<string, string>> = {},
  path = "/bucket",
): Asked {
  return { method: "PUT", path, query: { [subresource]: "" }, headers, body };
}

/** The same with the digest that the request cannot do without. */
function summed(subresource: string, body: string): Asked {
  return put(subresource, body, { "Content-MD5": createHash("md5").update(body).digest("base64") });
}

async function done(asked: Asked, status = 200): Promise<RawAnswer> {
  const answer = await answers.send(asked, "header");
  assert.equal(answer.status, status, answer.body);
  return answer;
}

async function refused(asked: Asked, answer: Refusal): Promise<void> {
  const sent = await answers.send(asked, "header");
  assertRefusal(answers, { cause: answer.code, asked, answer, readsBody: asked.body !== undefined }, sent);
}

/** What a subresource shows, without the declaration. */
async function shown(subresource: string, path = "/bucket"): Promise<string> {
  const { body } = await done({ method: "GET", path, query: { [subresource]: "" } });
  return body.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, "");
}

function grantee(type: string, inside: string): string {
  return `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="${type}">${inside}</Grantee>`;
}

function grantTo(permission: string, group?: string): string {
  const to =
    group === undefined ? grantee("CanonicalUser", `<ID>${ownerId}</ID>`) : grantee("Group", `<URI>${GROUPS}${group}</URI>`);
  return `<Grant>${to}<Permission>${permission}</Permission></Grant>`;
}

function policy(...grants: string[]): string {
  const list = grants.length === 0 ? "<AccessControlList/>" : `<AccessControlList>${grants.join("")}</AccessControlList>`;
  return `<AccessControlPolicy xmlns="${NAMESPACE}"><Owner><ID>${ownerId}</ID></Owner>${list}</AccessControlPolicy>`;
}

function ownership(setting: string): string {
  const rule = `<Rule><ObjectOwnership>${setting}</ObjectOwnership></Rule>`;
  return `<OwnershipControls xmlns="${NAMESPACE}">${rule}</OwnershipControls>`;
}

const DISABLED =
  "ACLs are disabled for this bucket (Object Ownership is BucketOwnerEnforced): leave ACLs out, or have the bucket's owner enable them " +
  "by PutBucketOwnershipControls.";

test("PutBucketAcl: a new bucket says that it takes no ACL, and of a public one what blocks it", async () => {
  await refused(put("acl", undefined, { "x-amz-acl": "private" }), {
    status: 400,
    code: "AccessControlListNotSupported",
    message: "The bucket does not allow ACLs",
    says: `An ACL came for the bucket. ${DISABLED}`,
  });
  await refused(put("acl", undefined, { "x-amz-acl": "public-read" }), {
    status: 403,
    code: "AccessDenied",
    message:
      `User: arn:aws:iam::${accountIdOf(ownerId)}:root is not authorized to perform: s3:PutBucketAcl on resource: "arn:aws:s3:::bucket" ` +
      "because public ACLs are prevented by the BlockPublicAcls setting in S3 Block Public Access.",
    says: "The ACL grants something to the public, and BlockPublicAcls is on for this bucket: grant it to accounts, or change the block.",
  });
});

test("PutBucketOwnershipControls: enables ACLs, and brings a checksum with it", async () => {
  const unsummed = await answers.send(put("ownershipControls", ownership("ObjectWriter")), "header");
  assert.equal(unsummed.status, 400);
  assert.match(unsummed.body, /<Message>Missing required header for this request: Content-MD5 OR x-amz-checksum-\*<\/Message>/);
  await done(summed("ownershipControls", ownership("BucketOwnerPreferred")));
  assert.equal(await shown("ownershipControls"), ownership("BucketOwnerPreferred"));
  await refused(summed("ownershipControls", ownership("Mine")), {
    status: 400,
    code: "MalformedXML",
    message: NOT_WELL_FORMED,
    says: 'ObjectOwnership is "Mine"; it can be BucketOwnerEnforced, BucketOwnerPreferred, ObjectWriter.',
  });
});

test("PutBucketAcl: takes documents as clients write them, with or without a checksum, and shows them", async () => {
  const document = policy(grantTo("FULL_CONTROL"), grantTo("WRITE", "s3/LogDelivery"));
  await done(put("acl", document));
  assert.equal(await shown("acl"), document);
  await done(summed("acl", policy()));
  assert.equal(await shown("acl"), policy());
  await done(put("acl", undefined, { "x-amz-grant-read-acp": `uri="${GROUPS}s3/LogDelivery",id=${ownerId}` }));
  assert.equal(await shown("acl"), policy(grantTo("READ_ACP", "s3/LogDelivery"), grantTo("READ_ACP")));
});

const NO_ACL: Refusal = {
  status: 400,
  code: "MissingSecurityHeader",
  message: "Your request was missing a required header",
  details: { MissingHeaderName: "x-amz-acl" },
  says: "No ACL came: send x-amz-acl, x-amz-grant-* headers, or an AccessControlPolicy document.",
};

for (const path of ["/bucket", "/bucket/key"]) {
  const name = path === "/bucket" ? "PutBucketAcl" : "PutObjectAcl";

  test(`${name}: an ACL that is no ACL, or two, is refused`, async () => {
    await refused(put("acl", undefined, {}, path), NO_ACL);
    await refused(put("acl", policy(), { "x-amz-acl": "private" }, path), {
      status: 400,
      code: "UnexpectedContent",
      message: "This request does not support content",
      says: "The ACL came in headers and in a document: send x-amz-acl or x-amz-grant-* with an empty body, or the document alone.",
    });
    await refused(
      put("acl", undefined, { "x-amz-grant-write-acp": "id=1" }, path),
      invalidArgument(
        "Invalid id",
        "id",
        "1",
        'No account here has the canonical id "1". It has 64 hexadecimal characters, and is not the account\'s number.',
      ),
    );
  });

  test(`${name}: a document that does not fit the schema is MalformedACLError`, async () => {
    const owned = `<Owner><ID>${ownerId}</ID></Owner>`;
    const documents = [
      ["<AccessControlPolicy>", /does not parse/],
      ["<Acl/>", /root element/],
      ["<AccessControlPolicy/>", /no Owner/],
      [`<AccessControlPolicy>${owned}</AccessControlPolicy>`, /no AccessControlList/],
      [policy("<Grant/>"), /lacks its own/],
      [policy(`<Grant>${grantee("Nobody", "")}<Permission>READ</Permission></Grant>`), /Type|type/],
      [policy(`<Grant>${grantee("CanonicalUser", `<ID>${ownerId}</ID>`)}<Permission>ALL</Permission></Grant>`), /Permission/],
      [policy(...Array.from({ length: 101 }, () => grantTo("READ"))), /101 grants/],
    ] as const;
    for (const [document, says] of documents) {
      const { status, body } = await answers.send(put("acl", document, {}, path), "header");
      assert.equal(status, 400);
      assert.match(body, /<Code>MalformedACLError<\/Code>/, document);
      assert.ok(body.includes(`<Message>${NOT_WELL_FORMED}</Message>`));
      assert.match(/<Details>([^<]*)/.exec(body)![1]!, says, document);
    }
  });
}

test("PutObjectAcl: sets the ACL of an object by document and header, and writes bring one along", async () => {
  const document = policy(grantTo("READ"), grantTo("WRITE_ACP"));
  const answer = await done(put("acl", document, {}, "/bucket/key"));
  assert.equal(answer.body, "");
  assert.equal(await shown("acl", "/bucket/key"), document);
  await done({ method: "PUT", path: "/bucket/key2", headers: { "x-amz-grant-read": `id=${ownerId}` }, body: "x" });
  assert.equal(await shown("acl", "/bucket/key2"), policy(grantTo("READ")));
  await done(put("acl", undefined, { "x-amz-acl": "bucket-owner-full-control" }, "/bucket/key2"));
  assert.equal(await shown("acl", "/bucket/key2"), policy(grantTo("FULL_CONTROL")));
  await refused(put("acl", undefined, { "x-amz-acl": "private" }, "/bucket/none"), {
    status: 404,
    code: "NoSuchKey",
    message: "The specified key does not exist.",
    details: { Key: "none" },
    says: 'The bucket "bucket" has no object under exactly this key; keys are case-sensitive.',
  });
});

test("PutPublicAccessBlock: is shown, deleted and missed; an open bucket takes a public ACL and shows it while it is heeded", async () => {
  const block = (inside: string): string =>
    `<PublicAccessBlockConfiguration xmlns="${NAMESPACE}">${inside}</PublicAccessBlockConfiguration>`;
  await done(summed("publicAccessBlock", block("<BlockPublicPolicy>TRUE</BlockPublicPolicy>")));
  const switches = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];
  const expected = switches.map((name) => `<${name}>${name === "BlockPublicPolicy"}</${name}>`).join("");
  assert.equal(await shown("publicAccessBlock"), block(expected));
  await refused(
    summed("publicAccessBlock", block("")),
    invalidRequest(
      "Must specify at least one configuration.",
      "PublicAccessBlockConfiguration is empty: say at least one of its four switches, true or false.",
    ),
  );
  const answer = await done({ method: "DELETE", path: "/bucket", query: { publicAccessBlock: "" } }, 204);
  assert.equal(answer.body, "");
  await refused(
    { method: "GET", path: "/bucket", query: { publicAccessBlock: "" } },
    {
      status: 404,
      code: "NoSuchPublicAccessBlockConfiguration",
      message: "The public access block configuration was not found",
      details: { BucketName: "bucket" },
      says: 'The public access block of the bucket "bucket" was deleted: only that of its owner\'s account, if there is one, keeps the public out.',
    },
  );
  await done(put("acl", undefined, { "x-amz-acl": "public-read" }));
  const open = policy(grantTo("FULL_CONTROL"), grantTo("READ", "global/AllUsers"));
  assert.equal(await shown("acl"), open);
  await done(summed("publicAccessBlock", block("<IgnorePublicAcls>true</IgnorePublicAcls>")));
  assert.equal(await shown("acl"), policy(grantTo("FULL_CONTROL")));
  await done({ method: "DELETE", path: "/bucket", query: { publicAccessBlock: "" } }, 204);
  assert.equal(await shown("acl"), open);
});

test("DeleteBucketOwnershipControls: leaves none, and ACLs are disabled only once the bucket's own grants nothing to others", async () => {
  await refused(summed("ownershipControls", ownership("BucketOwnerEnforced")), {
    status: 400,
    code: "InvalidBucketAclWithObjectOwnership",
    message: "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    says: "The bucket's ACL grants something to others than its owner, and BucketOwnerEnforced disables ACLs: put the grants into a bucket policy, set the ACL to private, and then disable ACLs.",
  });
  await done({ method: "DELETE", path: "/bucket", query: { ownershipControls: "" } }, 204);
  await refused(
    { method: "GET", path: "/bucket", query: { ownershipControls: "" } },
    {
      status: 404,
      code: "OwnershipControlsNotFoundError",
      message: "The bucket ownership controls were not found",
      details: { BucketName: "bucket" },
      says: 'The ownership controls of the bucket "bucket" were deleted; who writes an object owns it, as by ObjectWriter.',
    },
  );
  await done(put("acl", undefined, { "x-amz-acl": "private" }));
  await done(summed("ownershipControls", ownership("BucketOwnerEnforced")));
  assert.equal(await shown("acl", "/bucket/key"), policy(grantTo("FULL_CONTROL")));
});

test("PutBucketRequestPayment: who pays is shown, and nobody else can be named", async () => {
  const payment = (payer: string): string =>
    `<RequestPaymentConfiguration xmlns="${NAMESPACE}"><Payer>${payer}</Payer></RequestPaymentConfiguration>`;
  await done(summed("requestPayment", payment("Requester")));
  assert.equal(await shown("requestPayment"), payment("Requester"));
  await refused(summed("requestPayment", payment("Nobody")), {
    status: 400,
    code: "MalformedXML",
    message: NOT_WELL_FORMED,
    says: 'Payer is "Nobody"; it can be BucketOwner, Requester.',
  });
  await done(summed("requestPayment", payment("BucketOwner")));
});

test("PutObject: another account that a bucket's ACL lets write sets the ACL of what it writes, also in another one's place", async () => {
  await done(summed("ownershipControls", ownership("BucketOwnerPreferred")));
  const stranger = (await findAccount(answers.server.store, { displayName: "stranger" }))!.canonicalId;
  const write = (headers: Readonly<Record<string, string>>): Promise<RawAnswer> =>
    answers.send({ method: "PUT", path: "/bucket/theirs", headers, body: "x" }, "stranger");
  const full = "bucket-owner-full-control";
  assert.equal((await write({})).status, 403);
  await done(put("acl", undefined, { "x-amz-grant-full-control": `id=${ownerId}`, "x-amz-grant-write": `id=${stranger}` }));
  assert.equal((await write({})).status, 200);
  assert.equal((await answers.send({ method: "GET", path: "/bucket/theirs" }, "header")).status, 403, "it is the stranger's");
  assert.equal((await answers.send({ method: "GET", path: "/bucket/theirs" }, "stranger")).status, 200);
  assert.equal((await write({ "x-amz-acl": full })).status, 200);
  assert.equal(
    (await answers.send({ method: "GET", path: "/bucket/theirs" }, "header")).status,
    200,
    "it was given to the owner",
  );
  assert.equal((await write({ "x-amz-acl": full, "x-amz-tagging": "a=b" })).status, 403, "no ACL allows tags");
});
