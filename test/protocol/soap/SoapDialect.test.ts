import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../../src/errors/S3Error.ts";
import { ServiceError } from "../../../src/errors/ServiceError.ts";
import type { BesideOutput, Dialect, EncodedOutput, RoutedRequest } from "../../../src/protocol/Dialect.ts";
import type { OperationName, OperationOutputs } from "../../../src/protocol/generated/types.ts";
import type { Outputs } from "../../../src/protocol/operations.ts";
import type { OutputBody, Piece } from "../../../src/protocol/Payload.ts";
import { soapDialect } from "../../../src/protocol/soap/SoapDialect.ts";
import { wireRequestFor } from "../../auth/wireRequestFor.ts";
import { expectRefusal } from "../../auth/expectRefusal.ts";

const S3 = "http://s3.amazonaws.com/doc/2006-03-01/";
const SOAP = { "1.1": "http://schemas.xmlsoap.org/soap/envelope/", "1.2": "http://www.w3.org/2003/05/soap-envelope" } as const;
const IDS = { requestId: "R", hostId: "H" };
const READING = { idleTimeoutMs: 1_000, beforeFirstRead: undefined };
const BUCKET = "<Bucket>b</Bucket>";
const OBJECT = `${BUCKET}<Key>k</Key>`;
const READ = "<GetMetadata>true</GetMetadata><GetData>true</GetData><InlineData>true</InlineData>";

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly version?: keyof typeof SOAP;
  readonly takesPlainHttp?: boolean;
  readonly body?: Buffer;
}

/** A dialect that has been sent an operation, and what it found that to mean. */
async function asked(name: string, inside: string, sent: Sent = {}): Promise<[Dialect<OperationName>, RoutedRequest]> {
  const { version = "1.1", takesPlainHttp = true, headers = { "content-type": "text/xml" } } = sent;
  const message = `<e:Envelope xmlns:e="${SOAP[version]}"><e:Body><${name} xmlns="${S3}">${inside}</${name}></e:Body></e:Envelope>`;
  const request = wireRequestFor({ method: "POST", target: "/soap", headers, body: [sent.body ?? Buffer.from(message)] });
  const dialect = soapDialect(request, takesPlainHttp);
  return [dialect, (await dialect.route(request, READING)) as RoutedRequest];
}

/** What an operation answers; of the document, what stands in its body. */
async function answerOf<Name extends OperationName>(
  [name, inside]: readonly [string, string],
  operation: Name,
  output: Outputs[Name],
  beside: BesideOutput = {},
): Promise<string> {
  const [dialect, { operation: meant }] = await asked(name, inside);
  assert.equal(meant, operation);
  const { status, headers, body } = await dialect.encode(operation, output, beside, IDS);
  assert.deepEqual([status, headers], [200, [["Content-Type", "text/xml; charset=utf-8"]]]);
  const [, found] = /^<\?xml .*<soapenv:Body>(.*)<\/soapenv:Body><\/soapenv:Envelope>$/s.exec(String(body))!;
  assert.ok(found!.startsWith(`<${name}Response xmlns="${S3}"`), found);
  return found!.replace(` xmlns="${S3}"`, "");
}

const DATE = new Date(Date.UTC(2026, 2, 1, 12));
const TIME = "2026-03-01T12:00:00.000Z";

test("SOAP: what only does something answers with a status, or with nothing", async () => {
  assert.equal(
    await answerOf(["DeleteBucket", BUCKET], "DeleteBucket", {}),
    "<DeleteBucketResponse><DeleteBucketResponse><Code>204</Code><Description>No Content</Description></DeleteBucketResponse></DeleteBucketResponse>",
  );
  assert.equal(
    await answerOf(["DeleteObject", OBJECT], "DeleteObject", {}),
    "<DeleteObjectResponse><DeleteObjectResponse><Code>200</Code><Description>OK</Description></DeleteObjectResponse></DeleteObjectResponse>",
  );
  assert.equal(
    await answerOf(["CreateBucket", BUCKET], "CreateBucket", {}),
    "<CreateBucketResponse><CreateBucketReturn><BucketName>b</BucketName></CreateBucketReturn></CreateBucketResponse>",
  );
  const list = "<AccessControlList/>";
  for (const [name, inside, operation] of [
    ["SetBucketAccessControlPolicy", BUCKET + list, "PutBucketAcl"],
    ["SetObjectAccessControlPolicy", OBJECT + list, "PutObjectAcl"],
    ["SetBucketLoggingStatus", `${BUCKET}<BucketLoggingStatus/>`, "PutBucketLogging"],
  ] as const)
    assert.equal(await answerOf([name, inside], operation, {}), `<${name}Response/>`);
});

