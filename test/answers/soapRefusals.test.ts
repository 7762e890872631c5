import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageOptions } from "../server/soapMessages.ts";
import { postSoap, signature, soapBody, soapFault, soapMessage } from "../server/soapMessages.ts";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import {
  NOW_MS,
  NOW,
  OBJECT,
  DATA,
  READ,
  STRANGER,
  ALL_USERS,
  start,
  answered,
  refused,
  read,
  OK,
  BINARY,
  withObject,
  withAcls,
  putSetting,
} from "./soapServer.ts";

test("SOAP: a name of HTTP's metadata takes no value that would end its header", async (t) => {
  const server = await start(t);
  const metadata = "<Metadata><Name>Content-Type</Name><Value>text/plain&#13;\nX-Forged: 1</Value></Metadata>";
  const { code } = await refused(server, "PutObjectInline", OBJECT + metadata + DATA);
  assert.equal(code, "Client.InvalidArgument");
  assert.equal((await server.request("HEAD", "/bucket/Nelson")).status, 404);
});

test("SOAP: an ACL that does not fit the schema is MalformedACLError, and none at all MissingSecurityHeader", async (t) => {
  const server = await withAcls(t);
  for (const inside of [
    `<Grant><Grantee><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>`,
    `<Grant><Grantee xsi:type="toString"><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>`,
    `<Grant><Grantee xsi:type="Group"><ID>${ALL_USERS}</ID></Grantee><Permission>READ</Permission></Grant>`,
    `<Grant><Grantee xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee><Permission>DELETE</Permission></Grant>`,
    `<Grant><Grantee xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee></Grant>`,
    "<Grant><Permission>READ</Permission></Grant>",
    `<Grant><Grantee xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant>`.repeat(101),
  ]) {
    const list = `<AccessControlList>${inside}</AccessControlList>`;
    const { code } = await refused(server, "SetObjectAccessControlPolicy", OBJECT + list);
    assert.equal(code, "Client.MalformedACLError", inside.slice(0, 200));
  }
  assert.equal(
    (await refused(server, "SetBucketAccessControlPolicy", "<Bucket>bucket</Bucket>")).code,
    "Client.MissingSecurityHeader",
  );
  assert.equal((await refused(server, "SetObjectAccessControlPolicy", OBJECT)).code, "Client.InvalidSOAPRequest");
});

