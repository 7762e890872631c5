import assert from "node:assert/strict";
import { test } from "node:test";
import { S3Error } from "../../src/errors/S3Error.ts";
import { declaresErrors } from "../../src/protocol/rest/declaration.ts";
import { decodeBody, decodeHead } from "../../src/protocol/rest/decode.ts";
import { readXml } from "../../src/protocol/xml/readXml.ts";
import { wireRequest } from "./wireRequest.ts";

/** What is easily lost because nothing else asks for it. */

function refusal(act: () => unknown): S3Error {
  try {
    act();
  } catch (error) {
    if (error instanceof S3Error) return error;
    throw error;
  }
  return assert.fail("nothing was refused");
}

test("Errors: those of five subresources and four operations come without an XML declaration, and no others", () => {
  const undeclared = [
    "GetBucketLifecycleConfiguration",
    "PutBucketInventoryConfiguration",
    "ListBucketIntelligentTieringConfigurations",
    "GetBucketMetadataConfiguration",
    "DeleteBucketMetadataTableConfiguration",
    "CopyObject",
    "UploadPartCopy",
    "CompleteMultipartUpload",
    "GetObjectAttributes",
  ] as const;
  for (const name of undeclared) assert.equal(declaresErrors(name), false, name);
  for (const name of ["GetBucketAnalyticsConfiguration", "GetBucketMetricsConfiguration", "GetObject", "UploadPart"] as const) {
    assert.equal(declaresErrors(name), true, name);
  }
  assert.equal(declaresErrors(undefined), true);
});

test("PutBucketAcl: a document that does not parse is a MalformedACLError that says why", () => {
  const { code, explanation } = refusal(() => decodeBody("PutBucketAcl", {}, Buffer.from("<AccessControlPolicy><Odd/>")));
  assert.equal(code, "MalformedACLError");
  assert.match(explanation ?? "", /does not have an element "Odd"/);
});

test("PutObject: a number without a text of its own is refused with the catalogue's, and named", () => {
  const header = "x-amz-write-offset-bytes";
  const error = refusal(() => decodeHead("PutObject", wireRequest("PUT", "/b/k", { [header]: "1.5" })));
  assert.deepEqual([error.code, error.message], ["InvalidArgument", "Invalid Argument"]);
  assert.deepEqual(error.details, [
    ["ArgumentName", header],
    ["ArgumentValue", "1.5"],
  ]);
});

test("CompleteMultipartUpload: numbers may stand between blanks, and nothing else may", () => {
  const parts = (number: string): unknown => {
    const document = `<CompleteMultipartUpload><Part><PartNumber>${number}</PartNumber><ETag>e</ETag></Part></CompleteMultipartUpload>`;
    return readXml(Buffer.from(document), "CompletedMultipartUpload", "CompleteMultipartUpload")["Parts"];
  };
  assert.deepEqual(parts("\n 12 "), [{ PartNumber: 12, ETag: "e" }]);
  for (const number of ["", "1 2", "0x1", "1e3", "1."]) assert.equal(refusal(() => parts(number)).code, "MalformedXML", number);
});
