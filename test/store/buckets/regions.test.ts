import assert from "node:assert/strict";
import { test } from "node:test";
import { endpointOfBucket, isLateRegion } from "../../../src/store/buckets/regions.ts";

/** Regions that began before 20 March 2019, with what stands between "s3" and their name in the endpoint that S3 tells. */
const EARLY: readonly (readonly [region: string, mark: string])[] = [
  ["us-east-2", "."],
  ["us-west-1", "-"],
  ["us-west-2", "-"],
  ["us-gov-west-1", "-"],
  ["us-gov-east-1", "."],
  ["ca-central-1", "."],
  ["sa-east-1", "-"],
  ["eu-west-1", "-"],
  ["eu-west-2", "."],
  ["eu-west-3", "."],
  ["eu-central-1", "."],
  ["eu-north-1", "."],
  ["ap-northeast-1", "-"],
  ["ap-northeast-2", "."],
  ["ap-northeast-3", "."],
  ["ap-south-1", "."],
  ["ap-southeast-1", "-"],
  ["ap-southeast-2", "-"],
  ["cn-north-1", "."],
  ["cn-northwest-1", "."],
];

test("isLateRegion: no region that began before 20 March 2019 is", () => {
  for (const [region] of EARLY) assert.ok(!isLateRegion(region), region);
  assert.ok(!isLateRegion("us-east-1"));
});

test("isLateRegion: every other name of AWS's form is, and no other name", () => {
  for (const region of ["eu-south-1", "ap-east-1", "me-south-1", "af-south-1", "ap-southeast-3", "us-iso-east-1", "us-east-10"])
    assert.ok(isLateRegion(region), region);
  for (const region of [
    "",
    "local",
    "garage",
    "us-east",
    "xus-east-1",
    "us-east-1a",
    "US-EAST-9",
    "us--9",
    "us-9",
    "x eu-south-1",
  ])
    assert.ok(!isLateRegion(region), region);
});

test("endpointOfBucket: the region behind a hyphen where S3 always wrote it so, none in the first region, and else behind a dot", () => {
  const of = (region: string): string => endpointOfBucket({ name: "bucket", region }, "amazonaws.com");
  assert.equal(of("us-east-1"), "bucket.s3.amazonaws.com");
  for (const [region, mark] of EARLY) assert.equal(of(region), `bucket.s3${mark}${region}.amazonaws.com`);
  assert.equal(of("ap-east-1"), "bucket.s3.ap-east-1.amazonaws.com");
  assert.equal(of("local"), "bucket.s3.local.amazonaws.com");
});
