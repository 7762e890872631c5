import { BUCKET, OBJECTS, OURS, THEIRS, WHOLE_BUCKET } from "./PolicyCase.ts";

/** A text that is to be read as a policy. */
export interface TextCase {
  readonly name: string;
  readonly text: string;
  /** What the refusal says, where AWS's text is known; "refused" where only that it refuses is; "taken" where it does not. */
  readonly answer: "taken" | "refused" | { readonly message: string };
}

type Json = Readonly<Record<string, unknown>>;
const VERSION = "2012-10-17";
const say = (message: string): TextCase["answer"] => ({ message });
const text = (name: string, content: string, answer: TextCase["answer"] = "refused"): TextCase => ({
  name,
  text: content,
  answer,
});
const document = (name: string, content: Json, answer: TextCase["answer"] = "refused"): TextCase =>
  text(name, JSON.stringify(content), answer);
/** Leaves members out whose value is `undefined`, as JSON does. */
const statement = (base: Json, name: string, changes: Json, answer: TextCase["answer"] = "refused"): TextCase =>
  document(name, { Version: VERSION, Statement: [{ ...base, ...changes }] }, answer);

const BUCKET_BASE: Json = { Sid: "S", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: OBJECTS };
const inBucket = (name: string, changes: Json, answer: TextCase["answer"] = "refused"): TextCase =>
  statement(BUCKET_BASE, name, changes, answer);
const whom = (name: string, Principal: unknown, answer: TextCase["answer"] = say("Invalid principal in policy")): TextCase =>
  inBucket(name, { Principal }, answer);
const NO_JSON = say("Policies must be valid JSON and the first byte must be '{'");
const NO_ACTION = say("Policy has invalid action");
const NO_RESOURCE = say("Policy has invalid resource");
const NO_MATCH = say("Action does not apply to any resource(s) in statement");

export const MALFORMED_PAGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html";

