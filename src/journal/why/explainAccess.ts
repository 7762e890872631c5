import type { RequestRecord } from "../RequestRecord.ts";
import type { ConsideredStatement, ExplainedAccess, PolicyAddition, PolicyKind, StatementCondition } from "./Explained.ts";
import { isObject, lastFacts, objects, text, texts } from "./facts.ts";

/** Why somebody may not, and what would let them. */
export interface AccessExplanation {
  readonly access: ExplainedAccess;
  readonly why: readonly string[];
  readonly change: readonly string[];
}

const KINDS: Readonly<Record<PolicyKind, string>> = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  boundary: "permissions boundary",
  session: "session policy",
};

/** So many statements that nearly let it through are told in sentences. */
const MAX_NEAR = 3;

/** The decision that refused a request; `undefined` where its record has none. */
export function explainAccess(record: RequestRecord): AccessExplanation | undefined {
  const facts = lastFacts(record, "refused");
  const action = text(facts?.["action"]);
  const resource = text(facts?.["resource"]);
  if (facts === undefined || action === undefined || resource === undefined) return undefined;
  const principal = text(facts["principal"]) ?? "*";
  const statements = objects(facts["statements"]).flatMap(statementOf);
  const refusal: Refused = {
    action,
    resource,
    principal,
    bucket: resource.startsWith(BUCKET_ARN) ? resource.slice(BUCKET_ARN.length).split("/", 1)[0] : undefined,
    statements,
    deniedBy: kindOf(facts["deniedBy"]),
    lacks: texts(facts["lacks"]).flatMap((kind) => kindOf(kind) ?? []),
    obstacle: text(facts["obstacle"]),
    isOfOther:
      text(facts["accountId"]) !== undefined &&
      text(facts["resourceAccountId"]) !== undefined &&
      facts["accountId"] !== facts["resourceAccountId"],
  };
  const additions = refusal.deniedBy === undefined && refusal.obstacle === undefined ? additionsFor(refusal) : [];
  const omitted = facts["omittedStatements"];
  const access: ExplainedAccess = {
    action,
    resource,
    principal,
    statements,
    omittedStatements: typeof omitted === "number" ? omitted : 0,
    // The first one repeats the question, and those of statements are told with these.
    remarks: texts(facts["reasons"])
      .slice(1)
      .filter((reason) => !reason.includes(", statement ") && !reason.startsWith("no ")),
    additions,
  };
  return { access, why: whyOf(refusal, record), change: changeOf(refusal, additions) };
}

const BUCKET_ARN = "arn:aws:s3:::";

interface Refused {
  readonly action: string;
  readonly resource: string;
  readonly principal: string;
  readonly bucket: string | undefined;
  readonly statements: readonly ConsideredStatement[];
  readonly deniedBy: PolicyKind | undefined;
  readonly lacks: readonly PolicyKind[];
  readonly obstacle: string | undefined;
  /** The resource belongs to another account than the caller. */
  readonly isOfOther: boolean;
}

function whyOf(refused: Refused, { operation }: RequestRecord): readonly string[] {
  const { action, resource, principal, lacks, statements, isOfOther } = refused;
  const who = principal === "*" ? "Somebody who does not sign" : principal;
  const why = [`${who} needs ${action} on ${resource}, and does not have it.`];
  if (action === "s3:ListBucket" && operation?.endsWith("Object") === true)
    why.push("There is no such object, and only who may list the bucket is told so: everybody else is denied access.");
  const denying = denyingOf(refused);
  if (denying !== undefined)
    return [...why, `${capitalised(nameOf(denying))} denies it, and what one statement denies none can allow.`];
  const obstacle = OBSTACLES.get(refused.obstacle ?? "");
  if (obstacle !== undefined) why.push(obstacle.why);
  else {
    const without = statements.length === 0 ? ", and there is no statement that could" : "";
    if (lacks.length > 0) why.push(`No ${lacks.map((kind) => KINDS[kind]).join(" and no ")} allows it${without}.`);
    if (isOfOther) why.push("The caller is of another account than the owner: both accounts have to allow it.");
  }
  return [...why, ...nearOnes(statements).map(nearly)];
}

/** Obstacles as the access room names them. */
const OBSTACLES: ReadonlyMap<string, { readonly why: string; readonly change: string }> = new Map([
  [
    "onlyUsers",
    {
      why: "Nobody may do this without saying who they are, whatever a policy says.",
      change: "Sign the request with an access key.",
    },
  ],
  [
    "restrictPublicBuckets",
    {
      why: "The bucket's policy allows it to everybody, and Block Public Access (RestrictPublicBuckets) takes that away from other accounts.",
      change:
        "Name the principals in the bucket policy instead of everybody, or switch RestrictPublicBuckets off for the bucket and its account (PutPublicAccessBlock).",
    },
  ],
  [
    "objectOfOther",
    {
      why: "The object belongs to another account than its bucket, so the bucket's policy cannot give it to anybody.",
      change:
        "Set the bucket's Object Ownership to BucketOwnerEnforced (PutBucketOwnershipControls), or have the object's owner grant access (PutObjectAcl).",
    },
  ],
]);

