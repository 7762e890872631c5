import assert from "node:assert/strict";
import { test } from "node:test";
import type { OperationName } from "../../../src/protocol/generated/types.ts";
import { readEnvelope } from "../../../src/protocol/soap/envelope.ts";
import { grantHeader, grantsIn } from "../../../src/protocol/soap/grants.ts";
import type { SoapElement } from "../../../src/protocol/soap/SoapElement.ts";
import { SoapFields } from "../../../src/protocol/soap/SoapElement.ts";
import type { SoapMeaning } from "../../../src/protocol/soap/soapOperations.ts";
import { soapOperations } from "../../../src/protocol/soap/soapOperations.ts";

/** The operation's element of a message that holds this. */
function elementWith(name: string, inside: string): SoapElement {
  const envelope =
    '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<e:Body><${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inside}</${name}></e:Body></e:Envelope>`;
  return readEnvelope(Buffer.from(envelope), () => undefined).operation;
}

function fieldsWith(inside: string): SoapFields {
  return new SoapFields(elementWith("Op", inside));
}

/** What an operation means by its elements; the access control list stands as its name, headers as an object without those not sent. */
function meaningOf(name: string, inside: string): Record<string, unknown> {
  const meaning: SoapMeaning = soapOperations.get(name)!.read(new SoapFields(elementWith(name, inside)));
  const { headers, query, accessControlList, document, ...others } = meaning;
  const sent = (pairs: Iterable<readonly [string, string | undefined]>): Record<string, string> =>
    Object.fromEntries([...pairs].filter((pair): pair is [string, string] => pair[1] !== undefined));
  return {
    ...others,
    ...(headers !== undefined && { headers: sent(headers) }),
    ...(query !== undefined && { query: sent(Object.entries(query)) }),
    ...(accessControlList !== undefined && { accessControlList: accessControlList.name }),
    ...(document !== undefined && { document: document.toString() }),
  };
}

const lacks = (element: string) => ({ code: "InvalidSOAPRequest", explanation: new RegExp(` lacks its element ${element}\\.$`) });

const BUCKET = "<Bucket>b</Bucket>";
const OBJECT = `${BUCKET}<Key>k</Key>`;
const LIST = "<AccessControlList/>";

test("SOAP: operations without more than their names mean the operation of REST on the same", () => {
  assert.deepEqual(meaningOf("ListAllMyBuckets", ""), { operation: "ListBuckets" });
  const ofBucket: readonly (readonly [string, OperationName])[] = [
    ["CreateBucket", "CreateBucket"],
    ["DeleteBucket", "DeleteBucket"],
    ["GetBucketAccessControlPolicy", "GetBucketAcl"],
    ["SetBucketAccessControlPolicy", "PutBucketAcl"],
    ["GetBucketLoggingStatus", "GetBucketLogging"],
  ];
  for (const [name, operation] of ofBucket) {
    assert.deepEqual(meaningOf(name, BUCKET), { operation, bucket: "b" });
    assert.equal(soapOperations.get(name)!.operation, operation);
    assert.throws(() => meaningOf(name, ""), lacks("Bucket"));
  }
  assert.deepEqual(meaningOf("GetObjectAccessControlPolicy", OBJECT), { operation: "GetObjectAcl", bucket: "b", key: "k" });
  assert.deepEqual(meaningOf("DeleteObject", OBJECT), {
    ...{ operation: "DeleteObject", bucket: "b", key: "k", headers: { "if-match": "*" } },
  });
  for (const name of ["GetObjectAccessControlPolicy", "DeleteObject", "PutObject", "GetObject"]) {
    assert.throws(() => meaningOf(name, "<Key>k</Key>"), lacks("Bucket"));
    assert.throws(() => meaningOf(name, BUCKET), lacks("Key"));
  }
});

