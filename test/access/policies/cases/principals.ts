import type { Principal } from "../../../../src/access/policies/PolicyRequest.ts";
import type { Elements, Expectation, Keys, PolicyCase, Theme } from "./PolicyCase.ts";
import { ALICE, ANALYST, ANONYMOUS, BOB, GET, OBJECTS, OURS, ROOT, THEIRS, THIRD, WHOLE_BUCKET } from "./PolicyCase.ts";
import {
  allow,
  allowed,
  canonicalIdOf,
  denied,
  deny,
  federated,
  lacking,
  policy,
  root,
  session,
  uniqueId,
  user,
} from "./PolicyCase.ts";

type Whom = NonNullable<Elements["Principal"]>;

const ROLE = `arn:aws:iam::${OURS}:role/analyst`;
const WEB: Principal = { ...session("app", "visitor"), federatedProvider: "cognito-identity.amazonaws.com" };

/** A bucket's policy lets a principal read; nobody has policies of their own, so it alone decides. */
function reads(name: string, whom: Whom, asks: Principal, expect: Expectation): PolicyCase {
  return {
    name,
    ...GET,
    asks,
    bucket: policy(allow({ Sid: "Read", Principal: whom, Action: "s3:GetObject", Resource: OBJECTS })),
    expect,
  };
}
const may = (name: string, whom: Whom, asks: Principal): PolicyCase => reads(name, whom, asks, allowed("resource", "Read"));
const mayNot = (name: string, whom: Whom, asks: Principal): PolicyCase =>
  reads(name, whom, asks, lacking(asks.kind === "anonymous" ? "resource" : "identity", "Read", "means others"));

/** Everybody who asks would be allowed by policies of their own; the bucket's denies some. */
function barred(name: string, elements: Elements, asks: Principal, expect: Expectation, keys: Keys = {}): PolicyCase {
  const identity = policy(allow({ Sid: "All", Action: "*", Resource: "*" }));
  return {
    name,
    ...GET,
    asks,
    identity,
    keys,
    bucket: policy(deny({ Sid: "Barred", Action: "s3:*", Resource: WHOLE_BUCKET, ...elements })),
    expect,
  };
}
const out = (name: string, whom: Whom, asks: Principal): PolicyCase =>
  barred(name, { Principal: whom }, asks, denied("resource", "Barred"));
const spared = (name: string, whom: Whom, asks: Principal): PolicyCase =>
  barred(name, { Principal: whom }, asks, allowed("identity", "All"));

