import assert from "node:assert/strict";
import { test } from "node:test";
import type { RawAnswer } from "../server/RawConnection.ts";
import { element } from "../server/TestServer.ts";
import { RegionServer } from "./RegionServer.ts";

/** A status, and the code where there is one. */
function outcome(answer: RawAnswer): string {
  return [String(answer.status), element(answer, "Code")].filter((part) => part !== undefined).join(" ");
}

function bucketRegion(answer: RawAnswer): string | undefined {
  return answer.headers.get("x-amz-bucket-region");
}

test("Regions: every host name of a region reaches its buckets, with the bucket in the path and before the name", async () => {
  await using server = await RegionServer.start();
  const names = ["s3.eu-west-1", "s3-eu-west-1", "s3.dualstack.eu-west-1", "s3-fips.eu-west-1", "s3-fips.dualstack.eu-west-1"];
  for (const name of names) {
    for (const domain of ["localhost:*", "s3.test"]) {
      const inPath = await server.ask(`${name}.${domain}`, { path: "/west", region: "eu-west-1" });
      assert.equal(element(inPath, "Name"), "west", `${name}.${domain}`);
      const inHost = await server.ask(`old.west.${name.toUpperCase()}.${domain}`, { region: "eu-west-1" });
      assert.equal(element(inHost, "Name"), "old.west", `${name}.${domain}`);
    }
  }
});