test("SOAP: an access control list is taken along, and is asked for where it is all that is set", () => {
  for (const name of ["CreateBucket", "SetBucketAccessControlPolicy"])
    assert.equal(meaningOf(name, BUCKET + LIST)["accessControlList"], "AccessControlList");
  assert.deepEqual(meaningOf("SetObjectAccessControlPolicy", OBJECT + LIST), {
    ...{ operation: "PutObjectAcl", bucket: "b", key: "k", accessControlList: "AccessControlList" },
  });
  assert.throws(() => meaningOf("SetObjectAccessControlPolicy", OBJECT), lacks("AccessControlList"));
});

test("SOAP: ListBucket's elements are ListObjects' parameters", () => {
  assert.deepEqual(meaningOf("ListBucket", BUCKET), { operation: "ListObjects", bucket: "b", query: {} });
  const elements = `${BUCKET}<Prefix>p</Prefix><Marker>m</Marker><MaxKeys> +7 </MaxKeys><Delimiter>/</Delimiter>`;
  assert.deepEqual(meaningOf("ListBucket", elements), {
    ...{ operation: "ListObjects", bucket: "b" },
    query: { prefix: "p", marker: "m", "max-keys": "7", delimiter: "/" },
  });
});

test("SOAP: SetBucketLoggingStatus' element is PutBucketLogging's document", () => {
  const status =
    "<BucketLoggingStatus><LoggingEnabled><TargetBucket>a&amp;b</TargetBucket></LoggingEnabled></BucketLoggingStatus>";
  assert.deepEqual(meaningOf("SetBucketLoggingStatus", BUCKET + status), {
    ...{ operation: "PutBucketLogging", bucket: "b", document: status },
  });
  const typed = '<BucketLoggingStatus><Grantee xsi:type="Group"><URI>u</URI></Grantee></BucketLoggingStatus>';
  assert.equal(meaningOf("SetBucketLoggingStatus", BUCKET + typed)["document"], typed);
  const nil = '<BucketLoggingStatus><A xsi:nil="true"/> b </BucketLoggingStatus>';
  assert.equal(meaningOf("SetBucketLoggingStatus", BUCKET + nil)["document"], "<BucketLoggingStatus> b </BucketLoggingStatus>");
  assert.throws(() => meaningOf("SetBucketLoggingStatus", BUCKET), lacks("BucketLoggingStatus"));
});

const entry = (name: string, value: string): string => `<Metadata><Name>${name}</Name><Value>${value}</Value></Metadata>`;

test("SOAP: what is written is described by headers, and comes within the message or beside it", () => {
  const described =
    ["Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Type", "Expires"]
      .map((name, index) => entry(name, String(index)))
      .join("") +
    entry("Color", "blau") +
    entry("x-amz-meta-Size", "größer") +
    `${LIST}<StorageClass> GLACIER </StorageClass><ContentLength>3</ContentLength>`;
  const headers = {
    ...{ "cache-control": "0", "content-disposition": "1", "content-encoding": "2", "content-language": "3" },
    ...{ "content-type": "4", expires: "5", "x-amz-meta-color": "blau", "x-amz-meta-size": "=?UTF-8?Q?gr=C3=B6=C3=9Fer?=" },
    "x-amz-storage-class": "GLACIER",
  };
  const means = { operation: "PutObject", bucket: "b", key: "k", headers, accessControlList: "AccessControlList" };
  assert.deepEqual(meaningOf("PutObject", OBJECT + described), { ...means, content: { sizeBytes: 3, inline: undefined } });
  assert.deepEqual(meaningOf("PutObjectInline", `${OBJECT}${described}<Data>YWJj</Data>`), {
    ...{ ...means, content: { sizeBytes: 3, inline: "YWJj" } },
  });
  for (const name of ["PutObject", "PutObjectInline"])
    assert.throws(() => meaningOf(name, `${OBJECT}<Data>YWJj</Data>`), lacks("ContentLength"));
  assert.throws(() => meaningOf("PutObjectInline", OBJECT + described), lacks("Data"));
  assert.throws(() => meaningOf("PutObject", `${OBJECT}<Metadata><Name>a</Name></Metadata>`), lacks("Value"));
  assert.throws(() => meaningOf("PutObject", `${OBJECT}<Metadata><Value>a</Value></Metadata>`), lacks("Name"));
});

