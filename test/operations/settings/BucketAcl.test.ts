import assert from "node:assert/strict";
import { test } from "node:test";
import { CreateBucket } from "../../../src/operations/buckets/CreateBucket.ts";
import { GetBucketAcl, PutBucketAcl } from "../../../src/operations/settings/BucketAcl.ts";
import { PutBucketOwnershipControls } from "../../../src/operations/settings/BucketOwnershipControls.ts";
import { DeletePublicAccessBlock, PutPublicAccessBlock } from "../../../src/operations/settings/PublicAccessBlock.ts";
import type { OperationInputs } from "../../../src/protocol/generated/types.ts";
import { EVERYTHING_BLOCKED } from "../../../src/store/records/PublicAccessBlock.ts";
import { putAccountBlock } from "../../../src/store/buckets/publicAccess.ts";
import { contextFor, OWNER, refusal, STRANGER } from "../contextFor.ts";
import { inWords, policyOf } from "../grants.ts";
import { VersionedBucket } from "../VersionedBucket.ts";
import { answerTo, document } from "./newBucket.ts";

const ID = OWNER.canonicalId;

test("GetBucketAcl: the owner has full control, and is named by ID only", async () => {
  const id = `<ID>${ID}</ID>`;
  const grantee = `<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser">${id}</Grantee>`;
  const grant = `<Grant>${grantee}<Permission>FULL_CONTROL</Permission></Grant>`;
  assert.deepEqual(await answerTo(GetBucketAcl, { Bucket: "bucket" }), [
    200,
    document("AccessControlPolicy", `<Owner>${id}</Owner><AccessControlList>${grant}</AccessControlList>`),
  ]);
});

/** A bucket with ACLs, that blocks nothing unless said. */
async function openBucket(blocks = false): Promise<VersionedBucket> {
  const bucket = await VersionedBucket.made({ ObjectOwnership: "BucketOwnerPreferred" });
  if (!blocks) await bucket.ask(DeletePublicAccessBlock, {});
  return bucket;
}

type PutInput = Omit<OperationInputs["PutBucketAcl"], "Bucket">;

async function shownAfter(bucket: VersionedBucket, input: PutInput): Promise<readonly string[]> {
  await bucket.ask(PutBucketAcl, input);
  return inWords(await bucket.ask(GetBucketAcl, {}));
}

test("PutBucketAcl: canned ACLs are shown as what they grant; those of a bucket's owner mean nothing more here", async () => {
  const bucket = await openBucket();
  const full = ["of owner", "FULL_CONTROL owner"];
  const EC2 = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";
  const shown = {
    private: full,
    "public-read": [...full, "READ global/AllUsers"],
    "public-read-write": [...full, "READ global/AllUsers", "WRITE global/AllUsers"],
    "authenticated-read": [...full, "READ global/AuthenticatedUsers"],
    "aws-exec-read": [...full, `READ ${EC2}`],
    "bucket-owner-read": full,
    "bucket-owner-full-control": full,
    "log-delivery-write": [...full, "WRITE s3/LogDelivery", "READ_ACP s3/LogDelivery"],
  };
  for (const [ACL, expected] of Object.entries(shown)) assert.deepEqual(await shownAfter(bucket, { ACL }), expected, ACL);
});

test("PutBucketAcl: an unknown canned ACL is InvalidArgument, with an empty message", async () => {
  const bucket = await openBucket();
  await refusal(bucket.ask(PutBucketAcl, { ACL: "everybody" }), {
    code: "InvalidArgument",
    message: "",
    details: { ArgumentName: "x-amz-acl", ArgumentValue: "everybody" },
  });
});

test("PutBucketAcl: headers grant what they say and nothing else, in any way of naming", async () => {
  const bucket = await openBucket();
  const grants = {
    GrantFullControl: `id="${ID}"`,
    GrantRead: `uri="http://acs.amazonaws.com/groups/global/AllUsers", ID=${ID}`,
    GrantReadACP: `id=${ID}`,
    GrantWrite: "uri=http://acs.amazonaws.com/groups/s3/LogDelivery",
    GrantWriteACP: `id=${ID} , id="${ID}"`,
  };
  assert.deepEqual(await shownAfter(bucket, grants), [
    "of owner",
    "FULL_CONTROL owner",
    "READ global/AllUsers",
    "READ owner",
    "READ_ACP owner",
    "WRITE s3/LogDelivery",
    "WRITE_ACP owner",
    "WRITE_ACP owner",
  ]);
  assert.deepEqual(await shownAfter(bucket, { GrantRead: `id=${ID}` }), ["of owner", "READ owner"]);
});

