import assert from "node:assert/strict";
import { test } from "node:test";
import type { HostMeaning } from "../../../src/server/http/hostNames.ts";
import { meaningOfHost } from "../../../src/server/http/hostNames.ts";

const NAMES = {
  domains: ["objects.example.com", "example.com", "localhost"],
  regions: ["us-east-1", "eu-west-1", "Local"],
  websites: [],
};

/** What a host means, as "kind region bucket below domain". */
function told(host: string): string {
  const { bucket, endpoint }: HostMeaning = meaningOfHost(host, NAMES);
  if (endpoint === undefined) return `nothing${bucket === undefined ? "" : ` ${bucket}`}`;
  return [endpoint.kind, endpoint.region, bucket, "below", endpoint.domain].filter((part) => part !== undefined).join(" ");
}

test("Host names: S3's names below a domain mean what they mean below amazonaws.com, alone and after a bucket", () => {
  for (const [name, meaning] of [
    ["s3", "global"],
    ["s3.eu-west-1", "regional eu-west-1"],
    ["s3-eu-west-1", "regional eu-west-1"],
    ["s3.dualstack.eu-west-1", "regional eu-west-1"],
    ["s3-fips.us-east-1", "regional us-east-1"],
    ["s3-fips.dualstack.us-east-1", "regional us-east-1"],
    ["s3.local", "regional Local"],
    ["s3-accelerate", "accelerated"],
    ["s3-accelerate.dualstack", "accelerated"],
  ] as const) {
    assert.equal(told(`${name}.example.com`), `${meaning} below example.com`);
    assert.equal(told(`${name.toUpperCase()}.localhost.:9000`), `${meaning} below localhost:9000`);
    assert.equal(told(`bucket.${name}.localhost:9000`), `${meaning} bucket below localhost:9000`);
    assert.equal(told(`a.b.s3.${name}.objects.example.com`), `${meaning} a.b.s3 below objects.example.com`);
  }
});

test("Host names: what is none of S3's is a bucket, and a domain alone says nothing", () => {
  for (const name of [
    "bucket",
    "a.b",
    "s3.eu-west-2",
    "s3-eu-west-2",
    "eu-west-1",
    "b.eu-west-1",
    "dualstack",
    "dualstack.eu-west-1",
    "s3.dualstack",
    "s3-fips",
    "s3-fips.dualstack",
    "s3-accelerate.eu-west-1",
    "s3-accelerate.dualstack.eu-west-1",
    "s3x.eu-west-1",
    "",
  ]) {
    const dot = name === "" ? "" : ".";
    const bucket = name === "" ? "" : ` ${name}`;
    assert.equal(told(`${name}${dot}example.com`), `plain${bucket} below example.com`, name);
  }
  for (const host of [
    "127.0.0.1:9000",
    "[::1]:9000",
    "[::1]",
    "minio",
    "",
    ".localhost",
    "xlocalhost",
    "s3.eu-west-1.amazonaws.com",
  ]) {
    assert.equal(told(host), "nothing", host);
  }
});
