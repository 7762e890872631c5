import assert from "node:assert/strict";
import { test } from "node:test";
import { askSoap, NAMESPACE, postSoap, soapBody, soapMessage } from "../server/soapMessages.ts";
import { addAccount } from "../../src/store/accounts/accounts.ts";
import {
  NOW_MS,
  NOW,
  OBJECT,
  DATA,
  ETAG,
  READ,
  STRANGER,
  ALL_USERS,
  start,
  answered,
  refused,
  result,
  read,
  OK,
  BINARY,
  NO_DATA,
  withObject,
  withAcls,
  ownerId,
} from "./soapServer.ts";

test("SOAP: ListAllMyBuckets shows the caller and their buckets in the schema's order", async (t) => {
  const server = await start(t);
  const id = await ownerId(server);
  const buckets = `<Bucket><Name>bucket</Name><CreationDate>${NOW}</CreationDate></Bucket>`;
  assert.equal(
    await answered(server, "ListAllMyBuckets", ""),
    result("ListAllMyBuckets", `<Owner><ID>${id}</ID></Owner><Buckets>${buckets}</Buckets>`),
  );
  await addAccount(server.store, { name: "stranger", ...STRANGER });
  assert.match(await answered(server, "ListAllMyBuckets", "", STRANGER), /<Buckets\/>/);
});

test("SOAP: CreateBucket and DeleteBucket make and remove a bucket, and say so as the schema does", async (t) => {
  const server = await start(t);
  assert.equal(
    await answered(server, "CreateBucket", "<Bucket>quotes</Bucket>"),
    `<CreateBucketResponse xmlns="${NAMESPACE}"><CreateBucketReturn><BucketName>quotes</BucketName></CreateBucketReturn></CreateBucketResponse>`,
  );
  assert.equal((await server.request("HEAD", "/quotes")).status, 200);
  assert.equal(
    await answered(server, "DeleteBucket", "<Bucket>quotes</Bucket>"),
    result("DeleteBucket", "<Code>204</Code><Description>No Content</Description>"),
  );
  assert.equal((await server.request("HEAD", "/quotes")).status, 404);
});

test("SOAP: PutObjectInline stores what REST reads, with metadata of HTTP and of the user", async (t) => {
  const server = await start(t);
  const metadata =
    "<Metadata><Name>Content-Type</Name><Value>text/plain</Value></Metadata>" +
    "<Metadata><Name>Family</Name><Value>Müntz &amp; co</Value></Metadata>" +
    "<Metadata><Name>x-amz-meta-given</Name><Value>Nelson</Value></Metadata>";
  assert.equal(
    await answered(server, "PutObjectInline", OBJECT + metadata + DATA),
    result("PutObjectInline", `<ETag>${ETAG}</ETag><LastModified>${NOW}</LastModified>`),
  );
  const stored = await server.request("GET", "/bucket/Nelson");
  assert.deepEqual(
    [stored.body, stored.headers.get("content-type"), stored.headers.get("x-amz-meta-given")],
    ["ha-ha", "text/plain", "Nelson"],
  );
  assert.equal(stored.headers.get("x-amz-meta-family"), "=?UTF-8?Q?M=C3=BCntz_&_co?=");
  const shown =
    "<Metadata><Name>Content-Type</Name><Value>text/plain</Value></Metadata>" +
    "<Metadata><Name>family</Name><Value>Müntz &amp; co</Value></Metadata>" +
    "<Metadata><Name>given</Name><Value>Nelson</Value></Metadata>";
  assert.equal(await answered(server, "GetObject", OBJECT + READ), read("GetObject", OK, shown, "<Data>aGEtaGE=</Data>"));
});

test("SOAP: GetObject shows metadata that no header can carry, which REST counts", async (t) => {
  const server = await start(t);
  await answered(server, "PutObjectInline", `${OBJECT}<Metadata><Name>a name</Name><Value>one\ntwo</Value></Metadata>${DATA}`);
  assert.equal((await server.request("GET", "/bucket/Nelson")).headers.get("x-amz-missing-meta"), "1");
  assert.match(
    await answered(server, "GetObject", OBJECT + READ),
    /<Metadata><Name>a name<\/Name><Value>one\ntwo<\/Value><\/Metadata>/,
  );
});

