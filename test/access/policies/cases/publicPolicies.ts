import type { ConditionBlock, Document, Elements } from "./PolicyCase.ts";
import { ALICE, BOB, OBJECTS, OURS, THEIRS, WHOLE_BUCKET, allow, canonicalIdOf, deny, policy } from "./PolicyCase.ts";

/** A bucket's policy, and whether AWS calls it public. */
export interface PublicCase {
  readonly name: string;
  readonly bucket: Document;
  readonly isPublic: boolean;
}

const UPLOAD: Elements = { Action: "s3:PutObject", Resource: OBJECTS };
const to = (Principal: NonNullable<Elements["Principal"]>, Condition?: ConditionBlock): Document =>
  policy(allow({ ...UPLOAD, Principal, ...(Condition === undefined ? {} : { Condition }) }));
const open = (name: string, bucket: Document): PublicCase => ({ name, bucket, isPublic: true });
const closed = (name: string, bucket: Document): PublicCase => ({ name, bucket, isPublic: false });
/** Everybody on a condition. */
const openIf = (name: string, Condition: ConditionBlock): PublicCase => open(name, to("*", Condition));
const closedIf = (name: string, Condition: ConditionBlock): PublicCase => closed(name, to("*", Condition));
const from = (...ranges: string[]): ConditionBlock => ({ IpAddress: { "aws:SourceIp": ranges } });

const CLOUDTRAIL = allow({ ...UPLOAD, Principal: { Service: "cloudtrail.amazonaws.com" } });
const OTHER_ACCOUNT = allow({ ...UPLOAD, Principal: { AWS: THEIRS } });
const PUBLIC = allow({ ...UPLOAD, Principal: "*" });
const NO_HTTP = deny({
  Principal: "*",
  Action: "s3:*",
  Resource: WHOLE_BUCKET,
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});

export const PUBLIC_PAGE =
  "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status";

