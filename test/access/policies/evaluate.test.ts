import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../../../src/access/policies/evaluate.ts";
import { locksOut } from "../../../src/access/policies/locksOut.ts";
import type { Principal } from "../../../src/access/policies/PolicyRequest.ts";
import type { NamedPolicy, Policies, Verdict } from "../../../src/access/policies/Verdict.ts";
import {
  anonymous,
  BUCKET_ARN,
  bucketPolicy,
  canonicalIdOf,
  federatedUser,
  identityPolicy,
  OTHER,
  OWNER,
  request,
  roleSession,
  root,
  trustPolicy,
  user,
} from "./requests.ts";

const OBJECT = `${BUCKET_ARN}/key`;
const OBJECTS = `${BUCKET_ARN}/*`;
const ALLOW = { Effect: "Allow", Action: "s3:GetObject", Resource: OBJECTS };
const DENY = { ...ALLOW, Effect: "Deny" };

const mayGet = identityPolicy(ALLOW);
const mayNot = identityPolicy(DENY);
const mayOther = identityPolicy({ ...ALLOW, Action: "s3:PutObject" });
const allows = (Principal: unknown): NamedPolicy => bucketPolicy({ ...ALLOW, Principal });
const aws = (AWS: unknown): NamedPolicy => allows({ AWS });

/** Asks for GetObject on a bucket of OWNER. */
function get(principal: Principal, policies: Partial<Policies> = {}): Verdict {
  return evaluate(request("s3:GetObject", OBJECT, principal), { identity: [], resourceAccountId: OWNER, ...policies });
}

/** An answer, and by which kind of policy. */
const told = ({ effect, by }: Verdict): string => `${effect} by ${by}`;

test("evaluate: within an account, either side may allow", () => {
  assert.equal(told(get(user(OWNER), { identity: [mayGet] })), "allow by identity");
  assert.equal(told(get(user(OWNER), { resource: aws(user(OWNER).arn) })), "allow by resource");
  assert.equal(told(get(user(OWNER))), "none by identity");
  assert.equal(told(get(user(OWNER), { identity: [mayOther, mayGet] })), "allow by identity");
});

test("evaluate: across accounts, both sides have to allow", () => {
  const resource = aws(OTHER);
  assert.equal(told(get(user(OTHER), { identity: [mayGet], resource })), "allow by resource");
  assert.equal(told(get(user(OTHER), { identity: [mayGet] })), "none by resource");
  assert.equal(told(get(user(OTHER), { resource })), "none by identity");
  assert.equal(told(get(user(OTHER), { resource: aws(user(OTHER).arn) })), "none by identity");
  assert.equal(told(get(user(OTHER), { resource: allows("*") })), "none by identity");
  assert.equal(told(get(root(OTHER), { identity: undefined, resource })), "allow by resource");
  assert.equal(told(get(root(OTHER), { identity: undefined })), "none by resource");
  assert.equal(told(get(user(OTHER), { identity: [mayGet], boundary: mayOther, resource })), "none by boundary");
});

test("evaluate: an explicit deny wins, wherever it stands", () => {
  const resource = bucketPolicy({ ...ALLOW, Principal: "*" }, { ...DENY, Principal: { AWS: user(OWNER).arn } });
  const verdict = get(user(OWNER), { identity: [mayGet], resource });
  assert.equal(told(verdict), "deny by resource");
  assert.equal(verdict.explicit, true);
  assert.equal(told(get(user(OWNER), { identity: [mayGet, mayNot] })), "deny by identity");
  assert.equal(told(get(user(OWNER), { identity: [mayGet], boundary: mayNot })), "deny by boundary");
  assert.equal(told(get(user(OWNER), { identity: [mayGet], session: [mayNot] })), "deny by session");
  assert.equal(told(get(user(OWNER), { identity: [mayNot], resource: aws(user(OWNER).arn) })), "deny by identity");
  assert.equal(get(user(OWNER)).explicit, false);
});