/** Read as the policy of the bucket "photos". */
export const BUCKET_TEXTS: readonly TextCase[] = [
  inBucket("the least that is whole", {}, "taken"),
  document("of 2008", { Version: "2008-10-17", Statement: [BUCKET_BASE] }, "taken"),
  document("without a version", { Statement: [BUCKET_BASE] }, "taken"),
  document("with an id", { Version: VERSION, Id: "Policy 1", Statement: [BUCKET_BASE] }, "taken"),
  document("a statement that is no list", { Version: VERSION, Statement: BUCKET_BASE }, "taken"),
  document(
    "two statements",
    { Version: VERSION, Statement: [BUCKET_BASE, { ...BUCKET_BASE, Sid: "T", Effect: "Deny" }] },
    "taken",
  ),
  inBucket("without a Sid", { Sid: undefined }, "taken"),
  inBucket("a Sid with blanks", { Sid: "Let them read" }, "taken"),
  inBucket("all of S3 on the bucket and its objects", { Action: "s3:*", Resource: WHOLE_BUCKET }, "taken"),
  inBucket("actions of both kinds on both", { Action: ["s3:GetObject", "s3:ListBucket"], Resource: WHOLE_BUCKET }, "taken"),
  inBucket(
    "NotPrincipal, NotAction and NotResource",
    {
      Effect: "Deny",
      Principal: undefined,
      NotPrincipal: { AWS: OURS },
      Action: undefined,
      NotAction: "s3:Get*",
      Resource: undefined,
      NotResource: OBJECTS,
    },
    "taken",
  ),
  inBucket(
    "a condition with values of all types",
    {
      Condition: {
        Bool: { "aws:SecureTransport": true },
        NumericLessThan: { "s3:signatureAge": 600_000 },
        StringLike: { "aws:Referer": ["a*", "b*"] },
      },
    },
    "taken",
  ),
  inBucket(
    "a condition with a set operator",
    { Action: "s3:PutObject", Condition: { "ForAllValues:StringLike": { "s3:RequestObjectTagKeys": ["a"] } } },
    "taken",
  ),
  whom(
    "a user, an account, a canonical id, a service",
    { AWS: [`arn:aws:iam::${THEIRS}:user/Bob`, THEIRS], CanonicalUser: "ab".repeat(32), Service: "cloudtrail.amazonaws.com" },
    "taken",
  ),
  whom(
    "a session of a role and a federated user",
    { AWS: [`arn:aws:sts::${THEIRS}:assumed-role/reader/bob`, `arn:aws:sts::${THEIRS}:federated-user/guest`] },
    "taken",
  ),

  inBucket("an allow of all but some", { Principal: undefined, NotPrincipal: { AWS: OURS } }),
  text("nothing", "", NO_JSON),
  text("no JSON", "policy", NO_JSON),
  text("XML", "<Policy/>", NO_JSON),
  text("a list", "[]", NO_JSON),
  text("a text", '"{}"', NO_JSON),
  text("JSON that ends early", '{"Version":"2012-10-17","Statement":[', say("This policy contains invalid Json")),
  text("a comma too many", '{"Version":"2012-10-17",}', say("This policy contains invalid Json")),
  text("something behind it", `${JSON.stringify({ Version: VERSION, Statement: [BUCKET_BASE] })} x`),
  text("two documents", "{}{}"),
  text(
    "an element twice",
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Principal":"*","Action":"s3:GetObject","Resource":"${OBJECTS}"}]}`,
  ),
  document("an empty document", {}, say("Missing required field Statement")),
  document("no statement", { Version: VERSION }, say("Missing required field Statement")),
  document("an empty list of statements", { Version: VERSION, Statement: [] }),
  document("a statement that is a text", { Version: VERSION, Statement: "all" }),
  document("a statement in the list that is a text", { Version: VERSION, Statement: ["all"] }),
  document(
    "a version that never was",
    { Version: "2012-10-18", Statement: [BUCKET_BASE] },
    say("The policy must contain a valid version string"),
  ),
  document(
    "a version of today",
    { Version: "2026-03-01", Statement: [BUCKET_BASE] },
    say("The policy must contain a valid version string"),
  ),
  document("a version that is a number", { Version: 2012, Statement: [BUCKET_BASE] }),
  document("an element of the document that does not exist", { Version: VERSION, Statement: [BUCKET_BASE], Comment: "x" }),
  inBucket("an element that does not exist", { Comment: "x" }),
  inBucket("an element of another case", { Effect: undefined, effect: "Allow" }),
  inBucket("a Sid that is a number", { Sid: 1 }),
  inBucket("no effect", { Effect: undefined }, say("Missing required field Effect")),
  inBucket("an effect of another case", { Effect: "allow" }),
  inBucket("an effect that is none", { Effect: "Maybe" }),
  inBucket("no principal", { Principal: undefined }, say("Missing required field Principal")),
  inBucket("no action", { Action: undefined }, say("Missing required field Action")),
  inBucket("no resource", { Resource: undefined }, say("Missing required field Resource")),
  inBucket("Action and NotAction", { NotAction: "s3:PutObject" }),
  inBucket("Resource and NotResource", { NotResource: BUCKET }),
  inBucket("Principal and NotPrincipal", { NotPrincipal: { AWS: OURS } }),
  inBucket("an action that does not exist", { Action: "s3:GetObjects" }, NO_ACTION),
  inBucket("one action of several that does not exist", { Action: ["s3:GetObject", "s3:ReadObject"] }, NO_ACTION),
  inBucket("an action without its service", { Action: "GetObject" }, NO_ACTION),
  inBucket("an action of another service", { Action: "ec2:RunInstances" }, NO_ACTION),
  inBucket("an action of nothing", { Action: "" }, NO_ACTION),
  inBucket("a pattern of actions that fits none", { Action: "s3:Fetch*" }, NO_ACTION),
  inBucket("an action that is a number", { Action: 7 }),
  inBucket("a resource that is no ARN", { Resource: "photos/*" }, NO_RESOURCE),
  inBucket("another bucket", { Resource: "arn:aws:s3:::films/*" }, NO_RESOURCE),
  inBucket("a bucket whose name begins so", { Resource: "arn:aws:s3:::photos-2/*" }, NO_RESOURCE),
  inBucket("one resource of several is another's", { Resource: [OBJECTS, "arn:aws:s3:::films/*"] }, NO_RESOURCE),
  inBucket("a resource of another service", { Resource: `arn:aws:iam::${OURS}:user/Alice` }, NO_RESOURCE),
  inBucket("a resource that is a number", { Resource: 7 }),
  inBucket("an action on objects, and the bucket", { Resource: BUCKET }, NO_MATCH),
  inBucket("an action on the bucket, and objects", { Action: "s3:ListBucket" }, NO_MATCH),
  inBucket("one action of several fits no resource", { Action: ["s3:GetObject", "s3:ListBucket"] }, NO_MATCH),
  whom("a text that is not everybody", "Alice"),
  whom("nobody", {}, "refused"),
  whom("an empty list", { AWS: [] }, "refused"),
  whom("an empty text", { AWS: "" }),
  whom("a name", { AWS: "Alice" }),
  whom("an account with too few digits", { AWS: "11112222333" }),
  whom("all users of an account", { AWS: `arn:aws:iam::${OURS}:user/*` }),
  whom("all sessions of a role", { AWS: `arn:aws:sts::${OURS}:assumed-role/reader/*` }),
  whom("part of a name", { AWS: `arn:aws:iam::${OURS}:user/A*` }),
  whom("a group", { AWS: `arn:aws:iam::${OURS}:group/Staff` }),
  whom("a policy", { AWS: `arn:aws:iam::${OURS}:policy/Read` }),
  whom("a bucket", { AWS: BUCKET }),
  whom("a kind that does not exist", { Everyone: "*" }, "refused"),
  whom("a number", { AWS: 111_122_223_333 }, "refused"),
  whom("a canonical id that is none", { CanonicalUser: "Alice" }),
  inBucket("a condition that is a text", { Condition: "aws:SecureTransport" }),
  inBucket("a condition that is a list", { Condition: [{ Bool: { "aws:SecureTransport": "true" } }] }),
  inBucket("an operator that does not exist", { Condition: { StringIs: { "aws:Referer": "a" } } }),
  inBucket("Null has no IfExists", { Condition: { NullIfExists: { "aws:Referer": "true" } } }),
  inBucket("a set operator that does not exist", { Condition: { "ForSomeValues:StringEquals": { "aws:Referer": "a" } } }),
  inBucket("an operator without keys", { Condition: { StringEquals: "aws:Referer" } }),
  inBucket("a value that is an object", { Condition: { StringEquals: { "aws:Referer": { a: "b" } } } }),
  inBucket(
    "a key that does not exist",
    { Condition: { StringEquals: { "s3:nothing": "a" } } },
    say("Policy has an invalid condition key"),
  ),
  inBucket(
    "a key without its service",
    { Condition: { StringEquals: { prefix: "a" } } },
    say("Policy has an invalid condition key"),
  ),
  inBucket(
    "a key of other actions",
    { Condition: { StringEquals: { "s3:prefix": "a" } } },
    say("Conditions do not apply to combination of actions and resources in statement"),
  ),
  inBucket("a range of addresses that is none", { Condition: { IpAddress: { "aws:SourceIp": "300.0.0.0/24" } } }),
  inBucket("a range of addresses that is too long", { Condition: { IpAddress: { "aws:SourceIp": "192.0.2.0/33" } } }),
  inBucket("a number that is none", { Condition: { NumericLessThan: { "s3:signatureAge": "many" } } }),
];