test("SOAP: metadata that HTTP knows must be what a header can hold, and there are a hundred at most", () => {
  assert.throws(() => meaningOf("PutObject", `${OBJECT}${entry("Content-Type", "a\nb")}<ContentLength>0</ContentLength>`), {
    code: "InvalidArgument",
    details: [
      ["ArgumentName", "Metadata"],
      ["ArgumentValue", "a\nb"],
    ],
  });
  const entries = (count: number): string => Array.from({ length: count }, (_, index) => entry(`n${index}`, "v")).join("");
  const means = (count: number) => meaningOf("PutObject", `${OBJECT}${entries(count)}<ContentLength>0</ContentLength>`);
  assert.equal(Object.keys(means(100)["headers"] as object).length, 100);
  assert.throws(() => means(101), { code: "InvalidSOAPRequest", explanation: /has 101 elements Metadata; it can have 100\.$/ });
});

const wanting = (metadata: string, data: string, inline: string): string =>
  `<GetMetadata>${metadata}</GetMetadata><GetData>${data}</GetData><InlineData>${inline}</InlineData>`;

test("SOAP: a read says which parts it wants, and without data it is a HEAD", () => {
  const found = { bucket: "b", key: "k" };
  for (const name of ["GetObject", "GetObjectExtended"]) {
    const means = (...wanted: [string, string, string]) => {
      const { operation, wants } = meaningOf(name, OBJECT + wanting(...wanted));
      return [operation ?? "GetObject", wants];
    };
    assert.deepEqual(means("true", "true", "true"), ["GetObject", { metadata: true, data: "inline" }]);
    assert.deepEqual(means("0", "1", "0"), ["GetObject", { metadata: false, data: "attached" }]);
    assert.deepEqual(means("1", "false", "true"), ["HeadObject", { metadata: true, data: "none" }]);
    for (const missing of ["GetMetadata", "GetData", "InlineData"]) {
      const elements = wanting("1", "1", "1").replace(new RegExp(`<${missing}>.*</${missing}>`), "");
      assert.throws(() => meaningOf(name, OBJECT + elements), lacks(missing));
    }
  }
  assert.deepEqual(meaningOf("GetObject", OBJECT + wanting("1", "1", "1")), {
    ...{ ...found, operation: "GetObject", wants: { metadata: true, data: "inline" } },
  });
});

test("SOAP: GetObjectExtended's range and conditions are headers", () => {
  const headersOf = (elements: string) => meaningOf("GetObjectExtended", OBJECT + wanting("1", "1", "1") + elements);
  assert.deepEqual(headersOf(""), {
    ...{ operation: "GetObject", bucket: "b", key: "k", wants: { metadata: true, data: "inline" } },
    ...{ headers: {}, wholeWhereConditionsFail: undefined },
  });
  for (const [elements, range] of [
    ["<ByteRangeStart>2</ByteRangeStart>", "bytes=2-"],
    ["<ByteRangeEnd>3</ByteRangeEnd>", "bytes=0-3"],
    ["<ByteRangeStart>2</ByteRangeStart><ByteRangeEnd>3</ByteRangeEnd>", "bytes=2-3"],
  ] as const)
    assert.deepEqual(headersOf(elements)["headers"], { range });
  const conditions =
    "<IfModifiedSince>2026-03-01T12:00:00.9Z</IfModifiedSince><IfUnmodifiedSince>2026-03-02T14:00:00+02:00</IfUnmodifiedSince>" +
    "<IfMatch>a</IfMatch><IfMatch>b</IfMatch><IfNoneMatch>c</IfNoneMatch>" +
    "<ReturnCompleteObjectOnConditionFailure>1</ReturnCompleteObjectOnConditionFailure>";
  const { headers, wholeWhereConditionsFail } = headersOf(conditions);
  assert.deepEqual(headers, {
    "if-match": "a,b",
    "if-none-match": "c",
    "if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT",
    "if-unmodified-since": "Mon, 02 Mar 2026 12:00:00 GMT",
  });
  assert.equal(wholeWhereConditionsFail, true);
});