export const PRINCIPALS: Theme = {
  title: "Principal",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
  cases: [
    may("a user by ARN", { AWS: `arn:aws:iam::${OURS}:user/Alice` }, ALICE),
    mayNot("names of users have case", { AWS: `arn:aws:iam::${OURS}:user/alice` }, ALICE),
    mayNot("another user", { AWS: `arn:aws:iam::${OURS}:user/Carol` }, ALICE),
    mayNot("a user whose name only begins so", { AWS: `arn:aws:iam::${OURS}:user/Alice` }, user("Alice2")),
    may("a user with their path", { AWS: `arn:aws:iam::${OURS}:user/division/Alice` }, user("division/Alice")),
    mayNot("a user without their path", { AWS: `arn:aws:iam::${OURS}:user/Alice` }, user("division/Alice")),
    may("one of several users", { AWS: [user("Carol").arn!, ALICE.arn!] }, ALICE),
    mayNot("none of several users", { AWS: [user("Carol").arn!, user("Dave").arn!] }, ALICE),
    mayNot("the same name in another account", { AWS: user("Alice", THEIRS).arn! }, ALICE),
    may("a user by unique id, which the ARN becomes when it is kept", { AWS: uniqueId("AIDA", "Alice") }, ALICE),
    mayNot("another's unique id", { AWS: uniqueId("AIDA", "Carol") }, ALICE),
    may("a role by ARN", { AWS: ROLE }, ANALYST),
    may("a role by unique id", { AWS: uniqueId("AROA", "analyst") }, ANALYST),
    mayNot("another role", { AWS: `arn:aws:iam::${OURS}:role/auditor` }, ANALYST),
    mayNot("names of roles have case", { AWS: `arn:aws:iam::${OURS}:role/Analyst` }, ANALYST),
    may(
      "a role with its path",
      { AWS: `arn:aws:iam::${OURS}:role/team/analyst` },
      { ...ANALYST, principalArn: `arn:aws:iam::${OURS}:role/team/analyst` },
    ),
    mayNot("a role without its path", { AWS: ROLE }, { ...ANALYST, principalArn: `arn:aws:iam::${OURS}:role/team/analyst` }),
    may("a session by ARN", { AWS: `arn:aws:sts::${OURS}:assumed-role/analyst/alice` }, ANALYST),
    mayNot("another session of the role", { AWS: `arn:aws:sts::${OURS}:assumed-role/analyst/carol` }, ANALYST),
    mayNot("a session of that name of another role", { AWS: `arn:aws:sts::${OURS}:assumed-role/auditor/alice` }, ANALYST),
    may("a federated user by ARN", { AWS: `arn:aws:sts::${OURS}:federated-user/guest` }, federated("guest")),
    reads("another federated user", { AWS: federated("other").arn! }, federated("guest"), lacking(undefined, "means others")),
    reads(
      "a user is not the federated user of that name",
      { AWS: federated("Alice").arn! },
      ALICE,
      lacking("identity", "means others"),
    ),
    may("another account's root by its account", { AWS: `arn:aws:iam::${THEIRS}:root` }, root(THEIRS)),
    may("another account's root by number", { AWS: THEIRS }, root(THEIRS)),
    may("another account's root by canonical id", { CanonicalUser: canonicalIdOf(THEIRS) }, root(THEIRS)),
    reads("another account", { AWS: THIRD }, root(THEIRS), lacking("resource", "means others")),
    reads("another canonical id", { CanonicalUser: canonicalIdOf(THIRD) }, root(THEIRS), lacking("resource", "means others")),
    may("one of several accounts", { AWS: [THIRD, `arn:aws:iam::${THEIRS}:root`] }, root(THEIRS)),
    may("one of several canonical ids", { CanonicalUser: [canonicalIdOf(THIRD), canonicalIdOf(THEIRS)] }, root(THEIRS)),
    may("an account or a canonical id: the first", { AWS: THEIRS, CanonicalUser: canonicalIdOf(THIRD) }, root(THEIRS)),
    may("an account or a canonical id: the second", { AWS: THIRD, CanonicalUser: canonicalIdOf(THEIRS) }, root(THEIRS)),
    may("everybody, who signs", "*", ALICE),
    may("everybody, in AWS's form, who signs", { AWS: "*" }, ALICE),
    may("everybody among others", { AWS: [BOB.arn!, "*"] }, ANONYMOUS),
    may("everybody, a session of a role", "*", ANALYST),
    may("everybody, a federated user", { AWS: "*" }, federated("guest")),
    mayNot("a service is nobody who signs", { Service: "cloudtrail.amazonaws.com" }, ALICE),
    mayNot("a service is nobody who does not sign", { Service: "cloudtrail.amazonaws.com" }, ANONYMOUS),
    may("a service or a user", { Service: "cloudtrail.amazonaws.com", AWS: ALICE.arn! }, ALICE),
    may("a web identity by who vouches for it", { Federated: "cognito-identity.amazonaws.com" }, WEB),
    mayNot("a web identity another vouches for", { Federated: "accounts.google.com" }, WEB),
    mayNot("nobody vouches for a user", { Federated: "cognito-identity.amazonaws.com" }, ALICE),
    mayNot("nobody vouches for who does not sign", { Federated: "cognito-identity.amazonaws.com" }, ANONYMOUS),
    may("a web identity by its role", { AWS: WEB.principalArn! }, WEB),

    out("a user is denied", { AWS: ALICE.arn! }, ALICE),
    spared("another user is not", { AWS: ALICE.arn! }, user("Carol")),
    out("a denied account is all of its users", { AWS: OURS }, ALICE),
    out("a denied account is all sessions of its roles", { AWS: `arn:aws:iam::${OURS}:root` }, ANALYST),
    out("a denied account is its root", { AWS: OURS }, ROOT),
    out("a denied canonical id is all of the account", { CanonicalUser: canonicalIdOf(OURS) }, ALICE),
    spared("another account's denial is none", { AWS: THEIRS }, ALICE),
    out("a denied role is its sessions", { AWS: ROLE }, ANALYST),
    out("a denied session", { AWS: ANALYST.arn! }, ANALYST),
    spared("a denied session is not the role's others", { AWS: ANALYST.arn! }, session("analyst", "carol")),
    spared("a denied role is no user of its name", { AWS: ROLE }, user("analyst")),
    out("everybody is denied", "*", ALICE),
    out("everybody is denied in AWS's form", { AWS: "*" }, ALICE),
    spared("a denied service is nobody here", { Service: "cloudtrail.amazonaws.com" }, ALICE),
  ],
};