test("SOAP: what is written answers with its ETag and time", async () => {
  const written = `<ETag>&quot;e&quot;</ETag><LastModified>${TIME}</LastModified>`;
  const beside = { lastModifiedMs: DATE.getTime() };
  for (const [name, inside] of [
    ["PutObject", `${OBJECT}<ContentLength>0</ContentLength>`],
    ["PutObjectInline", `${OBJECT}<Data/><ContentLength>0</ContentLength>`],
  ] as const)
    assert.equal(
      await answerOf([name, inside], "PutObject", { ETag: '"e"' }, beside),
      `<${name}Response><${name}Response>${written}</${name}Response></${name}Response>`,
    );
  const source =
    "<SourceBucket>a</SourceBucket><SourceKey>x</SourceKey><DestinationBucket>b</DestinationBucket><DestinationKey>k</DestinationKey>";
  assert.equal(
    await answerOf(["CopyObject", source], "CopyObject", { CopyObjectResult: { ETag: '"e"', LastModified: DATE } }),
    `<CopyObjectResponse><CopyObjectResult><LastModified>${TIME}</LastModified><ETag>&quot;e&quot;</ETag></CopyObjectResult></CopyObjectResponse>`,
  );
});

test("SOAP: lists of buckets and of objects, in the schema's order", async () => {
  const owner = { ID: "id", DisplayName: "a & b" };
  const shown = "<Owner><ID>id</ID><DisplayName>a &amp; b</DisplayName></Owner>";
  assert.equal(
    await answerOf(["ListAllMyBuckets", ""], "ListBuckets", { Owner: owner, Buckets: [{ Name: "b", CreationDate: DATE }] }),
    `<ListAllMyBucketsResponse><ListAllMyBucketsResponse>${shown}<Buckets><Bucket><Name>b</Name>` +
      `<CreationDate>${TIME}</CreationDate></Bucket></Buckets></ListAllMyBucketsResponse></ListAllMyBucketsResponse>`,
  );
  const object = { Key: "k", LastModified: DATE, ETag: '"e"', Size: 7 };
  const contents = (key: string, rest: string): string =>
    `<Contents><Key>${key}</Key><LastModified>${TIME}</LastModified><ETag>&quot;e&quot;</ETag><Size>7</Size>${rest}</Contents>`;
  const listed = (inside: string): string =>
    `<ListBucketResponse><ListBucketResponse>${inside}</ListBucketResponse></ListBucketResponse>`;
  assert.equal(
    await answerOf(["ListBucket", BUCKET], "ListObjects", {
      ...{ Name: "b", Prefix: "p", Marker: "m", NextMarker: "n", MaxKeys: 3, Delimiter: "/", IsTruncated: true },
      Contents: [
        { ...object, Owner: { ID: "id" }, StorageClass: "GLACIER" },
        { ...object, Key: "l", StorageClass: "DEEP_ARCHIVE" },
        { ...object, Key: "m" },
        { ...object, Key: "n", StorageClass: "REDUCED_REDUNDANCY" },
      ],
      CommonPrefixes: [{ Prefix: "p/" }, { Prefix: "q/" }],
    }),
    listed(
      "<Name>b</Name><Prefix>p</Prefix><Marker>m</Marker><NextMarker>n</NextMarker><MaxKeys>3</MaxKeys><Delimiter>/</Delimiter>" +
        `<IsTruncated>true</IsTruncated>${contents("k", "<Owner><ID>id</ID></Owner><StorageClass>GLACIER</StorageClass>")}` +
        contents("l", "<StorageClass>UNKNOWN</StorageClass>") +
        contents("m", "<StorageClass>STANDARD</StorageClass>") +
        contents("n", "<StorageClass>REDUCED_REDUNDANCY</StorageClass>") +
        "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes><CommonPrefixes><Prefix>q/</Prefix></CommonPrefixes>",
    ),
  );
  assert.equal(
    await answerOf(["ListBucket", BUCKET], "ListObjects", { Name: "b", MaxKeys: 0, IsTruncated: false }),
    listed("<Name>b</Name><Prefix></Prefix><Marker></Marker><MaxKeys>0</MaxKeys><IsTruncated>false</IsTruncated>"),
  );
});

