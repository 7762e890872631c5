import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ErrorCode } from "../../src/errors/ErrorCode.ts";
import type { S3Error } from "../../src/errors/S3Error.ts";
import { unseenOfKeys } from "../../src/protocol/deviations.ts";
import { routes } from "../../src/protocol/generated/routes.ts";
import type { OperationName } from "../../src/protocol/generated/types.ts";
import { routed } from "./routed.ts";
import { wireRequest } from "./wireRequest.ts";

/** The error that routing a request throws. */
function refusal(method: string, target: string, headers: Readonly<Record<string, string>> = {}): S3Error {
  try {
    const name = routed(wireRequest(method, target, headers)).operation;
    assert.fail(`${method} ${target} means ${name}`);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return error as S3Error;
  }
}

describe("Routing", () => {
  const COPY = { "x-amz-copy-source": "/b/k" };
  const cases: readonly (readonly [OperationName, string, string, Readonly<Record<string, string>>?])[] = [
    ["ListBuckets", "GET", "/"],
    ["ListObjects", "GET", "/b"],
    ["ListObjects", "GET", "/b/?prefix=acl&x-id=ListObjectsV2"],
    ["ListObjects", "GET", "/b?list-type=1"],
    ["ListObjectsV2", "GET", "/b?prefix=a&list-type=2"],
    ["ListObjectVersions", "GET", "/b?versions&prefix=a"],
    ["GetObject", "GET", "/b/k?foo=bar"],
    ["GetObject", "GET", "/b/k?partNumber=2"],
    ["GetObject", "GET", "/b/k?versionId=null"],
    ["GetObjectAcl", "GET", "/b/k?acl="],
    ["GetBucketAcl", "GET", "/b?acl"],
    ["ListParts", "GET", "/b/k?uploadId=u"],
    ["PutObject", "PUT", "/b/k"],
    ["CopyObject", "PUT", "/b/k", COPY],
    ["UploadPart", "PUT", "/b/k?uploadId=u&partNumber=1"],
    ["UploadPartCopy", "PUT", "/b/k?uploadId=u&partNumber=1", COPY],
    ["AbortMultipartUpload", "DELETE", "/b/k?uploadId=u"],
    ["CompleteMultipartUpload", "POST", "/b/k?uploadId=u"],
    ["GetBucketAnalyticsConfiguration", "GET", "/b?analytics&id=1"],
    ["ListBucketAnalyticsConfigurations", "GET", "/b?analytics"],
    // A subresource counts whatever its value.
    ["GetBucketAnalyticsConfiguration", "GET", "/b?analytics=yes&id=1"],
    ["GetObjectAcl", "GET", "/b/k?acl=yes"],
    // The required parameter is missing, and so the operation is refused instead of being another one.
    ["DeleteBucketAnalyticsConfiguration", "DELETE", "/b?analytics"],
    ["GetObjectAttributes", "GET", "/b/k?attributes"],
    ["SelectObjectContent", "POST", "/b/k?select&select-type=2"],
    // What buckets alone have is not looked for at a key, but for the region, which is answered there too, and the older ones.
    ...[
      ...[
        "abac",
        "analytics",
        "intelligent-tiering",
        "metadataAnnotationTable",
        "metadataConfiguration",
        "metadataInventoryTable",
      ],
      ...["metadataJournalTable", "metadataTable", "metrics", "object-lock", "ownershipControls", "policyStatus"],
      ...["publicAccessBlock", "session"],
    ].map((name): [OperationName, string, string] => ["GetObject", "GET", `/b/k?${name}`]),
    ["PutObject", "PUT", "/b/k?ownershipControls"],
    ["HeadObject", "HEAD", "/b/k?object-lock="],
    ["GetObjectAcl", "GET", "/b/k?acl&metrics&session"],
    ["GetBucketLocation", "GET", "/b/k?location"],
    ["WriteGetObjectResponse", "POST", "/WriteGetObjectResponse"],
    // What names a version or an upload of an object says nothing to others.
    ["ListObjects", "GET", "/b?versionId="],
    ["PutObjectAcl", "PUT", "/b/k?acl&uploadId=u"],
    ["GetBucketWebsite", "GET", "/b?website"],
    ["GetBucketWebsite", "GET", "/b?website="],
    ["GetObjectTagging", "GET", "/b/k?tagging&partNumber=1"],
  ];
  for (const [name, method, target, headers] of cases) {
    test(`${method} ${target}${headers === undefined ? "" : " with a copy source"} means ${name}`, () => {
      assert.equal(routed(wireRequest(method, target, headers)).operation, name);
    });
  }
});

