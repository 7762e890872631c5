/** What a member's value must be like, beyond its type. */
export interface Constraint {
  /** Of a text its characters, of a number its value, of a list its items. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  /** The pattern as AWS shows it. */
  readonly shown?: string;
  /** What AWS says of a member that does not have the pattern, where that is not the usual sentence. */
  readonly complaint?: string;
  /** True for what no error must repeat. */
  readonly secret?: true;
}

const NAME = /^[\w+=,.@-]+$/;
const NAME_SHOWN = String.raw`[\w+=,.@-]+`;
const NAME_COMPLAINT = "It must contain only alphanumeric characters and/or the following: +=,.@_-";
const PATH_COMPLAINT = "It must begin and end with / and contain only alphanumeric characters and/or / characters.";

/** A name of `max` characters at most. */
function name(max: number): Constraint {
  return { min: 1, max, pattern: NAME, shown: NAME_SHOWN, complaint: NAME_COMPLAINT };
}

const PATH: Constraint = { min: 1, max: 512, pattern: /^\/(?:[!-~]+\/)?$/, complaint: PATH_COMPLAINT };
const POLICY_PATH: Constraint = { ...PATH, pattern: /^\/(?:[A-Za-z0-9.,+@=_-]+\/)*$/ };
const ARN: Constraint = { min: 20, max: 2048 };
const DOCUMENT: Constraint = {
  min: 1,
  max: 131_072,
  pattern: /^[\t\n\r -\u00ff]+$/,
  shown: String.raw`[\u0009\u000A\u000D\u0020-\u00FF]+`,
};
/** What session policies may come to, by STS's documentation; together with session tags they are limited once more, packed. */
const SESSION_POLICY: Constraint = { ...DOCUMENT, max: 2_048 };
const TAG_KEY: Constraint = {
  min: 1,
  max: 128,
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
  shown: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]+`,
};
const SESSION_NAME: Constraint = { min: 2, max: 64, pattern: /^[\w+=,.@-]*$/, shown: String.raw`[\w+=,.@-]*` };
/** Of sessions that a user asks for, in seconds: 36 hours at most, by AWS's documentation. */
const OWN_SESSION_SECONDS: Constraint = { min: 900, max: 129_600 };
const MAX_TAGS = 50;

/**
 * By member, or by structure and member where they differ; the items of a list by its name and "[]". The schemas of the SDK have none of
 * this; it is in the pages of the operations.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const CONSTRAINTS: ReadonlyMap<string, Constraint> = new Map<string, Constraint>([
  ["UserName", name(128)],
  ["CreateUserRequest.UserName", name(64)],
  ["NewUserName", name(64)],
  ["GroupName", name(128)],
  ["NewGroupName", name(128)],
  ["RoleName", name(64)],
  ["PolicyName", name(128)],
  ["Path", PATH],
  ["NewPath", PATH],
  ["CreatePolicyRequest.Path", POLICY_PATH],
  ["PathPrefix", { min: 1, max: 512, pattern: /^\/[!-\u007f]*$/, shown: String.raw`\u002F[\u0021-\u007F]*` }],
  ["PolicyDocument", DOCUMENT],
  ["AssumeRolePolicyDocument", DOCUMENT],
  ["Policy", DOCUMENT],
  ["AssumeRoleRequest.Policy", SESSION_POLICY],
  ["AssumeRoleWithWebIdentityRequest.Policy", SESSION_POLICY],
  ["GetFederationTokenRequest.Policy", SESSION_POLICY],
  ["PolicyArns", { max: 10 }],
  ["PolicyArn", ARN],
  ["PermissionsBoundary", ARN],
  ["RoleArn", ARN],
  ["PolicyDescriptorType.arn", ARN],
  ["Description", { max: 1000 }],
  ["MaxSessionDuration", { min: 3600, max: 43_200 }],
  ["MaxItems", { min: 1, max: 1000 }],
  ["Marker", { min: 1, pattern: /^[ -\u00ff]+$/, shown: String.raw`[\u0020-\u00FF]+` }],
  ["AccessKeyId", { min: 16, max: 128, pattern: /^\w+$/, shown: String.raw`[\w]+` }],
  ["VersionId", { pattern: /^v[1-9][0-9]*(?:\.[A-Za-z0-9-]*)?$/, shown: String.raw`v[1-9][0-9]*(\.[A-Za-z0-9-]*)?` }],
  ["Tags", { max: MAX_TAGS }],
  ["TagKeys", { max: MAX_TAGS }],
  ["TransitiveTagKeys", { max: MAX_TAGS }],
  ["TagKeys[]", TAG_KEY],
  ["TransitiveTagKeys[]", TAG_KEY],
  ["Tag.Key", TAG_KEY],
  ["Tag.Value", { max: 256, pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, shown: String.raw`[\p{L}\p{Z}\p{N}_.:/=+\-@]*` }],
  ["RoleSessionName", SESSION_NAME],
  ["SourceIdentity", SESSION_NAME],
  ["GetFederationTokenRequest.Name", { ...SESSION_NAME, max: 32 }],
  ["DurationSeconds", { min: 900, max: 43_200 }],
  ["GetSessionTokenRequest.DurationSeconds", OWN_SESSION_SECONDS],
  ["GetFederationTokenRequest.DurationSeconds", OWN_SESSION_SECONDS],
  ["ExternalId", { min: 2, max: 1224, pattern: /^[\w+=,.@:/-]*$/, shown: String.raw`[\w+=,.@:\/-]*` }],
  ["SerialNumber", { min: 9, max: 256, pattern: /^[\w+=/:,.@-]*$/, shown: String.raw`[\w+=/:,.@-]*` }],
  ["TokenCode", { min: 6, max: 6, pattern: /^\d*$/, shown: String.raw`[\d]*` }],
  ["WebIdentityToken", { min: 4, max: 20_000, secret: true }],
  ["ProviderId", { min: 4, max: 2048 }],
]);

/** What a member of a structure must be like; `undefined` for those that may be anything. */
export function constraintOf(structure: string, member: string): Constraint | undefined {
  return CONSTRAINTS.get(`${structure}.${member}`) ?? CONSTRAINTS.get(member);
}