export const PUBLIC_CASES: readonly PublicCase[] = [
  open("everybody", to("*")),
  open("everybody in AWS's form", to({ AWS: "*" })),
  open("everybody among users", to({ AWS: [ALICE.arn!, "*"] })),
  open("everybody whom another vouches for", to({ Federated: "graph.facebook.com" })),
  closed("a user", to({ AWS: ALICE.arn! })),
  closed("several users", to({ AWS: [ALICE.arn!, BOB.arn!] })),
  closed("a role", to({ AWS: `arn:aws:iam::${THEIRS}:role/reader` })),
  closed("a session", to({ AWS: `arn:aws:sts::${THEIRS}:assumed-role/reader/bob` })),
  closed("an account", to({ AWS: `arn:aws:iam::${THEIRS}:root` })),
  closed("an account by number", to({ AWS: THEIRS })),
  closed("an account by canonical id", to({ CanonicalUser: canonicalIdOf(THEIRS) })),
  closed("a service", to({ Service: "cloudtrail.amazonaws.com" })),
  closed("nobody: a deny alone", policy(NO_HTTP)),
  closed("a deny of everybody beside an allow of a user", policy(NO_HTTP, allow({ ...UPLOAD, Principal: { AWS: ALICE.arn! } }))),
  open("a deny without TLS beside an allow of everybody", policy(NO_HTTP, PUBLIC)),
  open("one statement of three is for everybody", policy(CLOUDTRAIL, OTHER_ACCOUNT, PUBLIC)),
  closed("without that statement", policy(CLOUDTRAIL, OTHER_ACCOUNT)),

  closedIf("a network", { StringEquals: { "aws:SourceVpc": "vpc-91237329" } }),
  openIf("networks of a kind", { StringLike: { "aws:SourceVpc": "vpc-*" } }),
  closedIf("a network by StringLike, without stars", { StringLike: { "aws:SourceVpc": "vpc-91237329" } }),
  openIf("a network or any of a kind", { StringLike: { "aws:SourceVpc": ["vpc-91237329", "vpc-*"] } }),
  closedIf("several networks", { StringEquals: { "aws:SourceVpc": ["vpc-1", "vpc-2"] } }),
  openIf("a network that is a variable", { StringEquals: { "aws:SourceVpc": "${aws:PrincipalTag/vpc}" } }),
  openIf("all networks but one", { StringNotEquals: { "aws:SourceVpc": "vpc-91237329" } }),
  openIf("a network, if there is one", { StringEqualsIfExists: { "aws:SourceVpc": "vpc-91237329" } }),
  openIf("each of no networks", { "ForAllValues:StringEquals": { "aws:SourceVpc": "vpc-91237329" } }),
  closedIf("any network, if there is one, for that asks for one all the same", {
    "ForAnyValue:StringEqualsIfExists": { "aws:SourceVpc": "vpc-91237329" },
  }),
  closedIf("any network", { "ForAnyValue:StringEquals": { "aws:SourceVpc": "vpc-91237329" } }),
  closedIf("an endpoint", { StringEquals: { "aws:SourceVpce": "vpce-1a2b3c4d" } }),
  openIf("endpoints of a kind", { StringLike: { "aws:SourceVpce": "vpce-*" } }),
  openIf("a network that is not there", { Null: { "aws:SourceVpc": "true" } }),

  closedIf("a range of addresses", from("203.0.113.0/24")),
  closedIf("an address", from("203.0.113.7")),
  closedIf("the broadest range that is not public", from("54.0.0.0/8")),
  openIf("a broader range", from("54.0.0.0/7")),
  openIf("half of all addresses", from("0.0.0.0/1")),
  openIf("all addresses", from("0.0.0.0/0")),
  openIf("a narrow range or a broad one", from("203.0.113.0/24", "0.0.0.0/1")),
  closedIf("a private range", from("10.0.0.0/8")),
  closedIf("the broadest range of IPv6 that is not public", from("2001:db8::/32")),
  openIf("a broader range of IPv6", from("2000::/31")),
  openIf("all addresses of IPv6", from("::/0")),
  openIf("all addresses but a range", { NotIpAddress: { "aws:SourceIp": "203.0.113.0/24" } }),
  openIf("a range of addresses, if there is an address", { IpAddressIfExists: { "aws:SourceIp": "203.0.113.0/24" } }),

  closedIf("an organization", { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }),
  closedIf("an account that asks", { StringEquals: { "aws:PrincipalAccount": THEIRS } }),
  closedIf("a role that asks", { ArnEquals: { "aws:PrincipalArn": `arn:aws:iam::${THEIRS}:role/reader` } }),
  closedIf("an ARN that something is done for", { ArnLike: { "aws:SourceArn": `arn:aws:sns:us-east-1:${OURS}:alerts` } }),
  openIf("ARNs of a kind", { ArnLike: { "aws:SourceArn": "arn:aws:sns:*:*:alerts" } }),
  closedIf("an account that something is done for", { StringEquals: { "aws:SourceAccount": OURS } }),
  closedIf("the owner of what something is done for", { StringEquals: { "aws:SourceOwner": OURS } }),
  closedIf("a key of KMS", {
    StringEquals: { "s3:x-amz-server-side-encryption-aws-kms-key-id": `arn:aws:kms:us-east-1:${OURS}:key/1` },
  }),
  openIf("any key of KMS", { StringLike: { "s3:x-amz-server-side-encryption-aws-kms-key-id": "*" } }),
  closedIf("a user's id", { StringEquals: { "aws:userid": "AIDAEXAMPLE" } }),
  openIf("users' ids of a kind", { StringLike: { "aws:userid": "AIDA*" } }),
  closedIf("an access point", { ArnEquals: { "s3:DataAccessPointArn": `arn:aws:s3:us-west-2:${OURS}:accesspoint/finance` } }),
  closedIf("every access point of an account", {
    ArnLike: { "s3:DataAccessPointArn": `arn:aws:s3:us-west-2:${OURS}:accesspoint/*` },
  }),
  openIf("access points of all accounts", { ArnLike: { "s3:DataAccessPointArn": "arn:aws:s3:us-west-2:*:accesspoint/*" } }),
  closedIf("access points by account", { StringEquals: { "s3:DataAccessPointAccount": OURS } }),

  openIf("a page that links", { StringLike: { "aws:Referer": "https://www.example.com/*" } }),
  openIf("exactly a page that links", { StringEquals: { "aws:Referer": "https://www.example.com/" } }),
  openIf("TLS", { Bool: { "aws:SecureTransport": "true" } }),
  openIf("a client", { StringEquals: { "aws:UserAgent": "secret" } }),
  openIf("a tag of an upload", { StringEquals: { "s3:RequestObjectTag/public": "yes" } }),
  openIf("an ACL", { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } }),
  openIf("a time", { DateLessThan: { "aws:CurrentTime": "2030-01-01T00:00:00Z" } }),
  closedIf("TLS and a network", { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:SourceVpc": "vpc-91237329" } }),
  closedIf("two keys of one operator, of which one is fixed", {
    StringEquals: { "aws:Referer": "https://www.example.com/", "aws:SourceVpce": "vpce-1" },
  }),
  closed("a user on a condition", to({ AWS: ALICE.arn! }, { StringLike: { "aws:SourceVpc": "vpc-*" } })),
  open(
    "two statements, of which one is limited",
    policy(
      allow({ ...UPLOAD, Principal: "*", Condition: from("203.0.113.0/24") }),
      allow({ Principal: "*", Action: "s3:GetObject", Resource: OBJECTS }),
    ),
  ),
  closed(
    "two statements, both limited",
    policy(
      allow({ ...UPLOAD, Principal: "*", Condition: from("203.0.113.0/24") }),
      allow({
        Principal: "*",
        Action: "s3:GetObject",
        Resource: OBJECTS,
        Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } },
      }),
    ),
  ),
];