test("SOAP: GetObject leaves out what is not asked for, and still has an element for data", async (t) => {
  const server = await withObject(t);
  const without = "<GetMetadata>0</GetMetadata><GetData>0</GetData><InlineData>1</InlineData>";
  assert.equal(await answered(server, "GetObject", OBJECT + without), read("GetObject", OK, "", NO_DATA));
  const only = "<GetMetadata>1</GetMetadata><GetData>false</GetData><InlineData>false</InlineData>";
  assert.equal(await answered(server, "GetObject", OBJECT + only), read("GetObject", OK, BINARY, NO_DATA));
});

test("SOAP: GetObjectExtended reads a range, whose status it tells", async (t) => {
  const server = await withObject(t);
  const partial = "<Code>206</Code><Description>Partial Content</Description>";
  const range = async (elements: string): Promise<string> => {
    const answer = await answered(server, "GetObjectExtended", OBJECT + READ + elements);
    const data = /<Data>(.*)<\/Data>/.exec(answer)![1]!;
    assert.equal(answer, read("GetObjectExtended", partial, BINARY, `<Data>${data}</Data>`));
    return Buffer.from(data, "base64").toString();
  };
  assert.equal(await range("<ByteRangeStart>1</ByteRangeStart><ByteRangeEnd>2</ByteRangeEnd>"), "a-");
  assert.equal(await range("<ByteRangeStart>3</ByteRangeStart>"), "ha");
  assert.equal(await range("<ByteRangeEnd>1</ByteRangeEnd>"), "ha");
  const behind = await refused(server, "GetObjectExtended", `${OBJECT}${READ}<ByteRangeStart>9</ByteRangeStart>`);
  assert.equal(behind.code, "Client.InvalidRange");
  assert.deepEqual(behind.details, { RangeRequested: "bytes=9-", ActualObjectSize: "5" });
});

test("SOAP: GetObjectExtended heeds conditions, of several entity tags too", async (t) => {
  const server = await withObject(t);
  const ask = (elements: string): Promise<string> => answered(server, "GetObjectExtended", OBJECT + READ + elements);
  const whole = read("GetObjectExtended", OK, BINARY, "<Data>aGEtaGE=</Data>");
  const unchanged = read("GetObjectExtended", "<Code>304</Code><Description>Not Modified</Description>", "", NO_DATA);
  assert.equal(await ask(`<IfMatch>"other"</IfMatch><IfMatch>${ETAG}</IfMatch>`), whole);
  assert.equal(await ask("<IfNoneMatch>one</IfNoneMatch><IfNoneMatch>two</IfNoneMatch>"), whole);
  assert.equal(await ask(`<IfNoneMatch>one</IfNoneMatch><IfNoneMatch>${ETAG}</IfNoneMatch>`), unchanged);
  assert.equal(await ask("<IfModifiedSince>2026-03-01T11:59:59Z</IfModifiedSince>"), whole);
  assert.equal(await ask("<IfModifiedSince>2026-03-01T12:00:00Z</IfModifiedSince>"), unchanged);
  assert.equal(await ask("<IfUnmodifiedSince>2026-03-01T12:00:00Z</IfUnmodifiedSince>"), whole);
  for (const [elements, condition] of [
    ['<IfMatch>"other"</IfMatch>', "If-Match"],
    ["<IfUnmodifiedSince>2026-03-01T11:59:59Z</IfUnmodifiedSince>", "If-Unmodified-Since"],
  ] as const) {
    const fault = await refused(server, "GetObjectExtended", OBJECT + READ + elements);
    assert.deepEqual([fault.code, fault.details], ["Client.PreconditionFailed", { Condition: condition }]);
  }
});

test("SOAP: GetObjectExtended answers a range whose condition fails with the whole object, where that is asked for", async (t) => {
  const server = await withObject(t);
  const range = "<ByteRangeStart>1</ByteRangeStart><ByteRangeEnd>2</ByteRangeEnd>";
  const complete = "<ReturnCompleteObjectOnConditionFailure>true</ReturnCompleteObjectOnConditionFailure>";
  const ask = (elements: string): Promise<string> => answered(server, "GetObjectExtended", OBJECT + READ + elements);
  assert.match(await ask(`${range}<IfMatch>"other"</IfMatch>${complete}`), /<Code>200<.*<Data>aGEtaGE=</);
  assert.match(
    await ask(`${range}<IfUnmodifiedSince>2026-02-01T00:00:00Z</IfUnmodifiedSince>${complete}`),
    /<Code>200<.*<Data>aGEtaGE=</,
  );
  assert.match(await ask(`${range}<IfMatch>${ETAG}</IfMatch>${complete}`), /<Code>206<.*<Data>YS0=</);
  const without = await refused(server, "GetObjectExtended", `${OBJECT}${READ}<IfMatch>"other"</IfMatch>${complete}`);
  assert.equal(without.code, "Client.PreconditionFailed");
});