const BOB_AND_ACCOUNT: Whom = { AWS: [BOB.arn!, `arn:aws:iam::${THEIRS}:root`] };
const AUDIT = session("cross-account-read-only-role", "cross-account-audit-app", THEIRS);
const AUDIT_AND_ACCOUNT: Whom = { AWS: [AUDIT.arn!, AUDIT.principalArn!, `arn:aws:iam::${THEIRS}:root`] };

/** Allowed by both sides, but for a deny of all except some. */
function except(name: string, whom: Whom, asks: Principal, expect: Expectation): PolicyCase {
  const identity = policy(allow({ Sid: "All", Action: "*", Resource: "*" }));
  const bucket = policy(
    allow({ Sid: "LetIn", Principal: "*", Action: "s3:*", Resource: WHOLE_BUCKET }),
    deny({ Sid: "AllBut", NotPrincipal: whom, Action: "s3:*", Resource: WHOLE_BUCKET }),
  );
  return {
    name,
    ...GET,
    asks,
    identity: asks.kind === "anonymous" ? [] : identity,
    session: asks.kind === "federated-user" ? identity : undefined,
    bucket,
    expect,
  };
}

/** The documentation's way of doing the same. */
const ONLY: Elements = { Principal: "*", Condition: { ArnNotEquals: { "aws:PrincipalArn": [ALICE.arn!, ROLE] } } };

export const NOT_PRINCIPAL: Theme = {
  title: "NotPrincipal",
  page: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
  cases: [
    except("a user named with their account is not denied", BOB_AND_ACCOUNT, BOB, allowed(undefined, "LetIn")),
    except("the account's root named with the user is not denied", BOB_AND_ACCOUNT, root(THEIRS), allowed(undefined, "LetIn")),
    except("another user of the account is denied", BOB_AND_ACCOUNT, user("Eve", THEIRS), denied("resource", "AllBut")),
    except("a role of the account is denied", BOB_AND_ACCOUNT, session("any", "bob", THEIRS), denied("resource", "AllBut")),
    except("a user of the bucket's account is denied", BOB_AND_ACCOUNT, ALICE, denied("resource", "AllBut")),
    except("the root of the bucket's account is denied", BOB_AND_ACCOUNT, ROOT, denied("resource", "AllBut")),
    except("who does not sign is denied", BOB_AND_ACCOUNT, ANONYMOUS, denied("resource", "AllBut")),
    except("a federated user is denied", BOB_AND_ACCOUNT, federated("guest"), denied("resource", "AllBut")),
    except("a session named with role and account is not denied", AUDIT_AND_ACCOUNT, AUDIT, allowed(undefined, "LetIn")),
    except(
      "another session of the role is denied",
      AUDIT_AND_ACCOUNT,
      session("cross-account-read-only-role", "other", THEIRS),
      denied("resource", "AllBut"),
    ),
    except("a user of the role's account is denied", AUDIT_AND_ACCOUNT, BOB, denied("resource", "AllBut")),
    except(
      "the account alone does not spare its users",
      { AWS: `arn:aws:iam::${OURS}:root` },
      ALICE,
      denied("resource", "AllBut"),
    ),
    except("the account alone spares its root", { AWS: `arn:aws:iam::${OURS}:root` }, ROOT, allowed(undefined)),
    except(
      "two users of one account",
      { AWS: [ALICE.arn!, user("Carol").arn!, `arn:aws:iam::${OURS}:root`] },
      user("Carol"),
      allowed(undefined, "LetIn"),
    ),

    barred("in its place, a condition: a user that is listed", ONLY, ALICE, allowed("identity", "All"), {
      "aws:PrincipalArn": ALICE.principalArn!,
    }),
    barred("in its place, a condition: a session of a role that is listed", ONLY, ANALYST, allowed("identity", "All"), {
      "aws:PrincipalArn": ANALYST.principalArn!,
    }),
    barred("in its place, a condition: a user that is not listed", ONLY, user("Carol"), denied("resource", "Barred"), {
      "aws:PrincipalArn": user("Carol").arn!,
    }),
    barred("in its place, a condition: the root", ONLY, ROOT, denied("resource", "Barred"), { "aws:PrincipalArn": ROOT.arn! }),
    barred("in its place, a condition: a request without the key", ONLY, ANALYST, denied("resource", "Barred")),
  ],
};