test("evaluate: a boundary and session policies limit what identity policies allow", () => {
  assert.equal(told(get(user(OWNER), { identity: [mayGet], boundary: mayGet })), "allow by identity");
  assert.equal(told(get(user(OWNER), { identity: [mayGet], boundary: mayOther })), "none by boundary");
  assert.equal(told(get(roleSession(OWNER), { identity: [mayGet], session: [mayGet] })), "allow by identity");
  assert.equal(told(get(roleSession(OWNER), { identity: [mayGet], session: [mayOther] })), "none by session");
  assert.equal(told(get(roleSession(OWNER), { identity: [mayGet], session: [] })), "none by session");
  assert.equal(told(get(roleSession(OWNER), { identity: [], session: [mayGet] })), "none by identity");
});

test("evaluate: a resource's policy that names a user is not limited by a boundary", () => {
  assert.equal(told(get(user(OWNER), { boundary: mayOther, resource: aws(user(OWNER).arn) })), "allow by resource");
  assert.equal(told(get(user(OWNER), { boundary: mayOther, resource: aws(user(OWNER).userId) })), "allow by resource");
  assert.equal(told(get(user(OWNER), { boundary: mayOther, resource: allows("*") })), "allow by resource");
});

test("evaluate: a resource's policy that names a role is limited by boundary and session, and one that names the session is not", () => {
  const session = roleSession(OWNER);
  const byRole = aws(session.principalArn);
  const bySession = aws(session.arn);
  assert.equal(told(get(session, { resource: byRole })), "allow by resource");
  assert.equal(told(get(session, { resource: byRole, boundary: mayOther })), "none by boundary");
  assert.equal(told(get(session, { resource: byRole, session: [mayOther] })), "none by session");
  assert.equal(told(get(session, { resource: bySession, boundary: mayOther, session: [mayOther] })), "allow by resource");
  assert.equal(told(get(session, { resource: aws("AROAEXAMPLEID12345678"), boundary: mayOther })), "none by boundary");
  assert.equal(told(get(session, { resource: aws(`arn:aws:sts::${OWNER}:assumed-role/reader/two`) })), "none by identity");
});

test("evaluate: a resource's policy that names the account leaves it to the account", () => {
  for (const name of [OWNER, `arn:aws:iam::${OWNER}:root`]) {
    assert.equal(told(get(user(OWNER), { resource: aws(name) })), "none by identity");
    assert.equal(told(get(root(OWNER), { identity: undefined, resource: aws(name) })), "allow by resource");
  }
  const canonical = allows({ CanonicalUser: canonicalIdOf(OTHER) });
  assert.equal(told(get(user(OTHER), { identity: [mayGet], resource: canonical })), "allow by resource");
  assert.equal(told(get(user(OTHER), { resource: canonical })), "none by identity");
});

test("evaluate: federated users may do what both the asking user and the session may, or what names them", () => {
  const bob = federatedUser(OWNER);
  assert.equal(told(get(bob, { identity: [mayGet], session: [mayGet] })), "allow by identity");
  assert.equal(told(get(bob, { identity: [mayGet] })), "none by session");
  assert.equal(told(get(bob, { identity: undefined, session: [mayGet] })), "allow by identity");
  assert.equal(told(get(bob, { identity: [], session: [mayGet] })), "none by identity");
  assert.equal(told(get(bob, { resource: aws(bob.arn) })), "allow by resource");
  assert.equal(told(get(bob, { resource: aws(user(OWNER).arn), session: [mayGet] })), "allow by resource");
  assert.equal(told(get(bob, { resource: aws(user(OWNER).arn) })), "none by session");
});

test("evaluate: the root of the account may do everything that its resources do not deny", () => {
  assert.equal(told(get(root(OWNER), { identity: undefined })), "allow by identity");
  const resource = bucketPolicy({ ...DENY, Principal: "*" });
  assert.equal(told(get(root(OWNER), { identity: undefined, resource })), "deny by resource");
});

test("evaluate: the root of the owner's account can always change the bucket's policy", () => {
  const resource = bucketPolicy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [BUCKET_ARN, OBJECTS] });
  for (const action of ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"]) {
    const ask = (principal: Principal): Verdict =>
      evaluate(request(action, BUCKET_ARN, principal), { identity: undefined, resource, resourceAccountId: OWNER });
    assert.equal(ask(root(OWNER)).effect, "allow");
    assert.match(ask(root(OWNER)).reasons[0]!, /may disregard/);
    assert.equal(ask(root(OTHER)).effect, "deny");
    assert.equal(ask(user(OWNER)).effect, "deny");
  }
  assert.equal(
    evaluate(request("s3:PutBucketAcl", BUCKET_ARN, root(OWNER)), { identity: undefined, resource, resourceAccountId: OWNER })
      .effect,
    "deny",
  );
});