test("SOAP: CopyObject names its source, with conditions, and what is to become of its metadata", () => {
  const elements =
    "<SourceBucket>a</SourceBucket><SourceKey>x/y z</SourceKey><DestinationBucket>b</DestinationBucket><DestinationKey>k</DestinationKey>";
  assert.deepEqual(meaningOf("CopyObject", elements), {
    ...{ operation: "CopyObject", bucket: "b", key: "k", headers: { "x-amz-copy-source": "a/x%2Fy%20z" } },
  });
  const more =
    `<MetadataDirective> REPLACE </MetadataDirective>${entry("a", "b")}${LIST}<StorageClass>STANDARD</StorageClass>` +
    "<CopySourceIfModifiedSince>2026-03-01T12:00:00Z</CopySourceIfModifiedSince><CopySourceIfMatch>e</CopySourceIfMatch>" +
    "<CopySourceIfUnmodifiedSince>2026-03-01T12:00:00Z</CopySourceIfUnmodifiedSince><CopySourceIfNoneMatch>n</CopySourceIfNoneMatch>";
  assert.deepEqual(meaningOf("CopyObject", elements + more), {
    ...{ operation: "CopyObject", bucket: "b", key: "k", accessControlList: "AccessControlList" },
    headers: {
      "x-amz-copy-source": "a/x%2Fy%20z",
      "x-amz-metadata-directive": "REPLACE",
      "x-amz-copy-source-if-match": "e",
      "x-amz-copy-source-if-none-match": "n",
      "x-amz-copy-source-if-modified-since": "Sun, 01 Mar 2026 12:00:00 GMT",
      "x-amz-copy-source-if-unmodified-since": "Sun, 01 Mar 2026 12:00:00 GMT",
      "x-amz-meta-a": "b",
      "x-amz-storage-class": "STANDARD",
    },
  });
  for (const name of ["SourceBucket", "SourceKey", "DestinationBucket", "DestinationKey"])
    assert.throws(() => meaningOf("CopyObject", elements.replace(new RegExp(`<${name}>.*</${name}>`), "")), lacks(name));
});

test("SoapFields: a text is what stands in the one element of its name that is there", () => {
  const fields = fieldsWith('<A> a </A><B xsi:nil="true"/><C><D/></C><E>1</E><E>2</E><F/><G xsi:nil="1">a</G><G>b</G>');
  assert.deepEqual([fields.text("A"), fields.text("B"), fields.text("F"), fields.text("G")], [" a ", undefined, "", "b"]);
  const refused = (explanation: string) => ({ code: "InvalidSOAPRequest", explanation });
  assert.throws(() => fields.text("C"), refused('C holds text, not an element "D".'));
  assert.throws(() => fields.text("E"), refused("Op has 2 elements E; it can have 1."));
  assert.throws(() => fields.required("B"), refused("Op lacks its element B."));
  assert.deepEqual(fields.texts("E", 2), ["1", "2"]);
});

test("SoapFields: values are read as XML Schema writes them, with blanks around them, and others are refused", () => {
  const of = (text: string): SoapFields => fieldsWith(`<A>${text}</A>`);
  for (const [text, value] of [
    ["true", true],
    [" 1\n", true],
    ["false", false],
    ["0", false],
  ] as const)
    assert.equal(of(text).boolean("A"), value, text);
  for (const text of ["", "TRUE", "2", "no"])
    assert.throws(() => of(text).boolean("A"), { explanation: `A is "${text}"; it can be true, false, 1 and 0.` });
  for (const [text, value] of [
    ["0", "0"],
    [" +12 ", "12"],
    ["-1234567890123456789", "-1234567890123456789"],
  ] as const)
    assert.equal(of(text).integer("A"), value);
  for (const text of ["", "+", "1.0", "12345678901234567890", "1e3", "--1"])
    assert.throws(() => of(text).integer("A"), { explanation: `A is "${text}"; it must be a whole number.` });
  for (const [text, value] of [
    ["0", 0],
    [" +12 ", 12],
    ["9007199254740991", Number.MAX_SAFE_INTEGER],
  ] as const)
    assert.equal(of(text).count("A"), value);
  for (const text of ["", "-1", "1.0", "9007199254740992", "00000000000000001"])
    assert.throws(() => of(text).count("A"), { explanation: `A is "${text}"; it must be a whole number from 0.` });
  assert.equal(of(" 2026-03-01T12:00:00.1239Z ").dateTime("A"), Date.UTC(2026, 2, 1, 12, 0, 0, 123));
  assert.throws(() => of("now").dateTime("A"), {
    explanation: 'A is "now"; it must be a time such as 2026-03-01T12:00:00.000Z.',
  });
  const none = fieldsWith("");
  assert.deepEqual(
    [none.boolean("A"), none.integer("A"), none.count("A"), none.dateTime("A"), none.text("A")],
    [undefined, undefined, undefined, undefined, undefined],
  );
});