test("SOAP: access control policies and logging, with each kind of grantee", async () => {
  const grants = [
    { Grantee: { Type: "CanonicalUser", ID: "id", DisplayName: "n" }, Permission: "READ" },
    { Grantee: { Type: "AmazonCustomerByEmail", EmailAddress: "a@example.com" }, Permission: "WRITE" },
    { Grantee: { Type: "Group", URI: "http://group" }, Permission: "READ_ACP" },
  ] as const;
  const shown =
    '<Grant><Grantee xsi:type="CanonicalUser"><ID>id</ID><DisplayName>n</DisplayName></Grantee><Permission>READ</Permission></Grant>' +
    '<Grant><Grantee xsi:type="AmazonCustomerByEmail"><EmailAddress>a@example.com</EmailAddress></Grantee><Permission>WRITE</Permission></Grant>' +
    '<Grant><Grantee xsi:type="Group"><URI>http://group</URI></Grantee><Permission>READ_ACP</Permission></Grant>';
  for (const [name, inside, operation] of [
    ["GetBucketAccessControlPolicy", BUCKET, "GetBucketAcl"],
    ["GetObjectAccessControlPolicy", OBJECT, "GetObjectAcl"],
  ] as const)
    assert.equal(
      await answerOf([name, inside], operation, { Owner: { ID: "o" }, Grants: grants }),
      `<${name}Response><${name}Response><Owner><ID>o</ID></Owner><AccessControlList>${shown}</AccessControlList></${name}Response></${name}Response>`,
    );
  const status = ["GetBucketLoggingStatus", BUCKET] as const;
  const logging = (inside: string): string =>
    `<GetBucketLoggingStatusResponse>${inside === "" ? "<GetBucketLoggingStatusResponse/>" : `<GetBucketLoggingStatusResponse>${inside}</GetBucketLoggingStatusResponse>`}</GetBucketLoggingStatusResponse>`;
  assert.equal(await answerOf(status, "GetBucketLogging", {}), logging(""));
  const target = { TargetBucket: "t", TargetPrefix: "p/" };
  const targets = "<TargetBucket>t</TargetBucket><TargetPrefix>p/</TargetPrefix>";
  assert.equal(
    await answerOf(status, "GetBucketLogging", { LoggingEnabled: target }),
    logging(`<LoggingEnabled>${targets}</LoggingEnabled>`),
  );
  assert.equal(
    await answerOf(status, "GetBucketLogging", { LoggingEnabled: { ...target, TargetGrants: grants } }),
    logging(`<LoggingEnabled>${targets}<TargetGrants>${shown}</TargetGrants></LoggingEnabled>`),
  );
});

const FOUND: OperationOutputs["GetObject"] = {
  ...{ ContentType: "text/plain", ContentDisposition: "d", ContentEncoding: "e", ContentLanguage: "l", CacheControl: "c" },
  ...{ ExpiresString: "x", LastModified: DATE, ETag: '"e"', ContentLength: 5 },
};

function withBody(text: string): OperationOutputs["GetObject"] {
  return { ...FOUND, Body: Buffer.from(text) as never };
}

const readAnswer = (name: string, status: string, inside: string): string =>
  `<${name}Response><GetObjectResponse><Status>${status}</Status>${inside}<LastModified>${TIME}</LastModified>` +
  `<ETag>&quot;e&quot;</ETag></GetObjectResponse></${name}Response>`;
const OK = "<Code>200</Code><Description>OK</Description>";
const wanting = (metadata: number, data: number, inline: number): string =>
  `${OBJECT}<GetMetadata>${metadata}</GetMetadata><GetData>${data}</GetData><InlineData>${inline}</InlineData>`;
const NO_DATA = '<Data xsi:nil="true"/>';

test("SOAP: a read answers with the metadata and data that were asked for", async () => {
  const entry = (name: string, value: string): string => `<Metadata><Name>${name}</Name><Value>${value}</Value></Metadata>`;
  const metadata =
    entry("Content-Type", "text/plain") +
    entry("Content-Disposition", "d") +
    entry("Content-Encoding", "e") +
    entry("Content-Language", "l") +
    entry("Cache-Control", "c") +
    entry("Expires", "x") +
    entry("color", "blau");
  const beside = { userMetadata: [["color", "blau"]] as const };
  const body = withBody("ha-ha");
  for (const name of ["GetObject", "GetObjectExtended"]) {
    assert.equal(
      await answerOf([name, wanting(1, 1, 1)], "GetObject", body, beside),
      readAnswer(name, OK, `${metadata}<Data>aGEtaGE=</Data>`),
    );
    assert.equal(
      await answerOf([name, wanting(0, 1, 1)], "GetObject", body, { ...beside, status: 206 }),
      readAnswer(name, "<Code>206</Code><Description>Partial Content</Description>", "<Data>aGEtaGE=</Data>"),
    );
    assert.equal(
      await answerOf([name, wanting(1, 0, 1)], "HeadObject", FOUND as OperationOutputs["HeadObject"], beside),
      readAnswer(name, OK, metadata + NO_DATA),
    );
  }
});