test("SOAP: ListBucket shows keys and prefixes page by page", async (t) => {
  const server = await start(t);
  for (const key of ["notes/todos.txt", "notes/a/1", "notes/a/2", "other"])
    await server.request("PUT", `/bucket/${key}`, { body: "ha-ha" });
  const id = await ownerId(server);
  const contents =
    `<Contents><Key>notes/todos.txt</Key><LastModified>${NOW}</LastModified><ETag>${ETAG}</ETag><Size>5</Size>` +
    `<Owner><ID>${id}</ID></Owner><StorageClass>STANDARD</StorageClass></Contents>`;
  const elements = "<Bucket>bucket</Bucket><Prefix>notes/</Prefix><MaxKeys>10</MaxKeys><Delimiter>/</Delimiter>";
  assert.equal(
    await answered(server, "ListBucket", elements),
    result(
      "ListBucket",
      "<Name>bucket</Name><Prefix>notes/</Prefix><Marker></Marker><MaxKeys>10</MaxKeys><Delimiter>/</Delimiter>" +
        `<IsTruncated>false</IsTruncated>${contents}<CommonPrefixes><Prefix>notes/a/</Prefix></CommonPrefixes>`,
    ),
  );
  const page = await answered(
    server,
    "ListBucket",
    "<Bucket>bucket</Bucket><Marker>notes/a/1</Marker><MaxKeys>1</MaxKeys><Delimiter>!</Delimiter>",
  );
  assert.match(page, /<Marker>notes\/a\/1<\/Marker><NextMarker>notes\/a\/2<\/NextMarker><MaxKeys>1<\/MaxKeys>/);
  assert.match(page, /<IsTruncated>true<\/IsTruncated><Contents><Key>notes\/a\/2<\/Key>/);
  assert.match(
    await answered(server, "ListBucket", "<Bucket>bucket</Bucket><MaxKeys>0</MaxKeys>"),
    /<IsTruncated>false<\/IsTruncated><\/ListBucket/,
  );
});

test("SOAP: ListBucket calls a storage class that the schema is too old for UNKNOWN", async (t) => {
  const server = await start(t);
  const stored = await server.request("PUT", "/bucket/key", { body: "ha-ha", query: { "x-amz-storage-class": "STANDARD_IA" } });
  assert.equal(stored.status, 200, stored.body);
  assert.match(await answered(server, "ListBucket", "<Bucket>bucket</Bucket>"), /<StorageClass>UNKNOWN<\/StorageClass>/);
});

test("SOAP: CopyObject copies, with its own metadata or that of the source, under the source's conditions", async (t) => {
  const server = await withObject(t);
  const from = "<SourceBucket>bucket</SourceBucket><SourceKey>Nelson</SourceKey>";
  const to = "<DestinationBucket>bucket</DestinationBucket><DestinationKey>a/b +&amp;%2F?c</DestinationKey>";
  const copied = `<CopyObjectResult><LastModified>${NOW}</LastModified><ETag>${ETAG}</ETag></CopyObjectResult>`;
  assert.equal(
    await answered(server, "CopyObject", from + to),
    `<CopyObjectResponse xmlns="${NAMESPACE}">${copied}</CopyObjectResponse>`,
  );
  assert.equal((await server.request("GET", "/bucket/a/b%20%2B%26%252F%3Fc")).body, "ha-ha");
  const replaced =
    "<MetadataDirective>REPLACE</MetadataDirective><Metadata><Name>relationship</Name><Value>twins</Value></Metadata>";
  await answered(server, "CopyObject", from + to + replaced);
  const back = "<SourceBucket>bucket</SourceBucket><SourceKey>a/b +&amp;%2F?c</SourceKey>";
  const other = "<DestinationBucket>bucket</DestinationBucket><DestinationKey>other</DestinationKey>";
  await answered(
    server,
    "CopyObject",
    `${back}${other}<CopySourceIfMatch>no</CopySourceIfMatch><CopySourceIfMatch>${ETAG}</CopySourceIfMatch>`,
  );
  assert.equal((await server.request("HEAD", "/bucket/other")).headers.get("x-amz-meta-relationship"), "twins");
  const failed = await refused(server, "CopyObject", `${back}${other}<CopySourceIfNoneMatch>${ETAG}</CopySourceIfNoneMatch>`);
  assert.deepEqual(
    [failed.code, failed.details],
    ["Client.PreconditionFailed", { Condition: "x-amz-copy-source-If-None-Match" }],
  );
  const itself = await refused(
    server,
    "CopyObject",
    `${from}<DestinationBucket>bucket</DestinationBucket><DestinationKey>Nelson</DestinationKey>`,
  );
  assert.equal(itself.code, "Client.InvalidRequest");
});

