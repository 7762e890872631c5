import type { Caller, SignedCaller } from "../../auth/Caller.ts";
import type { Session } from "../../auth/Session.ts";
import type { ConditionFacts, ConditionKey } from "./ConditionKey.ts";
import { tagKeys, tagValues } from "./ConditionKey.ts";

/** `aws:PrincipalType`: the words of IAM's table of principals. */
const PRINCIPAL_TYPES: Readonly<Record<Caller["kind"], string>> = {
  root: "Account",
  user: "User",
  "assumed-role": "AssumedRole",
  "federated-user": "FederatedUser",
  anonymous: "Anonymous",
};

/** What IAM calls those who do not sign, where it calls them anything. */
const NOBODY = "anonymous";

const UNSIGNED = "unsigned requests";
const LONG_TERM = "long-term access keys and unsigned requests";
const WITHOUT_MFA_FACTS = "long-term access keys, web identities, federated users and unsigned requests";

/**
 * The keys that AWS has for all of its services, as far as a request to this server can have them.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable
 */
export const GLOBAL_KEYS: readonly ConditionKey[] = [
  {
    name: "aws:CurrentTime",
    type: "Date",
    source: "when the request arrived, by the server's clock, in ISO 8601 and UTC",
    absent: undefined,
    valueOf: ({ nowMs }) => isoTime(nowMs),
  },
  {
    name: "aws:EpochTime",
    type: "Numeric",
    source: "the same in whole seconds since 1970",
    absent: undefined,
    valueOf: ({ nowMs }) => String(Math.floor(nowMs / MILLISECONDS_PER_SECOND)),
  },
  {
    name: "aws:SourceIp",
    type: "IPAddress",
    source:
      "the address that the connection comes from, or that a proxy of `--trust-proxy` says the request comes from; IPv4 in IPv6 as IPv4",
    absent: undefined,
    valueOf: ({ request }) => request.remoteAddress,
  },
  {
    name: "aws:SecureTransport",
    type: "Bool",
    source: '"true" over TLS, or where a proxy of `--trust-proxy` says so',
    absent: undefined,
    valueOf: ({ request }) => String(request.secure),
  },
  {
    name: "aws:UserAgent",
    type: "String",
    source: "the header User-Agent",
    absent: "requests without the header",
    valueOf: ({ request }) => request.headers.get("user-agent"),
  },
  {
    name: "aws:Referer",
    type: "String",
    source: "the header Referer",
    absent: "requests without the header",
    valueOf: ({ request }) => request.headers.get("referer"),
  },
  {
    name: "aws:RequestedRegion",
    type: "String",
    source: "the one of the server's regions that the request is for",
    absent: undefined,
    valueOf: ({ region }) => region,
  },
  {
    name: "aws:ViaAWSService",
    type: "Bool",
    source: '"false": no service asks here for somebody else',
    absent: undefined,
    valueOf: () => "false",
  },
  ...principalKeys(),
  ...sessionKeys(),
  ...resourceKeys(),
];

function principalKeys(): readonly ConditionKey[] {
  return [
    {
      name: "aws:PrincipalArn",
      type: "ARN",
      source: "the caller's ARN; of the session of a role, the role's",
      absent: UNSIGNED,
      valueOf: ({ caller }) => signed(caller)?.principalArn,
    },
    {
      name: "aws:PrincipalAccount",
      type: "String",
      source: 'the caller\'s account; "anonymous" for unsigned requests',
      absent: undefined,
      valueOf: ({ caller }) => caller.accountId ?? NOBODY,
    },
    {
      name: "aws:PrincipalType",
      type: "String",
      source: "Account (the root), User, AssumedRole, FederatedUser or Anonymous",
      absent: undefined,
      valueOf: ({ caller }) => PRINCIPAL_TYPES[caller.kind],
    },
    {
      name: "aws:PrincipalIsAWSService",
      type: "Bool",
      source: '"false": callers are people and programs, no services of AWS',
      absent: UNSIGNED,
      valueOf: ({ caller }) => signed(caller) && "false",
    },
    {
      name: "aws:PrincipalTag/",
      type: "String",
      source: "a tag of the user, or of the role with those of its session",
      absent: "callers without this tag",
      valueOf: ({ caller }, tag) => tagValues(Object.entries(signed(caller)?.tags ?? {}), tag),
    },
    {
      name: "aws:userid",
      type: "String",
      source: 'the account id (the root), AIDA…, AROA…:SESSION or ACCOUNT:NAME; "anonymous" for unsigned requests',
      absent: undefined,
      valueOf: ({ caller }) => signed(caller)?.userId ?? NOBODY,
    },
    {
      name: "aws:username",
      type: "String",
      source: "the name of the IAM user",
      absent: "roots, roles, federated users and unsigned requests",
      valueOf: ({ caller }) => (caller.kind === "user" ? caller.userName : undefined),
    },
  ];
}

