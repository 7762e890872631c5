import assert from "node:assert/strict";
import { test } from "node:test";
import { ABSENT_KEYS } from "../../../src/access/conditionKeys/absentKeys.ts";
import { CONDITION_KEYS } from "../../../src/access/conditions.ts";
import { s3Actions } from "../../../src/access/policies/s3Actions.ts";
import { comesWith, isS3ConditionKey } from "../../../src/access/policies/s3ConditionKeys.ts";

/** Keys of what no request here has, and the actions that the service authorization reference lists them under. */
const KEYS_OF_NO_REQUEST: readonly (readonly [key: string, actions: readonly string[] | "all"])[] = [
  ["s3:accessgrantsinstancearn", "all"],
  ["s3:accesspointnetworkorigin", "all"],
  ["s3:dataaccesspointaccount", "all"],
  ["s3:dataaccesspointarn", "all"],
  ["s3:accesspointtag/team", "all"],
  ["s3:deliverysourcearn", ["s3:allowvendedlogdeliveryforresource"]],
  ["s3:logtype", ["s3:allowvendedlogdeliveryforresource"]],
  ["s3:resourcearnbeingauthorized", ["s3:allowvendedlogdeliveryforresource"]],
  ["s3:destinationregion", ["s3:pausereplication"]],
  ["s3:isreplicationpauserequest", ["s3:putreplicationconfiguration"]],
  ["s3:accessgrantscope", []],
  ["s3:accessgrantslocationscope", []],
  ["s3:existingjoboperation", []],
  ["s3:existingjobpriority", []],
  ["s3:jobsuspendedcause", []],
  ["s3:requestjoboperation", []],
  ["s3:requestjobpriority", []],
];

test("s3ConditionKeys: a bucket's policy may name every key of S3's, those of a family with a tag behind them", () => {
  const names = [...CONDITION_KEYS.map(({ name }) => name), ...ABSENT_KEYS].filter((name) => /^(?:aws|s3):/.test(name));
  for (const name of names.map((one) => one.toLowerCase())) {
    if (name.startsWith("s3:")) assert.equal(isS3ConditionKey(name), !name.endsWith("/"), name);
    assert.ok(isS3ConditionKey(name.endsWith("/") ? `${name}team/of` : name), name);
  }
});

test("s3ConditionKeys: no others, of other services or without a name", () => {
  for (const key of ["", "s3:", "s3:nothing", "s3:prefix/", "s3:prefix/a", "iam:policyarn", "ec2:roledelivery", "aws:"])
    assert.ok(!isS3ConditionKey(key), key);
});

test("s3ConditionKeys: a key that no request here has comes with the actions that AWS lists it under", () => {
  for (const [key, actions] of KEYS_OF_NO_REQUEST)
    for (const action of s3Actions.keys())
      assert.equal(comesWith(key, action), actions === "all" || actions.includes(action), `${key} with ${action}`);
});
