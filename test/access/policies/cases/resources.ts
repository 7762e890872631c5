import type { Elements, PolicyCase, Theme } from "./PolicyCase.ts";
import { BUCKET, OBJECT, OBJECTS, OURS, WHOLE_BUCKET, allow, allowed, denied, deny, lacking, policy } from "./PolicyCase.ts";

const s3 = (rest: string): string => `arn:aws:s3:::${rest}`;
const iam = (rest: string): string => `arn:aws:iam::${OURS}:${rest}`;

/** An identity's allow of some resources, and one that is asked for. */
function covers(name: string, Resource: string | readonly string[], resource: string, does = true): PolicyCase {
  return about(name, { Resource }, resource, does);
}
const misses = (name: string, Resource: string | readonly string[], resource: string): PolicyCase =>
  covers(name, Resource, resource, false);

function about(name: string, elements: Elements, resource: string, does: boolean): PolicyCase {
  const identity = policy(allow({ Sid: "Some", Action: ["s3:*", "iam:*", "sqs:*"], ...elements }));
  const action = resource.startsWith("arn:aws:iam:") ? "iam:GetUser" : "s3:GetObject";
  return {
    name,
    identity,
    action,
    resource,
    expect: does ? allowed("identity", "Some") : lacking("identity", "Some", "is about other resources"),
  };
}

/** More stars than anybody needs: what is not linear would not come to an end. */
const MANY_STARS = s3(`photos/${"*a".repeat(60)}*b`);
const LONG_KEY = s3(`photos/${"a".repeat(1000)}`);

export const RESOURCES: Theme = {
  title: "Resource",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html",
  cases: [
    covers("an object by its ARN", OBJECT, OBJECT),
    misses("another object", OBJECT, s3("photos/2026/dog.jpg")),
    misses("keys have case", OBJECT, s3("photos/2026/CAT.jpg")),
    misses("an object whose key only begins so", OBJECT, s3("photos/2026/cat.jpg.bak")),
    misses("a folder is not what is in it", s3("photos/2026/"), OBJECT),
    covers("a bucket by its ARN", BUCKET, BUCKET),
    misses("a bucket is not its objects", BUCKET, OBJECT),
    covers("all objects", OBJECTS, OBJECT),
    misses("all objects are not the bucket", OBJECTS, BUCKET),
    misses("all objects of another bucket", OBJECTS, s3("photos-2/a")),
    covers("one of several", WHOLE_BUCKET, BUCKET),
    misses("none of several", WHOLE_BUCKET, s3("films")),
    covers("everything", "*", OBJECT),
    covers("everything of S3", s3("*"), OBJECT),
    misses("everything of S3 is nothing of IAM", s3("*"), iam("user/Alice")),
    covers("every object of every bucket", s3("*/*"), OBJECT),
    misses("every object of every bucket is no bucket", s3("*/*"), BUCKET),
    covers("a star crosses slashes", s3("photos/2026*"), s3("photos/2026/05/a.jpg")),
    covers("a star may be nothing", s3("photos/2026/*"), s3("photos/2026/")),
    misses("a folder and all in it is not its neighbour", s3("photos/2026/*"), s3("photos/20266/a")),
    covers("a star in the middle", s3("photos/*/raw/*"), s3("photos/2026/05/raw/a")),
    misses("a star in the middle, and something else behind", s3("photos/*/raw/*"), s3("photos/2026/05/jpg/a")),
    covers("a star at the end of a bucket's name", s3("photos*"), s3("photos-old")),
    covers("a star at the end of a bucket's name reaches its objects", s3("photos*"), s3("photos-old/a")),
    covers("a star on both sides", s3("*log*"), s3("our-logs-2026")),
    misses("a star on both sides, and not between", s3("*log*"), s3("photos/2026/cat.jpg")),
    covers("stars that overlap need not", s3("photos/aba*aba"), s3("photos/abaaba")),
    misses("stars do not share characters", s3("photos/aba*aba"), s3("photos/ababa")),
    covers("a question mark is one character", s3("photos/2026/?at.jpg"), OBJECT),
    misses("a question mark is not none", s3("photos/2026/cat.jpg?"), OBJECT),
    misses("a question mark is not two", s3("photos/2026/?t.jpg"), OBJECT),
    covers("a question mark may be a slash", s3("photos/2026?cat.jpg"), OBJECT),
    covers("several question marks", s3("photos/????/*.jpg"), OBJECT),
    covers("colons in a key", s3("photos/a:b:c"), s3("photos/a:b:c")),
    covers("a star crosses colons in a key", s3("photos/a*c"), s3("photos/a:b:c")),
    covers("a line's end in a key", s3("photos/a*c"), s3("photos/a\nb\nc")),
    covers("a key beyond ASCII", s3("photos/für/*"), s3("photos/für/dich")),
    covers("what patterns of other languages mean is itself", s3("photos/[a-z]+.(x)"), s3("photos/[a-z]+.(x)")),
    misses("what patterns of other languages mean is not meant", s3("photos/[a-z]"), s3("photos/b")),
    misses("a dot is a dot", s3("photos/a.b"), s3("photos/axb")),
    covers("a key with a star in it", s3("photos/a*b"), s3("photos/a*b")),
    misses("many stars take no time", MANY_STARS, LONG_KEY),
    covers("users of all paths", iam("user/*"), iam("user/division_abc/subdivision_xyz/JaneDoe")),
    covers("users of all paths, without one", iam("user/*"), iam("user/John")),
    covers("users of a path", iam("user/division_abc*"), iam("user/division_abc/subdivision_xyz/Jane")),
    misses("users of a path are not those of none", iam("user/division_abc*"), iam("user/John")),
    covers("users of any account", "arn:aws:iam::*:user/Alice", iam("user/Alice")),
    misses("users of another account", "arn:aws:iam::444455556666:user/Alice", iam("user/Alice")),
    misses("users are no groups", iam("user/*"), iam("group/Alice")),
    covers("an ARN that ends early is any of the service", "arn:aws:s3", OBJECT),
    misses("an ARN that ends early is none of another", "arn:aws:sqs", OBJECT),
  ],
};