function sessionKeys(): readonly ConditionKey[] {
  return [
    {
      name: "aws:TokenIssueTime",
      type: "Date",
      source: "when the temporary credentials were issued, in ISO 8601 and UTC",
      absent: LONG_TERM,
      valueOf: (facts) => isoTime(sessionOf(facts)?.issuedAtMs),
    },
    {
      name: "aws:MultiFactorAuthPresent",
      type: "Bool",
      source: '"true" where the code of an MFA device was shown for the temporary credentials, else "false"',
      absent: WITHOUT_MFA_FACTS,
      valueOf: (facts) => {
        const session = sessionWithMfaFacts(facts);
        return session && String(session.mfaAtMs !== undefined);
      },
    },
    {
      name: "aws:MultiFactorAuthAge",
      type: "Numeric",
      source: "the whole seconds since the code of the MFA device was shown",
      absent: `credentials without MFA, ${WITHOUT_MFA_FACTS}`,
      valueOf: (facts) => {
        const shownAtMs = sessionWithMfaFacts(facts)?.mfaAtMs;
        if (shownAtMs === undefined) return undefined;
        return String(Math.max(0, Math.floor((facts.nowMs - shownAtMs) / MILLISECONDS_PER_SECOND)));
      },
    },
    {
      name: "aws:FederatedProvider",
      type: "String",
      source: "the identity provider that vouched for the web identity",
      absent: "all but sessions of AssumeRoleWithWebIdentity",
      valueOf: (facts) => sessionOf(facts)?.federatedProvider,
    },
    {
      name: "aws:SourceIdentity",
      type: "String",
      source: "the source identity that was set when the role was assumed, or a role before it",
      absent: "sessions without one, and all others",
      valueOf: (facts) => sessionOf(facts)?.sourceIdentity,
    },
  ];
}

function resourceKeys(): readonly ConditionKey[] {
  return [
    {
      name: "aws:ResourceAccount",
      type: "String",
      source: "the account that owns the bucket; of a bucket to be made, and of the service itself, the caller's",
      absent: "unsigned requests for what nobody owns yet",
      valueOf: resourceAccount,
    },
    {
      name: "aws:ResourceTag/",
      type: "String",
      reads: "resourceTags",
      source: "a tag of the bucket, or of the bucket that the object is in",
      absent: "buckets without this tag, and those for which ABAC is not enabled",
      valueOf: bucketTag,
    },
    {
      name: "aws:RequestTag/",
      type: "String",
      document: "tags",
      source: "a tag that the document gives to a bucket",
      absent: "requests that do not give a bucket this tag",
      valueOf: ({ document }, tag) => tagValues(document.get("tags"), tag),
    },
    {
      name: "aws:TagKeys",
      type: "String",
      isList: true,
      document: "tags",
      source: "the keys of the tags that the document gives to a bucket",
      absent: "requests that do not give a bucket tags",
      valueOf: ({ document }) => tagKeys(document.get("tags")),
    },
  ];
}

/** The account that owns what is acted on; what is yet to be made will be the caller's. */
export function resourceAccount({ resource, caller }: ConditionFacts): string | undefined {
  return resource.accountId() ?? caller.accountId;
}

/** The value of a bucket's tag, where ABAC is enabled for the bucket. */
export function bucketTag({ resource }: ConditionFacts, tag: string): readonly string[] | undefined {
  return tagValues(resource.resourceTags(), tag);
}

const MILLISECONDS_PER_SECOND = 1_000;

function isoTime(timeMs: number | undefined): string | undefined {
  return timeMs === undefined ? undefined : new Date(timeMs).toISOString();
}

function signed(caller: Caller): SignedCaller | undefined {
  return caller.kind === "anonymous" ? undefined : caller;
}

function sessionOf({ caller }: ConditionFacts): Session | undefined {
  return signed(caller)?.session;
}

/** How credentials are asked for with which the code of an MFA device can come. */
const WITH_MFA: ReadonlySet<Session["kind"]> = new Set(["GetSessionToken", "AssumeRole"]);

function sessionWithMfaFacts(facts: ConditionFacts): Session | undefined {
  const session = sessionOf(facts);
  return session !== undefined && WITH_MFA.has(session.kind) ? session : undefined;
}
