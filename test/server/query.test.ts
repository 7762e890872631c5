import assert from "node:assert/strict";
import { test } from "node:test";
import { presignedAddress, sendForm } from "./formSender.ts";
import type { AddressVariant, FormVariant } from "./formSender.ts";
import { TestServer } from "./TestServer.ts";

const LIST_USERS = "Action=ListUsers&Version=2010-05-08";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MINUTE_MS = 60_000;

test("query: an answer is IAM's document, with a request id of its form", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, LIST_USERS);
  const id = answer.headers.get("x-amzn-requestid")!;
  assert.match(id, UUID);
  assert.equal(
    answer.body,
    '<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult><Users/><IsTruncated>false</IsTruncated>' +
      `</ListUsersResult><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ListUsersResponse>`,
  );
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "text/xml"]);
  assert.deepEqual([answer.headers.get("x-amz-request-id"), answer.headers.get("server")], [null, null]);
});

test("query: an operation without an output answers with its metadata alone", async () => {
  await using server = await TestServer.start();
  await sendForm(server, "Action=CreateUser&Version=2010-05-08&UserName=bob");
  const { body } = await sendForm(server, "Action=DeleteUser&Version=2010-05-08&UserName=bob");
  assert.match(
    body,
    /^<DeleteUserResponse xmlns="[^"]+"><ResponseMetadata><RequestId>[^<]+<\/RequestId><\/ResponseMetadata><\/Del/,
  );
});

test("query: an error is IAM's document", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, "Action=GetUser&Version=2010-05-08&UserName=bob");
  assert.equal(
    answer.body,
    '<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>NoSuchEntity</Code>' +
      "<Message>The user with name bob cannot be found.</Message></Error>" +
      `<RequestId>${answer.headers.get("x-amzn-requestid")}</RequestId></ErrorResponse>`,
  );
  assert.deepEqual([answer.status, answer.headers.get("content-type")], [404, "text/xml"]);
});

for (const [what, body, variant, status, code, message] of [
  ["without Action", "Version=2010-05-08", {}, 400, "MissingAction", "The request is missing an action or a required parameter."],
  [
    "of an action that AWS does not have",
    "Action=Fly&Version=2010-05-08",
    {},
    400,
    "InvalidAction",
    "Could not find operation Fly for version 2010-05-08",
  ],
  [
    "of another version",
    "Action=ListUsers&Version=2009",
    {},
    400,
    "InvalidAction",
    "Could not find operation ListUsers for version 2009",
  ],
  [
    "without a version",
    "Action=ListUsers",
    {},
    400,
    "InvalidAction",
    "Could not find operation ListUsers for version NO_VERSION_SPECIFIED",
  ],
  [
    "of STS's action, signed for IAM",
    "Action=GetCallerIdentity&Version=2011-06-15",
    {},
    400,
    "InvalidAction",
    "Could not find operation GetCallerIdentity for version 2011-06-15",
  ],
  [
    "of an action that is not built",
    "Action=CreateLoginProfile&Version=2010-05-08",
    {},
    501,
    "NotImplemented",
    "CreateLoginProfile is not implemented",
  ],
  [
    "with broken percent-encoding",
    `${LIST_USERS}&Marker=%zz`,
    {},
    404,
    "MalformedQueryString",
    "The query string contains a syntax error.",
  ],
  ["whose number is none", `${LIST_USERS}&MaxItems=many`, {}, 400, "MalformedInput", "Unexpected value for maxItems"],
  ["whose value has parts", `${LIST_USERS}&Marker.a=1`, {}, 400, "MalformedInput", "Unexpected value for marker"],
  [
    "whose list has no items",
    "Action=TagUser&Version=2010-05-08&UserName=b&Tags.1.Key=a",
    {},
    400,
    "MalformedInput",
    "Unexpected value for tags",
  ],
  [
    "whose item has no number",
    "Action=TagUser&Version=2010-05-08&UserName=b&Tags.member.x.Key=a",
    {},
    400,
    "MalformedInput",
    "Unexpected value for tags",
  ],
  [
    "of somebody unknown",
    LIST_USERS,
    { accessKeyId: "AKIAIOSFODNN7EXAMPLE" },
    403,
    "InvalidClientTokenId",
    "The security token included in the request is invalid.",
  ],
  [
    "with a token that no key needs",
    LIST_USERS,
    { headers: { "x-amz-security-token": "t" }, signedHeaders: ["host", "x-amz-date"] },
    403,
    "SignatureDoesNotMatch",
    "'x-amz-security-token' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    "whose host is not signed",
    LIST_USERS,
    { signedHeaders: ["x-amz-date"] },
    403,
    "SignatureDoesNotMatch",
    "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  ],
  [
    "without a signature",
    LIST_USERS,
    { authorization: () => undefined },
    403,
    "MissingAuthenticationToken",
    "Request is missing Authentication Token",
  ],
  ["of another day", LIST_USERS, { day: "20010203", nowMs: Date.now() }, 403, "SignatureDoesNotMatch", undefined],
  [
    "whose signature lacks a part",
    LIST_USERS,
    { authorization: (header: string) => header.replace(/, Signature=.*/, "") },
    400,
    "IncompleteSignature",
    "Authorization header requires 'Signature' parameter.",
  ],
  [
    "whose credential lacks a part",
    LIST_USERS,
    { authorization: (header: string) => header.replace(/=[^/]+\/\d+\//, "=a/") },
    400,
    "IncompleteSignature",
    undefined,
  ],
  [
    "of another algorithm",
    LIST_USERS,
    { authorization: (header: string) => header.replace("AWS4-HMAC-SHA256", "AWS4-X") },
    400,
    "IncompleteSignature",
    "Authorization header requires the algorithm AWS4-HMAC-SHA256.",
  ],
] as const satisfies readonly (readonly [string, string, FormVariant, number, string, string | undefined])[]) {
  test(`query: a form ${what} is ${code}`, async () => {
    await using server = await TestServer.start();
    const answer = await sendForm(server, body, variant);
    assert.deepEqual([answer.status, answer.code], [status, code]);
    if (message !== undefined) assert.equal(answer.message, message);
    assert.deepEqual(server.failures, []);
  });
}

test("query: a secret that is another one is SignatureDoesNotMatch, and shows what was signed here, but no key", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, LIST_USERS, { secretAccessKey: "another" });
  assert.deepEqual([answer.status, answer.code], [403, "SignatureDoesNotMatch"]);
  assert.match(answer.message!, /^The request signature we calculated does not match the signature you provided\./);
  assert.match(answer.body, /The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n/);
});

test("query: a body other than the signed one is SignatureDoesNotMatch, whatever its head says of it", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, LIST_USERS, { sentBody: "Action=CreateUser&Version=2010-05-08&UserName=eve" });
  assert.equal(answer.code, "SignatureDoesNotMatch");
});