/** The documentation's group that may use nothing of S3 but one folder. */
const PAYROLL = policy(
  allow({ Sid: "S3", Action: "s3:*", Resource: "*" }),
  deny({ Sid: "OnlyPayroll", Action: "s3:*", NotResource: [s3("HRBucket/Payroll"), s3("HRBucket/Payroll/*")] }),
);
const payroll = (name: string, resource: string, does: boolean): PolicyCase => ({
  name,
  identity: PAYROLL,
  action: "s3:GetObject",
  resource,
  expect: does ? allowed("identity", "S3") : denied("identity", "OnlyPayroll"),
});

export const NOT_RESOURCES: Theme = {
  title: "NotResource",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notresource.html",
  cases: [
    payroll("a folder that is spared", s3("HRBucket/Payroll/may"), true),
    payroll("the folder's own key", s3("HRBucket/Payroll"), true),
    payroll("another folder", s3("HRBucket/Reviews/may"), false),
    payroll("a folder whose name begins so", s3("HRBucket/Payroll2/may"), false),
    payroll("the bucket", s3("HRBucket"), false),
    payroll("another bucket", s3("photos/a"), false),
    about("what is not named is allowed", { NotResource: s3("photos/secret/*") }, OBJECT, true),
    about("what is named is not", { NotResource: s3("photos/secret/*") }, s3("photos/secret/plan"), false),
    about("one of several that are named", { NotResource: [s3("a/*"), s3("photos/*")] }, OBJECT, false),
    about("everything is named", { NotResource: "*" }, OBJECT, false),
    about("what is not named, of another service", { NotResource: s3("*") }, iam("user/Alice"), true),
  ],
};
