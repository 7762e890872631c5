import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import { RegionServer } from "./RegionServer.ts";

const HOSTS: readonly string[] = ["s3-accelerate.localhost", "s3-accelerate.dualstack.localhost:*"];

async function accelerate(server: RegionServer, bucket: string, status: string, region = "us-east-1"): Promise<RawAnswer> {
  const body = `<AccelerateConfiguration>${status === "" ? "" : `<Status>${status}</Status>`}</AccelerateConfiguration>`;
  return server.ask("127.0.0.1", { method: "PUT", path: `/${bucket}`, query: { accelerate: "" }, body, region });
}

function refusal(answer: RawAnswer): string {
  return `${answer.status} ${element(answer, "Code")}: ${element(answer, "Message")}`;
}

test("PutBucketAccelerateConfiguration: what is set is shown, and a bucket that never had it shows no status", async () => {
  await using server = await RegionServer.start();
  const show = (): Promise<RawAnswer> =>
    server.ask("127.0.0.1", { path: "/east", query: { accelerate: "" }, region: "us-east-1" });
  assert.equal(element(await show(), "Status"), undefined);
  for (const status of ["Enabled", "Suspended", "Enabled"]) {
    assert.equal((await accelerate(server, "east", status)).status, 200);
    assert.equal(element(await show(), "Status"), status);
  }
  for (const status of ["Disabled", ""]) {
    assert.match(refusal(await accelerate(server, "east", status)), /^400 MalformedXML: /);
    assert.equal(element(await show(), "Status"), "Enabled");
  }
});

test("PutBucketAccelerateConfiguration: names that no accelerated host could have are InvalidRequest", async () => {
  await using server = await RegionServer.start();
  await server.make("Old_Name", "us-east-1");
  assert.equal(
    refusal(await accelerate(server, "old.west", "Enabled", "eu-west-1")),
    "400 InvalidRequest: S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
  );
  assert.equal(
    refusal(await accelerate(server, "Old_Name", "Enabled")),
    "400 InvalidRequest: S3 Transfer Acceleration is not supported for buckets with non-DNS compliant names",
  );
});

test("Acceleration: the accelerated host names serve buckets that have it, for a signature of the bucket's region", async () => {
  await using server = await RegionServer.start();
  assert.equal((await accelerate(server, "west", "Enabled", "eu-west-1")).status, 200);
  for (const host of HOSTS) {
    const put = await server.ask(`west.${host}`, { method: "PUT", path: "/key", body: "text", region: "eu-west-1" });
    assert.equal(put.status, 200, put.body);
    assert.equal((await server.ask(`west.${host}`, { path: "/key", region: "eu-west-1" })).body, "text");
    const misled = await server.ask(`west.${host}`, { path: "/key", region: "us-east-1" });
    assert.equal(`${misled.status} ${element(misled, "Region")}`, "400 eu-west-1");
    assert.equal(element(await server.ask(`west.${host}`, { path: "/key" }), "Code"), "AccessDenied");
  }
});

test("Acceleration: other buckets are refused at the accelerated host names, and so is the bucket in the path", async () => {
  await using server = await RegionServer.start();
  for (const [index, host] of HOSTS.entries()) {
    await server.make(`fresh-${index}`, "us-east-1");
    const fresh = async (): Promise<string> =>
      refusal(await server.ask(`fresh-${index}.${host}`, { path: "/key", region: "us-east-1" }));
    assert.equal(await fresh(), "400 InvalidRequest: S3 Transfer Acceleration is not configured on this bucket");
    await accelerate(server, `fresh-${index}`, "Suspended");
    assert.equal(await fresh(), "400 InvalidRequest: S3 Transfer Acceleration is disabled on this bucket");
    await accelerate(server, `fresh-${index}`, "Enabled");
    assert.equal(await fresh(), "404 NoSuchKey: The specified key does not exist.");
    assert.equal(
      refusal(await server.ask(`old.west.${host}`, { region: "eu-west-1" })),
      "400 InvalidRequest: S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
    );
    assert.equal(
      refusal(await server.ask(`nowhere.${host}`, { region: "us-east-1" })),
      "404 NoSuchBucket: The specified bucket does not exist",
    );
    for (const path of ["/", "/east", "/east/key"]) {
      assert.equal(
        refusal(await server.ask(host, { path, region: "us-east-1" })),
        "400 InvalidRequest: The Amazon S3 Transfer Acceleration endpoint supports only virtual style requests.",
      );
    }
  }
});

test("Acceleration: buckets are neither made nor deleted by the accelerated host names", async () => {
  await using server = await RegionServer.start();
  await accelerate(server, "east", "Enabled");
  for (const method of ["PUT", "DELETE"]) {
    const answer = await server.ask("east.s3-accelerate.localhost", { method, region: "us-east-1" });
    assert.equal(refusal(answer), "405 MethodNotAllowed: The specified method is not allowed against this resource.");
  }
  assert.equal((await server.ask("127.0.0.1", { path: "/east", region: "us-east-1" })).status, 200);
});
