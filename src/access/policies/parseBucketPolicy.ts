import { quoted } from "../../errors/quoted.ts";
import { S3Error } from "../../errors/S3Error.ts";
import { actionGlob } from "./ActionSet.ts";
import type { Fault, StatementRefuse } from "./Fault.ts";
import { Glob } from "./Glob.ts";
import { ANY_TEXT } from "./Piece.ts";
import type { Piece } from "./Piece.ts";
import type { Policy } from "./Policy.ts";
import { readPolicy } from "./readPolicy.ts";
import type { StatementTexts } from "./StatementTexts.ts";
import { s3Actions } from "./s3Actions.ts";
import { comesWith, isS3ConditionKey } from "./s3ConditionKeys.ts";
import { readTemplate } from "./Template.ts";

/** How long a bucket's policy may be, without the blanks between its tokens. */
const MAX_POLICY_BYTES = 20 * 1024;
/** How long it may be with them: nothing longer is read. */
const MAX_SENT_BYTES = 1024 * 1024;

const ARN_START = "arn:aws:s3:::";

/**
 * Reads a bucket's policy.
 * @throws {S3Error} MalformedPolicy with S3's text, where S3 would not take it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
 */
export function parseBucketPolicy(text: string, bucketName: string): Policy {
  if (Buffer.byteLength(text) > MAX_SENT_BYTES) throw tooLong(Buffer.byteLength(text));
  const policy = readPolicy(text, {
    use: "bucket",
    mustBeNew: false,
    refuse: (fault, plain) => {
      throw new S3Error("MalformedPolicy", { message: messageOf(fault), explanation: plain });
    },
    checkAction,
    checkResource: (pattern, refuse) => checkResource(pattern, bucketName, refuse),
    checkStatement: (statement, refuse) => checkStatement(statement, bucketName, refuse),
  });
  const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(text)));
  if (bytes > MAX_POLICY_BYTES) throw tooLong(bytes);
  return policy;
}

function tooLong(bytes: number): S3Error {
  return new S3Error("MalformedPolicy", {
    message: `Normalized policy document exceeds the maximum allowed size of ${MAX_POLICY_BYTES} bytes`,
    explanation: `The policy has ${bytes} bytes, and may have ${MAX_POLICY_BYTES} without the blanks between its tokens.`,
  });
}

/** S3's text for a fault. */
function messageOf(fault: Fault): string {
  switch (fault.kind) {
    case "not-an-object":
      return "Policies must be valid JSON and the first byte must be '{'";
    case "not-json":
      return "This policy contains invalid Json";
    case "version":
    case "old-version":
      return "The policy must contain a valid version string";
    case "unknown":
      return `Unknown field ${fault.element}`;
    case "repeated":
      return `Statement/policy already has instance of ${fault.element}`;
    case "missing":
      return `Missing required field ${fault.element}`;
    case "empty":
      return `Missing required field ${fault.element} cannot be empty!`;
    case "empty-policy":
      return "Could not parse the policy: Statement is empty!";
    case "sid":
    case "sid-form":
      return "Statement IDs (SID) in a single policy must be unique";
    case "effect":
      return `Invalid effect: ${fault.value}`;
    case "principal":
      return "Invalid principal in policy";
    case "not-principal":
      return "Allow with NotPrincipal is not allowed.";
    case "action":
      return "Policy has invalid action";
    case "resource":
      return "Policy has invalid resource";
    case "not-applicable":
      return "Action does not apply to any resource(s) in statement";
    case "operator":
      return `Invalid Condition type : ${fault.value}`;
    case "key":
      return "Policy has an invalid condition key";
    case "mismatch":
      return "Conditions do not apply to combination of actions and resources in statement";
    case "value":
      return fault.operator.endsWith("IpAddress") ? "Invalid IP address in Conditions" : "Invalid policy syntax.";
    case "wrong-type":
    case "prohibited":
      return "Invalid policy syntax.";
  }
}

/** Every action that exists, in lower case, that one of a statement's is or has among its wildcards. */
function actionsLike(pattern: string): string[] {
  const lower = pattern.toLowerCase();
  if (s3Actions.has(lower)) return [lower];
  if (!/[*?]/.test(lower)) return [];
  const glob = actionGlob(lower);
  return [...s3Actions.keys()].filter((action) => glob.matches(action));
}

function checkAction(action: string, refuse: StatementRefuse): void {
  if (action === "*" || (/^s3:/i.test(action) && actionsLike(action).length > 0)) return;
  refuse({ kind: "action", value: action }, `S3 has no action ${quoted(action)}`);
}

/** The bucket and the key of a resource, with what is special in them; a variable may stand for anything. */
function bucketAndKey(pattern: string): { readonly bucket: Glob; readonly all: Glob; readonly hasKey: boolean } | undefined {
  if (!pattern.startsWith(ARN_START) || pattern.length === ARN_START.length) return undefined;
  const rest = pattern.slice(ARN_START.length);
  const slash = rest.indexOf("/");
  return {
    bucket: looseGlob(slash < 0 ? rest : rest.slice(0, slash)),
    all: looseGlob(rest),
    hasKey: slash >= 0 || rest.includes("*") || rest.includes("${"),
  };
}

function looseGlob(text: string): Glob {
  const template = readTemplate(text, { variables: true, wildcards: true });
  return new Glob(template.map((piece): Piece => (typeof piece === "object" ? ANY_TEXT : piece)));
}

function checkResource(pattern: string, bucketName: string, refuse: StatementRefuse): void {
  if (bucketAndKey(pattern)?.bucket.matches(bucketName) === true) return;
  refuse(
    { kind: "resource", value: pattern },
    `the resource ${quoted(pattern)} is not of this bucket, which is ${ARN_START}${bucketName}, and its objects, ${ARN_START}${bucketName}/*`,
  );
}

/** Each action has to be one that can be done to a resource of the statement, and each condition one that such requests can have. */
function checkStatement({ actions, resources, conditions }: StatementTexts, bucketName: string, refuse: StatementRefuse): void {
  const reached = new Set<"bucket" | "object" | "other">();
  for (const pattern of resources!.written) {
    const { all, hasKey } = bucketAndKey(pattern)!;
    if (all.matches(bucketName)) reached.add("bucket");
    if (hasKey) reached.add("object");
  }
  const isEverything = actions.isNegated || resources!.isNegated;
  const lists = actions.written.map((action) => actionsLike(action).filter((name) => reached.has(s3Actions.get(name)!)));
  const idle = lists.findIndex((list) => list.length === 0);
  if (!isEverything && idle >= 0) {
    const action = actions.written[idle]!;
    refuse(
      { kind: "not-applicable" },
      `${action} is not done to ${[...resources!.written].map(quoted).join(" or ")}; objects are ${ARN_START}${bucketName}/*, the bucket is ${ARN_START}${bucketName}`,
    );
  }
  for (const { key, written } of conditions) {
    if (!isS3ConditionKey(key)) refuse({ kind: "key", value: key }, `S3 has no condition key ${quoted(written)}`);
    const stranger = lists.findIndex((list) => !list.some((action) => comesWith(key, action)));
    if (!isEverything && stranger >= 0) {
      const action = actions.written[stranger]!;
      refuse({ kind: "mismatch", value: key }, `requests for ${action} never have the key of ${quoted(written)}`);
    }
  }
}