function denyingOf({ statements, deniedBy }: Refused): ConsideredStatement | undefined {
  if (deniedBy === undefined) return undefined;
  return statements.find(({ applies, effect, policyKind }) => applies && effect === "Deny" && policyKind === deniedBy);
}

/** Statements that allow the action, and do not apply. */
function nearOnes(statements: readonly ConsideredStatement[]): readonly ConsideredStatement[] {
  return statements.filter(({ effect, applies, matches }) => effect === "Allow" && !applies && matches.action).slice(0, MAX_NEAR);
}

function nearly(statement: ConsideredStatement): string {
  const { matches, failedConditions } = statement;
  const reasons: string[] = [];
  if (matches.principal === false) reasons.push("is for other principals");
  if (matches.resource === false) reasons.push("is about other resources");
  reasons.push(...failedConditions.map(failing));
  return `${capitalised(nameOf(statement))} allows the action, but not here: it ${reasons.join(", and it ")}.`;
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** A condition that did not hold, with both values, as the end of a sentence. */
export function failing({ operator, key, wanted, found }: StatementCondition): string {
  const had = found === null ? "the request has none" : `the request has ${found.join(", ")}`;
  return `wants ${operator} ${key} ${wanted.join(" or ")}, and ${had}`;
}

/** A statement by its policy and its Sid or place. */
export function nameOf({ policy, sid, place }: ConsideredStatement): string {
  const named = sid === undefined ? `statement ${place}` : `statement ${JSON.stringify(sid)}`;
  return `${named} of ${policy}`;
}

function changeOf(refused: Refused, additions: readonly PolicyAddition[]): readonly string[] {
  const { principal, lacks, bucket, isOfOther } = refused;
  const denying = denyingOf(refused);
  if (denying !== undefined)
    return [
      `Take ${refused.action} out of what ${nameOf(denying)} denies, or except this caller by its principal or a condition.`,
    ];
  const obstacle = OBSTACLES.get(refused.obstacle ?? "");
  if (obstacle !== undefined) return [obstacle.change];
  const change = principal === "*" ? ["Sign the request, if the caller is a user of this server."] : [];
  if (additions.length > 1) change.push(`Add a statement to each of ${additions.map(({ to }) => to).join(" and ")}.`);
  else if (additions.length === 1) change.push(`Add a statement to ${additions[0]!.to}.`);
  if (principal === "*" && bucket !== undefined)
    change.push("A policy for everybody needs BlockPublicPolicy and RestrictPublicBuckets to be off (PutPublicAccessBlock).");
  if (lacks.length === 1 && lacks[0] === "identity" && bucket !== undefined && !isOfOther && bucket !== "*")
    change.push(`The same in the bucket policy of ${bucket}, with this Principal, would do as well.`);
  if (additions.length === 0 && change.length === 0)
    change.push("Have the owner of the resource allow this action to the caller, or ask as somebody who may.");
  return change;
}

function additionsFor({ lacks, action, resource, principal, bucket }: Refused): readonly PolicyAddition[] {
  return lacks.map((policyKind) => {
    const isTrust = policyKind === "resource" && bucket === undefined;
    const who = principal === "*" ? "*" : { AWS: principal };
    const statement = {
      Effect: "Allow",
      ...(policyKind === "resource" && { Principal: who }),
      Action: action,
      // A trust policy is about its role.
      ...(!isTrust && { Resource: resource }),
    };
    return { policyKind, to: placeOf(policyKind, principal, bucket, resource), statement };
  });
}

function placeOf(kind: PolicyKind, principal: string, bucket: string | undefined, resource: string): string {
  if (kind === "identity") return `an identity-based policy of ${principal}`;
  if (kind === "boundary") return `the permissions boundary of ${principal}`;
  if (kind === "session") return `the session policy that the session of ${principal} was asked for with`;
  return bucket === undefined ? `the trust policy of ${resource}` : `the bucket policy of ${bucket}`;
}

function statementOf(facts: Readonly<Record<string, unknown>>): ConsideredStatement[] {
  const policyKind = kindOf(facts["policyKind"]);
  const { place, matches, effect } = facts;
  if (policyKind === undefined || typeof place !== "number" || !isObject(matches)) return [];
  const sid = text(facts["sid"]);
  const flag = (name: "principal" | "resource" | "conditions"): Partial<ConsideredStatement["matches"]> =>
    typeof matches[name] === "boolean" ? { [name]: matches[name] } : {};
  return [
    {
      policyKind,
      policy: text(facts["policy"]) ?? KINDS[policyKind],
      ...(sid !== undefined && { sid }),
      place,
      effect: effect === "Deny" ? "Deny" : "Allow",
      applies: facts["applies"] === true,
      matches: { action: matches["action"] === true, ...flag("principal"), ...flag("resource"), ...flag("conditions") },
      failedConditions: objects(facts["failedConditions"]).map(({ operator, key, wanted, found }) => ({
        operator: text(operator) ?? "",
        key: text(key) ?? "",
        wanted: texts(wanted),
        found: Array.isArray(found) ? texts(found) : null,
      })),
    },
  ];
}

function kindOf(value: unknown): PolicyKind | undefined {
  return typeof value === "string" && Object.hasOwn(KINDS, value) ? (value as PolicyKind) : undefined;
}