test("SOAP: DeleteObject removes an object, and says of what is not there that it is not", async (t) => {
  const server = await withObject(t);
  assert.equal(await answered(server, "DeleteObject", OBJECT), result("DeleteObject", OK));
  assert.equal((await server.request("HEAD", "/bucket/Nelson")).status, 404);
  assert.deepEqual(await refused(server, "DeleteObject", OBJECT), {
    code: "Client.NoSuchKey",
    message: "The specified key does not exist.",
    details: { Key: "Nelson" },
  });
});

test("SOAP: ACLs of buckets and objects are shown and set, with grantees of every kind", async (t) => {
  const server = await withAcls(t);
  const id = await ownerId(server);
  await addAccount(server.store, { name: "stranger", ...STRANGER, email: "stranger@example.com" });
  const strangerId = /<ID>([0-9a-f]{64})/.exec(await answered(server, "ListAllMyBuckets", "", STRANGER))![1]!;
  const grant = (type: string, inside: string, permission: string): string =>
    `<Grant><Grantee xsi:type="${type}">${inside}</Grantee><Permission>${permission}</Permission></Grant>`;
  const shown =
    `<Owner><ID>${id}</ID></Owner><AccessControlList>` +
    grant("Group", `<URI>${ALL_USERS}</URI>`, "READ") +
    grant("CanonicalUser", `<ID>${strangerId}</ID>`, "READ_ACP") +
    grant("CanonicalUser", `<ID>${id}</ID>`, "FULL_CONTROL") +
    "</AccessControlList>";
  const list =
    "<AccessControlList>" +
    grant("x:Group", `<x:URI xmlns:x="${NAMESPACE}">${ALL_USERS}</x:URI>`, "READ") +
    grant("AmazonCustomerByEmail", "<EmailAddress>stranger@example.com</EmailAddress>", "READ_ACP") +
    grant("CanonicalUser", `<ID>${id}</ID><DisplayName>me</DisplayName>`, "FULL_CONTROL") +
    "</AccessControlList>";
  for (const [what, address] of [
    ["Bucket", "<Bucket>bucket</Bucket>"],
    ["Object", OBJECT],
  ] as const) {
    const set = `Set${what}AccessControlPolicy`;
    assert.equal(await answered(server, set, address + list), `<${set}Response xmlns="${NAMESPACE}"/>`);
    const get = `Get${what}AccessControlPolicy`;
    assert.equal(await answered(server, get, address), result(get, shown));
    await answered(server, set, `${address}<AccessControlList/>`);
    assert.match(await answered(server, get, address), /<AccessControlList\/>/);
  }
});

test("SOAP: Get- and SetBucketLoggingStatus show and set where requests are logged, and nowhere", async (t) => {
  const server = await start(t);
  const set = (status: string): Promise<string> =>
    answered(server, "SetBucketLoggingStatus", "<Bucket>bucket</Bucket>", {
      behind: `<BucketLoggingStatus>${status}</BucketLoggingStatus>`,
    });
  const get = (): Promise<string> => answered(server, "GetBucketLoggingStatus", "<Bucket>bucket</Bucket>");
  assert.equal(await get(), result("GetBucketLoggingStatus", ""));
  const enabled = "<LoggingEnabled><TargetBucket>bucket</TargetBucket><TargetPrefix>log-</TargetPrefix></LoggingEnabled>";
  assert.equal(await set(enabled), `<SetBucketLoggingStatusResponse xmlns="${NAMESPACE}"/>`);
  assert.equal(await get(), result("GetBucketLoggingStatus", enabled));
  await set("");
  assert.equal(await get(), result("GetBucketLoggingStatus", ""));
  const nowhere = "<LoggingEnabled><TargetBucket>missing</TargetBucket><TargetPrefix/></LoggingEnabled>";
  const behind = `<BucketLoggingStatus>${nowhere}</BucketLoggingStatus>`;
  const { code } = await refused(server, "SetBucketLoggingStatus", "<Bucket>bucket</Bucket>", { behind });
  assert.equal(code, "Client.InvalidTargetBucketForLogging");
});