test("evaluate: those who do not sign may do what resources allow to everyone", () => {
  assert.equal(told(get(anonymous, { identity: undefined })), "none by resource");
  assert.equal(told(get(anonymous, { identity: undefined, resource: allows("*") })), "allow by resource");
  assert.equal(told(get(anonymous, { identity: undefined, resource: aws("*") })), "allow by resource");
  assert.equal(told(get(anonymous, { identity: undefined, resource: aws(OWNER) })), "none by resource");
});

test("evaluate: NotPrincipal denies all but those who are listed with their account, and have no boundary", () => {
  const deny = (...AWS: readonly string[]): NamedPolicy => bucketPolicy({ ...DENY, NotPrincipal: { AWS } });
  const ask = (principal: Principal, resource: NamedPolicy, more: Partial<Policies> = {}): string =>
    get(principal, { identity: [mayGet], resource, ...more }).effect;
  const alice = user(OWNER);
  assert.equal(ask(alice, deny(alice.arn!, OWNER)), "allow");
  assert.equal(ask(alice, deny(alice.arn!)), "deny");
  assert.equal(ask(alice, deny(OWNER)), "deny");
  assert.equal(ask(alice, deny(alice.arn!, OWNER), { boundary: mayGet }), "deny");
  assert.equal(ask(root(OWNER), deny(OWNER), { identity: undefined }), "allow");
  const session = roleSession(OWNER);
  assert.equal(ask(session, deny(session.arn!, session.principalArn!, OWNER)), "allow");
  assert.equal(ask(session, deny(session.principalArn!, OWNER)), "deny");
  assert.equal(ask(anonymous, deny(OWNER), { identity: undefined }), "deny");
});

test("evaluate: NotAction and NotResource mean all others", () => {
  const identity = [identityPolicy({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })];
  assert.equal(get(user(OWNER), { identity }).effect, "allow");
  assert.equal(evaluate(request("iam:CreateUser", "*", user(OWNER)), { identity, resourceAccountId: OWNER }).effect, "none");
  const elsewhere = [identityPolicy({ Effect: "Allow", Action: "s3:*", NotResource: OBJECTS })];
  assert.equal(get(user(OWNER), { identity: elsewhere }).effect, "none");
});

test("evaluate: all conditions of a statement have to hold", () => {
  const Condition = { StringEquals: { "aws:username": "alice", "aws:UserAgent": "x" } };
  const identity = [identityPolicy({ ...ALLOW, Condition })];
  const ask = (keys: Record<string, string>): Verdict =>
    evaluate(request("s3:GetObject", OBJECT, user(OWNER), keys), { identity, resourceAccountId: OWNER });
  assert.equal(ask({ "aws:username": "alice", "aws:UserAgent": "x" }).effect, "allow");
  const refused = ask({ "aws:username": "alice" });
  assert.equal(refused.effect, "none");
  assert.deepEqual(refused.reasons, [
    "inline test, statement 1 (Allow) does not apply: StringEquals aws:UserAgent does not hold",
    "no identity-based policy allows s3:GetObject on arn:aws:s3:::bucket/key",
  ]);
});

test("evaluate: a trust policy has to allow, and is enough where it names the caller", () => {
  const role = `arn:aws:iam::${OWNER}:role/reader`;
  const assume = (principal: Principal, AWS: string, mayAssume: boolean): string => {
    const identity = mayAssume ? [identityPolicy({ Effect: "Allow", Action: "sts:AssumeRole", Resource: role })] : [];
    const resource = trustPolicy({ Effect: "Allow", Principal: { AWS }, Action: "sts:AssumeRole" });
    return told(evaluate(request("sts:AssumeRole", role, principal), { identity, resource, resourceAccountId: OWNER }));
  };
  assert.equal(assume(user(OWNER), user(OWNER).arn!, false), "allow by resource");
  assert.equal(assume(user(OWNER), OWNER, false), "none by identity");
  assert.equal(assume(user(OWNER), OWNER, true), "allow by identity");
  assert.equal(assume(user(OWNER), OTHER, true), "none by resource");
  assert.equal(assume(user(OTHER), OTHER, true), "allow by resource");
  assert.equal(assume(user(OTHER), user(OTHER).arn!, false), "none by identity");
});