async function bytesOf({ body }: EncodedOutput): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of (body as OutputBody).source as AsyncIterable<Piece>) pieces.push(Buffer.from(piece as Buffer));
  return Buffer.concat(pieces).toString("latin1");
}

test("SOAP: data beside the message comes in the format that was sent, or that the client takes, in its own type or as bytes", async () => {
  for (const [headers, type] of [
    [{ "content-type": "text/xml" }, "multipart/related"],
    [{ "content-type": "text/xml", accept: "application/dime" }, "application/dime"],
  ] as const) {
    const [dialect] = await asked("GetObject", wanting(0, 1, 0), { headers });
    const answer = await dialect.encode("GetObject", withBody("ha-ha"), {}, IDS);
    assert.equal(answer.status, 200);
    assert.deepEqual(
      answer.headers.map(([name, value]) => [name, value.split(";")[0]]),
      [["Content-Type", type]],
    );
    const bytes = await bytesOf(answer);
    assert.ok(bytes.includes(NO_DATA) && bytes.includes("ha-ha") && bytes.includes("text/plain"), bytes);
  }
  const [dialect] = await asked("GetObject", wanting(0, 1, 0));
  const { ContentType, ...untyped } = withBody("ha-ha");
  assert.match(await bytesOf(await dialect.encode("GetObject", untyped, {}, IDS)), /binary\/octet-stream/);
  assert.equal(ContentType, "text/plain");
});

test("SOAP: a message in DIME is answered in DIME", async () => {
  const envelope = `<e:Envelope xmlns:e="${SOAP["1.1"]}"><e:Body><GetObject>${wanting(0, 1, 0)}</GetObject></e:Body></e:Envelope>`;
  const [type, data] = [Buffer.from(SOAP["1.1"]), Buffer.from(envelope)];
  const head = Buffer.from([0x0e, 0x20, 0, 0, 0, 0, 0, type.length, 0, 0, data.length >> 8, data.length & 0xff]);
  const padded = (bytes: Buffer): Buffer => Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
  const [dialect] = await asked("", "", {
    headers: { "content-type": "application/dime" },
    body: Buffer.concat([head, padded(type), padded(data)]),
  });
  const { headers } = await dialect.encode("GetObject", withBody("ha-ha"), {}, IDS);
  assert.deepEqual(headers, [["Content-Type", "application/dime"]]);
});

test("SOAP: a message means an operation, whose name with SOAP's is for the access log, and says who asks", async () => {
  const signature =
    "<AWSAccessKeyId>a</AWSAccessKeyId><Timestamp>t</Timestamp><Signature>s</Signature><Credential>c</Credential>";
  const [, found] = await asked("DeleteObject", OBJECT + signature);
  assert.deepEqual([found.operation, found.loggedAs], ["DeleteObject", "SOAP.DeleteObject"]);
  assert.deepEqual(found.signedFor, {
    ...{ by: "elements", service: "s3", operation: "DeleteObject" },
    ...{ accessKeyId: "a", timestamp: "t", signature: "s", credential: "c" },
  });
  const { method, address, rawQuery } = found.request!;
  assert.deepEqual([method, address, rawQuery], ["DELETE", { style: "path", bucket: "b", key: "k" }, ""]);
  const refusal = await expectRefusal(() => asked("FooBar", ""), { code: "InvalidSOAPRequest", status: 400 });
  assert.match(
    refusal.explanation!,
    /^The Body's first element is "FooBar"; S3's operations are ListAllMyBuckets, CreateBucket, /,
  );
});

test("SOAP: without TLS nothing is read, unless that is allowed", async () => {
  await expectRefusal(() => asked("ListAllMyBuckets", "", { takesPlainHttp: false }), {
    ...{ code: "InvalidRequest", status: 400, message: "SOAP requests must be made over an HTTPS connection." },
  });
  const request = wireRequestFor({ method: "POST", headers: { "content-type": "text/xml" }, body: [] });
  const secure = { ...request, secure: true };
  await expectRefusal(async () => soapDialect(secure, false).route(secure, READING), { code: "InvalidSOAPRequest", status: 400 });
});