test("SOAP: PutObjectInline gives the object the ACL that comes with it, which takes the permission for it", async (t) => {
  const server = await withAcls(t);
  const list = `<AccessControlList><Grant><Grantee xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList>`;
  await answered(server, "PutObjectInline", OBJECT + DATA + list);
  assert.equal(
    await answered(server, "GetObject", OBJECT + READ, { authentication: "" }),
    read("GetObject", OK, BINARY, "<Data>aGEtaGE=</Data>"),
  );
  await addAccount(server.store, { name: "stranger", ...STRANGER });
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::bucket/*" }],
  };
  await putSetting(server, "policy", JSON.stringify(policy));
  await answered(server, "PutObjectInline", OBJECT + DATA, STRANGER);
  assert.equal((await refused(server, "PutObjectInline", OBJECT + DATA + list, STRANGER)).code, "Client.AccessDenied");
});

test("SOAP: bucket policies see an ACL's grants as the headers that REST has for them", async (t) => {
  const server = await withAcls(t);
  const policy = {
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:PutObject",
        Resource: "arn:aws:s3:::bucket/*",
        Condition: { StringLike: { "s3:x-amz-grant-read": "*AllUsers*" } },
      },
    ],
  };
  await putSetting(server, "policy", JSON.stringify(policy));
  const list = `<AccessControlList><Grant><Grantee xsi:type="Group"><URI>${ALL_USERS}</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList>`;
  assert.equal((await refused(server, "PutObjectInline", OBJECT + DATA + list)).code, "Client.AccessDenied");
  await answered(server, "PutObjectInline", OBJECT + DATA);
});

test("SOAP: PutObject without an attachment is MissingAttachment, and data of another length IncompleteBody", async (t) => {
  const server = await start(t);
  assert.deepEqual(await refused(server, "PutObject", `${OBJECT}<ContentLength>5</ContentLength>`), {
    code: "Client.MissingAttachment",
    message: "A SOAP attachment was expected, but none were found",
    details: {},
  });
  const { code, details } = await refused(
    server,
    "PutObjectInline",
    `${OBJECT}<Data>aGEtaGE=</Data><ContentLength>6</ContentLength>`,
  );
  assert.deepEqual([code, details], ["Client.IncompleteBody", { NumberBytesExpected: "6", NumberBytesProvided: "5" }]);
  assert.equal((await server.request("HEAD", "/bucket/Nelson")).status, 404);
});

test("SOAP: data within a message has 1 MiB at most, both ways", async (t) => {
  const server = await start(t);
  const inline = (sizeBytes: number): string =>
    `${OBJECT}<Data>${Buffer.alloc(sizeBytes).toString("base64")}</Data><ContentLength>${sizeBytes}</ContentLength>`;
  const limit = 1024 * 1024;
  await answered(server, "PutObjectInline", inline(limit));
  await answered(server, "GetObject", OBJECT + READ);
  for (const sizeBytes of [limit + 1, 2 * limit]) {
    assert.equal((await refused(server, "PutObjectInline", inline(sizeBytes))).code, "Client.InlineDataTooLarge");
  }
  await server.request("PUT", "/bucket/Nelson", { body: Buffer.alloc(limit + 1) });
  assert.equal((await refused(server, "GetObject", OBJECT + READ)).code, "Client.InlineDataTooLarge");
  const range = "<ByteRangeStart>1</ByteRangeStart>";
  assert.match(await answered(server, "GetObjectExtended", OBJECT + READ + range), /<Code>206<\/Code>/);
  assert.deepEqual(server.failures, []);
});

test("SOAP: a message over plain HTTP is refused unless the operator takes it, before it is read", async (t) => {
  const server = await start(t, { soapOverHttp: false });
  assert.deepEqual(soapFault(await postSoap(server, "no message at all")).code, "Client.InvalidRequest");
  const { code, message } = await refused(server, "ListAllMyBuckets", "");
  assert.deepEqual([code, message], ["Client.InvalidRequest", "SOAP requests must be made over an HTTPS connection."]);
  const proxied = await start(t, { soapOverHttp: false, trustProxy: ["127.0.0.1/32"] });
  const headers = { "Content-Type": "text/xml", "X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https" };
  const answer = await postSoap(proxied, soapMessage("ListAllMyBuckets", "", NOW_MS), headers);
  assert.match(soapBody(answer), /^<ListAllMyBucketsResponse/);
});

test("SOAP: who does not sign gets what ACLs let everybody have, and nothing else", async (t) => {
  const server = await withAcls(t);
  const nobody = { authentication: "" };
  for (const [operation, elements] of [
    ["GetObject", OBJECT + READ],
    ["ListAllMyBuckets", ""],
    ["CreateBucket", "<Bucket>quotes</Bucket>"],
    ["ListBucket", "<Bucket>bucket</Bucket>"],
    ["PutObjectInline", OBJECT + DATA],
    ["DeleteObject", OBJECT],
    ["GetBucketAccessControlPolicy", "<Bucket>bucket</Bucket>"],
    [
      "CopyObject",
      "<SourceBucket>bucket</SourceBucket><SourceKey>Nelson</SourceKey><DestinationBucket>bucket</DestinationBucket><DestinationKey>b</DestinationKey>",
    ],
  ] as const) {
    assert.equal((await refused(server, operation, elements, nobody)).code, "Client.AccessDenied", operation);
  }
  await server.request("PUT", "/bucket/Nelson", { query: { acl: "", "x-amz-acl": "public-read" } });
  await answered(server, "GetObject", OBJECT + READ, nobody);
});

test("SOAP: faults of authentication say what REST's errors say", async (t) => {
  const server = await start(t);
  const ask = (options: MessageOptions) => refused(server, "ListAllMyBuckets", "", options);
  const unknown = await ask({ accessKeyId: "HFUNKNOWNUNKNOWN0000" });
  assert.deepEqual([unknown.code, unknown.details], ["Client.InvalidAccessKeyId", { AWSAccessKeyId: "HFUNKNOWNUNKNOWN0000" }]);
  const wrong = await ask({ secretAccessKey: "another" });
  assert.equal(wrong.code, "Client.SignatureDoesNotMatch");
  assert.deepEqual(Object.keys(wrong.details), ["AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes"]);
  assert.equal(wrong.details["StringToSign"], `AmazonS3ListAllMyBuckets${NOW}`);
  const late = await ask({ timestamp: "2026-03-01T11:44:59.999Z" });
  assert.equal(late.code, "Client.RequestTimeTooSkewed");
  assert.deepEqual(late.details, {
    RequestTime: "2026-03-01T11:44:59.999Z",
    ServerTime: "2026-03-01T12:00:00Z",
    MaxAllowedSkewMilliseconds: "900000",
  });
  const other = await ask({ authentication: signature("ListBucket", NOW_MS) });
  assert.equal(other.code, "Client.SignatureDoesNotMatch");
  const part = await ask({ authentication: "<AWSAccessKeyId>HFTESTTESTTESTTEST00</AWSAccessKeyId>" });
  assert.equal(part.code, "Client.MissingSecurityElement");
  const credential = await refused(server, "ListBucket", "<Bucket>bucket</Bucket>", { behind: "<Credential>user</Credential>" });
  assert.equal(credential.code, "Client.CredentialsNotSupported");
  await answered(server, "ListBucket", "<Bucket>bucket</Bucket>", { behind: "<Credential/>" });
});

test("SOAP: a signature in the head of the request counts for nothing", async (t) => {
  const server = await withObject(t);
  const message = soapMessage("GetObject", OBJECT + READ, NOW_MS, { authentication: "" });
  const headers = { "Content-Type": "text/xml", Authorization: "AWS HFTESTTESTTESTTEST00:AAAA", "x-amz-acl": "public-read" };
  assert.equal(soapFault(await postSoap(server, message, headers)).code, "Client.AccessDenied");
});

test("SOAP: headers of the message's request mean nothing for what it asks", async (t) => {
  const server = await withObject(t);
  const message = soapMessage("GetObject", OBJECT + READ, NOW_MS);
  const headers = {
    "Content-Type": "text/xml",
    Range: "bytes=0-0",
    "If-None-Match": "*",
    "x-amz-expected-bucket-owner": "123456789012",
  };
  assert.equal(soapBody(await postSoap(server, message, headers)), read("GetObject", OK, BINARY, "<Data>aGEtaGE=</Data>"));
});

test("SOAP: who does not own a bucket that makes requesters pay is refused, for SOAP cannot agree to it", async (t) => {
  const server = await withAcls(t);
  const pays = "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>";
  await putSetting(server, "requestPayment", pays);
  await server.request("PUT", "/bucket/Nelson", { query: { acl: "", "x-amz-acl": "public-read" } });
  await addAccount(server.store, { name: "stranger", ...STRANGER });
  const message = soapMessage("GetObject", OBJECT + READ, NOW_MS, STRANGER);
  const headers = { "Content-Type": "text/xml", "x-amz-request-payer": "requester" };
  assert.equal(soapFault(await postSoap(server, message, headers)).code, "Client.AccessDenied");
  await answered(server, "GetObject", OBJECT + READ);
});

test("SOAP: what a message lacks, or has in another form than the schema's, is InvalidSOAPRequest", async (t) => {
  const server = await withObject(t);
  for (const [operation, elements] of [
    ["FooBar", ""],
    ["toString", ""],
    ["DeleteBucket", ""],
    ["GetObject", OBJECT],
    ["GetObject", `${OBJECT}${READ.replace("true", "yes")}`],
    ["GetObject", `${OBJECT}<Key>again</Key>${READ}`],
    ["GetObject", `<Bucket>bucket</Bucket><Key><b>Nelson</b></Key>${READ}`],
    ["GetObject", `<Bucket>bucket</Bucket><Key xsi:nil="true"/>${READ}`],
    ["GetObject", `<Bucket>bucket</Bucket><Key>&#xD800;</Key>${READ}`],
    ["GetObjectExtended", `${OBJECT}${READ}<ByteRangeStart>-1</ByteRangeStart>`],
    ["GetObjectExtended", `${OBJECT}${READ}<IfModifiedSince>yesterday</IfModifiedSince>`],
    ["GetObjectExtended", `${OBJECT}${READ}${"<IfMatch>a</IfMatch>".repeat(101)}`],
    ["ListBucket", "<Bucket>bucket</Bucket><MaxKeys>many</MaxKeys>"],
    ["PutObjectInline", `${OBJECT}<Data>a*==</Data><ContentLength>1</ContentLength>`],
    ["PutObjectInline", `${OBJECT}<Data>aGEtaGE</Data><ContentLength>5</ContentLength>`],
    ["PutObjectInline", `${OBJECT}<Data>aGEtaGE=</Data>`],
    ["PutObjectInline", `${OBJECT}<ContentLength>5</ContentLength>`],
    ["PutObjectInline", `${OBJECT}${"<Metadata><Name>a</Name><Value>b</Value></Metadata>".repeat(101)}${DATA}`],
    ["SetBucketLoggingStatus", "<Bucket>bucket</Bucket>"],
  ] as const) {
    const { code, message } = await refused(server, operation, elements);
    assert.deepEqual(
      [code, message],
      ["Client.InvalidSOAPRequest", "The SOAP request body is invalid"],
      `${operation} ${elements.slice(0, 200)}`,
    );
  }
  assert.deepEqual(server.failures, []);
});

test("SOAP: a key that leads out of its bucket is refused, as in an address", async (t) => {
  const server = await start(t);
  const { code, details } = await refused(server, "PutObjectInline", `<Bucket>bucket</Bucket><Key>a/../../b</Key>${DATA}`);
  assert.deepEqual([code, details], ["Client.InvalidURI", { URI: "/bucket/a/../../b" }]);
});

test("SOAP: other requests to /soap are REST's, to a bucket of that name", async (t) => {
  const server = await start(t);
  assert.equal((await server.request("PUT", "/soap")).status, 200);
  assert.equal((await server.request("GET", "/soap")).status, 200);
  const deletion = await server.request("POST", "/soap", {
    query: { delete: "" },
    headers: { "Content-Type": "text/xml", "Content-MD5": "8LZyJ38vFyiEoeEzKXEqLw==" },
    body: "<Delete><Object><Key>a</Key></Object></Delete>",
  });
  assert.notEqual(deletion.headers.get("content-type"), "text/xml; charset=utf-8");
});

test("SOAP: a refusal reaches who is still sending an attachment, and ends the connection", async (t) => {
  const server = await start(t);
  const message = soapMessage("PutObject", `${OBJECT}<ContentLength>5</ContentLength>`, NOW_MS, { authentication: "" });
  using connection = await server.connect();
  const headers = { "Content-Type": "multipart/related; boundary=b", "Content-Length": "100000000" };
  await connection.sendHead("POST /soap", headers);
  await connection.send(`--b\r\nContent-Type: text/xml\r\n\r\n${message}\r\n--b\r\n\r\n`);
  await connection.send(Buffer.alloc(1024 * 1024));
  const answer = await connection.answer();
  assert.equal(soapFault(answer).code, "Client.AccessDenied");
  assert.equal(answer.headers.get("connection"), "close");
});

test("SOAP: an attachment that no one asked for is refused, and nothing behind it is taken for a message", async (t) => {
  const server = await withObject(t);
  const message = soapMessage("GetObject", OBJECT + READ, NOW_MS);
  const body = `--b\r\nContent-Type: text/xml\r\n\r\n${message}\r\n--b\r\n\r\n${"x".repeat(500_000)}\r\n--b--\r\n`;
  const answer = await postSoap(server, body, { "Content-Type": "multipart/related; boundary=b" });
  assert.equal(soapFault(answer).code, "Client.InvalidSOAPRequest");
  assert.equal(answer.headers.get("connection"), "close");
});