test("PutBucketAcl: a document is shown as it was put, also without any grant", async () => {
  const bucket = await openBucket();
  const grants = ["READ global/AuthenticatedUsers", "WRITE_ACP owner", "FULL_CONTROL owner"];
  assert.deepEqual(await shownAfter(bucket, { AccessControlPolicy: policyOf(grants) }), ["of owner", ...grants]);
  assert.deepEqual(await shownAfter(bucket, { AccessControlPolicy: policyOf([]) }), ["of owner"]);
});

test("PutBucketAcl: an ACL has a hundred grants, and one more is MalformedACLError", async () => {
  const bucket = await openBucket();
  const many = Array.from({ length: 101 }, () => "READ owner");
  assert.equal((await shownAfter(bucket, { AccessControlPolicy: policyOf(many.slice(1)) })).length, 101);
  await refusal(bucket.ask(PutBucketAcl, { AccessControlPolicy: policyOf(many) }), { code: "MalformedACLError", status: 400 });
});

test("PutBucketAcl: grantees that are not there are refused by name", async () => {
  const bucket = await openBucket();
  const put = (input: PutInput) => bucket.ask(PutBucketAcl, input);
  const nobody = "d".repeat(64);
  const nameless = { code: "InvalidArgument", status: 400, message: "Invalid id" } as const;
  await refusal(put({ GrantRead: `id=${nobody}` }), { ...nameless, details: { ArgumentName: "id", ArgumentValue: nobody } });
  await refusal(put({ AccessControlPolicy: policyOf([`READ ${nobody}`]) }), {
    ...nameless,
    details: { ArgumentName: "CanonicalUser/ID", ArgumentValue: nobody },
  });
  const uri = "http://acs.amazonaws.com/groups/global/Everybody";
  const groupless = { code: "InvalidArgument", message: "Invalid group uri" } as const;
  await refusal(put({ GrantRead: `uri="${uri}"` }), { ...groupless, details: { ArgumentName: "uri", ArgumentValue: uri } });
  await refusal(put({ AccessControlPolicy: policyOf(["READ global/Everybody"]) }), {
    ...groupless,
    details: { ArgumentName: "Group/URI", ArgumentValue: uri },
  });
  for (const input of [{ GrantRead: "emailAddress=a@b.example" }, { AccessControlPolicy: policyOf(["READ a@b.example"]) }]) {
    await refusal(put(input), { code: "UnresolvableGrantByEmailAddress", status: 400 });
  }
});

test("PutBucketAcl: headers and a document, two kinds of headers, and nothing at all are refused", async () => {
  const bucket = await openBucket();
  const put = (input: PutInput) => bucket.ask(PutBucketAcl, input);
  await refusal(put({ ACL: "private", AccessControlPolicy: policyOf([]) }), { code: "UnexpectedContent", status: 400 });
  await refusal(put({ GrantRead: `id=${ID}`, AccessControlPolicy: policyOf([]) }), { code: "UnexpectedContent" });
  await refusal(put({ ACL: "private", GrantRead: `id=${ID}` }), {
    code: "InvalidRequest",
    message: "Specifying both Canned ACLs and Header Grants is not allowed",
  });
  await refusal(put({ GrantRead: "owner" }), { code: "InvalidArgument", message: "Argument format not recognized" });
  await refusal(put({}), { code: "MissingSecurityHeader", status: 400, details: { MissingHeaderName: "x-amz-acl" } });
});

test("PutBucketAcl: a document without owner, list, grantee or permission is MalformedACLError", async () => {
  const bucket = await openBucket();
  const Owner = { ID };
  const Grantee = { Type: "CanonicalUser", ID };
  const policies = [
    { Grants: [] },
    { Owner: {}, Grants: [] },
    { Owner },
    { Owner, Grants: [{ Permission: "READ" }] },
    { Owner, Grants: [{ Grantee }] },
    { Owner, Grants: [{ Permission: "READ", Grantee: { Type: "Group", ID } }] },
    { Owner, Grants: [{ Permission: "READ", Grantee: { Type: "AmazonCustomerByEmail", ID } }] },
    { Owner, Grants: [{ Permission: "READ", Grantee: { Type: "CanonicalUser" } }] },
  ];
  for (const AccessControlPolicy of policies) {
    await refusal(bucket.ask(PutBucketAcl, { AccessControlPolicy }), { code: "MalformedACLError", status: 400 });
  }
});

test("PutBucketAcl: nobody gives a bucket away by an ACL", async () => {
  const bucket = await openBucket();
  await refusal(bucket.ask(PutBucketAcl, { AccessControlPolicy: policyOf(["READ owner"], STRANGER.canonicalId) }), {
    code: "AccessDenied",
    status: 403,
  });
});

