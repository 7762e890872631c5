import type { ConditionKey } from "./ConditionKey.ts";

const ATTACHING: ReadonlySet<string> = new Set([
  ...["iam:AttachUserPolicy", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"],
  ...["iam:DetachUserPolicy", "iam:DetachGroupPolicy", "iam:DetachRolePolicy"],
]);

const BOUNDING: ReadonlySet<string> = new Set([
  ...["iam:CreateUser", "iam:CreateRole", "iam:PutUserPermissionsBoundary", "iam:PutRolePermissionsBoundary"],
]);

/**
 * IAM's own keys, as far as a request says them itself.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
 */
export const IAM_KEYS: readonly ConditionKey[] = [
  {
    name: "iam:PolicyARN",
    type: "ARN",
    actions: ATTACHING,
    source: "the managed policy that is attached or detached",
    absent: undefined,
    valueOf: ({ sent }) => sent.text("PolicyArn"),
  },
  {
    name: "iam:PermissionsBoundary",
    type: "ARN",
    actions: BOUNDING,
    source: "the boundary that the request sets",
    absent: "requests that set none; the boundary that a user or role has already is not read",
    valueOf: ({ sent }) => sent.text("PermissionsBoundary"),
  },
];
