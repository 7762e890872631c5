import type { PolicyRecord } from "../records/PolicyRecord.ts";
import { policyRow } from "../records/PolicyRecord.ts";
import type { Row } from "../records/Row.ts";
import { identityArn, parseIdentityArn } from "./arns.ts";
import type { AwsPolicy } from "./awsPolicies.ts";
import { AWS_POLICIES } from "./awsPolicies.ts";
import { IdentityError } from "./IdentityError.ts";

/** What the ARN of a managed policy can mean for an account: one of AWS's own, one that the account may have, or nothing. */
export interface PolicyTarget {
  readonly arn: string;
  readonly aws: AwsPolicy | undefined;
  readonly row: Row<PolicyRecord> | undefined;
}

/** Takes the ARN of a managed policy apart. Throws `IdentityError` InvalidInput for what is none. */
export function policyTarget(accountId: string, arn: string): PolicyTarget {
  const parsed = parseIdentityArn(arn);
  if (parsed?.kind !== "policy") throw new IdentityError("InvalidInput", `ARN ${arn} is not valid.`);
  const aws = AWS_BY_ARN.get(arn);
  return { arn, aws, row: aws === undefined ? policyRow(accountId, parsed.name) : undefined };
}

const AWS_BY_ARN: ReadonlyMap<string, AwsPolicy> = new Map(
  AWS_POLICIES.map((policy) => [identityArn("policy", { ...policy, accountId: "aws" }), policy]),
);

/** The unique id of what an ARN means, given the record in its row; `undefined` where it means nothing. */
export function targetId({ arn, aws }: PolicyTarget, record: PolicyRecord | undefined): string | undefined {
  if (aws !== undefined) return aws.policyId;
  return record !== undefined && identityArn("policy", record) === arn ? record.uniqueId : undefined;
}

/** IAM's refusal of a policy that is not there. */
export function policyNotFound(arn: string): IdentityError {
  return new IdentityError("NoSuchEntity", `Policy ${arn} was not found.`);
}