test("Regions: a regional host wants a signature for its region, whatever the bucket's is", async () => {
  await using server = await RegionServer.start();
  for (const path of ["/", "/west", "/east", "/nowhere"]) {
    const answer = await server.ask("s3.eu-west-1.localhost", { path, region: "us-east-1" });
    assert.equal(outcome(answer), "400 AuthorizationHeaderMalformed", path);
    assert.equal(
      element(answer, "Message"),
      "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    );
    assert.equal(element(answer, "Region"), "eu-west-1");
    assert.equal(bucketRegion(answer), "eu-west-1");
  }
  const presigned = await server.ask("s3.eu-west-1.localhost", { path: "/west", region: "us-east-1", isPresigned: true });
  assert.equal(outcome(presigned), "400 AuthorizationQueryParametersError");
  assert.equal(element(presigned, "Region"), "eu-west-1");
});

test("Regions: a bucket of another region is PermanentRedirect at a regional host, to the host of its own, without Location", async () => {
  await using server = await RegionServer.start();
  for (const [host, path, region] of [
    ["s3.us-east-1.localhost:*", "/west/key", "us-east-1"],
    ["west.s3.us-east-1.localhost:*", "/key", "us-east-1"],
    ["west.s3.us-east-1.localhost:*", "/key", undefined],
    ["s3.localhost:*", "/west/key", "us-east-1"],
  ] as const) {
    const answer = await server.ask(host, { path, ...(region !== undefined && { region }) });
    assert.equal(outcome(answer), "301 PermanentRedirect", host);
    assert.equal(
      element(answer, "Message"),
      "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to " +
        "this endpoint.",
    );
    assert.equal(element(answer, "Endpoint"), server.host("west.s3-eu-west-1.localhost:*"));
    assert.equal(element(answer, "Bucket"), "west");
    assert.equal(bucketRegion(answer), "eu-west-1");
    assert.equal(answer.headers.get("location"), undefined);
    const atEndpoint = await server.ask(element(answer, "Endpoint")!, { region: "eu-west-1" });
    assert.equal(element(atEndpoint, "Name"), "west");
  }
  const back = await server.ask("s3.eu-west-1.s3.test", { path: "/east", region: "eu-west-1" });
  assert.equal(element(back, "Endpoint"), "east.s3.s3.test");
  const head = await server.ask("s3.us-east-1.localhost", { method: "HEAD", path: "/west" });
  assert.equal(`${head.status} ${bucketRegion(head)}`, "301 eu-west-1");
});

test("Regions: endpoints of regions that began after March 2019 redirect nobody, and nobody is redirected to them", async () => {
  await using server = await RegionServer.start();
  for (const [host, path, region, bucketsRegion] of [
    ["s3.us-east-1.localhost", "/south", "us-east-1", "af-south-1"],
    ["south.s3.localhost", "/", "us-east-1", "af-south-1"],
    ["s3.af-south-1.localhost", "/west", "af-south-1", "eu-west-1"],
    ["127.0.0.1", "/south", "us-east-1", "af-south-1"],
  ] as const) {
    const answer = await server.ask(host, { path, region });
    assert.equal(outcome(answer), "400 IllegalLocationConstraintException", host);
    assert.equal(
      element(answer, "Message"),
      `The ${bucketsRegion} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
    assert.equal(bucketRegion(answer), bucketsRegion);
  }
});

test("Regions: a plain host is the endpoint of the region that is signed for, and for who signs for none the bucket's", async () => {
  await using server = await RegionServer.start();
  for (const host of ["127.0.0.1:*", "localhost:*", "s3.test", "minio:*"]) {
    assert.equal(element(await server.ask(host, { path: "/west", region: "eu-west-1" }), "Name"), "west", host);
    assert.equal(element(await server.ask(host, { path: "/east", region: "us-east-1" }), "Name"), "east", host);
    const redirected = await server.ask(host, { path: "/west", region: "us-east-1" });
    assert.equal(outcome(redirected), "301 PermanentRedirect", host);
    assert.equal(bucketRegion(redirected), "eu-west-1");
    const isOwnName = host.startsWith("localhost") || host === "s3.test";
    assert.equal(element(redirected, "Endpoint"), server.host(isOwnName ? `west.s3-eu-west-1.${host}` : host));
    assert.equal(outcome(await server.ask(host, { path: "/west" })), "403 AccessDenied", host);
  }
  assert.equal(element(await server.ask("west.localhost", { region: "eu-west-1" }), "Name"), "west");
});

test("Regions: a signature for a region that is not served is told the bucket's, and without a bucket the first", async () => {
  await using server = await RegionServer.start();
  for (const [path, expected] of [
    ["/west/key", "eu-west-1"],
    ["/east", "us-east-1"],
    ["/nowhere", "us-east-1"],
    ["/", "us-east-1"],
  ] as const) {
    const answer = await server.ask("127.0.0.1", { path, region: "ap-south-1" });
    assert.equal(`${outcome(answer)} ${element(answer, "Region")}`, `400 AuthorizationHeaderMalformed ${expected}`, path);
  }
});

test("Regions: the global host redirects to a new bucket for a day, 307 with Location, and leads to it after that", async () => {
  await using server = await RegionServer.start();
  const query = { "list-type": "2", prefix: "a b" };
  for (const asked of [{}, { region: "us-east-1" }, { region: "eu-west-1" }]) {
    const answer = await server.ask("west.s3.localhost:*", { ...asked, path: "/", query });
    assert.equal(outcome(answer), "307 TemporaryRedirect");
    assert.equal(
      element(answer, "Message"),
      "Please re-send this request to the specified temporary endpoint. Continue to use the original request endpoint for future requests.",
    );
    const endpoint = server.host("west.s3-eu-west-1.localhost:*");
    assert.equal(element(answer, "Endpoint"), endpoint);
    assert.equal(element(answer, "Bucket"), "west");
    assert.equal(answer.headers.get("location"), `http://${endpoint}/?list-type=2&prefix=a%20b`);
    assert.equal(bucketRegion(answer), "eu-west-1");
  }
  const plain = await server.ask("west.s3.localhost", { path: "/key" });
  assert.equal(plain.headers.get("location"), "http://west.s3-eu-west-1.localhost/key");
  assert.equal(element(await server.ask("old-west.s3.localhost", { region: "eu-west-1" }), "Name"), "old-west");
  const misled = await server.ask("old-west.s3.localhost", { region: "us-east-1" });
  assert.equal(`${outcome(misled)} ${element(misled, "Region")}`, "400 AuthorizationHeaderMalformed eu-west-1");
  assert.equal(element(await server.ask("east.s3.localhost", { region: "us-east-1" }), "Name"), "east");
});

test("Regions: GetBucketLocation is answered at every endpoint, and HeadBucket tells the region to who is refused", async () => {
  await using server = await RegionServer.start();
  for (const host of ["s3.us-east-1.localhost", "s3.localhost", "west.s3.localhost", "127.0.0.1"]) {
    const path = host.startsWith("west") ? "/" : "/west";
    const location = await server.ask(host, { path, query: { location: "" }, region: "us-east-1" });
    assert.match(location.body, />eu-west-1<\/LocationConstraint>/, host);
  }
  const head = await server.ask("s3.eu-west-1.localhost", { method: "HEAD", path: "/west" });
  assert.equal(`${head.status} ${bucketRegion(head)}`, "403 eu-west-1");
  const misled = await server.ask("s3.eu-west-1.localhost", { method: "HEAD", path: "/west", region: "us-east-1" });
  assert.equal(`${misled.status} ${bucketRegion(misled)}`, "400 eu-west-1");
});

test("Regions: ListBuckets lists the buckets of all regions everywhere, and those of one at its endpoint", async () => {
  await using server = await RegionServer.start();
  const names = (answer: RawAnswer): string[] => [...answer.body.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name]) => name!);
  const everywhere = await server.ask("s3.eu-west-1.localhost", { region: "eu-west-1" });
  assert.deepEqual(names(everywhere), ["bucket", "east", "old-west", "old.west", "south", "west"]);
  const query = { "bucket-region": "eu-west-1" };
  assert.deepEqual(names(await server.ask("127.0.0.1", { query, region: "eu-west-1" })), ["old-west", "old.west", "west"]);
  const elsewhere = await server.ask("127.0.0.1", { query, region: "us-east-1" });
  assert.equal(outcome(elsewhere), "400 InvalidArgument");
  assert.equal(
    element(elsewhere, "Message"),
    "Requests with bucket-region specified must be made to the corresponding regional endpoint",
  );
});