test("query: a form signed twenty minutes ago is refused, as on AWS with SignatureDoesNotMatch", async () => {
  const nowMs = Date.UTC(2026, 2, 1, 12);
  await using server = await TestServer.start({ clock: () => nowMs });
  const late = await sendForm(server, LIST_USERS, { nowMs: nowMs - 20 * MINUTE_MS });
  assert.deepEqual(
    [late.status, late.code, late.message],
    [
      403,
      "SignatureDoesNotMatch",
      "Signature expired: 20260301T114000Z is now earlier than 20260301T114500Z (20260301T120000Z - 15 min.)",
    ],
  );
  const early = await sendForm(server, LIST_USERS, { nowMs: nowMs + 20 * MINUTE_MS });
  assert.equal(
    early.message,
    "Signature not yet current: 20260301T122000Z is still later than 20260301T121500Z (20260301T120000Z + 15 min.)",
  );
  assert.equal((await sendForm(server, LIST_USERS, { nowMs: nowMs - 14 * MINUTE_MS })).status, 200);
});

test("query: the region of a signature is whatever the client took the service's for", async () => {
  await using server = await TestServer.start();
  for (const region of ["us-east-1", "eu-west-1", "aws-global"]) {
    assert.equal((await sendForm(server, LIST_USERS, { region })).status, 200);
  }
});

test("query: a form signed for another service is S3's to refuse", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, LIST_USERS, { service: "s3" });
  assert.match(answer.body, /<HostId>/);
});

test("query: a form has half a megabyte at most, and is refused before it is read", async () => {
  await using server = await TestServer.start();
  const answer = await sendForm(server, `${LIST_USERS}&Marker=${"m".repeat(512 * 1024)}`);
  assert.deepEqual([answer.status, answer.code], [413, "RequestEntityTooLarge"]);
});