const IDENTITY_BASE: Json = { Sid: "S", Effect: "Allow", Action: "s3:GetObject", Resource: OBJECTS };
const inIdentity = (name: string, changes: Json, answer: TextCase["answer"] = "refused"): TextCase =>
  statement(IDENTITY_BASE, name, changes, answer);
const TOO_OLD = say("Policy document must be version 2012-10-17 or greater.");
const SYNTAX = say("Syntax errors in policy.");

/** Read as a policy of a user, a group or a role. */
export const IDENTITY_TEXTS: readonly TextCase[] = [
  inIdentity("the least that is whole", {}, "taken"),
  inIdentity("everything", { Action: "*", Resource: "*" }, "taken"),
  inIdentity("actions of several services", { Action: ["s3:*", "iam:GetUser", "ec2:RunInstances"], Resource: "*" }, "taken"),
  inIdentity("actions that IAM does not know", { Action: "s3:Fetch", Resource: "*" }, "taken"),
  inIdentity(
    "NotAction and NotResource",
    { Action: undefined, NotAction: "iam:*", Resource: undefined, NotResource: BUCKET },
    "taken",
  ),
  inIdentity("a resource with a variable", { Resource: "arn:aws:s3:::photos/${aws:username}/*" }, "taken"),
  inIdentity("keys that IAM does not know", { Condition: { StringEquals: { "acme:key": "a" } } }, "taken"),
  inIdentity("without a Sid", { Sid: undefined }, "taken"),
  document(
    "two statements without Sids",
    {
      Version: VERSION,
      Statement: [
        { ...IDENTITY_BASE, Sid: undefined },
        { ...IDENTITY_BASE, Sid: undefined },
      ],
    },
    "taken",
  ),
  document("without a version", { Statement: [IDENTITY_BASE] }, TOO_OLD),
  document("of 2008", { Version: "2008-10-17", Statement: [IDENTITY_BASE] }, TOO_OLD),
  text("nothing", ""),
  text("no JSON", "policy", SYNTAX),
  text("a list", "[]", SYNTAX),
  text("JSON that ends early", '{"Version":"2012-10-17","Statement":[', SYNTAX),
  text(
    "an element twice",
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}]}',
  ),
  document("no statement", { Version: VERSION }, SYNTAX),
  document("a statement that is a text", { Version: VERSION, Statement: "all" }),
  document("a version that never was", { Version: "2012-10-18", Statement: [IDENTITY_BASE] }),
  document("an element of the document that does not exist", { Version: VERSION, Statement: [IDENTITY_BASE], Comment: "x" }),
  inIdentity("an element that does not exist", { Comment: "x" }),
  inIdentity("no effect", { Effect: undefined }),
  inIdentity("an effect of another case", { Effect: "allow" }),
  inIdentity("no action", { Action: undefined }, say("Policy statement must contain actions.")),
  inIdentity("no resource", { Resource: undefined }, say("Policy statement must contain resources.")),
  inIdentity("a resource of null", { Resource: null }, SYNTAX),
  inIdentity("Action and NotAction", { NotAction: "s3:PutObject" }),
  inIdentity("Resource and NotResource", { NotResource: BUCKET }),
  inIdentity("a principal", { Principal: "*" }, say("Policy document should not specify a principal.")),
  inIdentity("a NotPrincipal", { NotPrincipal: { AWS: OURS } }),
  inIdentity(
    "an action without its service",
    { Action: "GetObject" },
    say("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
  ),
  inIdentity(
    "a key without its service",
    { Condition: { StringEquals: { prefix: "a" } } },
    say("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
  ),
  inIdentity("a resource that is no ARN", { Resource: "photos/*" }, say('Resource photos/* must be in ARN format or "*".')),
  inIdentity(
    "a Sid with a dash",
    { Sid: "read-photos" },
    say("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"),
  ),
  inIdentity(
    "a Sid with a blank",
    { Sid: "Read photos" },
    say("Statement IDs (SID) must be alpha-numeric. Check that your input satisfies the regular expression [0-9A-Za-z]*"),
  ),
  document(
    "a Sid twice",
    { Version: VERSION, Statement: [IDENTITY_BASE, IDENTITY_BASE] },
    say("Statement IDs (SID) in a single policy must be unique."),
  ),
  inIdentity("an operator that does not exist", { Condition: { StringIs: { "aws:Referer": "a" } } }),
  inIdentity("a condition that is a list", { Condition: [] }),
];

const TRUST_BASE: Json = { Effect: "Allow", Principal: { AWS: OURS }, Action: "sts:AssumeRole" };
const inTrust = (name: string, changes: Json, answer: TextCase["answer"] = "refused"): TextCase =>
  statement(TRUST_BASE, name, changes, answer);

/** Read as the trust policy of a role. */
export const TRUST_TEXTS: readonly TextCase[] = [
  inTrust("the least that is whole", {}, "taken"),
  inTrust("everybody", { Principal: { AWS: "*" } }, "taken"),
  inTrust("a service", { Principal: { Service: "ec2.amazonaws.com" } }, "taken"),
  inTrust(
    "a web identity",
    {
      Principal: { Federated: `arn:aws:iam::${OURS}:oidc-provider/login.example.com` },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: { StringEquals: { "login.example.com:aud": "app" } },
    },
    "taken",
  ),
  inTrust("to assume and to tag", { Action: ["sts:AssumeRole", "sts:TagSession"] }, "taken"),
  inTrust("no principal", { Principal: undefined }),
  inTrust("a resource", { Resource: "*" }, say("Has prohibited field Resource")),
  inTrust("no action", { Action: undefined }),
  inTrust(
    "an action of another service",
    { Action: "s3:GetObject" },
    say("AssumeRole policy may only specify STS AssumeRole actions."),
  ),
  inTrust("part of a name", { Principal: { AWS: `arn:aws:iam::${OURS}:user/A*` } }),
  inTrust("a group", { Principal: { AWS: `arn:aws:iam::${OURS}:group/Staff` } }),
  inTrust("no effect", { Effect: undefined }),
  inTrust("all but some", { Effect: "Deny", Principal: undefined, NotPrincipal: { AWS: OURS } }),
  text("no JSON", "{", say("This policy contains invalid Json")),
];