test("evaluate: a web identity is who its provider says", () => {
  const provider = `arn:aws:iam::${OWNER}:oidc-provider/issuer.example.com`;
  const role = `arn:aws:iam::${OWNER}:role/reader`;
  const resource = trustPolicy({
    Effect: "Allow",
    Principal: { Federated: provider },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: { StringEquals: { "issuer.example.com:aud": "app" } },
  });
  const ask = (federatedProvider: string, audience: string): string =>
    told(
      evaluate(
        request(
          "sts:AssumeRoleWithWebIdentity",
          role,
          { ...anonymous, federatedProvider },
          { "issuer.example.com:aud": audience },
        ),
        {
          identity: undefined,
          resource,
          resourceAccountId: OWNER,
        },
      ),
    );
  assert.equal(ask(provider, "app"), "allow by resource");
  assert.equal(ask(provider, "other"), "none by resource");
  assert.equal(ask("arn:aws:iam::111122223333:oidc-provider/other.example.com", "app"), "none by resource");
});

test("evaluate: what nobody owns is the caller's account's", () => {
  const identity = [identityPolicy({ Effect: "Allow", Action: "s3:CreateBucket", Resource: "*" })];
  assert.equal(
    told(evaluate(request("s3:CreateBucket", BUCKET_ARN, user(OWNER)), { identity, resourceAccountId: undefined })),
    "allow by identity",
  );
});

test("evaluate: says what each statement about the action came to", () => {
  const resource = bucketPolicy(
    { ...ALLOW, Sid: "Others", Principal: { AWS: user(OTHER).arn } },
    { ...ALLOW, Principal: { AWS: OWNER }, Resource: `${BUCKET_ARN}/other/*` },
    { ...ALLOW, Principal: { AWS: OWNER } },
    { ...ALLOW, Principal: "*", Action: "s3:PutObject" },
  );
  assert.deepEqual(get(user(OWNER), { identity: [mayGet], resource }).reasons, [
    'bucket policy, statement "Others" (Allow) means others',
    "bucket policy, statement 2 (Allow) is about other resources",
    "bucket policy, statement 3 allows the account of the caller, whose own policies have to allow it as well",
    "inline test, statement 1 allows",
  ]);
});

test("locksOut: when the author is denied PutBucketPolicy, unless they are the root", () => {
  const put = (principal: Principal, statement: object): boolean => {
    const { policy } = bucketPolicy({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:PutBucketPolicy",
      Resource: BUCKET_ARN,
      ...statement,
    });
    return locksOut(policy, request("s3:PutBucketPolicy", BUCKET_ARN, principal, { "aws:SourceIp": "192.0.2.1" }));
  };
  assert.equal(put(user(OWNER), {}), true);
  assert.equal(put(root(OWNER), {}), false);
  assert.equal(put(user(OWNER), { Action: "s3:DeleteBucketPolicy" }), false);
  assert.equal(put(user(OWNER), { Condition: { NotIpAddress: { "aws:SourceIp": "192.0.2.0/24" } } }), false);
  assert.equal(put(user(OWNER), { Condition: { NotIpAddress: { "aws:SourceIp": "198.51.100.0/24" } } }), true);
});

test("evaluate: a policy at its limit, full of wildcards, is decided in a moment", () => {
  const pattern = `*${"a?".repeat(4000)}*b`;
  const resource = bucketPolicy({
    ...ALLOW,
    Principal: "*",
    Resource: `${OBJECTS}${"?*".repeat(1000)}`,
    Condition: { StringLike: { "aws:UserAgent": [pattern, pattern.slice(1)] } },
  });
  const asking = request("s3:GetObject", `${BUCKET_ARN}/${"a".repeat(1024)}`, user(OWNER), {
    "aws:UserAgent": "a".repeat(16_000),
  });
  const before = process.cpuUsage();
  evaluate(asking, { identity: [], resource, resourceAccountId: OWNER });
  const { user: used } = process.cpuUsage(before);
  assert.ok(used < 1_000_000, `${used} µs`);
});