test("PutBucketAcl: a bucket that has ACLs disabled takes none, not even private", async () => {
  const bucket = await VersionedBucket.made();
  for (const input of [{ ACL: "private" }, { AccessControlPolicy: policyOf(["FULL_CONTROL owner"]) }]) {
    await refusal(bucket.ask(PutBucketAcl, input), {
      code: "AccessControlListNotSupported",
      status: 400,
      message: "The bucket does not allow ACLs",
    });
  }
});

test("PutBucketAcl: what disabled ACLs say comes back when they are enabled again", async () => {
  const bucket = await openBucket();
  const setOwnership = (ObjectOwnership: string) =>
    bucket.ask(PutBucketOwnershipControls, { OwnershipControls: { Rules: [{ ObjectOwnership }] } });
  await shownAfter(bucket, { GrantRead: `id=${ID}` });
  await setOwnership("BucketOwnerEnforced");
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", "FULL_CONTROL owner"]);
  await setOwnership("ObjectWriter");
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", "READ owner"]);
});

const BLOCKED =
  `User: ${OWNER.arn} is not authorized to perform: s3:PutBucketAcl on resource: "arn:aws:s3:::bucket" because public ACLs ` +
  "are prevented by the BlockPublicAcls setting in S3 Block Public Access.";

test("PutBucketAcl: a public ACL is refused where the bucket, or its owner's account, blocks it; also where ACLs are disabled", async () => {
  const bucket = await openBucket(true);
  const put = (input: PutInput) => bucket.ask(PutBucketAcl, input);
  for (const input of [
    { ACL: "public-read" },
    { ACL: "authenticated-read" },
    { AccessControlPolicy: policyOf(["READ_ACP global/AllUsers"]) },
  ]) {
    await refusal(put(input), { code: "AccessDenied", status: 403, message: BLOCKED });
  }
  await put({ ACL: "log-delivery-write" });
  await bucket.ask(PutPublicAccessBlock, { PublicAccessBlockConfiguration: { BlockPublicAcls: false, IgnorePublicAcls: true } });
  await put({ ACL: "public-read" });
  await putAccountBlock(bucket.store, ID, EVERYTHING_BLOCKED);
  const error = await refusal(put({ ACL: "public-read" }), { code: "AccessDenied", message: BLOCKED });
  assert.match(error.explanation!, /its owner's account/);
  const disabled = await VersionedBucket.made();
  await refusal(disabled.ask(PutBucketAcl, { ACL: "public-read" }), { code: "AccessDenied", message: BLOCKED });
});

test("PutBucketAcl: callers of other accounts are not told what blocks them", async () => {
  const bucket = await openBucket(true);
  const error = await refusal(bucket.ask(PutBucketAcl, { ACL: "public-read" }, { caller: STRANGER }), {
    code: "AccessDenied",
    message: "Access Denied",
  });
  assert.doesNotMatch(error.explanation!, /BlockPublicAcls/);
});

test("GetBucketAcl: shows nothing of the public where that is ignored, and all of it again where it is not", async () => {
  const bucket = await openBucket();
  const grants = ["FULL_CONTROL owner", "READ global/AllUsers", "WRITE global/AuthenticatedUsers", "WRITE s3/LogDelivery"];
  await shownAfter(bucket, { AccessControlPolicy: policyOf(grants) });
  const block = (IgnorePublicAcls: boolean) =>
    bucket.ask(PutPublicAccessBlock, { PublicAccessBlockConfiguration: { IgnorePublicAcls } });
  await block(true);
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", "FULL_CONTROL owner", "WRITE s3/LogDelivery"]);
  await block(false);
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", ...grants]);
  await putAccountBlock(bucket.store, ID, EVERYTHING_BLOCKED);
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", "FULL_CONTROL owner", "WRITE s3/LogDelivery"]);
});

test("CreateBucket: creating one's own bucket again in us-east-1 sets its ACL anew, if it can have one", async () => {
  const bucket = await openBucket();
  const again = (input: object) => CreateBucket.handle({ Bucket: "bucket", ...input }, contextFor({ store: bucket.store }));
  await shownAfter(bucket, { ACL: "log-delivery-write" });
  await again({});
  assert.deepEqual(inWords(await bucket.ask(GetBucketAcl, {})), ["of owner", "FULL_CONTROL owner"]);
  assert.equal((await bucket.record()).objectOwnership, "BucketOwnerPreferred");
  const plain = await VersionedBucket.made();
  const before = await plain.record();
  await CreateBucket.handle(
    { Bucket: "bucket", ACL: "log-delivery-write", ObjectOwnership: "ObjectWriter" },
    contextFor({ store: plain.store }),
  );
  assert.deepEqual(await plain.record(), before);
});
