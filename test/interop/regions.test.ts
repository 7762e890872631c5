import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { Agent } from "node:https";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutBucketAccelerateConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { TEST_KEYS } from "../serverProcess.ts";
import { AWS } from "./aws.ts";
import { run, succeed } from "./commands.ts";
import { fixture } from "./fixture.ts";

/** af-south-1 began after March 2019: S3 does not redirect to it, and clients find it all the same. */
const REGIONS: readonly string[] = ["us-east-1", "eu-west-1", "af-south-1"];
const ARGS: readonly string[] = [...REGIONS.flatMap((region) => ["--region", region]), "--domain", "amazonaws.com"];

/** A client without an endpoint: it calls S3's own host names, all of which are the server here, and believes that it speaks TLS. */
function clientOfNames(port: number, options: ConstructorParameters<typeof S3Client>[0] = {}): S3Client {
  const httpsAgent = new Agent();
  httpsAgent.createConnection = () => createConnection({ port, host: "127.0.0.1" });
  return new S3Client({ region: "us-east-1", credentials: TEST_KEYS, requestHandler: { httpsAgent }, ...options });
}

function configuration(region: string): object {
  return region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } };
}

test("AWS SDK v3: followRegionRedirects finds the buckets of all regions, by S3's host names and at one address", async (t) => {
  const { server, endpoint } = await fixture(t, { args: ARGS });
  for (const region of REGIONS) {
    const client = clientOfNames(server.port, { region });
    await client.send(new CreateBucketCommand({ Bucket: `in-${region}`, ...configuration(region) }));
    client.destroy();
  }
  const options = { followRegionRedirects: true };
  const atOneAddress = { ...options, endpoint, forcePathStyle: true };
  for (const own of [options, { ...options, useDualstackEndpoint: true }, atOneAddress]) {
    const client = clientOfNames(server.port, own);
    for (const region of REGIONS) {
      const Bucket = `in-${region}`;
      assert.equal((await client.send(new HeadBucketCommand({ Bucket }))).BucketRegion, region);
      await client.send(new PutObjectCommand({ Bucket, Key: "key", Body: region }));
      const got = await client.send(new GetObjectCommand({ Bucket, Key: "key" }));
      assert.equal(await got.Body!.transformToString(), region);
      assert.equal((await client.send(new ListObjectsV2Command({ Bucket }))).KeyCount, 1);
    }
    client.destroy();
  }
});

test("AWS SDK v3: who does not follow redirects is told of them, and FIPS and accelerated host names are the server's", async (t) => {
  const { server } = await fixture(t, { args: ARGS });
  const client = clientOfNames(server.port);
  const Bucket = "west";
  await client.send(new CreateBucketCommand({ Bucket: "east" }));
  const west = clientOfNames(server.port, { region: "eu-west-1" });
  await west.send(new CreateBucketCommand({ Bucket, ...configuration("eu-west-1") }));
  const object = { Key: "key", Body: "text" };
  await assert.rejects(client.send(new PutObjectCommand({ Bucket, ...object })), {
    name: "PermanentRedirect",
    Endpoint: "west.s3-eu-west-1.amazonaws.com",
  });
  const fips = clientOfNames(server.port, { useFipsEndpoint: true });
  await fips.send(new PutObjectCommand({ Bucket: "east", ...object }));
  const accelerated = clientOfNames(server.port, { region: "eu-west-1", useAccelerateEndpoint: true });
  await assert.rejects(accelerated.send(new PutObjectCommand({ Bucket, ...object })), {
    name: "InvalidRequest",
    message: "S3 Transfer Acceleration is not configured on this bucket",
  });
  await west.send(new PutBucketAccelerateConfigurationCommand({ Bucket, AccelerateConfiguration: { Status: "Enabled" } }));
  await accelerated.send(new PutObjectCommand({ Bucket, ...object }));
  for (const each of [client, west, fips, accelerated]) each.destroy();
});

test("AWS CLI: it finds the buckets of other regions, but where S3 does not redirect", async (t) => {
  const { endpoint, folder } = await fixture(t, { args: ARGS });
  const file = join(folder, "file");
  await writeFile(file, "text");
  for (const region of REGIONS) {
    await succeed(AWS, ["--endpoint-url", endpoint, "--region", region, "s3", "mb", `s3://in-${region}`], { cwd: folder });
  }
  for (const region of ["us-east-1", "eu-west-1"]) {
    const aws = (...args: string[]): Promise<string> =>
      succeed(AWS, ["--endpoint-url", endpoint, "--region", region, ...args], { cwd: folder });
    for (const home of REGIONS) {
      if (home === "af-south-1") {
        await assert.rejects(aws("s3", "cp", file, `s3://in-${home}/from-${region}`), /\(IllegalLocationConstraintException\)/);
        continue;
      }
      await aws("s3", "cp", file, `s3://in-${home}/from-${region}`);
      await aws("s3", "cp", `s3://in-${home}/from-${region}`, join(folder, "back"));
      assert.equal(await readFile(join(folder, "back"), "utf8"), "text");
    }
    assert.match(await aws("s3", "ls"), /in-af-south-1\n.*in-eu-west-1\n.*in-us-east-1\n/);
  }
});

test("AWS CLI: a bucket is not made in the region of another endpoint", async (t) => {
  const { endpoint, folder } = await fixture(t, { args: ARGS });
  const where = ["--create-bucket-configuration", "LocationConstraint=af-south-1"];
  const create = ["--endpoint-url", endpoint, "--region", "eu-west-1", "s3api", "create-bucket", "--bucket", "south", ...where];
  const { stderr } = await run(AWS, create, { cwd: folder });
  assert.match(stderr, /\(IllegalLocationConstraintException\).*The af-south-1 location constraint is incompatible/);
});