test("query: a form sent in chunks is read as far as forms may go", async () => {
  await using server = await TestServer.start();
  const chunked = async (text: string): Promise<string> => {
    using connection = await server.connect();
    await connection.sendHead("POST /", { "Content-Type": "application/x-www-form-urlencoded", "Transfer-Encoding": "chunked" });
    await connection.send(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`);
    return (await connection.answer({ toHead: false })).body;
  };
  assert.match(await chunked(LIST_USERS), /<Code>MissingAuthenticationToken</);
  assert.match(await chunked(`Marker=${"m".repeat(512 * 1024)}`), /<Code>RequestEntityTooLarge</);
});

test("query: a body that its client waits to be asked for is asked for", async () => {
  await using server = await TestServer.start();
  using connection = await server.connect();
  const headers = {
    "Content-Type": "application/x-www-form-urlencoded",
    "Content-Length": String(LIST_USERS.length),
    Expect: "100-continue",
  };
  await connection.sendHead("POST /", headers);
  assert.equal((await connection.answer({ toHead: false })).status, 100);
  await connection.send(LIST_USERS);
  assert.equal((await connection.answer({ toHead: false })).status, 403);
});

test("query: a failure of the server's own is InternalFailure, under the id of the log", async () => {
  const ids: string[] = [];
  await using server = await TestServer.start({
    onFailure: (requestId) => ids.push(requestId),
    adapt(service) {
      const listUsers = service.operations.get("ListUsers")!;
      const broken = { ...listUsers, handle: () => Promise.reject(new Error("out of order")) } as typeof listUsers;
      return { ...service, operations: new Map([...service.operations, ["ListUsers", broken]]) };
    },
  });
  const answer = await sendForm(server, LIST_USERS);
  assert.deepEqual([answer.status, answer.code], [500, "InternalFailure"]);
  assert.match(answer.body, /<Type>Receiver<\/Type>/);
  assert.deepEqual(ids, [answer.headers.get("x-amzn-requestid")]);
});

test("query: an answer's texts are escaped, and times are to the second", async () => {
  await using server = await TestServer.start();
  const made = await sendForm(
    server,
    "Action=CreateRole&Version=2010-05-08&RoleName=r&Description=a%26b&AssumeRolePolicyDocument=" +
      encodeURIComponent(
        JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
        }),
      ),
  );
  assert.match(made.body, /<Description>a&amp;b<\/Description>/);
  assert.match(made.body, /<CreateDate>\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z<\/CreateDate>/);
});

test("query: numbers of a list's items may have gaps, and its order is theirs", async () => {
  await using server = await TestServer.start();
  const tags = "Tags.member.10.Key=b&Tags.member.10.Value=2&Tags.member.2.Key=a&Tags.member.2.Value=1";
  const { body } = await sendForm(server, `Action=CreateUser&Version=2010-05-08&UserName=bob&${tags}`);
  assert.match(body, /<member><Key>a<\/Key><Value>1<\/Value><\/member><member><Key>b<\/Key>/);
});

test("query: unknown parameters are passed over", async () => {
  await using server = await TestServer.start();
  assert.equal((await sendForm(server, `${LIST_USERS}&Colour=green&__proto__.a=1&constructor=2`)).status, 200);
});

test("query: a refused request shows no web identity token", async () => {
  await using server = await TestServer.start();
  const body = `Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=${"a".repeat(20)}&RoleSessionName=s1&WebIdentityToken=abc`;
  const answer = await sendForm(server, body, { authorization: () => undefined });
  assert.deepEqual(
    [answer.code, answer.message],
    [
      "ValidationError",
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4",
    ],
  );
});

test("query: a GET without Action stays S3's list of buckets", async () => {
  await using server = await TestServer.start();
  const { body } = await server.request("GET", "/");
  assert.match(body, /<ListAllMyBucketsResult/);
});

const WHO = { Action: "GetCallerIdentity", Version: "2011-06-15" };

test("query: a presigned GET is answered as a form is", async () => {
  await using server = await TestServer.start();
  const answer = await fetch(presignedAddress(server, WHO));
  assert.equal(answer.status, 200);
  assert.match(
    await answer.text(),
    /^<GetCallerIdentityResponse xmlns="https:\/\/sts\.amazonaws\.com\/doc\/2011-06-15\/">.*:root</s,
  );
});

for (const [what, variant, code, message] of [
  ["that is too old", { signedAtMs: Date.now() - 16 * MINUTE_MS }, "SignatureDoesNotMatch", /^Signature expired: /],
  ["of the future", { signedAtMs: Date.now() + 16 * MINUTE_MS }, "SignatureDoesNotMatch", /^Signature not yet current: /],
  ["without a signature", { without: "X-Amz-Signature" }, "IncompleteSignature", /requires 'Signature' parameter\.$/],
  ["without a time", { without: "X-Amz-Date" }, "IncompleteSignature", /must include 'X-Amz-Algorithm' and 'X-Amz-Date'/],
  ["that says less than was signed", { without: "Version" }, "SignatureDoesNotMatch", /^The request signature/],
] as const satisfies readonly (readonly [string, AddressVariant, string, RegExp])[]) {
  test(`query: a presigned address ${what} is ${code}`, async () => {
    await using server = await TestServer.start();
    const body = await (await fetch(presignedAddress(server, WHO, variant))).text();
    assert.equal(/<Code>([^<]*)</.exec(body)?.[1], code);
    assert.match(/<Message>([^<]*)</.exec(body)![1]!, message);
  });
}

test("query: a presigned address is good for as long as it says", async () => {
  await using server = await TestServer.start();
  const signedAtMs = Date.now() - 50 * MINUTE_MS;
  assert.equal((await fetch(presignedAddress(server, WHO, { signedAtMs, expiresSeconds: 3600 }))).status, 200);
});