test("SOAP: PutObject and GetObject carry data beside the message, in MIME and in DIME", async (t) => {
  const server = await start(t);
  const put = soapMessage("PutObject", `${OBJECT}<ContentLength>5</ContentLength>`, NOW_MS);
  const parts = `--b\r\nContent-Type: text/xml\r\n\r\n${put}\r\n--b\r\nContent-Type: text/plain\r\n\r\nha-ha\r\n--b--\r\n`;
  const mime = { "Content-Type": 'multipart/related; type="text/xml"; boundary=b' };
  assert.match(soapBody(await postSoap(server, parts, mime)), /<PutObjectResponse><ETag>&quot;cc33/);
  const get = soapMessage("GetObject", `${OBJECT}${READ.replace("<InlineData>true", "<InlineData>false")}`, NOW_MS);
  const accepts = { "Content-Type": "text/xml", Accept: "application/dime" };
  const dime = await postSoap(server, get, accepts);
  assert.equal(dime.headers.get("content-type"), "application/dime");
  assert.match(dime.body, /<Data xsi:nil="true"\/>.*ha-ha/s);
  const related = await postSoap(server, get, { "Content-Type": "text/xml" });
  assert.match(related.headers.get("content-type")!, /^multipart\/related; type="text\/xml"; start="<envelope\./);
  assert.match(related.body, /<Data xsi:nil="true"\/>.*Content-Type: binary\/octet-stream\r\n.*\r\n\r\nha-ha\r\n--/s);
});

test("SOAP: elements may come in any order, with any prefix or none, with types, and beside unknown ones", async (t) => {
  const server = await withObject(t);
  const expected = read("GetObject", OK, BINARY, "<Data>aGEtaGE=</Data>");
  const typed = '<InlineData xsi:type="xsd:boolean" xmlns:xsd="http://www.w3.org/2001/XMLSchema"> 1 </InlineData>';
  const mixed = `${typed}<GetData>1</GetData><Acl>private</Acl><p:Key xmlns:p="urn:p">Nelson</p:Key><GetMetadata>1</GetMetadata><Bucket>bucket</Bucket>`;
  assert.equal(await answered(server, "GetObject", mixed), expected);
  assert.equal(await answered(server, "GetObject", OBJECT + READ, { namespace: "" }), expected);
  assert.equal(
    await answered(server, "GetObject", OBJECT + READ, { namespace: "http://doc.s3.amazonaws.com/2006-03-01" }),
    expected,
  );
  const foreign = await refused(server, "GetObject", OBJECT + READ, { namespace: "urn:other" });
  assert.equal(foreign.code, "Client.InvalidSOAPRequest");
});

test("SOAP: SOAP 1.2 is answered in SOAP 1.2, faults too", async (t) => {
  const server = await withObject(t);
  const headers = { "Content-Type": 'application/soap+xml; charset=utf-8; action=""' };
  const ask = (elements: string) => postSoap(server, soapMessage("DeleteObject", elements, NOW_MS, { version: "1.2" }), headers);
  const done = await ask(OBJECT);
  assert.deepEqual([done.status, done.headers.get("content-type")], [200, "application/soap+xml; charset=utf-8"]);
  assert.equal(soapBody(done, "1.2"), result("DeleteObject", OK));
  const missing = await ask(OBJECT);
  assert.deepEqual([missing.status, missing.headers.get("content-type")], [500, "application/soap+xml; charset=utf-8"]);
  assert.match(
    soapBody(missing, "1.2"),
    /^<soapenv:Fault><soapenv:Code xmlns:ns1="http:\/\/schemas.xmlsoap.org\/soap\/envelope\/"><soapenv:Value>ns1:Client.NoSuchKey<\/soapenv:Value><\/soapenv:Code><soapenv:Reason><soapenv:Text xml:lang="en">The specified key does not exist.<\/soapenv:Text><\/soapenv:Reason><soapenv:Detail><Key>Nelson<\/Key>/,
  );
});

test("SOAP: answers have S3's ids and its name, and say nothing of REST's headers", async (t) => {
  const server = await withObject(t);
  const answer = await askSoap(server, "GetObject", OBJECT + READ);
  assert.match(answer.headers.get("x-amz-request-id")!, /^[0-9A-Z]{16}$/);
  assert.deepEqual([...answer.headers.keys()].sort(), [
    "content-length",
    "content-type",
    "date",
    "server",
    "x-amz-id-2",
    "x-amz-request-id",
  ]);
});