describe("Routing refuses", () => {
  test("two subresources at once, named in alphabetical order", () => {
    const error = refusal("GET", "/b/k?tagging&acl");
    assert.equal(error.code, "InvalidArgument");
    assert.equal(error.message, "Conflicting query string parameters: acl, tagging");
    assert.deepEqual(error.details, [
      ["ArgumentName", "ResourceType"],
      ["ArgumentValue", "acl"],
    ]);
  });

  for (const [method, name] of [
    ["GET", "versions"],
    ["PUT", "cors"],
    ["DELETE", "policy"],
    ["POST", "delete"],
  ] as const) {
    test(`${method} of a bucket's ?${name} on a key`, () => {
      const error = refusal(method, `/b/k?${name}`);
      assert.equal(error.code, "InvalidRequest");
      assert.equal(error.message, `There is no such thing as the ?${name} sub-resource for a key`);
    });
  }

  const misplaced: readonly (readonly [string, string, ErrorCode, string])[] = [
    ["GET", "/b?torrent", "RequestTorrentOfBucketError", "Requesting the torrent file of a bucket is not permitted."],
    ["GET", "/?torrent", "InvalidArgument", "Unexpected query string parameter"],
    ["GET", "/?uploads", "InvalidArgument", "Unexpected query string parameter"],
    ["GET", "/b/k?logging", "NoLoggingStatusForKey", "There is no such thing as the ?logging sub-resource for a key"],
    ["GET", "/b/k?uploads", "InvalidRequest", "Key is not expected for the GET method ?uploads subresource"],
  ];
  for (const [method, target, code, message] of misplaced) {
    test(`${method} ${target} with ${code}`, () => {
      const error = refusal(method, target);
      assert.deepEqual([error.code, error.message], [code, message]);
    });
  }

  for (const [method, target, what] of [
    ["POST", "/", "the list of buckets; GET would"],
    ["OPTIONS", "/b", "a bucket; HEAD, DELETE, GET, PUT would"],
    ["POST", "/b/k", "an object; HEAD, DELETE, GET, PUT would"],
    ["HEAD", "/b?versions", "?versions; GET would"],
    ["PUT", "/b/k?uploadId=u", "an upload under way; DELETE, POST, GET would"],
  ] as const) {
    test(`${method} ${target}, and says that it does nothing to ${what}`, () => {
      assert.equal(refusal(method, target).explanation, `${method} does nothing to ${what}.`);
    });
  }

  test("a bucket's subresource on a key together with another", () => {
    assert.equal(refusal("GET", "/b/k?acl&location").message, "Conflicting query string parameters: acl, location");
  });

  test("every subresource of a bucket that a key has not, and that is not overlooked there", () => {
    const ofBuckets = Object.values(routes).flatMap(({ scope, query }) =>
      scope === "bucket" ? query.flatMap(([name, value]) => (value === "" ? [name] : [])) : [],
    );
    const refused = [...new Set(ofBuckets)].filter((name) => !unseenOfKeys.has(name) && !["acl", "tagging"].includes(name));
    assert.deepEqual(refused.toSorted(), [
      ...["accelerate", "cors", "delete", "encryption", "inventory", "lifecycle", "location", "logging", "notification"],
      ...["policy", "replication", "requestPayment", "uploads", "versioning", "versions", "website"],
    ]);
    for (const name of refused) assert.equal(refusal("HEAD", `/b/k?${name}`).code, "MethodNotAllowed", name);
  });

  for (const [target, scope] of [
    ["/b?legal-hold", "bucket"],
    ["/?acl", "service"],
  ] as const) {
    test(`a subresource that a ${scope} does not have, whatever the method`, () => {
      for (const method of ["GET", "DELETE", "HEAD"]) {
        const error = refusal(method, target);
        assert.equal(error.code, "InvalidArgument");
        assert.equal(error.message, "Unexpected query string parameter");
      }
    });
  }

  for (const [method, target, parameter] of [
    ["GET", "/b?uploadId=u", "uploadId"],
    ["GET", "/b?partNumber=1", "partNumber"],
    ["POST", "/b?uploads", "uploads"],
  ] as const) {
    test(`${method} ${target}, which lacks its key`, () => {
      const error = refusal(method, target);
      assert.equal(error.message, "A key must be specified");
      assert.equal(error.explanation, `?${parameter} belongs to an object; the path names only a bucket.`);
    });
  }

  test("a part without an upload", () => {
    const error = refusal("PUT", "/b/k?partNumber=1");
    assert.equal(error.message, "This operation does not accept partNumber without uploadId");
    assert.deepEqual(error.details, [
      ["ArgumentName", "partNumber"],
      ["ArgumentValue", "partNumber"],
    ]);
  });

  const wrongMethods: readonly (readonly [method: string, target: string, resourceType: string, allow: string])[] = [
    ["DELETE", "/", "SERVICE", "GET"],
    ["OPTIONS", "/b", "BUCKET", "HEAD, DELETE, GET, PUT"],
    ["POST", "/", "SERVICE", "GET"],
    ["POST", "/b/k", "OBJECT", "HEAD, DELETE, GET, PUT"],
    ["HEAD", "/b/k?acl", "ACL", "GET, PUT"],
    ["DELETE", "/b?location", "LOCATION", "GET"],
    ["GET", "/b?delete", "MULTI_OBJECT_DELETE", "POST"],
    ["POST", "/b/k?tagging", "OBJECT_TAGGING", "DELETE, GET, PUT"],
    ["POST", "/b?tagging", "TAGGING", "DELETE, GET, PUT"],
    ["POST", "/b?publicAccessBlock", "PUBLIC_ACCESS_BLOCK", "DELETE, GET, PUT"],
    ["PUT", "/b/k?uploadId=u", "UPLOAD", "DELETE, POST, GET"],
    // One type of resource has the methods of buckets and of keys together.
    ["HEAD", "/b?uploads", "UPLOADS", "POST, GET"],
    ["HEAD", "/b/k?uploads", "UPLOADS", "POST, GET"],
    ["HEAD", "/b?encryption", "ENCRYPTION", "DELETE, GET, PUT"],
    ["GET", "/b/k?encryption", "OBJECT_ENCRYPTION", "PUT"],
    ["HEAD", "/b/k?versions", "BUCKETVERSIONS", "GET"],
    ["HEAD", "/b/k?location", "LOCATION", "GET"],
    ["PUT", "/b/k?location", "LOCATION", "GET"],
    ["POST", "/b/k?policy", "BUCKETPOLICY", "DELETE, GET, PUT"],
    ["PUT", "/b?metadataConfiguration", "BUCKET_METADATA_CONFIGURATION", "DELETE, POST, GET"],
    ["PUT", "/b?metadataTable", "BUCKET_METADATA_TABLE_CONFIGURATION", "DELETE, POST, GET"],
    ["POST", "/b?intelligent-tiering", "INTELLIGENT_TIERING", "DELETE, GET, PUT"],
    ["POST", "/b?object-lock", "OBJECT_LOCK_CONFIGURATION", "GET, PUT"],
    ["HEAD", "/b/k?logging", "LOGGING_STATUS", "GET, PUT"],
    ["GET", "/b/k?delete", "MULTI_OBJECT_DELETE", "POST"],
    ["DELETE", "/b/k?uploadId=u&partNumber=1", "PART", "PUT"],
  ];
  for (const [method, target, resourceType, allow] of wrongMethods) {
    test(`${method} ${target} with MethodNotAllowed for ${resourceType}`, () => {
      const error = refusal(method, target);
      assert.equal(error.code, "MethodNotAllowed");
      assert.deepEqual(error.details, [
        ["Method", method],
        ["ResourceType", resourceType],
      ]);
      assert.deepEqual(error.headers, { Allow: allow });
    });
  }

  for (const method of ["TRACE", "PROPFIND", "get"]) {
    test(`${method}, which S3 does not know`, () => assert.equal(refusal(method, "/b").code, "BadRequest"));
  }

  test("a key that is called like the path of an operation, in a bucket that the host names", () => {
    const request = wireRequest("POST", "/WriteGetObjectResponse");
    const address = { style: "virtual", bucket: "b", key: "WriteGetObjectResponse" } as const;
    assert.throws(() => routed({ ...request, address }), { code: "MethodNotAllowed" });
  });

  test("a POST to a bucket that is no form", () => {
    const error = refusal("POST", "/b", { "content-type": "application/xml" });
    assert.equal(error.code, "PreconditionFailed");
    assert.deepEqual(error.details, [["Condition", "Bucket POST must be of the enclosure-type multipart/form-data"]]);
    assert.equal(refusal("POST", "/b").code, "PreconditionFailed");
  });

  const shapes: readonly (readonly [method: string, target: string, name: string, value: string, message: string])[] = [
    ["GET", "/b?max-keys=ten", "max-keys", "ten", "Provided max-keys not an integer or within integer range"],
    [
      "GET",
      "/b?list-type=2&max-keys=3000000000",
      "max-keys",
      "3000000000",
      "Provided max-keys not an integer or within integer range",
    ],
    ["GET", "/b?uploads&max-uploads=1.5", "max-uploads", "1.5", "Provided max-uploads not an integer or within integer range"],
    ["GET", "/b/k?uploadId=u&max-parts=x", "max-parts", "x", "Provided max-parts not an integer or within integer range"],
    ["GET", "/b/k?versionId=", "versionId", "", "Version id cannot be the empty string"],
    ["PUT", "/b/k?versionId=null", "versionId", "null", "This operation does not accept a version-id."],
    ["GET", "/b?website=x", "website", "x", "The website parameter must not have a value"],
  ];
  for (const [method, target, name, value, message] of shapes) {
    test(`${method} ${target} before anyone asks for credentials`, () => {
      const error = refusal(method, target);
      assert.equal(error.code, "InvalidArgument");
      assert.equal(error.message, message);
      assert.deepEqual(error.details, [
        ["ArgumentName", name],
        ["ArgumentValue", value],
      ]);
    });
  }

  test("an attribute that objects do not have", () => {
    const error = refusal("GET", "/b/k?attributes", { "x-amz-object-attributes": "ETag,Colour" });
    assert.equal(error.message, "Invalid attribute name specified.");
    assert.deepEqual(error.details, [
      ["ArgumentName", "x-amz-object-attributes"],
      ["ArgumentValue", "Colour"],
    ]);
  });
});