test("SOAP: an envelope has 2 MiB at most, for what makes it larger is data", async () => {
  // Each of its own: who reads a body gives its memory back.
  const blank = (sizeBytes: number): Buffer => Buffer.alloc(sizeBytes, " ");
  const limitBytes = 2 * 1024 * 1024;
  await expectRefusal(() => asked("", "", { body: blank(limitBytes) }), { code: "InvalidSOAPRequest", status: 400 });
  const refusal = await expectRefusal(() => asked("", "", { body: blank(limitBytes + 1) }), {
    ...{ code: "InlineDataTooLarge", status: 400 },
  });
  assert.match(refusal.explanation!, /^The message is larger than 2097152 bytes; a message can hold 1048576\./);
});

test("SOAP: answers are in the version of the envelope, and until that is known in that of the Content-Type", async () => {
  const typeOf = (contentType: string | undefined): string => {
    const headers = contentType === undefined ? {} : { "content-type": contentType };
    return soapDialect(wireRequestFor({ headers }), true).documentType;
  };
  for (const type of [undefined, "text/xml", "application/dime", "x application/soap+xml"])
    assert.equal(typeOf(type), "text/xml; charset=utf-8");
  for (const type of ["application/soap+xml", "Application/SOAP+XML; charset=utf-8"])
    assert.equal(typeOf(type), "application/soap+xml; charset=utf-8");
  const [dialect] = await asked("ListAllMyBuckets", "", { version: "1.2" });
  assert.equal(dialect.documentType, "application/soap+xml; charset=utf-8");
  assert.match(String(dialect.renderError(new S3Error("NoSuchKey"), ANSWER)), /xmlns:soapenv="http:\/\/www\.w3\.org\/2003\/05\//);
});

const ANSWER = { ...IDS, resource: "/soap", reason: "Internal Server Error", operation: undefined, begun: false };

test("SOAP: an error of S3's is the server's by its status, and keeps what it says; others are what they are", async () => {
  const [dialect] = await asked("ListAllMyBuckets", "");
  const cause = new Error("cause");
  const error = new S3Error("NoSuchKey", { message: "m", details: [["Key", "k"]], explanation: "e", headers: { a: "b" }, cause });
  const translated = dialect.translate(error);
  assert.deepEqual(
    [translated.code, translated.message, translated.status, translated.details, translated.explanation, translated.cause],
    ["NoSuchKey", "m", 500, [["Key", "k"]], "e", cause],
  );
  assert.deepEqual(translated.headers, {});
  assert.equal(dialect.translate(new S3Error("NoSuchKey")).explanation, undefined);
  const other = new ServiceError({ code: "VersionMismatch", message: "Version Mismatch", status: 500 });
  assert.equal(dialect.translate(other), other);
  const unread = soapDialect(wireRequestFor(), true);
  assert.equal(unread.translate(new S3Error("NotModified")).status, 500);
});

test("SOAP: what is not modified is an answer, not an error", async () => {
  const [dialect] = await asked("GetObjectExtended", OBJECT + READ);
  const headers = { ETag: '"e"', "Last-Modified": DATE.toUTCString() };
  const translated = dialect.translate(new S3Error("NotModified", { headers }));
  assert.deepEqual([translated.code, translated.status, translated.headers], ["NotModified", 200, headers]);
  const body = String(dialect.renderError(translated, ANSWER)).replace(` xmlns="${S3}"`, "");
  const status = "<Code>304</Code><Description>Not Modified</Description>";
  assert.ok(body.includes(`<soapenv:Body>${readAnswer("GetObjectExtended", status, NO_DATA)}</soapenv:Body>`), body);
  assert.match(String(dialect.renderError(new S3Error("NoSuchKey", { status: 500 }), ANSWER)), /<soapenv:Fault>/);
});

test("SOAP: an error behind a document that has begun is that document's rest", async () => {
  const [dialect] = await asked("ListAllMyBuckets", "");
  const error = new S3Error("NoSuchKey", { status: 500 });
  const whole = String(dialect.renderError(error, ANSWER));
  assert.equal(dialect.opening, '<?xml version="1.0" encoding="utf-8"?>');
  assert.equal(whole, dialect.opening + String(dialect.renderError(error, { ...ANSWER, begun: true })));
  assert.equal(dialect.identify(IDS), IDS);
  assert.deepEqual(dialect.commonHeaders(IDS), ["x-amz-id-2", "H", "x-amz-request-id", "R", "Server", "AmazonS3"]);
});
