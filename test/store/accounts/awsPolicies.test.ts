import assert from "node:assert/strict";
import { test } from "node:test";
import { addAccount } from "../../../src/store/accounts/accounts.ts";
import { AWS_POLICIES } from "../../../src/store/accounts/awsPolicies.ts";
import { getPolicy, getPolicyVersion, ownPolicyName } from "../../../src/store/accounts/managedPolicies.ts";
import { openTestStore } from "../testStore.ts";

/** As IAM shows them: the version that applies, when the policy was made and edited, and what is allowed on everything. */
const SHOWN: Readonly<Record<string, readonly [version: string, made: string, edited: string, allowed: string | string[]]>> = {
  AdministratorAccess: ["v1", "2015-02-06T18:39:46Z", "2015-02-06T18:39:46Z", "*"],
  AmazonS3FullAccess: ["v2", "2015-02-06T18:40:58Z", "2021-09-27T20:16:37Z", ["s3:*", "s3-object-lambda:*"]],
  AmazonS3ReadOnlyAccess: [
    "v3",
    "2015-02-06T18:40:59Z",
    "2023-08-10T21:31:39Z",
    ["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"],
  ],
  IAMFullAccess: [
    "v2",
    "2015-02-06T18:40:38Z",
    "2019-06-21T19:40:00Z",
    [
      "iam:*",
      ...["DescribeAccount", "DescribeOrganization", "DescribeOrganizationalUnit", "DescribePolicy", "ListChildren"].map(
        (action) => `organizations:${action}`,
      ),
      ...["ListParents", "ListPoliciesForTarget", "ListRoots", "ListPolicies", "ListTargetsForPolicy"].map(
        (action) => `organizations:${action}`,
      ),
    ],
  ],
  IAMReadOnlyAccess: [
    "v4",
    "2015-02-06T18:40:39Z",
    "2018-01-25T19:11:27Z",
    [
      ...["GenerateCredentialReport", "GenerateServiceLastAccessedDetails", "Get*", "List*", "SimulateCustomPolicy"],
      "SimulatePrincipalPolicy",
    ].map((action) => `iam:${action}`),
  ],
};

test("AWS's managed policies: each is what AWS's reference shows", () => {
  const time = (ms: number): string => new Date(ms).toISOString().replace(".000", "");
  const shown = AWS_POLICIES.map(({ name, path, version, createdAtMs, updatedAtMs, document }) => {
    const { Statement, ...policy } = JSON.parse(document) as { Statement: { Action: unknown }[] };
    assert.deepEqual(policy, { Version: "2012-10-17" });
    assert.equal(path, "/");
    const [{ Action, ...statement } = { Action: undefined }, ...others] = Statement;
    assert.deepEqual([statement, others], [{ Effect: "Allow", Resource: "*" }, []]);
    return [name, [`v${version}`, time(createdAtMs), time(updatedAtMs), Action]];
  });
  assert.deepEqual(shown, Object.entries(SHOWN));
});

test("AWS's managed policies: each has an id of its own", () => {
  const ids = AWS_POLICIES.map(({ policyId }) => policyId);
  for (const id of ids) assert.match(id, /^ANPA[A-Z0-9]{17}$/);
  assert.equal(new Set(ids).size, ids.length);
  for (const { description } of AWS_POLICIES) assert.match(description, /^Provides .*\.$/);
});

test("AWS's managed policies: an account finds each under AWS's ARN, with the version that applies", async () => {
  const store = await openTestStore();
  const { accountId } = await addAccount(store, { name: "acme" });
  for (const { name, policyId, version, document, description } of AWS_POLICIES) {
    const policyArn = `arn:aws:iam::aws:policy/${name}`;
    const { createdAtMs: _, updatedAtMs: __, ...found } = await getPolicy(store, accountId, policyArn);
    assert.deepEqual(found, {
      ...{ policyArn, policyId, policyName: name, path: "/", description, defaultVersionId: `v${version}`, tags: [] },
      ...{ attachmentCount: 0, boundaryUsageCount: 0 },
    });
    assert.equal((await getPolicyVersion(store, accountId, policyArn, `v${version}`)).document, document);
  }
});

test("ownPolicyName: a policy of the account's own, and of nobody else's", () => {
  const account = "111122223333";
  assert.equal(ownPolicyName(account, `arn:aws:iam::${account}:policy/path/p`), "p");
  for (const arn of ["nonsense", "", `arn:aws:iam::${account}:user/p`])
    assert.throws(() => ownPolicyName(account, arn), { code: "InvalidInput", message: `ARN ${arn} is not valid.` });
  for (const owner of ["aws", "111122223334"])
    assert.throws(() => ownPolicyName(account, `arn:aws:iam::${owner}:policy/p`), { code: "NoSuchEntity" });
});