const granted = (grantee: string, permission: string): string =>
  `<Grant>${grantee}<Permission>${permission}</Permission></Grant>`;
const [USER, MAIL, GROUP] = [
  '<Grantee xsi:type="CanonicalUser"><ID> id </ID><DisplayName>n</DisplayName></Grantee>',
  '<Grantee xsi:type="AmazonCustomerByEmail"><EmailAddress>a@example.com</EmailAddress></Grantee>',
  '<Grantee xsi:type="Group"><URI>http://group</URI></Grantee>',
] as const;

test("SOAP: the grants of an access control list are REST's, and say what its headers would", () => {
  const list = elementWith(
    "AccessControlList",
    [granted(USER, "READ"), granted(MAIL, " FULL_CONTROL "), granted(GROUP, "READ"), granted(USER, "READ_ACP")].join(""),
  );
  const grants = grantsIn(list);
  assert.deepEqual(grants, [
    { Grantee: { Type: "CanonicalUser", ID: "id" }, Permission: "READ" },
    { Grantee: { Type: "AmazonCustomerByEmail", EmailAddress: "a@example.com" }, Permission: "FULL_CONTROL" },
    { Grantee: { Type: "Group", URI: "http://group" }, Permission: "READ" },
    { Grantee: { Type: "CanonicalUser", ID: "id" }, Permission: "READ_ACP" },
  ]);
  for (const [member, header] of [
    ["GrantRead", 'id="id", uri="http://group"'],
    ["GrantFullControl", 'emailAddress="a@example.com"'],
    ["GrantReadACP", 'id="id"'],
    ["GrantWrite", undefined],
    ["ACL", undefined],
    ["constructor", undefined],
  ] as const)
    assert.equal(grantHeader(grants, member), header, member);
  const [user] = grants;
  assert.equal(grantHeader([{ ...user!, Permission: "WRITE" }], "GrantWrite"), 'id="id"');
  assert.equal(grantHeader([{ ...user!, Permission: "WRITE_ACP" }], "GrantWriteACP"), 'id="id"');
});

test("SOAP: a grant that lacks a part or has one that cannot be is MalformedACLError", () => {
  for (const [inside, explanation] of [
    [`<Grant>${USER}</Grant>`, /^A Grant has a Grantee and a Permission/],
    ["<Grant><Permission>READ</Permission></Grant>", /^A Grant has a Grantee and a Permission/],
    [granted(USER, "ALL"), /^Permission is "ALL"; it can be FULL_CONTROL, /],
    [granted("<Grantee><ID>id</ID></Grantee>", "READ"), /^A Grantee's xsi:type is ""; it can be CanonicalUser, /],
    [granted('<Grantee xsi:type="constructor"><ID>id</ID></Grantee>', "READ"), /^A Grantee's xsi:type is "constructor"/],
    [granted('<Grantee xsi:type="Group"><ID>id</ID></Grantee>', "READ"), /^A Grantee of type Group has no URI\.$/],
  ] as const)
    assert.throws(() => grantsIn(elementWith("AccessControlList", inside)), { code: "MalformedACLError", explanation });
});