test("Regions: CreateBucket makes the bucket where the request is for, and from us-east-1 in other old regions too", async () => {
  await using server = await RegionServer.start();
  const at = (location: string): string =>
    `<CreateBucketConfiguration><LocationConstraint>${location}</LocationConstraint></CreateBucketConfiguration>`;
  const made: [host: string, name: string, region: string, body: string, result: string][] = [
    ["s3.us-east-1.localhost:*", "new-a", "us-east-1", "", "200 /new-a"],
    ["s3.eu-west-1.localhost:*", "new-b", "eu-west-1", at("eu-west-1"), "200 http://new-b.s3.localhost:*/"],
    ["s3.localhost:*", "new-c", "us-east-1", at("EU"), "200 http://new-c.s3.localhost:*/"],
    ["127.0.0.1:*", "new-d", "eu-west-1", at("eu-west-1"), "200 http://127.0.0.1:*/new-d/"],
    ["127.0.0.1:*", "new-e", "us-east-1", at("eu-west-1"), "200 http://127.0.0.1:*/new-e/"],
    ["s3.us-east-1.localhost", "new-f", "us-east-1", at("af-south-1"), "400 IllegalLocationConstraintException"],
    ["s3.eu-west-1.localhost", "new-g", "eu-west-1", "", "400 IllegalLocationConstraintException"],
    ["s3.eu-west-1.localhost", "new-h", "eu-west-1", at("af-south-1"), "400 IllegalLocationConstraintException"],
    ["s3.us-east-1.localhost", "new-i", "us-east-1", at("ap-south-1"), "400 IllegalLocationConstraintException"],
    ["s3.us-east-1.localhost", "east", "us-east-1", "", "200 /east"],
    ["s3.us-east-1.localhost", "west", "us-east-1", "", "409 BucketAlreadyOwnedByYou"],
    ["s3.eu-west-1.localhost", "west", "eu-west-1", at("eu-west-1"), "409 BucketAlreadyOwnedByYou"],
    ["s3.eu-west-1.localhost", "east", "eu-west-1", at("eu-west-1"), "409 BucketAlreadyOwnedByYou"],
  ];
  for (const [host, name, region, body, result] of made) {
    const answer = await server.ask(host, { method: "PUT", path: `/${name}`, region, body });
    assert.equal(answer.status === 200 ? `200 ${answer.headers.get("location")}` : outcome(answer), server.host(result), name);
  }
  const home = async (path: string): Promise<string | undefined> =>
    bucketRegion(await server.ask("127.0.0.1", { method: "HEAD", path }));
  assert.deepEqual(await Promise.all(["/new-a", "/new-b", "/new-c", "/new-d", "/new-e"].map(home)), [
    "us-east-1",
    "eu-west-1",
    "eu-west-1",
    "eu-west-1",
    "eu-west-1",
  ]);
});

test("Regions: a policy asks for the region that the request is for", async () => {
  await using server = await RegionServer.start();
  await server.make("asked", "eu-west-1");
  const statement = {
    ...{ Effect: "Deny", Principal: "*", Action: "s3:ListBucket", Resource: "arn:aws:s3:::asked" },
    Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
  };
  const body = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const put = await server.ask("127.0.0.1", { method: "PUT", path: "/asked", query: { policy: "" }, body, region: "eu-west-1" });
  assert.equal(put.status, 204, put.body);
  const host = "s3.eu-west-1.localhost";
  assert.equal(outcome(await server.ask(host, { path: "/asked", region: "eu-west-1" })), "403 AccessDenied");
  assert.equal((await server.ask(host, { path: "/west", region: "eu-west-1" })).status, 200);
});

test("Regions: a server of one region has its host names, and keeps buckets of regions that it no longer has where they are", async () => {
  await using server = await RegionServer.start(["eu-west-1"]);
  assert.equal(element(await server.ask("west.s3.eu-west-1.localhost", { region: "eu-west-1" }), "Name"), "west");
  assert.equal(element(await server.ask("west.s3.localhost", { region: "eu-west-1" }), "Name"), "west");
  const elsewhere = await server.ask("127.0.0.1", { path: "/east", region: "eu-west-1" });
  assert.equal(outcome(elsewhere), "301 PermanentRedirect");
  assert.equal(element(elsewhere, "Endpoint"), "127.0.0.1");
  assert.match(elsewhere.body, /its operator can start it with --region us-east-1/);
  const unknown = await server.ask("west.s3.us-east-1.localhost", { region: "eu-west-1" });
  assert.equal(`${outcome(unknown)} ${element(unknown, "BucketName")}`, "404 NoSuchBucket west.s3.us-east-1");
});
