/** A managed policy that AWS keeps for everybody. */
export interface AwsPolicy {
  readonly name: string;
  readonly path: string;
  readonly policyId: string;
  readonly description: string;
  /** The number of the version that applies, the only one known here. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly document: string;
}

function allowing(...actions: readonly string[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] });
}

/**
 * Those of AWS's managed policies that are about what this store has.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_POLICIES: readonly AwsPolicy[] = [
  {
    name: "AdministratorAccess",
    path: "/",
    policyId: "ANPAIWMBCKSKIEE64ZLYK",
    description: "Provides full access to AWS services and resources.",
    version: 1,
    createdAtMs: Date.UTC(2015, 1, 6, 18, 39, 46),
    updatedAtMs: Date.UTC(2015, 1, 6, 18, 39, 46),
    document: '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
  },
  {
    name: "AmazonS3FullAccess",
    path: "/",
    policyId: "ANPAIFIR6V6BVTRAHWINE",
    description: "Provides full access to all buckets via the AWS Management Console.",
    version: 2,
    createdAtMs: Date.UTC(2015, 1, 6, 18, 40, 58),
    updatedAtMs: Date.UTC(2021, 8, 27, 20, 16, 37),
    document: allowing("s3:*", "s3-object-lambda:*"),
  },
  {
    name: "AmazonS3ReadOnlyAccess",
    path: "/",
    policyId: "ANPAIZTJ4DXE7G6AGAE6M",
    description: "Provides read only access to all buckets via the AWS Management Console.",
    version: 3,
    createdAtMs: Date.UTC(2015, 1, 6, 18, 40, 59),
    updatedAtMs: Date.UTC(2023, 7, 10, 21, 31, 39),
    document: allowing("s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"),
  },
  {
    name: "IAMFullAccess",
    path: "/",
    policyId: "ANPAI7XKCFMBPM3QQRRVQ",
    description: "Provides full access to IAM via the AWS Management Console.",
    version: 2,
    createdAtMs: Date.UTC(2015, 1, 6, 18, 40, 38),
    updatedAtMs: Date.UTC(2019, 5, 21, 19, 40),
    document: allowing(
      "iam:*",
      "organizations:DescribeAccount",
      "organizations:DescribeOrganization",
      "organizations:DescribeOrganizationalUnit",
      "organizations:DescribePolicy",
      "organizations:ListChildren",
      "organizations:ListParents",
      "organizations:ListPoliciesForTarget",
      "organizations:ListRoots",
      "organizations:ListPolicies",
      "organizations:ListTargetsForPolicy",
    ),
  },
  {
    name: "IAMReadOnlyAccess",
    path: "/",
    policyId: "ANPAJKSO7NDY4T57MWDSQ",
    description: "Provides read only access to IAM via the AWS Management Console.",
    version: 4,
    createdAtMs: Date.UTC(2015, 1, 6, 18, 40, 39),
    updatedAtMs: Date.UTC(2018, 0, 25, 19, 11, 27),
    document: allowing(
      "iam:GenerateCredentialReport",
      "iam:GenerateServiceLastAccessedDetails",
      "iam:Get*",
      "iam:List*",
      "iam:SimulateCustomPolicy",
      "iam:SimulatePrincipalPolicy",
    ),
  },
];
